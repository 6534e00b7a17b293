//! What an index needs of a line of VCF, read as its bytes go by.

/// Names of chromosomes are kept up to this length; those of real files have some tens of letters.
pub(super) const LONGEST_NAME: usize = 4096;
/// `END=` and the digits of any position, or `SVLEN=` and the lengths of some ten alleles.
const LONGEST_FIELD: usize = 128;
/// Symbolic alleles, with their subtypes, that reach as far as SVLEN says.
const REACHING: [&[u8]; 4] = [b"<DEL", b"<DUP", b"<INV", b"<CNV"];

/// Where a record is, 1-based, both ends included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place<'l> {
    /// CHROM; longer than [`LONGEST_NAME`] by one if it was cut off.
    pub(super) name: &'l [u8],
    /// POS; 0 if it is no number. The telomere before the first base, POS 0, is taken for that base, as tabix does.
    pub(super) start: u64,
    /// The furthest of the last base of REF, `END` of INFO, and POS + |SVLEN| where an allele reaches that far. That is the end
    /// for htslib 1.22 and later; earlier ones know END alone, and find the record by this index, too
    /// (<https://github.com/samtools/htslib/pull/1942>, `findings/svlen_decides_where_a_record_ends.sh`).
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
    /// Whether POS begins with a digit.
    has_start: bool,
    /// Bases of REF.
    bases: u64,
    /// The beginning of the allele of ALT being read.
    allele: Vec<u8>,
    /// Whether an allele reaches as far as SVLEN says.
    reaches: bool,
    /// The beginning of the field of INFO being read.
    field: Vec<u8>,
    end: u64,
    /// The largest |SVLEN|.
    length: u64,
}

impl Line {
    /// Reads the next bytes of the line.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if !self.has_begun && !bytes.is_empty() {
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
            1 => {
                self.start = digits(self.start, text);
                self.has_start |= text.first().is_some_and(u8::is_ascii_digit);
            }
            3 => self.bases += text.len() as u64,
            4 => self.read_alleles(text),
            7 => self.read_info(text),
            _ => {}
        }
    }

    /// Where the record is; nothing for lines of the header and blank ones.
    pub(super) fn place(&mut self) -> Option<Place<'_>> {
        self.end_field();
        let length = if self.reaches { self.length } else { 0 };
        let start = if self.has_start { self.start.max(1) } else { self.start };
        let last_base = start + self.bases.max(1) - 1;
        let end = last_base.max(self.end).max(self.start.saturating_add(length));
        (!self.is_header && !self.name.is_empty()).then_some(Place {
            name: &self.name,
            start,
            end,
        })
    }

    /// Begins the next line.
    pub(super) fn clear(&mut self) {
        let texts = [&mut self.name, &mut self.allele, &mut self.field];
        let [name, allele, field] = texts.map(|text| {
            text.clear();
            std::mem::take(text)
        });
        *self = Self {
            name,
            allele,
            field,
            ..Self::default()
        };
    }

    fn read_alleles(&mut self, text: &[u8]) {
        for (index, allele) in text.split(|byte| *byte == b',').enumerate() {
            if index > 0 {
                self.allele.clear();
            }
            append(&mut self.allele, allele, REACHING[0].len());
            self.reaches |= REACHING.contains(&self.allele.as_slice());
        }
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
        if let Some(lengths) = self.field.strip_prefix(b"SVLEN=") {
            let lengths = lengths.split(|byte| *byte == b',');
            let lengths = lengths.map(|length| digits(0, length.strip_prefix(b"-").unwrap_or(length)));
            self.length = lengths.max().unwrap_or(0);
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
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
            .min(u64::MAX / 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, start and end of a line that comes in pieces of so many bytes.
    fn place(line: &str, piece: usize) -> Option<(String, u64, u64)> {
        let mut read = Line::default();
        read.read(b"");
        line.as_bytes().chunks(piece).for_each(|bytes| read.read(bytes));
        let place = read.place()?;
        Some((String::from_utf8(place.name.to_vec()).unwrap(), place.start, place.end))
    }

    #[test]
    fn a_record_is_where_tabix_takes_it_to_be_however_its_bytes_come() {
        for (line, start, end) in [
            ("chr1\t12\t.\tACG\tA\t.\t.\tDP=3\n", 12, 14),
            (
                "chr1\t12\t.\tA\t<DEL>\t.\t.\tSVTYPE=DEL;END=4000;X\tGT\t0/1\n",
                12,
                4000,
            ),
            ("chr1\t12\t.\tA\t<DEL>\t.\t.\tEND=4000\r\n", 12, 4000),
            ("chr1\t12\t.\tA\tG\t.\t.\tXEND=4000;END=3;END\n", 12, 12),
            ("chr1\t12\t.\tA\t<DEL>\t.\t.\tSVLEN=-4000;X\n", 12, 4012),
            ("chr1\t12\t.\tA\t<DUP:TANDEM>\t.\t.\tSVLEN=4000;END=13\n", 12, 4012),
            ("chr1\t12\t.\tA\tG,<CNV>\t.\t.\tSVLEN=.,4000;END=9000\n", 12, 9000),
            ("chr1\t12\t.\tA\t<INS>\t.\t.\tSVLEN=4000\n", 12, 12),
            ("chr1\t12\t.\tACG\t<DEL\t.\t.\tEND=13\n", 12, 14),
            ("chr1\t12\t.\tAC\tG\t.\t.\t.\tEND=4000\n", 12, 13),
            ("chr1\tx\t.\tA\tG\t.\t.\t.\n", 0, 0),
            ("chr1\t0\t.\tN\t.[chr1:50[\t.\t.\t.\n", 1, 1),
            ("chr1\t0\t.\tN\t<DEL>\t.\t.\tEND=40\n", 1, 40),
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
