//! A file: header and records from the input to the output, one line at a time.

use std::io::{BufRead, BufReader, Read, Write};

use memchr::memchr;

use crate::annotator::Annotator;
use crate::error::{AnnotateError, InputError};
use crate::info::{Fields, Key, Names};
use crate::options::Options;
use crate::reference::{Chromosomes, Evidence, Mitochondrion, is_mitochondrial};
use crate::refusal::Refusal;
use crate::report::{self, Counts, Oddities, Report};
use crate::sniff;
use crate::vcf::{Header, Lines, ReadError, Record, Shown, Source};

/// Progress is told once for so many records.
const PROGRESS_RECORDS: u64 = 1000;

/// The input is read in pieces of this size.
const INPUT_BYTES: usize = 1 << 18;

/// The output is written in pieces of about this size.
const OUTPUT_BYTES: usize = 1 << 16;

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
/// The output is the input byte for byte, but for INFO and added `##INFO` lines; it is never compressed. One line is
/// held in memory at a time. `progress` is called at least once, at the end, and about every thousand records.
///
/// # Errors
/// [`AnnotateError::Input`] if the input cannot be annotated; [`AnnotateError::Io`] if reading or writing fails. What
/// was written by then is no result: whether a file fits the reference is known at its end.
pub fn annotate<R: Read, W: Write>(
    input: R,
    output: W,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AnnotateError> {
    let lines = Lines::new(
        Source::open(BufReader::with_capacity(INPUT_BYTES, input))?,
        &options.limits,
    );
    let mut run = Run {
        lines,
        output,
        out: Vec::with_capacity(2 * OUTPUT_BYTES),
        header: Header::default(),
        chromosomes: Chromosomes::default(),
        evidence: Evidence::default(),
        counts: Counts::default(),
        records: 0,
        blank_lines: 0,
        left_out: 0,
        lacks_line_end: false,
    };
    match run.run(options.limits.line_bytes, progress) {
        Ok(()) => Ok(run.report()),
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

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

struct Run<R, W> {
    lines: Lines<R>,
    output: W,
    /// What is not yet written.
    out: Vec<u8>,
    header: Header,
    chromosomes: Chromosomes,
    evidence: Evidence,
    counts: Counts,
    records: u64,
    blank_lines: u64,
    /// Records in which a key of ours was left out.
    left_out: u64,
    lacks_line_end: bool,
}

impl<R: BufRead, W: Write> Run<R, W> {
    fn run(&mut self, line_bytes: usize, progress: &mut dyn FnMut(Progress)) -> Result<(), Stopped> {
        self.read_header(line_bytes)?;
        let mut fields = Fields::new(Names::new(&self.header.taken));
        let annotator = Annotator::new(self.header.is_old());
        while self.advance(line_bytes)? {
            self.record(&annotator, &mut fields)?;
            if self.records.is_multiple_of(PROGRESS_RECORDS) {
                progress(self.progress());
            }
            self.write_full()?;
        }
        progress(self.progress());
        self.verdict()?;
        self.output.write_all(&self.out)?;
        Ok(self.output.flush()?)
    }

    /// Passes the header on, with our lines before the #CHROM line.
    fn read_header(&mut self, line_bytes: usize) -> Result<(), Stopped> {
        while self.advance(line_bytes)? {
            let (line, number) = (self.lines.line(), self.lines.number());
            let text = if number == 1 {
                line.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line.text)
            } else {
                line.text
            };
            if number == 1 {
                sniff::first_line(text)?;
            }
            if text.starts_with(b"##") {
                self.header.read_meta(text, number)?;
            } else if text.starts_with(b"#CHROM") {
                self.header.read_columns(text, number)?;
                let ending = if line.ending == b"\r\n" { "\r\n" } else { "\n" };
                self.out
                    .extend_from_slice(Names::new(&self.header.taken).header(ending).as_bytes());
            } else if !text.starts_with(b"#") && !text.is_empty() {
                return Err(InputError::NoHeader {
                    line: number,
                    text: Shown::new(text),
                }
                .into());
            }
            self.out.extend_from_slice(line.text);
            self.out.extend_from_slice(line.ending);
            self.write_full()?;
            if self.header.columns > 0 {
                return Ok(());
            }
        }
        Err(match self.lines.number() {
            0 => InputError::Empty.into(),
            line => InputError::HeaderCutOff { line }.into(),
        })
    }

    fn record(&mut self, annotator: &Annotator, fields: &mut Fields) -> Result<(), Stopped> {
        let (line, number) = (self.lines.line(), self.lines.number());
        self.lacks_line_end = line.ending.is_empty();
        if line.text.is_empty() || line.text[0] == b'#' {
            self.blank_lines += 1;
            self.out.extend_from_slice(line.text);
            self.out.extend_from_slice(line.ending);
            return Ok(());
        }
        let record = Record::parse(line.text, number, self.header.columns, self.lacks_line_end)?;
        self.records += 1;
        if !is_mitochondrial(record.chromosome) {
            // The file will be refused; it is read on to name all its chromosomes.
            self.chromosomes.add(record.chromosome, number);
            return Ok(());
        }
        fields.clear();
        match self.evidence.add(&record, number, &Mitochondrion::rcrs().sequence) {
            true => annotator.annotate(&record, number, fields, &mut self.counts)?,
            false => fields.flag(Key::RefMismatch),
        }
        self.left_out += u64::from(fields.splice(&record, &mut self.out));
        self.out.extend_from_slice(line.ending);
        Ok(())
    }

    fn verdict(&self) -> Result<(), InputError> {
        if let Some(chromosomes) = self.chromosomes.verdict(self.evidence.records) {
            return Err(InputError::Chromosomes(chromosomes));
        }
        self.evidence.verdict(&self.header).map_err(InputError::Reference)
    }

    /// Reads the next line and looks for what no text has.
    fn advance(&mut self, limit: usize) -> Result<bool, Stopped> {
        let line = self.lines.number();
        let more = self.lines.advance().map_err(|error| match error {
            ReadError::Io(error) => Stopped::Io(error),
            ReadError::GzipCutOff => InputError::GzipCutOff { line }.into(),
            ReadError::GzipDamaged => InputError::GzipDamaged { line }.into(),
            ReadError::UnpacksTooFar => InputError::UnpacksTooFar { line }.into(),
            ReadError::LineTooLong => InputError::LineTooLong { line: line + 1, limit }.into(),
        })?;
        let text = self.lines.line().text;
        if let Some(at) = memchr(0, text) {
            sniff::first_line(text).map_err(|error| {
                if line == 0 {
                    error
                } else {
                    InputError::Binary {
                        line: line + 1,
                        column: at + 1,
                    }
                }
            })?;
            return Err(InputError::Binary {
                line: line + 1,
                column: at + 1,
            }
            .into());
        }
        Ok(more)
    }

    fn write_full(&mut self) -> Result<(), Stopped> {
        if self.out.len() >= OUTPUT_BYTES {
            self.output.write_all(&self.out)?;
            self.out.clear();
        }
        Ok(())
    }

    fn progress(&self) -> Progress {
        Progress {
            records: self.records,
            bytes: self.lines.source().bytes_read(),
        }
    }

    fn warnings(&self) -> Vec<String> {
        report::warnings(&Oddities {
            header: &self.header,
            records: self.records,
            lacks_line_end: self.lacks_line_end,
            lacks_bgzip_end: self.lines.source().lacks_bgzip_end(),
            blank_lines: self.blank_lines,
            left_out: self.left_out,
        })
    }

    fn refusal(&self, reason: InputError) -> Refusal {
        let progress = self.progress();
        Refusal::new(
            reason,
            self.lines.number(),
            progress.bytes,
            progress.records,
            self.warnings(),
        )
    }

    fn report(self) -> Report {
        let mut report = Report {
            lines: self.lines.number(),
            bytes_read: self.progress().bytes,
            records: self.records,
            genome: report::genome(&self.header, &self.evidence),
            warnings: self.warnings(),
            counts: self.counts,
            evidence: self.evidence,
        };
        report.warn_of_mismatches();
        report
    }
}

#[cfg(test)]
mod tests;
