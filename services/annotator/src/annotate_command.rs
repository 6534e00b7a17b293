//! `annotator annotate`: one VCF on the command line.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotation::{AnnotateError, Mode, Options, Progress, Report, TermsAt};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use domain::{FileName, NoIndex, ResultsFormat, with_commas};
use indicatif::{ProgressBar, ProgressStyle};
use reference::detect::Choice;
use reference::draft::{self, Draft};

use crate::bgzip::{self, Bgzip};
use crate::csq_args::CsqArgs;
use crate::interrupt;
use crate::limit_args::LimitArgs;
use crate::references::{self, ReferenceSettings};

/// What to annotate, and where the result goes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  annotator annotate sample.vcf                          writes sample.annot.vcf and sample.vcf.count.log
  annotator annotate sample.vcf.gz --output out.vcf      reads gzip and bgzip
  annotator annotate sample.vcf --output out.vcf.gz      writes bgzip, and a tabix index and the log beside it
  annotator annotate sample.vcf --reference hg19         does not ask which genome it is
  annotator annotate sample.vcf --mode anntools --declare-keys          what AnnTools wrote, as VCF has it
  annotator annotate sample.vcf --fields everything --flag-pick    writes all fields of CSQ, and flags one entry
  zcat sample.vcf.gz | annotator annotate - > out.vcf    works in a pipe

The output keeps the VCF version of the input; files older than 4.1 become 4.2.

Codons, amino acids, HGVS names of proteins and indels, and the impact of coding variants need the genome's sequence.
A reference without it answers without these, and the log, the output's header and the summary say so;
annotator reference list says which references have one.")]
pub struct AnnotateArgs {
    /// The VCF: plain, gzip or bgzip; - reads standard input
    pub input: PathBuf,
    /// Where the annotated VCF goes; - writes standard output [default: <name>.annot.vcf beside the input; - for -]
    #[arg(long, short)]
    pub output: Option<PathBuf>,
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
    fn options(&self) -> Result<Options> {
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
            fields: self.csq.fields.clone(),
            pick: self.csq.pick()?,
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
    let output = args.output.clone().unwrap_or_else(|| match streams {
        true => "-".into(),
        false => {
            let name = file_name(&args.input).results(ResultsFormat::Plain);
            args.input.with_file_name(name.as_str())
        }
    });
    let log = args
        .log
        .clone()
        .or_else(|| (!streams).then(|| log_of(&args.input, &output)));
    let (input, size) = open(&args.input)?;
    let bar = progress_bar(size);
    let options = args.options()?;
    let report = to(&output, |out| with_progress(input, out, &options, &bar));
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
    tell(&report, &output);
    Ok(())
}

/// Where the count log goes if nobody says: beside the output, or beside the input if the output is no file of its own.
fn log_of(input: &Path, output: &Path) -> PathBuf {
    let is_file = output != Path::new("-") && !draft::goes_straight(output);
    let place = if is_file { output } else { input };
    place.with_file_name(file_name(input).log().as_str())
}

fn file_name(input: &Path) -> FileName {
    FileName::from_untrusted(&input.file_name().unwrap_or_default().to_string_lossy())
}

/// Says what was done, and the warnings, on standard error.
fn tell(report: &Report, output: &Path) {
    eprintln!("genome: {} ({})", report.genome, report.decided);
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    if output != Path::new("-") {
        let records = with_commas(report.records);
        eprintln!("{records} records annotated: {}", output.display());
    }
}

fn open(input: &Path) -> Result<(Box<dyn Read>, Option<u64>)> {
    if input == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(input).with_context(|| format!("could not open {}", input.display()))?;
    let size = file.metadata().ok().map(|metadata| metadata.len());
    Ok((Box::new(file), size))
}

/// Writes to a draft that becomes the output when it is whole, so that a failed run leaves nothing half done.
fn to(output: &Path, annotate: impl FnOnce(&mut dyn Write) -> Result<Report>) -> Result<Report> {
    if output == Path::new("-") {
        return annotate(&mut BufWriter::new(io::stdout().lock()));
    }
    let could_not_write = || format!("could not write {}", output.display());
    let mut draft = Draft::create(output).with_context(could_not_write)?;
    let packs = output
        .extension()
        .is_some_and(|extension| extension == "gz" || extension == "bgz");
    if packs {
        return to_bgzip(draft, output, annotate);
    }
    let mut out = BufWriter::new(&mut draft);
    let report = annotate(&mut out)?;
    out.flush().with_context(could_not_write)?;
    drop(out);
    draft.finish().with_context(could_not_write)?;
    Ok(report)
}

/// As [`to`], packed, and with an index beside it.
fn to_bgzip(draft: Draft, output: &Path, annotate: impl FnOnce(&mut dyn Write) -> Result<Report>) -> Result<Report> {
    let could_not_write = || format!("could not write {}", output.display());
    let mut out = Bgzip::new(BufWriter::new(draft.file().try_clone()?));
    let report = annotate(&mut out)?;
    let mut written = out.finish().with_context(could_not_write)?;
    written.inner.flush().with_context(could_not_write)?;
    let has_index = !draft.is_straight();
    draft.finish().with_context(could_not_write)?;
    if has_index {
        write_index(&bgzip::index_path(output), written.index)?;
    }
    Ok(report)
}

fn write_index(path: &Path, index: Result<Vec<u8>, NoIndex>) -> Result<()> {
    match index {
        Ok(content) => draft::write(path, &content).with_context(|| format!("could not write {}", path.display())),
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

fn with_progress(input: Box<dyn Read>, out: &mut dyn Write, options: &Options, bar: &ProgressBar) -> Result<Report> {
    let mut show = |progress: Progress| {
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} records", with_commas(progress.records)));
    };
    annotation::annotate(input, out, options, &mut show).map_err(|error| match error {
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
