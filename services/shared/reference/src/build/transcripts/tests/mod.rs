//! Sources of every kind, with rows as their makers write them.

mod ensembl;
mod gencode;
mod hostile;
mod own;
mod refseq;
mod shared;
mod small;
mod tables;

use std::path::Path;

use tempfile::TempDir;

use super::super::{Plan, build};
use super::*;
use crate::bundle::{Bundle, GeneRow, Genes, Labels};

/// A bundle with transcripts of some sources.
struct Built {
    _folder: TempDir,
    bundle: Bundle,
    manifest: Manifest,
}

/// What a bundle is built from: files of the tables' folder, sources with their labels, and the summary of MANE.
#[derive(Default)]
struct Sources<'s> {
    assembly: &'s str,
    sizes: &'s str,
    files: &'s [(&'s str, &'s str)],
    sources: &'s [(Option<&'s str>, &'s str)],
    mane: Option<&'s str>,
    sequence: Option<&'s str>,
}

impl Sources<'_> {
    fn build(&self) -> Result<Built, BuildError> {
        let folder = TempDir::new().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("chrom.sizes", self.sizes);
        self.files.iter().for_each(|(name, text)| write(name, text));
        let file = |name: &str| folder.path().join(name);
        let source = |(label, name): &(Option<&str>, &str)| TranscriptSource {
            label: label.map(str::to_owned),
            file: file(name),
        };
        let plan = Plan {
            name: "small".to_owned(),
            assembly: self.assembly.to_owned(),
            tables: folder.path().to_owned(),
            transcripts: Transcripts {
                sources: self.sources.iter().map(source).collect(),
                mane: self.mane.map(file),
            },
            sequence: self.sequence.map(file),
            tracks: Vec::new(),
            chains: Vec::new(),
            notes: Default::default(),
            built: "2026-01-01T00:00:00Z".to_owned(),
        };
        let path = file("small.gasref");
        let manifest = build(&plan, &path, &mut |_| {})?;
        let bundle = Bundle::open(&path).unwrap();
        Ok(Built {
            _folder: folder,
            bundle,
            manifest,
        })
    }
}

/// A bundle of one file of GRCh38.
fn of_file(name: &str, text: &str) -> Result<Built, BuildError> {
    let sources = [(None, name)];
    let files = [(name, text)];
    let chromosomes = "chr1\t248956422\nchr5\t181538259\nchr7\t159345973\nchr11\t135086622\nchr19\t58617616\nchrX\t156040895\nchrY\t57227415\n";
    Sources {
        assembly: "hg38",
        sizes: chromosomes,
        files: &files,
        sources: &sources,
        ..Sources::default()
    }
    .build()
}

impl Built {
    /// All transcripts, by place.
    fn rows(&self) -> Vec<GeneRow<'_>> {
        let genes = Genes::new(&self.bundle).unwrap();
        let mut rows = Vec::new();
        for chromosome in 0..self.bundle.manifest().chromosomes.len() {
            genes.overlapping(chromosome, 0..u32::MAX, |row| rows.push(genes.row(row)));
        }
        rows
    }

    /// The one transcript of this name.
    fn row(&self, name: &str) -> GeneRow<'_> {
        let mut rows = self.rows();
        rows.retain(|row| row.name == name);
        assert_eq!(rows.len(), 1, "{name}");
        rows.remove(0)
    }

    fn error(result: Result<Self, BuildError>) -> String {
        match result {
            Ok(built) => panic!("{} was built", built.bundle.path().display()),
            Err(error) => {
                let path = error.to_string();
                let at = path.rfind('/').map_or(0, |at| at + 1);
                path[at..].to_owned()
            }
        }
    }
}

/// Key, release and number of transcripts of each source.
fn tracks(manifest: &Manifest) -> Vec<(&str, &str, u64, u64)> {
    let told = |track: &'_ crate::bundle::Track| (track.rows, track.skipped);
    let tracks = manifest.tracks.iter().filter(|track| track.kind == Kind::Genes);
    tracks
        .map(|track| {
            let (rows, skipped) = told(track);
            (
                track.key.as_str(),
                track.provenance.release.as_deref().unwrap_or(""),
                rows,
                skipped,
            )
        })
        .collect()
}

fn exons(row: &GeneRow<'_>) -> Vec<(u32, u32)> {
    row.exons().map(|exon| (exon.start, exon.end)).collect()
}

fn recoded(row: &GeneRow<'_>) -> Vec<(usize, char)> {
    row.recoded()
        .map(|(codon, letter)| (codon, char::from(letter)))
        .collect()
}

/// How many bases its first codon lacks.
fn phase(row: &GeneRow<'_>) -> u32 {
    row.flags >> crate::bundle::PHASE_SHIFT & 3
}

/// The flags without the strand and the phase.
fn flags(row: &GeneRow<'_>) -> u32 {
    row.flags & 0xfe
}
