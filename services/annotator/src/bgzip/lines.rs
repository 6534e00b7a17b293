//! What an index needs of a line of VCF.

use memchr::{memchr, memchr_iter};

/// Names of chromosomes are kept up to this length; those of real files have some tens of letters.
pub(super) const LONGEST_NAME: usize = 4096;
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

impl<'l> Place<'l> {
    /// Of a whole line; nothing for lines of the header and blank ones.
    pub(super) fn of(line: &'l [u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut columns = Columns(Some(line));
        let name = columns.next();
        if name.is_empty() || name.starts_with(b"#") {
            return None;
        }
        let (position, _, reference) = (columns.next(), columns.next(), columns.next());
        let (alleles, _, _, info) = (columns.next(), columns.next(), columns.next(), columns.next());
        let position_0 = digits(position);
        let has_digits = position.first().is_some_and(u8::is_ascii_digit);
        let start = if has_digits { position_0.max(1) } else { 0 };
        let last_base = start + (reference.len() as u64).max(1) - 1;
        let (end, length) = end_and_length(info);
        let reach = if reaches(alleles) { length } else { 0 };
        Some(Self {
            name: &name[..name.len().min(LONGEST_NAME + 1)],
            start,
            end: last_base.max(end).max(position_0.saturating_add(reach)),
        })
    }
}

/// Columns of a line, empty where there are no more.
struct Columns<'l>(Option<&'l [u8]>);

impl<'l> Columns<'l> {
    fn next(&mut self) -> &'l [u8] {
        let rest = self.0.take().unwrap_or_default();
        let Some(tab) = memchr(b'\t', rest) else {
            return rest;
        };
        self.0 = Some(&rest[tab + 1..]);
        &rest[..tab]
    }
}

/// Whether an allele reaches as far as SVLEN says.
fn reaches(alleles: &[u8]) -> bool {
    // Bases, as nearly all are.
    if memchr(b'<', alleles).is_none() {
        return false;
    }
    let mut alleles = alleles.split(|byte| *byte == b',');
    alleles.any(|allele| REACHING.contains(&&allele[..allele.len().min(REACHING[0].len())]))
}

/// `END`, and the largest |SVLEN|; 0 where INFO has none.
fn end_and_length(info: &[u8]) -> (u64, u64) {
    let (mut end, mut length) = (0, 0);
    let mut begin = 0;
    for at in memchr_iter(b';', info).chain([info.len()]) {
        let field = &info[begin..at];
        begin = at + 1;
        match field.first() {
            Some(b'E') => end = field.strip_prefix(b"END=").map_or(end, digits),
            Some(b'S') => length = field.strip_prefix(b"SVLEN=").map_or(length, longest),
            _ => {}
        }
    }
    (end, length)
}

fn longest(lengths: &[u8]) -> u64 {
    let lengths = lengths.split(|byte| *byte == b',');
    let lengths = lengths.map(|length| digits(length.strip_prefix(b"-").unwrap_or(length)));
    lengths.max().unwrap_or(0)
}

/// The number that begins so, up to what is no digit.
fn digits(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: u64, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
            .min(u64::MAX / 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, start and end.
    fn place(line: &str) -> Option<(&str, u64, u64)> {
        let place = Place::of(line.as_bytes())?;
        Some((std::str::from_utf8(place.name).unwrap(), place.start, place.end))
    }

    #[test]
    fn a_record_is_where_tabix_takes_it_to_be() {
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
            assert_eq!(place(line), Some(("chr1", start, end)), "{line}");
            assert_eq!(place(line.trim_end()), Some(("chr1", start, end)), "{line}");
        }
    }

    #[test]
    fn lines_of_the_header_and_blank_ones_are_no_records() {
        for line in ["##fileformat=VCFv4.3\n", "#CHROM\tPOS\n", "\n", "\r\n"] {
            assert_eq!(place(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_line_may_end_anywhere() {
        let line = "chr1\t12\t.\tACG\tA\t.\t.\tDP=3";
        for end in 1..line.len() {
            assert!(
                place(&line[..end]).is_some_and(|(name, ..)| "chr1".starts_with(name)),
                "{end}"
            );
        }
    }
}
