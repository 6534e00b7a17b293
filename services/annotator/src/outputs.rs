//! The files that `annotator annotate` writes, plain or packed, VCF with an index: each a draft until all are whole.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use annotation::Output;
use anyhow::{Context, Result, bail};
use domain::NoIndex;
use reference::draft::{self, Draft};

use crate::bgzip::{self, Bgzip, Level};
use crate::formats::{Format, ParquetForm, TextForm};

/// What outputs are to be.
pub(crate) struct Wanted {
    /// Where each goes, and its format.
    pub(crate) each: Vec<(PathBuf, Format)>,
    pub(crate) level: Level,
    /// Whether tables show the number of the allele.
    pub(crate) shows_number: bool,
}

/// An output that is being written.
pub(crate) struct Opened {
    path: PathBuf,
    /// Nothing for standard output.
    draft: Option<Draft>,
    form: Form,
}

type Writer = BufWriter<Box<dyn Write + Send>>;

enum Form {
    Plain(Writer),
    Packed(Box<Bgzip<BufWriter<File>>>),
    Text(Box<TextForm<Writer>>),
    Parquet(Box<ParquetForm<Writer>>),
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
pub(crate) fn open(wanted: &Wanted) -> Result<Vec<Opened>> {
    let mut seen = HashSet::new();
    let mut paths = wanted.each.iter().map(|(path, _)| path);
    if let Some(twice) = paths.find(|path| !seen.insert(*path)) {
        bail!(
            "{} is named twice as an output; each needs a name of its own",
            twice.display()
        );
    }
    let opened = wanted
        .each
        .iter()
        .map(|(path, format)| Opened::open(path, *format, wanted));
    opened.collect()
}

impl Opened {
    fn open(path: &Path, format: Format, wanted: &Wanted) -> Result<Self> {
        let path = path.to_owned();
        let (draft, file) = match path == Path::new("-") {
            true => (None, None),
            false => {
                let draft = Draft::create(&path).with_context(|| could_not_write(&path))?;
                let file = draft.file().try_clone().with_context(|| could_not_write(&path))?;
                (Some(draft), Some(file))
            }
        };
        let level = packs(&path).then_some(wanted.level);
        let form = match (format, level, file) {
            (Format::Vcf, Some(level), Some(file)) => Form::Packed(Box::new(Bgzip::new(BufWriter::new(file), level))),
            (Format::Vcf, _, file) => Form::Plain(writer(file)),
            (Format::Parquet, _, file) => Form::Parquet(Box::new(ParquetForm::new(writer(file)))),
            (format, level, file) => Form::Text(Box::new(TextForm::new(
                writer(file),
                format,
                level,
                wanted.shows_number,
            ))),
        };
        Ok(Self { path, draft, form })
    }

    /// Where the annotation writes to.
    pub(crate) fn output(&mut self) -> Output<'_> {
        match &mut self.form {
            Form::Plain(writer) => Output::Lines(writer),
            Form::Text(form) => Output::Made(&mut **form),
            Form::Parquet(form) => Output::Made(&mut **form),
            Form::Packed(bgzip) => Output::Made(&mut **bgzip),
        }
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<Whole> {
        let Self { path, draft, form } = self;
        let index = match form {
            Form::Plain(mut writer) => writer.flush().map(|()| None),
            Form::Text(form) => form.finish().and_then(|mut writer| writer.flush()).map(|()| None),
            Form::Parquet(form) => form.finish().and_then(|mut writer| writer.flush()).map(|()| None),
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
        let index = self.index.filter(|_| !draft.is_straight());
        if index.is_some() {
            remove_older_indexes(&self.path)?;
        }
        draft.finish().with_context(|| could_not_write(&self.path))?;
        match index {
            Some(index) => write_index(&bgzip::index_path(&self.path), index),
            None => Ok(()),
        }
    }
}

/// Writes to a file, or else to standard output.
fn writer(file: Option<File>) -> Writer {
    BufWriter::new(match file {
        Some(file) => Box::new(file),
        None => Box::new(io::stdout()),
    })
}

fn could_not_write(path: &Path) -> String {
    format!("could not write {}", path.display())
}

/// An index of an earlier file of this name would lie about this one, and where both kinds are there, readers take the `.csi`.
fn remove_older_indexes(path: &Path) -> Result<()> {
    let indexes = [bgzip::index_path(path), bgzip::other_index_path(path)];
    for index in indexes.iter().filter(|index| index.is_file()) {
        std::fs::remove_file(index)
            .with_context(|| format!("could not remove {}, of an earlier file", index.display()))?;
    }
    Ok(())
}

fn write_index(path: &Path, index: Result<Vec<u8>, NoIndex>) -> Result<()> {
    match index {
        Ok(content) => draft::write(path, &content).with_context(|| could_not_write(path)),
        Err(reason) => {
            eprintln!("warning: there is no index, because {}", reason.reason());
            Ok(())
        }
    }
}
