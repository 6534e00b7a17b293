//! The header: what of it we read, and where our own lines go.

use crate::error::{Refusal, shown};

/// The columns that every VCF has, in this order.
const COLUMNS: [&str; 8] = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];

/// What has been read of a header.
#[derive(Debug, Default)]
pub(crate) struct Header {
    /// `VCFv4.2`, if the file says.
    pub(crate) version: Option<String>,
    /// Columns that the column line names.
    pub(crate) columns: usize,
    /// Whether lines end in CR LF.
    pub(crate) crlf: bool,
}

/// What a line of the header is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HeaderLine {
    /// A `##` line.
    Meta,
    /// The definition of the INFO key named.
    Info(String),
    /// The `#CHROM` line, after which records come.
    Columns,
}

impl Header {
    /// Reads one line before the first record; the error says why the file is no VCF.
    pub(crate) fn read(&mut self, number: u64, line: &[u8]) -> Result<HeaderLine, Refusal> {
        let text = line.trim_ascii_end();
        if number == 1 {
            self.crlf = line.ends_with(b"\r\n");
            self.first(text)?;
        }
        if text.starts_with(b"##") {
            refuse_foreign_contig(number, text)?;
            return Ok(info_key(text).map_or(HeaderLine::Meta, HeaderLine::Info));
        }
        if text.starts_with(b"#CHROM") {
            self.columns = column_count(number, text)?;
            return Ok(HeaderLine::Columns);
        }
        if text.is_empty() {
            return Ok(HeaderLine::Meta);
        }
        let reason = "a record stands before the column line, which begins with #CHROM. Add the header of the file.";
        Err(Refusal::at(number, reason))
    }

    fn first(&mut self, text: &[u8]) -> Result<(), Refusal> {
        if let Some(version) = text.strip_prefix(b"##fileformat=") {
            self.version = Some(shown(version));
            return Ok(());
        }
        if text.starts_with(b"BCF\x02") {
            return Err(Refusal::of_input(
                "This is a BCF file. Convert it first: bcftools view FILE.bcf > FILE.vcf",
            ));
        }
        if text.starts_with(b"PK\x03\x04") {
            return Err(Refusal::of_input(
                "This is a ZIP archive. Upload the VCF that is in it.",
            ));
        }
        if text.contains(&0) || std::str::from_utf8(text).is_err() && !text.starts_with(b"#") {
            return Err(Refusal::of_input(
                "This is a binary file, not a VCF. A VCF is text and begins with ##fileformat=VCFv4.",
            ));
        }
        Ok(())
    }
}

/// `ID` of a `##INFO=<ID=…` line (VCF 4) or a `##INFO=…,` line (VCF 3).
fn info_key(text: &[u8]) -> Option<String> {
    let definition = text.strip_prefix(b"##INFO=")?;
    let definition = definition.strip_prefix(b"<ID=").unwrap_or(definition);
    let end = definition
        .iter()
        .position(|byte| matches!(byte, b',' | b'>'))
        .unwrap_or(definition.len());
    Some(String::from_utf8_lossy(&definition[..end]).into_owned())
}

fn column_count(number: u64, text: &[u8]) -> Result<usize, Refusal> {
    let names: Vec<&[u8]> = text.split(|byte| *byte == b'\t').collect();
    if names.len() == 1 && text.contains(&b' ') {
        return Err(Refusal::at(
            number,
            "the columns are separated by spaces. A VCF has tabs between its columns.",
        ));
    }
    for (at, expected) in COLUMNS.iter().enumerate() {
        if names.get(at) != Some(&expected.as_bytes()) {
            let found = names.get(at).map_or("nothing".to_owned(), |name| shown(name));
            return Err(Refusal::at(
                number,
                format!("column {} should be {expected}, but is {found}.", at + 1),
            ));
        }
    }
    Ok(names.len())
}

/// hg19's chrM has 16,571 bases: another sequence, in which every position after 310 means another base.
fn refuse_foreign_contig(number: u64, text: &[u8]) -> Result<(), Refusal> {
    let Some(contig) = text.strip_prefix(b"##contig=<ID=") else {
        return Ok(());
    };
    let end = contig
        .iter()
        .position(|byte| matches!(byte, b',' | b'>'))
        .unwrap_or(contig.len());
    let is_other =
        crate::reference::is_mitochondrial(&contig[..end]) && contig.windows(12).any(|part| part == b"length=16571");
    match is_other {
        true => Err(Refusal::at(number, OTHER_SEQUENCE)),
        false => Ok(()),
    }
}

const OTHER_SEQUENCE: &str = "the mitochondrial sequence has 16,571 bases, so it is NC_001807, the chrM of UCSC's hg19. \
     Its positions mean other bases than those of the rCRS, NC_012920.1, which is supported. Call the variants against the rCRS.";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&[u8]]) -> Result<Header, Refusal> {
        let mut header = Header::default();
        for (at, line) in lines.iter().enumerate() {
            header.read(at as u64 + 1, line)?;
        }
        Ok(header)
    }

    const COLUMN_LINE: &[u8] = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA1\n";

    #[test]
    fn version_and_columns_are_read() {
        let header = read(&[b"##fileformat=VCFv4.2\r\n", b"##source=x\r\n", COLUMN_LINE]).unwrap();
        assert_eq!(
            (header.version.as_deref(), header.columns, header.crlf),
            (Some("VCFv4.2"), 10, true)
        );
    }

    #[test]
    fn info_definitions_of_both_versions_are_seen() {
        let mut header = Header::default();
        let kinds = [
            &b"##INFO=<ID=CSQ,Number=.>"[..],
            b"##INFO=DP,1,Integer,\"Total Depth\"",
            b"##FILTER=<ID=x>",
        ];
        let kinds = kinds.map(|line| header.read(2, line).unwrap());
        assert_eq!(
            kinds,
            [
                HeaderLine::Info("CSQ".into()),
                HeaderLine::Info("DP".into()),
                HeaderLine::Meta
            ]
        );
    }

    #[test]
    fn what_is_no_vcf_is_told_what_it_is() {
        for (lines, words) in [
            (vec![&b"\x7fELF\x02\0\0"[..]], "binary file"),
            (vec![b"PK\x03\x04abc"], "ZIP archive"),
            (vec![b"BCF\x02\x02"], "bcftools view"),
            (
                vec![b"MT\t73\t.\tA\tG\t.\t.\t.\n"],
                "Line 1: a record stands before the column line",
            ),
            (
                vec![b"##fileformat=VCFv4.2\n", b"#CHROM POS ID REF ALT QUAL FILTER INFO\n"],
                "Line 2: the columns are separated by spaces",
            ),
            (
                vec![b"##fileformat=VCFv4.2\n", b"#CHROM\tPOS\tID\n"],
                "column 4 should be REF, but is nothing",
            ),
            (
                vec![b"##fileformat=VCFv4.2\n", b"##contig=<ID=chrM,length=16571>\n"],
                "NC_001807",
            ),
        ] {
            let refusal = read(&lines).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
