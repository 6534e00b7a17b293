//! The stream: lines in, lines out, one at a time.

use std::io::{Read, Write};

use crate::effect;
use crate::error::{AnnotateError, Refusal, shown};
use crate::info::{self, Allele};
use crate::reference::{ACCESSION, LENGTH, Mitochondrion, is_mitochondrial};
use crate::report::{Mismatch, Report};
use crate::tracks::mitomap;
use crate::variant::Variant;
use crate::vcf::{Header, HeaderLine, Lines, Record};

/// How many records are annotated between two reports of progress.
const PROGRESS_EVERY: u64 = 1000;
/// Up to this share of records, in percent, REF may differ from the reference; more means another genome.
const MOST_MISMATCHES: u64 = 10;
/// How many other chromosomes a refusal names.
const NAMED: usize = 8;

/// What an annotation needs to know besides the input.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The input's name, for the log.
    pub file_name: String,
}

/// How far an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records annotated.
    pub records: u64,
    /// Bytes of the input read, compressed if it is.
    pub bytes: u64,
}

/// Annotates a VCF: plain, gzip or bgzip in, plain out. Every byte is kept but those of INFO; the definitions of our
/// keys come before the column line. Memory does not grow with the input.
///
/// # Errors
/// [`AnnotateError::Input`] if the input is no VCF, or one of another genome: what has been written is then worthless.
/// [`AnnotateError::Io`] if reading or writing failed.
pub fn annotate(
    input: impl Read,
    output: impl Write,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AnnotateError> {
    let mut lines = Lines::new(input)?;
    let mut run = Run {
        output,
        genome: Mitochondrion::rcrs(),
        header: Header::default(),
        report: Report::new(&options.file_name),
        elsewhere: Elsewhere::default(),
        line: Vec::new(),
    };
    run.header(&mut lines)?;
    while let Some(line) = lines.next()? {
        let line = line.to_owned();
        run.record(lines.number(), &line)
            .map_err(|error| error.after(run.report.records))?;
        if run.report.records.is_multiple_of(PROGRESS_EVERY) {
            progress(Progress {
                records: run.report.records,
                bytes: lines.bytes_read(),
            });
            run.refuse_another_genome()?;
        }
    }
    progress(Progress {
        records: run.report.records,
        bytes: lines.bytes_read(),
    });
    run.finish()
}

struct Run<W> {
    output: W,
    genome: &'static Mitochondrion,
    header: Header,
    report: Report,
    elsewhere: Elsewhere,
    line: Vec<u8>,
}

/// Records on other chromosomes.
#[derive(Default)]
struct Elsewhere {
    names: Vec<String>,
    records: u64,
    first_line: u64,
}

impl AnnotateError {
    fn after(self, records: u64) -> Self {
        match self {
            Self::Input(refusal) => Self::Input(refusal.after(records)),
            io => io,
        }
    }
}

impl<W: Write> Run<W> {
    /// Copies the header and puts our definitions before its last line.
    fn header(&mut self, lines: &mut Lines<'_>) -> Result<(), AnnotateError> {
        loop {
            let number = lines.number() + 1;
            let Some(line) = lines.next()? else {
                let reason = if number == 1 {
                    "The file is empty."
                } else {
                    "The file ends before the column line, which begins with #CHROM."
                };
                return Err(Refusal::of_input(format!("{reason} A VCF begins with ##fileformat=VCFv4.")).into());
            };
            match self.header.read(number, line)? {
                HeaderLine::Meta => self.output.write_all(line).map_err(AnnotateError::Io)?,
                HeaderLine::Info(key) if info::is_ours(&key) => self.report.replaced(&key),
                HeaderLine::Info(_) => self.output.write_all(line).map_err(AnnotateError::Io)?,
                HeaderLine::Columns => {
                    let definitions = info::definitions(if self.header.crlf { "\r\n" } else { "\n" });
                    self.output
                        .write_all(definitions.as_bytes())
                        .map_err(AnnotateError::Io)?;
                    self.report.version = self.header.version.clone();
                    return self.output.write_all(line).map_err(AnnotateError::Io);
                }
            }
        }
    }

    fn record(&mut self, number: u64, line: &[u8]) -> Result<(), AnnotateError> {
        if line.trim_ascii().is_empty() {
            return self.output.write_all(line).map_err(AnnotateError::Io);
        }
        let record = Record::parse(number, line, self.header.columns)?;
        if !is_mitochondrial(record.chromosome) {
            self.elsewhere.note(number, record.chromosome);
            return Ok(());
        }
        // What is not all on our genome is refused in the end, after all its chromosomes have been seen.
        if self.elsewhere.records > 0 {
            return Ok(());
        }
        let mismatch = self.compare(number, &record)?;
        let alleles = self.alleles(&record);
        self.report.count(&alleles);
        self.line.clear();
        self.line.extend_from_slice(&line[..record.info_at.start]);
        info::write(&mut self.line, record.info, &alleles, mismatch);
        self.line.extend_from_slice(&line[record.info_at.end..]);
        self.output.write_all(&self.line).map_err(AnnotateError::Io)
    }

    /// Whether REF is another than the reference has; a position that the reference has not is refused.
    fn compare(&mut self, number: u64, record: &Record<'_>) -> Result<bool, Refusal> {
        let Some(expected) = self.genome.bases(record.position, record.reference.len()) else {
            let end = record.position + record.reference.len() - 1;
            return Err(Refusal::at(
                number,
                format!(
                    "position {end} lies outside {ACCESSION}, which has {LENGTH} bases. Were the variants called against it?"
                ),
            ));
        };
        let differs = |(found, expected): (&u8, &u8)| {
            let found = found.to_ascii_uppercase();
            b"ACGT".contains(&found) && *expected != b'N' && found != *expected
        };
        let mismatch = record.reference.iter().zip(expected).any(differs);
        if mismatch {
            let shift = if record.position < 3_107 { 1 } else { 2 };
            let fits_shifted = self
                .genome
                .bases(record.position.saturating_sub(shift), record.reference.len())
                .is_some_and(|bases| bases.eq_ignore_ascii_case(record.reference));
            let expected = String::from_utf8_lossy(expected).into_owned();
            self.report.mismatch(
                Mismatch {
                    line: number,
                    position: record.position,
                    found: shown(record.reference),
                    expected,
                },
                fits_shifted,
            );
        }
        Ok(mismatch)
    }

    fn alleles(&self, record: &Record<'_>) -> Vec<Allele<'static>> {
        let shared = |alternate: &[u8]| {
            alternate.first().map(u8::to_ascii_uppercase) == record.reference.first().map(u8::to_ascii_uppercase)
        };
        let differs_in_length = record
            .alternates()
            .any(|alternate| alternate.len() != record.reference.len());
        let shares_first = differs_in_length && record.alternates().filter(|allele| are_bases(allele)).all(shared);
        record
            .alternates()
            .map(|alternate| self.allele(record, alternate, shares_first))
            .collect()
    }

    fn allele(&self, record: &Record<'_>, alternate: &[u8], shares_first: bool) -> Allele<'static> {
        let genome = self.genome;
        let mut allele = Allele {
            name: info::csq_name(false, alternate),
            variant: None,
            position: record.position,
            effects: Vec::new(),
            known: None,
            genome,
        };
        if are_bases(alternate) {
            let variant = Variant::new(record.position, record.reference, alternate);
            if variant.reference != variant.alternate {
                allele.name = info::csq_name(shares_first, alternate);
                allele.position = variant.start.min(LENGTH);
                allele.effects = effect::of_variant(&variant, genome);
                allele.known = mitomap::known(&variant, genome);
                allele.variant = Some(variant);
            }
        } else if let Some(kind) = structural(alternate) {
            allele.effects = effect::of_structural(kind, record.position, structural_end(record), genome);
        }
        allele
    }

    fn finish(mut self) -> Result<Report, AnnotateError> {
        self.elsewhere.refuse(self.report.records)?;
        self.refuse_another_genome()?;
        self.output.flush().map_err(AnnotateError::Io)?;
        Ok(self.report)
    }

    fn refuse_another_genome(&self) -> Result<(), Refusal> {
        let (records, differ) = (self.report.records, self.report.mismatches);
        if differ * 100 <= records * MOST_MISMATCHES {
            return Ok(());
        }
        let looks = match self.report.mismatches_that_fit_shifted * 5 >= differ * 4 {
            true => "It looks like NC_001807, the chrM of UCSC's hg19, whose positions differ.",
            false => "It is another genome, or REF and ALT are exchanged.",
        };
        let line = self.report.first_mismatch().map_or(String::new(), |first| {
            format!(
                " The first is on line {}: position {} has REF {}, the reference has {}.",
                first.line, first.position, first.found, first.expected
            )
        });
        Err(Refusal::of_input(format!(
            "{:.0} % of the REF bases ({differ} of {records} records) differ from the mitochondrial reference {ACCESSION}.{line} {looks}",
            differ as f64 * 100.0 / records as f64
        ))
        .after(records))
    }
}

impl Elsewhere {
    fn note(&mut self, number: u64, chromosome: &[u8]) {
        if self.records == 0 {
            self.first_line = number;
        }
        self.records += 1;
        let name = shown(chromosome);
        if self.names.len() <= NAMED && !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    fn refuse(&self, on_ours: u64) -> Result<(), Refusal> {
        if self.records == 0 {
            return Ok(());
        }
        let mut names = self.names[..self.names.len().min(NAMED)].join(", ");
        if self.names.len() > NAMED {
            names.push_str(" and more");
        }
        let chromosomes = if self.names.len() == 1 {
            "chromosome"
        } else {
            "chromosomes"
        };
        let records = if self.records == 1 {
            "1 record".to_owned()
        } else {
            format!("{} records", self.records)
        };
        let beside = if on_ours > 0 {
            format!(" beside {on_ours} on the mitochondrial genome")
        } else {
            String::new()
        };
        Err(Refusal::of_input(format!(
            "The file has {records} on {chromosomes} {names}{beside}; the first is on line {}. Supported at present is the human \
             mitochondrial genome alone (named MT, M or chrM; {ACCESSION}, the rCRS).",
            self.first_line
        ))
        .after(on_ours))
    }
}

fn are_bases(allele: &[u8]) -> bool {
    !allele.is_empty() && allele.iter().all(|base| b"ACGTNacgtn".contains(base))
}

/// The kind of a structural variant: `DEL` of `<DEL:ME>`, `BND` of a breakend. `None` for what stands for no allele:
/// `*`, `.`, `<*>`, `<NON_REF>`.
fn structural(alternate: &[u8]) -> Option<&[u8]> {
    if alternate.iter().any(|byte| matches!(byte, b'[' | b']')) {
        return Some(b"BND");
    }
    let name = alternate.strip_prefix(b"<")?.strip_suffix(b">")?;
    let kind = name.split(|byte| *byte == b':').next()?;
    (!matches!(kind, b"*" | b"NON_REF")).then_some(kind)
}

/// The last base of a structural variant: INFO's END, or POS and SVLEN, or POS.
fn structural_end(record: &Record<'_>) -> usize {
    let number = |key: &[u8]| {
        std::str::from_utf8(record.info_value(key)?)
            .ok()?
            .split(',')
            .next()?
            .parse::<i64>()
            .ok()
    };
    let by_length = || Some(record.position + usize::try_from(number(b"SVLEN")?.unsigned_abs()).ok()?);
    let end = number(b"END")
        .and_then(|end| usize::try_from(end).ok())
        .or_else(by_length);
    end.unwrap_or(record.position)
        .clamp(record.position, LENGTH.max(record.position))
}

#[cfg(test)]
#[path = "annotate_tests.rs"]
mod tests;
