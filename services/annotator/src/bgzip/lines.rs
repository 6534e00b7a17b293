//! What an index needs of a line of VCF, read as its bytes go by.

/// Names of chromosomes are kept up to this length; those of real files have some tens of letters.
pub(super) const LONGEST_NAME: usize = 4096;
/// `END=` and the digits of any position.
const LONGEST_FIELD: usize = 24;

/// Where a record is, 1-based, both ends included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place<'l> {
    /// CHROM; longer than [`LONGEST_NAME`] by one if it was cut off.
    pub(super) name: &'l [u8],
    /// POS; 0 if it is no number.
    pub(super) start: u64,
    /// What tabix takes for the end: `END` of INFO if it lies behind POS, else the last base of REF
    /// (<https://github.com/samtools/htslib/blob/develop/tbx.c>).
    pub(super) end: u64,
}

/// A line as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The column being read, counted from 0.
    column: u8,
    has_begun: bool,
    is_header: bool,
    name: Vec<u8>,
    start: u64,
    /// Bases of REF.
    bases: u64,
    /// The beginning of the field of INFO being read.
    field: Vec<u8>,
    end: u64,
}

impl Line {
    /// Reads the next bytes of the line.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if !self.has_begun {
            self.has_begun = true;
            self.is_header = bytes.starts_with(b"#");
        }
        if self.is_header || self.column > 7 {
            return;
        }
        let mut rest = bytes;
        while let Some(tab) = memchr::memchr(b'\t', rest) {
            self.read_column(&rest[..tab]);
            self.column += 1;
            rest = &rest[tab + 1..];
            if self.column > 7 {
                return;
            }
        }
        self.read_column(rest);
    }

    fn read_column(&mut self, text: &[u8]) {
        match self.column {
            0 => append(&mut self.name, text.trim_ascii_end(), LONGEST_NAME + 1),
            1 => self.start = digits(self.start, text),
            3 => self.bases += text.len() as u64,
            7 => self.read_info(text),
            _ => {}
        }
    }

    /// Where the record is; nothing for lines of the header and blank ones.
    pub(super) fn place(&mut self) -> Option<Place<'_>> {
        self.end_field();
        let end = match self.end > self.start {
            true => self.end,
            false => self.start + self.bases.max(1) - 1,
        };
        (!self.is_header && !self.name.is_empty()).then_some(Place {
            name: &self.name,
            start: self.start,
            end,
        })
    }

    /// Begins the next line.
    pub(super) fn clear(&mut self) {
        let (mut name, mut field) = (std::mem::take(&mut self.name), std::mem::take(&mut self.field));
        name.clear();
        field.clear();
        *self = Self {
            name,
            field,
            ..Self::default()
        };
    }

    fn read_info(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(b';', rest) {
            append(&mut self.field, &rest[..at], LONGEST_FIELD);
            self.end_field();
            rest = &rest[at + 1..];
        }
        append(&mut self.field, rest, LONGEST_FIELD);
    }

    fn end_field(&mut self) {
        if let Some(value) = self.field.strip_prefix(b"END=") {
            self.end = digits(0, value);
        }
        self.field.clear();
    }
}

fn append(to: &mut Vec<u8>, bytes: &[u8], most: usize) {
    let room = most.saturating_sub(to.len());
    to.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

/// The number that goes on with these digits, up to what is none.
fn digits(number: u64, text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(number, |number, digit| {
        number.saturating_mul(10).saturating_add(u64::from(digit - b'0')).min(u64::MAX / 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, start and end of a line that comes in pieces of so many bytes.
    fn place(line: &str, piece: usize) -> Option<(String, u64, u64)> {
        let mut read = Line::default();
        line.as_bytes().chunks(piece).for_each(|bytes| read.read(bytes));
        let place = read.place()?;
        Some((String::from_utf8(place.name.to_vec()).unwrap(), place.start, place.end))
    }

    #[test]
    fn a_record_is_where_tabix_takes_it_to_be_however_its_bytes_come() {
        for (line, start, end) in [
            ("chr1\t12\t.\tACG\tA\t.\t.\tDP=3\n", 12, 14),
            ("chr1\t12\t.\tA\t<DEL>\t.\t.\tSVTYPE=DEL;END=4000;X\tGT\t0/1\n", 12, 4000),
            ("chr1\t12\t.\tA\t<DEL>\t.\t.\tEND=4000\r\n", 12, 4000),
            ("chr1\t12\t.\tA\tG\t.\t.\tXEND=4000;END=3;END\n", 12, 12),
            ("chr1\t12\t.\tAC\tG\t.\t.\t.\tEND=4000\n", 12, 13),
            ("chr1\tx\t.\tA\tG\t.\t.\t.\n", 0, 0),
        ] {
            for piece in [1, 5, 1000] {
                assert_eq!(place(line, piece), Some(("chr1".to_owned(), start, end)), "{line}");
            }
        }
    }

    #[test]
    fn lines_of_the_header_and_blank_ones_are_no_records() {
        for line in ["##fileformat=VCFv4.3\n", "#CHROM\tPOS\n", "\n", "\r\n"] {
            assert_eq!(place(line, 3), None, "{line:?}");
        }
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut line = Line::default();
        for _ in 0..100 {
            line.read(&[b'x'; 1000]);
        }
        line.read(b"\t1\t.\t");
        for _ in 0..100 {
            line.read(&[b'A'; 1000]);
        }
        assert_eq!(line.name.len(), LONGEST_NAME + 1);
        assert_eq!(line.place().unwrap().end, 100_000);
    }
}
