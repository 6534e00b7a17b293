//! One line of what comes before the records, whoever reads them.

use memchr::memchr;

use crate::{Header, Line, Shown, VcfError, sniff};

/// What editors of Windows write before UTF-8. It is read past, and not written: VCF 4.4 forbids it, and readers that use
/// htslib take a file that begins with it for something else than VCF.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Header {
    /// Reads line number `number` of a file (1-based), as it was read, without a byte order mark: a `##` line, the `#CHROM` line,
    /// after which [`Header::columns`] is not 0, or a comment.
    ///
    /// # Errors
    /// If it is none of these, or the file is something else than VCF.
    pub fn read_line(&mut self, raw: &[u8], number: u64) -> Result<(), VcfError> {
        let line = Line::new(raw);
        let text = line.text;
        if let Some(at) = memchr(0, text) {
            return Err(binary(text, number, at));
        }
        if number == 1 {
            sniff::first_line(text)?;
        }
        if text.starts_with(b"##") {
            self.read_meta(text, number)
        } else if text.starts_with(b"#CHROM") {
            self.line_ending = if line.ending == b"\r\n" { "\r\n" } else { "\n" };
            self.read_columns(text, number)
        } else if !text.starts_with(b"#") && !text.is_empty() {
            Err(VcfError::NoHeader {
                line: number,
                text: Shown::new(text),
            })
        } else {
            Ok(())
        }
    }
}

/// Why a line with a zero byte at `at` is none of VCF: a first line may tell what the file is instead.
fn binary(text: &[u8], number: u64, at: usize) -> VcfError {
    let known = sniff::first_line(text).err().filter(|_| number == 1);
    known.unwrap_or(VcfError::Binary {
        line: number,
        column: at + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_byte_is_told_by_its_line_and_column_and_a_known_file_by_its_name() {
        let read = |raw: &[u8], number| Header::default().read_line(raw, number).unwrap_err();
        let binary = |line, column| VcfError::Binary { line, column }.to_string();
        assert_eq!(read(b"##x\0\n", 1).to_string(), binary(1, 4));
        assert_eq!(read(b"PK\x03\x04\0\n", 2).to_string(), binary(2, 5));
        assert_ne!(read(b"PK\x03\x04\0\n", 1).to_string(), binary(1, 5));
    }
}
