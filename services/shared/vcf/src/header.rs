//! The header: what it says of the version, the genome and the columns, and which INFO keys it declares.

use std::collections::BTreeSet;

use memchr::memchr_iter;

use crate::{Limits, Shown, VcfError};

/// The columns that every VCF file has.
const COLUMNS: [&str; 8] = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];

/// The columns before the first sample.
const FIXED_COLUMNS: usize = 9;

/// Digits of an MD5.
const MD5_DIGITS: usize = 32;

/// A header, as it is and what it says.
#[derive(Default)]
pub struct Header {
    /// The version as the file gives it, `VCFv4.2`.
    pub version: Option<String>,
    /// How many columns the #CHROM line has; 0 until it was read.
    pub columns: usize,
    /// What ##reference says.
    pub reference: Option<Shown>,
    /// What ##liftOverProgram says: with what the file was lifted from another assembly.
    pub lifted_with: Option<Shown>,
    /// What ##reference, ##assembly and the like say, for names of assemblies.
    pub hints: String,
    /// The ##contig lines.
    pub contigs: Vec<Contig>,
    /// INFO keys that the file declares.
    pub declared: BTreeSet<String>,
    /// The lines as they were read, until they are written.
    pub text: Vec<u8>,
    /// How the #CHROM line ends: `\n`, or `\r\n`.
    pub line_ending: &'static str,
    /// How many lines define keys.
    definitions: usize,
}

/// A ##contig line.
pub struct Contig {
    /// Its name as the file spells it.
    pub name: Shown,
    /// Its length in bases.
    pub length: Option<u64>,
    /// The MD5 of its sequence.
    pub md5: Option<String>,
    /// Where it stands.
    pub line: u64,
}

impl Header {
    /// Reads a line that begins with `##`.
    pub fn read_meta(&mut self, text: &[u8], line: u64) -> Result<(), VcfError> {
        let (key, value) = split_once(&text[2..], b'=');
        match key {
            b"fileformat" | b"format" => self.read_version(value, line)?,
            b"reference" => {
                self.reference = Some(Shown::new(value));
                self.hint(value);
            }
            b"assembly" | b"genome" | b"build" => self.hint(value),
            b"liftOverProgram" => self.lifted_with = Some(Shown::new(value)),
            b"contig" => self.read_contig(value, line),
            b"INFO" => {
                self.definitions += 1;
                self.read_info(value);
            }
            b"FORMAT" | b"FILTER" | b"ALT" => self.definitions += 1,
            _ => {}
        }
        Ok(())
    }

    /// Refuses a header that has more than the limits; line number `line` was read last.
    pub fn check(&self, limits: &Limits, line: u64) -> Result<(), VcfError> {
        if self.text.len() > limits.header_bytes {
            let limit = limits.header_bytes;
            return Err(VcfError::HeaderTooLong { line, limit });
        }
        let definitions = "definitions of INFO, FORMAT, FILTER and ALT";
        for (what, found, limit) in [
            ("lines", line, limits.header_lines),
            ("##contig lines", self.contigs.len() as u64, limits.contigs as u64),
            (definitions, self.definitions as u64, limits.definitions as u64),
            (
                "samples",
                self.columns.saturating_sub(FIXED_COLUMNS) as u64,
                limits.samples as u64,
            ),
        ] {
            if found > limit {
                return Err(VcfError::HeaderTooMany { line, what, limit });
            }
        }
        Ok(())
    }

    fn hint(&mut self, text: &[u8]) {
        if self.hints.len() < 4096 {
            self.hints += &String::from_utf8_lossy(&text[..text.len().min(512)]);
            self.hints.push('\n');
        }
    }

    /// Whether the file is VCF 3, which writes indels its own way.
    pub fn is_old(&self) -> bool {
        self.version
            .as_deref()
            .is_some_and(|version| version.starts_with("VCFv3"))
    }

    /// Whether the file is VCF 4.4 or later, in which SVLEN says where a structural variant ends, whatever END does.
    pub fn length_decides(&self) -> bool {
        let minor = self
            .version
            .as_deref()
            .and_then(|version| version.strip_prefix("VCFv4."));
        minor
            .and_then(|minor| minor.parse().ok())
            .is_some_and(|minor: u32| minor >= 4)
    }

    fn read_version(&mut self, value: &[u8], line: u64) -> Result<(), VcfError> {
        let version = String::from_utf8_lossy(value).trim().to_owned();
        if !version.starts_with("VCFv3.") && !version.starts_with("VCFv4.") {
            return Err(VcfError::Version {
                line,
                version: Shown::new(value),
            });
        }
        self.version = Some(version);
        Ok(())
    }

