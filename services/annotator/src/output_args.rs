//! `annotator annotate`: where results go, in which formats, and what the annotation has to tell for those.

use std::path::{Path, PathBuf};

use annotation::{CsqFields, Others, Pick, PickOf, PickOrder};
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::ResultsFormat;

use crate::annotate_command::{AnnotateArgs, AnnotateMode, file_name};
use crate::bgzip::Level;
use crate::formats::Format;
use crate::outputs::{self, Wanted};

/// Where results go.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    /// Where the result goes; - writes standard output; several may be named, all written in one pass. The ending says what it
    /// is: .vcf, .tsv, .jsonl, each also with .gz, or .parquet [default: <name>.annot.vcf beside the input; - for -]
    #[arg(long, short)]
    pub output: Vec<PathBuf>,
    /// What outputs are whose ending does not say it. In tables a line stands for each allele and transcript, or, with --pick, for
    /// those that are picked; --fields chooses the columns
    #[arg(long)]
    pub format: Option<Format>,
    /// How hard outputs that end in .gz or .bgz are compressed: 1, the fastest, to 9, the smallest [default: 3]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub level: Option<u8>,
}

impl OutputArgs {
    /// Where results go; at least one place.
    fn places(&self, input: &Path) -> Vec<PathBuf> {
        match self.output.is_empty() {
            false => self.output.clone(),
            true if input == Path::new("-") => vec!["-".into()],
            true => {
                let name = file_name(input).results(ResultsFormat::Plain);
                let ending = self.format.unwrap_or(Format::Vcf).ending();
                vec![input.with_file_name(name.as_str()).with_extension(ending)]
            }
        }
    }

    /// The outputs, each with its format.
    pub(crate) fn wanted(&self, args: &AnnotateArgs) -> Result<Wanted> {
        let outputs = self.places(&args.input);
        let level = self.level(&outputs)?;
        let format = |path: &Path| Format::of(path).or(self.format).unwrap_or(Format::Vcf);
        let formats: Vec<_> = outputs.iter().map(|path| format(path)).collect();
        let each: Vec<_> = outputs.into_iter().zip(formats).collect();
        if let Some(unused) = self.format.filter(|format| each.iter().all(|(_, own)| own != format)) {
            bail!(
                "--format {} is for outputs whose ending does not say what they are, and those of all outputs say otherwise",
                unused.ending()
            );
        }
        if each
            .iter()
            .any(|(path, format)| *format == Format::Parquet && outputs::packs(path))
        {
            bail!("Parquet is compressed by itself; name the output .parquet, without .gz");
        }
        let is_bare = matches!(args.mode, AnnotateMode::Anntools);
        if is_bare && each.iter().any(|(_, format)| *format != Format::Vcf) {
            bail!("--mode anntools writes VCF alone: it has no CSQ, of which other formats are made");
        }
        Ok(Wanted {
            each,
            level,
            shows_number: args.csq.fields.has_allele_number(),
        })
    }

    fn level(&self, outputs: &[PathBuf]) -> Result<Level> {
        if self.level.is_some() && !outputs.iter().any(|output| outputs::packs(output)) {
            bail!("--level is for outputs that are compressed, and none of these ends in .gz or .bgz");
        }
        self.level
            .map_or(Some(Level::default()), Level::new)
            .context("there is no such level")
    }
}

/// The fields of CSQ: an output that is no VCF finds the allele of an entry by its number.
pub(crate) fn fields(outputs: &[(PathBuf, Format)], chosen: &CsqFields) -> CsqFields {
    match outputs.iter().any(|(_, format)| *format != Format::Vcf) {
        true => chosen.clone().with_allele_number(),
        false => chosen.clone(),
    }
}

/// Which entries are flagged if nobody chooses: a row of Parquet tells the picked entry of its allele.
pub(crate) fn pick(outputs: &[(PathBuf, Format)]) -> Option<Pick> {
    let has_rows = outputs.iter().any(|(_, format)| *format == Format::Parquet);
    has_rows.then(|| Pick {
        of: PickOf::Allele,
        others: Others::Unflagged,
        order: PickOrder::default(),
    })
}
