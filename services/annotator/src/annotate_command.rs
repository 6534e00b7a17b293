//! `annotator annotate`: one VCF on the command line.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotation::{AnnotateError, Mode, Options, Output, Progress, Report, TermsAt};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use domain::{FileName, with_commas};
use indicatif::{ProgressBar, ProgressStyle};
use reference::detect::Choice;
use reference::draft;

use crate::csq_args::CsqArgs;
use crate::formats::Format;
use crate::interrupt;
use crate::limit_args::LimitArgs;
use crate::output_args::{self, OutputArgs};
use crate::outputs::{self, Opened};
use crate::references::{self, ReferenceSettings};

/// What to annotate, and where the result goes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  annotator annotate sample.vcf                          writes sample.annot.vcf and sample.vcf.count.log
  annotator annotate sample.vcf.gz --output out.vcf      reads gzip, bgzip and BCF
  annotator annotate sample.vcf --output out.vcf.gz      writes bgzip, and a tabix index and the log beside it
  annotator annotate sample.vcf --output a.vcf.gz --output a.tsv       writes both in one pass; also .jsonl, .parquet
  annotator annotate sample.vcf --reference hg19         does not ask which genome it is
  annotator annotate sample.vcf --mode anntools --declare-keys          what AnnTools wrote, as VCF has it
  annotator annotate sample.vcf --fields everything --flag-pick    writes all fields of CSQ, and flags one entry
  annotator annotate phased.vcf --phased                           tells what alleles of one haplotype do together
  zcat sample.vcf.gz | annotator annotate - > out.vcf    works in a pipe

The output keeps the VCF version of the input; files older than 4.1 become 4.2.

Codons, amino acids, HGVS names of proteins and indels, and the impact of coding variants need the genome's sequence.
A reference without it answers without these, and the log, the output's header and the summary say so;
annotator reference list says which references have one.")]
pub struct AnnotateArgs {
    /// The VCF: plain, gzip or bgzip, or BCF; - reads standard input
    pub input: PathBuf,
    /// Where the result goes, and in which formats.
    #[command(flatten)]
    pub outputs: OutputArgs,
    /// The genome of the file: the name of a reference, or an assembly (hg19, GRCh38, hg18); auto finds out
    #[arg(long, default_value = "auto", value_name = "NAME|auto")]
    pub reference: String,
    /// What to write: modern (consequences per transcript, every key declared) or anntools (key for key what AnnTools wrote)
    #[arg(long, default_value = "modern")]
    pub mode: AnnotateMode,
    /// With --mode anntools: declare its keys, and write each once with a list of encoded values; AnnTools did neither, and
    /// what it wrote cannot be written again by programs such as pysam
    #[arg(long)]
    pub declare_keys: bool,
    /// Where an insertion or a deletion that may stand at several places of a repeat is told: at the place of its HGVS name,
    /// or where the file has it, as Ensembl VEP does without --shift_3prime
    #[arg(long, default_value = "name", value_name = "name|file")]
    pub terms_at: TermsPlace,
    /// How many threads annotate
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// Also write the counts as JSON, for programs
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Where references are.
    #[command(flatten)]
    pub references: ReferenceSettings,
    /// Where the count log goes [default: <name>.vcf.count.log beside the output, or beside the input if the output is -, a
    /// device or a pipe; none if the input is -]
    #[arg(long)]
    pub log: Option<PathBuf>,
    /// What CSQ has.
    #[command(flatten)]
    pub csq: CsqArgs,
    /// What a file may be.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// What to write.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AnnotateMode {
    /// Consequences per transcript, every key declared
    Modern,
    /// What AnnTools wrote
    Anntools,
}

/// Where an indel is told.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TermsPlace {
    /// At the place of its HGVS name
    Name,
    /// Where the file has it
    File,
}

