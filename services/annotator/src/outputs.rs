//! The files that `annotator annotate` writes: plain, or packed and indexed, each a draft until all are whole.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use annotation::Output;
use anyhow::{Context, Result, bail};
use domain::NoIndex;
use reference::draft::{self, Draft};

use crate::bgzip::{self, Bgzip, Level};

/// An output that is being written.
pub(crate) struct Opened {
    path: PathBuf,
    /// Nothing for standard output.
    draft: Option<Draft>,
    form: Form,
}

enum Form {
    Plain(BufWriter<Box<dyn Write>>),
    Packed(Box<Bgzip<BufWriter<File>>>),
}

/// An output that is whole, but has not its name yet.
pub(crate) struct Whole {
    path: PathBuf,
    draft: Option<Draft>,
    index: Option<Result<Vec<u8>, NoIndex>>,
}

/// Whether a file of this name is packed.
pub(crate) fn packs(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension == "gz" || extension == "bgz")
}

/// Begins all outputs.
///
/// # Errors
/// If one is named twice, or cannot be written.
pub(crate) fn open(paths: &[PathBuf], level: Level) -> Result<Vec<Opened>> {
    let mut seen = HashSet::new();
    if let Some(twice) = paths.iter().find(|path| !seen.insert(*path)) {
        bail!(
            "{} is named twice as an output; each needs a name of its own",
            twice.display()
        );
    }
    paths.iter().map(|path| Opened::open(path, level)).collect()
}

impl Opened {
    fn open(path: &Path, level: Level) -> Result<Self> {
        let path = path.to_owned();
        if path == Path::new("-") {
            let form = Form::Plain(BufWriter::new(Box::new(io::stdout())));
            return Ok(Self {
                path,
                draft: None,
                form,
            });
        }
        let draft = Draft::create(&path).with_context(|| could_not_write(&path))?;
        let file = draft.file().try_clone().with_context(|| could_not_write(&path))?;
        let form = match packs(&path) {
            true => Form::Packed(Box::new(Bgzip::new(BufWriter::new(file), level))),
            false => Form::Plain(BufWriter::new(Box::new(file))),
        };
        let draft = Some(draft);
        Ok(Self { path, draft, form })
    }

    /// Where the annotation writes to.
    pub(crate) fn output(&mut self) -> Output<'_> {
        match &mut self.form {
            Form::Plain(writer) => Output::Lines(writer),
            Form::Packed(bgzip) => Output::Made(&mut **bgzip),
        }
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<Whole> {
        let Self { path, draft, form } = self;
        let index = match form {
            Form::Plain(mut writer) => writer.flush().map(|()| None),
            Form::Packed(bgzip) => bgzip.finish().and_then(|mut written| {
                written.inner.flush()?;
                Ok(Some(written.index))
            }),
        };
        let index = index.with_context(|| could_not_write(&path))?;
        Ok(Whole { path, draft, index })
    }
}

impl Whole {
    /// Gives the file its name, and an index beside it.
    pub(crate) fn keep(self) -> Result<()> {
        let Some(draft) = self.draft else {
            return Ok(());
        };
        let has_place = !draft.is_straight();
        draft.finish().with_context(|| could_not_write(&self.path))?;
        match self.index.filter(|_| has_place) {
            Some(index) => write_index(&bgzip::index_path(&self.path), index),
            None => Ok(()),
        }
    }
}

fn could_not_write(path: &Path) -> String {
    format!("could not write {}", path.display())
}

fn write_index(path: &Path, index: Result<Vec<u8>, NoIndex>) -> Result<()> {
    match index {
        Ok(content) => draft::write(path, &content).with_context(|| could_not_write(path)),
        Err(reason) => {
            // An index of an earlier output would lie about this one.
            if path.is_file() {
                let _ = std::fs::remove_file(path);
            }
            eprintln!("warning: there is no index, because {}", reason.reason());
            Ok(())
        }
    }
}
