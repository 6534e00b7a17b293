//! Writes a bundle: sections first, the manifest last, to a draft that gets its name when it is whole.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use memmap2::Mmap;
use sha2::{Digest, Sha256};

use super::manifest::{Manifest, Section};
use super::{MAGIC, Pool, hex, map};
use crate::draft::Draft;

/// A bundle in the making. Dropped before it is finished, it leaves nothing.
pub struct Writer {
    file: BufWriter<Draft>,
    at: u64,
    sections: BTreeMap<String, Section>,
}

impl Writer {
    /// Begins a draft beside `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // A draft can be read, too: what is written already may be mapped while the rest is being made.
        let mut file = BufWriter::with_capacity(1 << 20, Draft::create(path)?);
        file.write_all(MAGIC)?;
        Ok(Self {
            file,
            at: MAGIC.len() as u64,
            sections: BTreeMap::new(),
        })
    }

    /// Writes a section.
    pub(crate) fn section(&mut self, name: String, bytes: &[u8]) -> io::Result<()> {
        let mut section = self.begin(name);
        section.write(bytes)?;
        section.end();
        Ok(())
    }

    /// Begins a section that is written piece by piece.
    pub(crate) fn begin(&mut self, name: String) -> SectionWriter<'_> {
        SectionWriter {
            begun: self.at,
            writer: self,
            name,
            digest: Sha256::new(),
        }
    }

    /// Maps what is written so far, and says where a section of it begins.
    pub(crate) fn map(&mut self, section: &str) -> io::Result<(Mmap, usize)> {
        self.file.flush()?;
        let begin = self.sections.get(section).map_or(0, |section| section.offset as usize);
        Ok((map(self.file.get_ref().file())?, begin))
    }

    /// Writes a column of numbers.
    pub(crate) fn column(&mut self, name: String, numbers: impl Iterator<Item = u32>) -> io::Result<()> {
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        self.section(name, &bytes)
    }

    /// Writes a column of 64-bit numbers.
    pub(crate) fn wide_column(&mut self, name: String, numbers: impl Iterator<Item = u64>) -> io::Result<()> {
        let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
        self.section(name, &bytes)
    }

    /// Writes the manifest and gives the file its name.
    pub(crate) fn finish(mut self, mut manifest: Manifest) -> io::Result<Manifest> {
        manifest.sections = std::mem::take(&mut self.sections);
        let text = serde_json::to_vec(&manifest)?;
        self.file.write_all(&text)?;
        self.file.write_all(&self.at.to_le_bytes())?;
        self.file.write_all(&(text.len() as u64).to_le_bytes())?;
        self.file.write_all(MAGIC)?;
        let draft = self.file.into_inner()?;
        draft.sync()?;
        draft.finish()?;
        Ok(manifest)
    }
}

/// A section in the making.
pub(crate) struct SectionWriter<'w> {
    writer: &'w mut Writer,
    name: String,
    begun: u64,
    digest: Sha256,
}

impl SectionWriter<'_> {
    /// Adds bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.writer.at += bytes.len() as u64;
        Ok(())
    }

    /// Takes back what was written, so that the section can be written anew.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        let file = &mut self.writer.file;
        file.seek(io::SeekFrom::Start(self.begun))?;
        file.get_ref().file().set_len(self.begun)?;
        self.writer.at = self.begun;
        self.digest = Sha256::new();
        Ok(())
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> u64 {
        self.writer.at - self.begun
    }

    /// Ends the section.
    pub(crate) fn end(self) {
        let section = Section {
            offset: self.begun,
            length: self.len(),
            sha256: hex(&self.digest.finalize()),
        };
        self.writer.sections.insert(self.name, section);
    }
}

/// Collects texts, each once.
#[derive(Default)]
pub(crate) struct PoolBuilder {
    bytes: Vec<u8>,
    known: HashMap<Box<[u8]>, u32>,
}

impl PoolBuilder {
    /// The offset of a text; one of more than 65,535 bytes is cut.
    pub(crate) fn add(&mut self, text: &[u8]) -> io::Result<u32> {
        let text = &text[..text.len().min(usize::from(u16::MAX))];
        if let Some(offset) = self.known.get(text) {
            return Ok(*offset);
        }
        let offset = self.add_unique(text)?;
        // Long texts hardly repeat; remembering them would hold them twice.
        if text.len() <= 256 {
            self.known.insert(text.into(), offset);
        }
        Ok(offset)
    }

    /// The offset of a text that is not expected again; of the 15 million in a list of common variants, remembering them
    /// would take a gigabyte.
    pub(crate) fn add_unique(&mut self, text: &[u8]) -> io::Result<u32> {
        let text = &text[..text.len().min(usize::from(u16::MAX))];
        let offset = u32::try_from(self.bytes.len());
        let offset = offset.map_err(|_| io::Error::other("the texts of one track exceed 4 GiB"))?;
        self.bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
        self.bytes.extend_from_slice(text);
        Ok(offset)
    }

    /// The text at an offset.
    pub(crate) fn get(&self, offset: u32) -> &[u8] {
        Pool(&self.bytes).get(offset)
    }

    /// All texts.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
