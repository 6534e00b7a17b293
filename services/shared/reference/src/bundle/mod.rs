//! A reference bundle: everything that is known of one assembly, compiled into one file that is memory-mapped.
//!
//! Opening a bundle reads its manifest and nothing else, whatever its size, and processes on one host share its pages.
//! The file is a sequence of sections, then the manifest as JSON, then a trailer that says where the manifest is:
//!
//! ```text
//! "GASREF04" · section · section · … · manifest · offset, length (u64, little-endian) · "GASREF04"
//! ```
//!
//! Sections hold columns of little-endian numbers or pools of text; [`crate::build`] writes them, the views of this
//! module read them. Positions inside are 0-based and spans half-open, as in UCSC's tables. Older formats can still be read:
//! 03 has bedGraph among the tracks of regions, 02 has tracks of variants as rows instead of blocks, and in 01 the manifest has no
//! labels, sizes and releases besides. Columns that came later may be missing, and are then empty.

mod blocks;
mod chain;
mod chosen;
mod column;
mod difference;
mod gene_row;
mod genes;
mod graph;
mod intervals;
mod manifest;
mod provenance;
mod regions;
mod sequence;
#[cfg(test)]
mod small;
mod variants;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use memmap2::Mmap;
use sha2::{Digest, Sha256};

pub(crate) use blocks::{BlockPacker, MOST_ROWS, Row, are_in as has_blocks};
pub use chain::{Block, Chain};
pub(crate) use column::{Pool, Rows, U32s};
pub use difference::Difference;
pub(crate) use gene_row::{BASIC, LETTER_BITS, REVERSE};
pub use gene_row::{
    BROKEN, CANONICAL, Constraint, END_INCOMPLETE, GENOME_DIFFERS, GeneRow, Labels, OWN_SEQUENCE, PHASE_SHIFT,
    REPEATED, START_INCOMPLETE,
};
pub use genes::Genes;
pub use graph::{Graph, GraphCursor, Overlap};
pub(crate) use intervals::{Intervals, max_ends};
pub use manifest::{
    ChainInfo, Chromosome, Field, Kind, Manifest, SequenceExtent, Track, WITHOUT_SEQUENCE, sequence_address,
};
pub(crate) use manifest::{NON_COMMERCIAL_ONLY, Section, chain_key, has_ids};
pub use provenance::Provenance;
pub(crate) use provenance::{build_in_name, label};
pub use regions::{Region, Regions};
pub(crate) use sequence::Packed;
pub use variants::{Change, Cursor, Variants};
pub(crate) use writer::{PoolBuilder, SectionWriter, Writer};

/// How a bundle begins and ends; the digits are the version of the format.
const MAGIC: &[u8; 8] = b"GASREF04";

/// The formats of earlier versions of the program, which are read, but no longer written.
const OLDER_MAGICS: [&[u8; 8]; 3] = [b"GASREF01", b"GASREF02", b"GASREF03"];

/// The trailer: the manifest's offset and length, and the magic.
const TRAILER_BYTES: usize = 24;

/// The ending of a bundle's file name.
pub const EXTENSION: &str = "gasref";

/// An open bundle.
#[derive(Debug)]
pub struct Bundle {
    map: Mmap,
    manifest: Manifest,
    path: PathBuf,
    /// The sources whose transcripts are seen, all if there is none; and those that there are then.
    sources: Vec<String>,
    sources_there: Vec<String>,
    /// The section that was found to be damaged first, while something was looked up in it.
    damaged: OnceLock<String>,
}

/// Why a bundle could not be opened or is not whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The file could not be read.
    #[error("could not read {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no bundle, or was cut off.
    #[error("{0} is not a reference bundle, or was cut off; build it again with: annotator reference build")]
    NotABundle(PathBuf),
    /// The file was written by another version of the program.
    #[error(
        "{path} has format {found}; this program reads {} to {}: build it again with: annotator reference build",
        version(OLDER_MAGICS[0]),
        version(MAGIC)
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it has.
        found: String,
    },
    /// A section's checksum is not the manifest's.
    #[error("{path} is damaged in section {section}; build it again, or copy it again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The section.
        section: String,
    },
}

fn version(magic: &[u8; 8]) -> String {
    String::from_utf8_lossy(&magic[6..]).into_owned()
}

