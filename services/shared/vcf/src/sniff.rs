//! What a file is that is not VCF, told from its first bytes.

use crate::VcfError;

/// Names of other formats by how they begin, and what to do about them.
const FORMATS: [(&[u8], &str, &str); 17] = [
    (
        b"BCF",
        "a BCF file of another version than 2.1 and 2.2",
        "Convert it to VCF with the program that wrote it.",
    ),
    (
        b"BAM\x01",
        "a BAM file",
        "Call variants first; their VCF file can be annotated.",
    ),
    (
        b"CRAM",
        "a CRAM file",
        "Call variants first; their VCF file can be annotated.",
    ),
    (
        b"PK\x03\x04",
        "a ZIP archive or an Excel workbook",
        "Unpack it and upload the VCF file inside, plain or gzipped.",
    ),
    (
        b"BZh",
        "compressed with bzip2",
        "Compress it with gzip or bgzip instead.",
    ),
    (
        b"\xfd7zXZ",
        "compressed with xz",
        "Compress it with gzip or bgzip instead.",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd",
        "Compress it with gzip or bgzip instead.",
    ),
    (b"\x1f\x8b", "compressed twice", "Unpack it once and upload that."),
    (b"\xff\xfe", "UTF-16 text", "Save it as plain text (UTF-8)."),
    (b"\xfe\xff", "UTF-16 text", "Save it as plain text (UTF-8)."),
    (b"%PDF", "a PDF document", "Please upload the VCF file itself."),
    (b"<!DOCTYPE", "a web page", "Please upload the VCF file itself."),
    (b"<html", "a web page", "Please upload the VCF file itself."),
    (b"{", "JSON", "Please upload the VCF file itself."),
    (
        b">",
        "a FASTA file",
        "Call variants first; their VCF file can be annotated.",
    ),
    (
        b"@SQ",
        "a SAM file",
        "Call variants first; their VCF file can be annotated.",
    ),
    (
        b"@HD",
        "a SAM file",
        "Call variants first; their VCF file can be annotated.",
    ),
];

/// Refuses a first line that is known to be another format's.
pub fn first_line(text: &[u8]) -> Result<(), VcfError> {
    if text.starts_with(b"##") && text.contains(&b'\r') {
        return Err(VcfError::LineEnds { line: 1 });
    }
    match FORMATS.iter().find(|(start, _, _)| text.starts_with(start)) {
        Some((_, what, advice)) => Err(VcfError::OtherFormat { what, advice }),
        None => Ok(()),
    }
}