impl AnnotateArgs {
    fn options(&self, outputs: &[(PathBuf, Format)]) -> Result<Options> {
        Ok(Options {
            mode: match self.mode {
                AnnotateMode::Modern => Mode::Modern,
                AnnotateMode::Anntools => Mode::AnnTools,
            },
            declares_keys: self.declare_keys,
            choice: match self.reference.as_str() {
                "auto" => Choice::Detect,
                name => Choice::Named(name.to_owned()),
            },
            references: references::open_each(&self.references.folders())?,
            terms_at: match self.terms_at {
                TermsPlace::Name => TermsAt::Name,
                TermsPlace::File => TermsAt::File,
            },
            fields: output_args::fields(outputs, &self.csq.fields),
            pick: self.csq.pick()?.or_else(|| output_args::pick(outputs)),
            phased: self.csq.phased,
            threads: usize::from(self.threads),
            limits: self.limits.limits(),
        })
    }
}

/// Annotates one file. A file that cannot be annotated leaves no output, and says why on standard error.
#[must_use]
pub fn run(args: &AnnotateArgs) -> ExitCode {
    interrupt::remove_drafts();
    match annotate(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn annotate(args: &AnnotateArgs) -> Result<()> {
    let streams = args.input == Path::new("-");
    let wanted = args.outputs.wanted(args)?;
    let outputs = &wanted.each;
    let log = args
        .log
        .clone()
        .or_else(|| (!streams).then(|| log_of(&args.input, &outputs[0].0)));
    let (input, size) = open(&args.input)?;
    let bar = progress_bar(size);
    let options = args.options(outputs)?;
    let report = outputs::open(&wanted).and_then(|opened| to(opened, input, &options, &bar));
    bar.finish_and_clear();
    let report = report.with_context(|| format!("could not annotate {}", args.input.display()))?;
    if let Some(log) = &log {
        draft::write(log, report.count_log().as_bytes())
            .with_context(|| format!("could not write {}", log.display()))?;
    }
    if let Some(summary) = &args.summary {
        let text = format!("{:#}\n", report.to_json());
        draft::write(summary, text.as_bytes()).with_context(|| format!("could not write {}", summary.display()))?;
    }
    tell(&report, outputs);
    Ok(())
}

/// Where the count log goes if nobody says: beside the output, or beside the input if the output is no file of its own.
fn log_of(input: &Path, output: &Path) -> PathBuf {
    let is_file = output != Path::new("-") && !draft::goes_straight(output);
    let place = if is_file { output } else { input };
    place.with_file_name(file_name(input).log().as_str())
}

/// The name of a file, as names made of it begin.
pub(crate) fn file_name(input: &Path) -> FileName {
    FileName::from_untrusted(&input.file_name().unwrap_or_default().to_string_lossy())
}

/// Says what was done, and the warnings, on standard error.
fn tell(report: &Report, outputs: &[(PathBuf, Format)]) {
    eprintln!("genome: {} ({})", report.genome, report.decided);
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    let records = with_commas(report.records);
    for (output, _) in outputs.iter().filter(|(output, _)| output != Path::new("-")) {
        eprintln!("{records} records annotated: {}", output.display());
    }
}

fn open(input: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
    if input == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(input).with_context(|| format!("could not open {}", input.display()))?;
    let size = file.metadata().ok().map(|metadata| metadata.len());
    Ok((Box::new(file), size))
}

/// Writes drafts that become the outputs when all of them are whole, so that a failed run leaves nothing half done.
fn to(mut outputs: Vec<Opened>, input: Box<dyn Read + Send>, options: &Options, bar: &ProgressBar) -> Result<Report> {
    let report = {
        let mut each: Vec<Output<'_>> = outputs.iter_mut().map(Opened::output).collect();
        with_progress(input, &mut each, options, bar)?
    };
    let whole: Result<Vec<_>> = outputs.into_iter().map(Opened::finish).collect();
    whole?.into_iter().try_for_each(outputs::Whole::keep)?;
    Ok(report)
}

fn with_progress(
    input: Box<dyn Read + Send>,
    outputs: &mut [Output<'_>],
    options: &Options,
    bar: &ProgressBar,
) -> Result<Report> {
    let mut show = |progress: Progress| {
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} records", with_commas(progress.records)));
    };
    annotation::annotate_to(input, outputs, options, &mut show).map_err(|error| match error {
        AnnotateError::Input(refusal) => refusal.into(),
        AnnotateError::Io(error) => error.into(),
    })
}

/// A bar on a terminal, nothing in a pipe or a log.
fn progress_bar(size: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match size {
        Some(size) => (ProgressBar::new(size), "{bar:30} {percent:>3} %  {msg}  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