impl Bundle {
    /// Opens a bundle: maps the file and reads its manifest.
    ///
    /// # Errors
    /// [`BundleError`] if the file cannot be read, is no bundle, or is one of another version.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        let io = |source| BundleError::Io {
            path: path.to_owned(),
            source,
        };
        let map = map(&File::open(path).map_err(io)?).map_err(io)?;
        let broken = || BundleError::NotABundle(path.to_owned());
        let magic = map.get(..8);
        match magic {
            Some(magic) if magic == MAGIC || OLDER_MAGICS.iter().any(|older| magic == *older) => {}
            Some([b'G', b'A', b'S', b'R', b'E', b'F', found @ ..]) => {
                return Err(BundleError::Version {
                    path: path.to_owned(),
                    found: String::from_utf8_lossy(found).into_owned(),
                });
            }
            _ => return Err(broken()),
        }
        let at = map.len().checked_sub(TRAILER_BYTES).ok_or_else(broken)?;
        let number = |at: usize| Some(u64::from_le_bytes(map.get(at..at + 8)?.try_into().ok()?) as usize);
        let (offset, length) = number(at).zip(number(at + 8)).ok_or_else(broken)?;
        let text = offset.checked_add(length).and_then(|end| map.get(offset..end));
        if map.get(at + 16..) != magic {
            return Err(broken());
        }
        let mut manifest: Manifest = text
            .and_then(|text| serde_json::from_slice(text).ok())
            .ok_or_else(broken)?;
        let inside = |section: &Section| {
            section
                .offset
                .checked_add(section.length)
                .is_some_and(|end| end as usize <= offset)
        };
        if !manifest.sections.values().all(inside) {
            return Err(broken());
        }
        manifest.complete();
        Ok(Self {
            map,
            manifest,
            path: path.to_owned(),
            sources: Vec::new(),
            sources_there: Vec::new(),
            damaged: OnceLock::new(),
        })
    }

    /// What the bundle says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bundle as if it had no tracks that are free for non-commercial use only, and the keys of those.
    #[must_use]
    pub fn without_non_commercial(mut self) -> (Self, Vec<String>) {
        let left_out = self.manifest.tracks.extract_if(.., |track| track.is_non_commercial());
        let keys = left_out.map(|track| track.key).collect();
        (self, keys)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> usize {
        self.map.len()
    }

    /// Compares every section with its checksum; `told` hears how many bytes were read so far.
    ///
    /// # Errors
    /// [`BundleError::Damaged`] for the first section that differs.
    pub fn verify(&self, told: &mut dyn FnMut(u64)) -> Result<(), BundleError> {
        let mut done = 0;
        for (name, section) in &self.manifest.sections {
            let mut digest = Sha256::new();
            for piece in self.section(name).chunks(1 << 20) {
                digest.update(piece);
                done += piece.len() as u64;
                told(done);
            }
            if hex(&digest.finalize()) != section.sha256 {
                return Err(BundleError::Damaged {
                    path: self.path.clone(),
                    section: name.clone(),
                });
            }
        }
        Ok(())
    }

    /// What was found to be damaged since the bundle was opened, while something was looked up in it.
    ///
    /// # Errors
    /// [`BundleError::Damaged`] for the first section of which that is so. Whoever was told something by the bundle must not
    /// rely on it then.
    pub fn damage(&self) -> Result<(), BundleError> {
        match self.damaged.get() {
            None => Ok(()),
            Some(section) => Err(BundleError::Damaged {
                path: self.path.clone(),
                section: section.clone(),
            }),
        }
    }

    /// Remembers that a section is damaged.
    pub(crate) fn found_damaged(&self, section: &str) {
        self.damaged.get_or_init(|| section.to_owned());
    }

    /// Whether there is such a section.
    pub(crate) fn has_section(&self, name: &str) -> bool {
        self.manifest.sections.contains_key(name)
    }

    /// The bytes of a section; none if there is no such section.
    pub(crate) fn section(&self, name: &str) -> &[u8] {
        let found = self.manifest.sections.get(name);
        found.map_or(&[], |section| {
            &self.map[section.offset as usize..(section.offset + section.length) as usize]
        })
    }

    /// A column of numbers.
    pub(crate) fn column(&self, name: &str) -> U32s<'_> {
        U32s::new(self.section(name))
    }

    /// The place of a chromosome in the manifest by the name that UCSC gives it.
    pub fn chromosome(&self, name: &str) -> Option<usize> {
        let mut names = self.manifest.chromosomes.iter();
        names.position(|chromosome| chromosome.name == name)
    }
}

/// Maps a file. This is the one place with unsafe code.
#[expect(
    unsafe_code,
    reason = "memory-mapping is unsafe because another process may change the file; bundles are written to a draft and renamed, never changed in place"
)]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: a bundle is never written to once it has its name, and of a draft only what will not change is looked at; a
    // file that is cut while it is mapped ends the process with SIGBUS, as it would any program that maps files.
    unsafe { Mmap::map(file) }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
