//! The beginning of a file: its header, and the records by which its genome is told.

use memchr::memchr;
use vcf::{Line, Shown, VcfError, sniff};

use super::{Batch, FirstRecords, Run, Stopped};

/// So much of a file is read before its genome is decided. A file may hold mitochondrial records first, and others after
/// them; ten thousand records of an exome are about 2 MB.
const FIRST_BYTES: usize = 4 << 20;

/// What editors of Windows write before UTF-8. It is read past, and not written: VCF 4.4 forbids it, and readers that use
/// htslib take a file that begins with it for something else than VCF.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Run<'_, '_> {
    /// Reads the header, up to the #CHROM line.
    pub(super) fn read_header(&mut self) -> Result<(), Stopped> {
        while self.header.columns == 0 {
            let number = self.lines.number() + 1;
            let mut text = std::mem::take(&mut self.header.text);
            let begin = text.len();
            if !self.next_line(&mut text)? {
                return Err(match number - 1 {
                    0 => VcfError::Empty.into(),
                    line => VcfError::HeaderCutOff { line }.into(),
                });
            }
            if number == 1 && text.starts_with(BYTE_ORDER_MARK) {
                text.drain(..BYTE_ORDER_MARK.len());
            }
            self.header_line(&text[begin..], number)?;
            self.header.text = text;
            self.header.check(&self.limits.reader, number)?;
        }
        Ok(())
    }

    fn header_line(&mut self, raw: &[u8], number: u64) -> Result<(), VcfError> {
        let line = Line::new(raw);
        let text = line.text;
        if let Some(at) = memchr(0, text) {
            sniff::first_line(text).map_err(|error| {
                if number == 1 {
                    error
                } else {
                    VcfError::Binary {
                        line: number,
                        column: at + 1,
                    }
                }
            })?;
            return Err(VcfError::Binary {
                line: number,
                column: at + 1,
            });
        }
        if number == 1 {
            sniff::first_line(text)?;
        }
        if text.starts_with(b"##") {
            self.header.read_meta(text, number)
        } else if text.starts_with(b"#CHROM") {
            self.header.line_ending = if line.ending == b"\r\n" { "\r\n" } else { "\n" };
            self.header.read_columns(text, number)
        } else if !text.starts_with(b"#") && !text.is_empty() {
            Err(VcfError::NoHeader {
                line: number,
                text: Shown::new(text),
            })
        } else {
            Ok(())
        }
    }

    /// Reads the first records.
    pub(super) fn read_first_records(&mut self) -> Result<FirstRecords, Stopped> {
        let mut first = Batch::new(self.lines.number() + 1, Vec::new());
        while first.bytes.len() < FIRST_BYTES {
            if !self.next_line(&mut first.bytes)? {
                return Ok((first, false));
            }
        }
        Ok((first, true))
    }
}
