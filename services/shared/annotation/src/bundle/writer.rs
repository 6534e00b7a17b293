//! Writes a bundle: sections first, the manifest last, to a draft that gets its name when it is whole.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest::{Manifest, Section};
use super::{MAGIC, hex};

/// A bundle in the making. Dropped before it is finished, it leaves nothing.
pub(crate) struct Writer {
    file: BufWriter<File>,
    draft: PathBuf,
    path: PathBuf,
    at: u64,
    sections: BTreeMap<String, Section>,
    finished: bool,
}

impl Writer {
    /// Begins a draft beside `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}.part", std::process::id()));
        let draft = PathBuf::from(draft);
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&draft)?);
        file.write_all(MAGIC)?;
        Ok(Self {
            file,
            draft,
            path: path.to_owned(),
            at: MAGIC.len() as u64,
            sections: BTreeMap::new(),
            finished: false,
        })
    }

    /// Writes a section.
    pub(crate) fn section(&mut self, name: String, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        let section = Section {
            offset: self.at,
            length: bytes.len() as u64,
            sha256: hex(&Sha256::digest(bytes)),
        };
        self.at += section.length;
        self.sections.insert(name, section);
        Ok(())
    }

    /// Writes a column of numbers.
    pub(crate) fn column(&mut self, name: String, numbers: impl Iterator<Item = u32>) -> io::Result<()> {
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
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
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.draft, &self.path)?;
        self.finished = true;
        Ok(manifest)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.draft);
        }
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
        let offset =
            u32::try_from(self.bytes.len()).map_err(|_| io::Error::other("the texts of one track exceed 4 GiB"))?;
        self.bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
        self.bytes.extend_from_slice(text);
        // Long texts hardly repeat; remembering them would hold them twice.
        if text.len() <= 256 {
            self.known.insert(text.into(), offset);
        }
        Ok(offset)
    }

    /// All texts.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
