//! `gas check`: reads files by the service's own reader, offline.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::with_commas;
use serde_json::json;
use vcf::{Alternate, BYTE_ORDER_MARK, Header, Limits, Line, Lines, Record, Source, VcfError};

use crate::failure::Failure;
use crate::output::{Output, text};

/// The input is read in pieces of this size.
const PIECE: usize = 1 << 18;

/// What is in a file that can be read to its end.
struct Found {
    records: u64,
    samples: usize,
    version: String,
}

/// Reads each file to its end, or to what is wrong with it.
pub fn check(files: &[PathBuf], out: Output) -> Result<(), Failure> {
    let mut unfit = 0;
    for file in files {
        let name = file.display().to_string();
        match read(file)? {
            Ok(found) => {
                let document = json!({
                    "file": name, "is_fit": true, "records": found.records, "samples": found.samples,
                    "version": found.version,
                });
                out.answer(&document, |document| {
                    let records = with_commas(found.records);
                    format!(
                        "{}: {records} records, {} samples, {}",
                        text(document, "file"),
                        found.samples,
                        found.version
                    )
                });
            }
            Err(why) => {
                unfit += 1;
                let document = json!({ "file": name, "is_fit": false, "error": why.to_string() });
                out.answer(&document, |document| format!("{}: {why}", text(document, "file")));
            }
        }
    }
    match unfit {
        0 => Ok(()),
        _ => Err(Failure::Jobs(format!(
            "{unfit} of {} files would be refused.",
            files.len()
        ))),
    }
}

/// # Errors
/// If the file itself cannot be read; what is wrong with what is in it is told inside.
fn read(path: &Path) -> Result<Result<Found, VcfError>, Failure> {
    let reading = || format!("read {}", path.display());
    let file = File::open(path).with_context(reading)?;
    let limits = Limits::default();
    let source = Source::open(BufReader::with_capacity(PIECE, file), &limits).with_context(reading)?;
    match found(source, &limits) {
        Ok(found) => Ok(Ok(found)),
        Err(Stopped::Vcf(error)) => Ok(Err(error)),
        Err(Stopped::Io(error)) => Err(anyhow::Error::from(error).context(reading()).into()),
    }
}

/// Why reading has ended before the end of the file.
enum Stopped {
    /// The file cannot be read.
    Io(std::io::Error),
    /// What is in it is no VCF that the service takes.
    Vcf(VcfError),
}

impl From<VcfError> for Stopped {
    fn from(error: VcfError) -> Self {
        Self::Vcf(error)
    }
}

/// Reads a file to its end, as the service does before it looks at genomes.
fn found(source: Source<BufReader<File>>, limits: &Limits) -> Result<Found, Stopped> {
    let mut lines = Lines::new(source, limits);
    let (mut header, mut line, mut records) = (Header::default(), Vec::new(), 0);
    while next(&mut lines, &mut line, limits)? {
        let (number, read) = (lines.number(), Line::new(&line));
        if header.columns == 0 {
            let raw = match number {
                1 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line),
                _ => &line,
            };
            header.read_line(raw, number)?;
            header.check(limits, number)?;
        } else if let Some(at) = read.text.iter().position(|byte| *byte == 0) {
            return Err(VcfError::Binary {
                line: number,
                column: at + 1,
            }
            .into());
        } else if !read.text.is_empty() && !read.text.starts_with(b"#") {
            record(&header, read, number, limits)?;
            records += 1;
        }
    }
    match (header.columns, lines.number()) {
        (0, 0) => Err(VcfError::Empty.into()),
        (0, line) => Err(VcfError::HeaderCutOff { line }.into()),
        (columns, _) => Ok(Found {
            records,
            samples: columns.saturating_sub(9),
            version: header.version.unwrap_or_default(),
        }),
    }
}

fn record(header: &Header, line: Line<'_>, number: u64, limits: &Limits) -> Result<(), VcfError> {
    let record = Record::parse(line.text, number, header.columns, line.ending.is_empty())?;
    record.check(limits, number)?;
    for allele in record.alternates() {
        Alternate::parse_in(allele, header.is_old(), number)?;
    }
    Ok(())
}

/// Reads the next line; `false` if there is none.
fn next(lines: &mut Lines<BufReader<File>>, line: &mut Vec<u8>, limits: &Limits) -> Result<bool, Stopped> {
    line.clear();
    let number = lines.number();
    lines.append_next(line).map_err(|error| match error.at(number, limits) {
        Ok(error) => Stopped::Vcf(error),
        Err(error) => Stopped::Io(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(content: &[u8]) -> Result<u64, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf");
        std::fs::write(&path, content).unwrap();
        let read = read(&path).unwrap();
        read.map(|found| found.records).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_is_judged_as_the_service_would() {
        let sample = include_bytes!("../../web/static/sample.vcf");
        assert!(of(sample).unwrap() > 0);
        let header = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
        assert_eq!(of(format!("{header}MT\t1\t.\tG\tA\t.\t.\t.\n").as_bytes()), Ok(1));
        for wrong in [
            "MT\tx\t.\tG\tA\t.\t.\t.\n",
            "MT\t1\t.\tG\tA,?\t.\t.\t.\n",
            "MT 1 . G A . . .\n",
        ] {
            let why = of(format!("{header}{wrong}").as_bytes()).unwrap_err();
            assert!(why.contains("ine 3"), "{why}");
        }
        assert!(of(b"").is_err() && of(b"chr1\t1\n").is_err() && of(b"PK\x03\x04 a zip").is_err());
    }
}
