//! A file: header and records from the input to the output, a batch of lines at a time.

mod ahead;
mod batch;
mod batches;
mod context;
mod contigs;
mod feed;
mod hand;
mod header_in;
mod header_out;
mod lifted;
mod output;
mod place;
mod queue;
mod record_out;
mod rewritten;
mod vcf_3;
mod worker;

use std::io::{BufRead, BufReader, Read, Write};

use reference::bundle::Bundle;
use reference::detect::{Sample, decide};
use vcf::{Ahead, Header, Lines, Source, VcfError};

use crate::error::InputError;
use crate::options::{Limits, Mode, Options};
use crate::refusal::{AnnotateError, Refusal};
use crate::report::{self, Findings, Oddities, Report};
use batch::Batch;
use context::Context;
use contigs::Contigs;
use hand::Part;
use output::Outputs;
pub use output::{Form, Maker, Output, Piece};

/// The input is read in pieces of this size.
const INPUT_BYTES: usize = 1 << 18;

/// The growth ratio is looked at only from here on: a few records may have much to tell.
const GROWTH_FREE: u64 = 256 << 20;

/// How far an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records done.
    pub records: u64,
    /// Bytes read of the input as it came, compressed or not, so that the caller can compare them with its size.
    pub bytes: u64,
}

/// Annotates a VCF file, plain, gzip or bgzip, from `input` to `output`.
///
/// Everything but ID, INFO and header lines is passed on byte for byte, and the output is never compressed. A batch of
/// lines is held in memory at a time, and the beginning of the file until its genome is decided. Records that are
/// lifted from another assembly have a new place, and, where the strand differs, alleles of the other strand.
/// `progress` is called for every batch and at the end.
///
/// # Errors
/// [`AnnotateError::Input`] if the input cannot be annotated; [`AnnotateError::Io`] if reading or writing fails. What
/// was written by then is no result: whether a file fits the reference is known at its end.
pub fn annotate<R: Read + Send, W: Write>(
    input: R,
    mut output: W,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AnnotateError> {
    annotate_to(input, &mut [Output::Lines(&mut output)], options, progress)
}

/// As [`annotate`], to several outputs in one pass. With more than one thread, a compressed input is unpacked on another.
///
/// # Errors
/// As [`annotate`]; the first output that fails ends the run.
pub fn annotate_to<R: Read + Send>(
    input: R,
    outputs: &mut [Output<'_>],
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AnnotateError> {
    let input: Input<'_> = Box::new(BufReader::with_capacity(INPUT_BYTES, input));
    let source = Source::open(input, &options.limits.reader)?;
    if options.threads < 2 || !source.is_compressed() {
        return annotate_source(source, outputs, options, progress);
    }
    std::thread::scope(|scope| {
        let (ahead, reader) = Ahead::new(source);
        scope.spawn(|| reader.run());
        annotate_source(Source::Ahead(ahead), outputs, options, progress)
    })
}

/// Where bytes come from. One copy of what follows serves all callers, whatever they read from.
type Input<'i> = Box<dyn BufRead + Send + 'i>;

fn annotate_source(
    source: Source<Input<'_>>,
    outputs: &mut [Output<'_>],
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AnnotateError> {
    let mut run = Run {
        lines: Lines::new(source, &options.limits.reader),
        outputs: Outputs::new(outputs),
        findings: Findings::default(),
        header: Header::default(),
        limits: options.limits.clone(),
        written: 0,
    };
    match run.run(options, progress) {
        Ok(genome) => Ok(run.report(genome)),
        Err(Stopped::Io(error)) => Err(error.into()),
        Err(Stopped::Input(reason)) => Err(AnnotateError::Input(run.refusal(reason))),
    }
}

enum Stopped {
    Io(std::io::Error),
    Input(InputError),
}

impl From<InputError> for Stopped {
    fn from(reason: InputError) -> Self {
        Self::Input(reason)
    }
}

impl From<VcfError> for Stopped {
    fn from(reason: VcfError) -> Self {
        Self::Input(reason.into())
    }
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

struct Run<'i, 'o> {
    lines: Lines<Input<'i>>,
    outputs: Outputs<'o, 'i>,
    findings: Findings,
    header: Header,
    limits: Limits,
    /// Bytes of the output so far.
    written: u64,
}

impl Run<'_, '_> {
    fn run(&mut self, options: &Options, progress: &mut dyn FnMut(Progress)) -> Result<report::Genome, Stopped> {
        self.read_header()?;
        let (first, rest) = self.read_first_records()?;
        let sample = Sample::new(
            &first.bytes,
            first.line,
            self.header.columns,
            !rest,
            &self.limits.reader,
        );
        let bundles: Vec<&Bundle> = options.references.iter().map(AsRef::as_ref).collect();
        let decision = decide(&self.header, &sample, &bundles, &options.choice).map_err(InputError::Genome)?;
        decision.bundle.map_or(Ok(()), InputError::check_transcripts)?;
        let has_prefix = sample.has_prefix();
        let contigs = Contigs::of(&first.bytes, &self.header);
        drop(sample);
        let mut header = std::mem::take(&mut self.header);
        let text = std::mem::take(&mut header.text);
        let context = Context::new(&header, &decision, options, has_prefix).phasing(options, &text);
        let begun = header_out::write(&context, &contigs, &text, &mut self.outputs);
        drop(text);
        let begun = begun.and_then(|()| match options.mode {
            Mode::Modern => self.outputs.tell(&context.schema.told()),
            Mode::AnnTools => Ok(()),
        });
        let done = begun
            .map_err(Stopped::from)
            .and_then(|()| self.records(&context, first, rest, options.threads, progress));
        let genome = report::Genome::new(&header, &decision, &self.findings, options.mode);
        let taken = context.schema.renamed().map(str::to_owned).collect();
        self.header = header;
        // What a damaged bundle told may have led to any other error.
        let damage = bundles.iter().try_for_each(|bundle| bundle.damage());
        damage.map_err(std::io::Error::other)?;
        done?;
        progress(self.progress());
        self.verdict()?;
        self.outputs.flush()?;
        Ok(genome.with_renamed(taken))
    }

    fn verdict(&self) -> Result<(), InputError> {
        let findings = &self.findings;
        findings.counts.check(&self.limits)?;
        findings.check_blank_lines(&self.limits)?;
        let annotated = findings.mitochondrial.records + findings.nuclear.records;
        if annotated == 0
            && let Some(chromosomes) = findings.unplaced.verdict(0)
        {
            return Err(InputError::Chromosomes(chromosomes));
        }
        if findings.foreign_mitochondrial > 0 && findings.foreign_mitochondrial == findings.records {
            return findings
                .mitochondrial
                .contig_verdict(&self.header)
                .map_err(InputError::Reference);
        }
        findings
            .mitochondrial
            .verdict(&self.header, findings.foreign_mitochondrial > 0)
            .map_err(InputError::Reference)?;
        match findings.nuclear.beyond_end.is_some() || findings.nuclear.is_bad() && findings.nuclear.compared() >= 10 {
            true => Err(InputError::Genome(reference::detect::GenomeTrouble::Mismatch {
                genome: "the genome that its first records fit".to_owned(),
                reason: "later ones do not".to_owned(),
                found: findings.nuclear.trouble(),
                looks_like: None,
            })),
            false => Ok(()),
        }
    }

    /// Writes annotated lines, and what was made of them, unless there are more records, or more text, than the limits.
    /// Gives back the buffer.
    fn write(&mut self, part: Part) -> Result<Vec<u8>, Stopped> {
        self.findings.records += part.records;
        if let Some(reason) = part.error {
            return Err(reason.into());
        }
        if self.findings.records > self.limits.records {
            let limit = self.limits.records;
            return Err(InputError::TooManyRecords { limit }.into());
        }
        self.written += part.text;
        let may_grow = self.written > GROWTH_FREE;
        if may_grow && self.written / part.read.text.max(1) > self.limits.growth_ratio {
            let (line, limit) = (part.read.lines, self.limits.growth_ratio);
            return Err(InputError::GrowsTooFar { line, limit }.into());
        }
        self.outputs.take(&part.lines, part.pieces)?;
        Ok(part.lines)
    }

    fn progress(&self) -> Progress {
        Progress {
            records: self.findings.records,
            bytes: self.lines.source().bytes_read(),
        }
    }

    fn oddities(&self) -> Vec<String> {
        report::warnings(&Oddities {
            header: &self.header,
            findings: &self.findings,
            lacks_bgzip_end: self.lines.source().lacks_bgzip_end(),
        })
    }

    fn refusal(&self, reason: InputError) -> Refusal {
        let progress = self.progress();
        Refusal::new(
            reason,
            self.lines.number(),
            progress.bytes,
            progress.records,
            self.oddities(),
        )
    }

    fn report(self, genome: report::Genome) -> Report {
        let warnings = self.oddities();
        Report::new(
            self.lines.number(),
            self.progress().bytes,
            genome,
            warnings,
            self.findings,
        )
    }
}

/// What was read before the genome was decided, and whether there may be more.
type FirstRecords = (Batch, bool);

#[cfg(test)]
mod tests;
