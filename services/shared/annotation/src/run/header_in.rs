//! The beginning of a file: its header, and the records by which its genome is told.

use vcf::{BYTE_ORDER_MARK, VcfError};

use super::{Batch, FirstRecords, Run, Stopped};

/// So much of a file is read before its genome is decided. A file may hold mitochondrial records first, and others after
/// them; ten thousand records of an exome are about 2 MB.
const FIRST_BYTES: usize = 4 << 20;

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
            self.header.read_line(&text[begin..], number)?;
            self.header.text = text;
            self.header.check(&self.limits.reader, number)?;
        }
        Ok(())
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