    fn read_contig(&mut self, value: &[u8], line: u64) {
        let text = |key| attribute(value, key).and_then(|text| std::str::from_utf8(text).ok());
        if let Some(assembly) = attribute(value, b"assembly") {
            self.hint(assembly);
        }
        let md5 = text(b"md5").or(text(b"M5")).filter(|md5| md5.len() == MD5_DIGITS);
        if let Some(name) = attribute(value, b"ID") {
            self.contigs.push(Contig {
                name: Shown::new(name),
                length: text(b"length").and_then(|length| length.trim().parse().ok()),
                md5: md5.map(str::to_ascii_lowercase),
                line,
            });
        }
    }

    fn read_info(&mut self, value: &[u8]) {
        // VCF 3 has no angle brackets: ##INFO=AC,-1,Integer,"…".
        let id = attribute(value, b"ID").unwrap_or_else(|| split_once(value, b',').0);
        if let Ok(id) = std::str::from_utf8(id) {
            self.declared.insert(id.to_owned());
        }
    }

    /// Reads the line that begins with `#CHROM`.
    pub fn read_columns(&mut self, text: &[u8], line: u64) -> Result<(), VcfError> {
        let columns = text[1..].split(|byte| *byte == b'\t');
        let fits = columns
            .zip(COLUMNS)
            .all(|(found, wanted)| found.trim_ascii() == wanted.as_bytes());
        let found = memchr_iter(b'\t', text).count() + 1;
        if found < COLUMNS.len() || !fits {
            let spaces = found == 1 && text.contains(&b' ');
            return Err(VcfError::ColumnsLine { line, found, spaces });
        }
        self.columns = found;
        Ok(())
    }
}

/// The value of `key` in `<ID=…,key=…>`. Values before it are read past, quoted ones whole.
fn attribute<'a>(value: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut rest = value.strip_prefix(b"<")?;
    rest = rest.strip_suffix(b">").unwrap_or(rest);
    while !rest.is_empty() {
        let (name, after) = split_once(rest, b'=');
        let (found, next) = match after.trim_ascii_start().strip_prefix(b"\"") {
            Some(quoted) => split_quoted(quoted),
            None => split_once(after, b','),
        };
        if name.trim_ascii() == key {
            return Some(found.trim_ascii());
        }
        rest = next.strip_prefix(b",").unwrap_or(next);
    }
    None
}

/// What stands before the quote that ends a value, and after it. A quote behind a backslash ends nothing.
fn split_quoted(text: &[u8]) -> (&[u8], &[u8]) {
    let mut is_escaped = false;
    for (at, byte) in text.iter().enumerate() {
        if *byte == b'"' && !is_escaped {
            return (&text[..at], &text[at + 1..]);
        }
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    (text, b"")
}

pub(super) fn split_once(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == at) {
        Some(position) => (&text[..position], &text[position + 1..]),
        None => (text, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(lines: &[&str]) -> Header {
        let mut header = Header::default();
        for (line, text) in (1..).zip(lines) {
            header.read_meta(text.as_bytes(), line).unwrap();
        }
        header
    }

    #[test]
    fn the_genome_is_read_from_contig_and_reference_lines() {
        let header = header(&[
            "##fileformat=VCFv4.2",
            "##contig=<ID=1,length=249250621,md5=1B22B98CDEB4A9304CB5D48026A85128>",
            "##contig=<ID=chrM,assembly=\"a,b\",length=16571>",
            "##reference=file:///hg19.fa",
        ]);
        let contig = &header.contigs[1];
        assert_eq!(
            (contig.name.to_string().as_str(), contig.length, contig.line),
            ("chrM", Some(16_571), 3)
        );
        assert_eq!(
            (header.contigs[0].length, header.contigs[0].md5.as_deref()),
            (Some(249_250_621), Some("1b22b98cdeb4a9304cb5d48026a85128"))
        );
        assert_eq!(header.hints, "a,b\nfile:///hg19.fa\n");
    }

    #[test]
    fn keys_that_the_file_declares_are_noticed_in_both_spellings() {
        let header = header(&[
            "##INFO=<ID=CSQ,Number=.,Type=String,Description=\"ID=DP\">",
            "##INFO=AC,-1,Integer,\"x\"",
            "##INFO=< Number=1, Description=\"a \\\"quote\\\", ID=DP\", ID=AN , Type=Integer>",
            "##INFO=<broken",
        ]);
        let declared: Vec<_> = header.declared.iter().map(String::as_str).collect();
        assert_eq!(declared, ["<broken", "AC", "AN", "CSQ"]);
    }

    #[test]
    fn versions_of_the_future_are_refused() {
        let refused = Header::default().read_meta(b"##fileformat=VCFv9.1", 1).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Line 1 says that this is \"VCFv9.1\". VCF versions 3.3 to 4.5 can be read; convert the file, for example with \
             bcftools view."
        );
    }
}
