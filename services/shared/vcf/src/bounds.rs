//! Whether a record is within the limits, told before anything is made of it.

use memchr::memchr_iter;

use crate::{Limits, Record, VcfError};

/// The longest line that is surely within the limits: so few bytes are not too many of anything.
pub fn surely_within(limits: &Limits) -> usize {
    let bytes = limits.chromosome_bytes.min(limits.allele_bytes);
    let lists = limits
        .alternates
        .min(limits.filters)
        .min(limits.info_keys)
        .min(limits.format_keys);
    bytes.min(lists)
}

impl Record<'_> {
    /// Refuses a record, on line number `line`, with more or longer values than the limits.
    pub fn check(&self, limits: &Limits, line: u64) -> Result<(), VcfError> {
        let long = |column, text: &[u8], limit| match text.len() > limit {
            true => Err(VcfError::ColumnTooLong { line, column, limit }),
            false => Ok(()),
        };
        let many = |what, text, separator, limit| match has_more(text, separator, limit) {
            true => Err(VcfError::RecordTooMany { line, what, limit }),
            false => Ok(()),
        };
        long(1, self.chromosome, limits.chromosome_bytes)?;
        many("alleles in ALT", self.alternates, b',', limits.alternates)?;
        long(4, self.reference, limits.allele_bytes)?;
        long(5, self.alternates, limits.allele_bytes)?;
        many("filters in FILTER", self.quality, b';', limits.filters)?;
        many("keys in INFO", self.info, b';', limits.info_keys)?;
        many("keys in FORMAT", self.format(), b':', limits.format_keys)
    }

    /// FORMAT, if there is one.
    fn format(&self) -> &[u8] {
        self.after_info.split(|byte| *byte == b'\t').nth(1).unwrap_or_default()
    }
}

/// Whether a list has more than `limit` items.
fn has_more(list: &[u8], separator: u8, limit: usize) -> bool {
    list.len() > limit && memchr_iter(separator, list).count() >= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> Option<String> {
        let limits = Limits {
            chromosome_bytes: 8,
            alternates: 3,
            allele_bytes: 10,
            filters: 2,
            info_keys: 2,
            format_keys: 2,
            ..Limits::default()
        };
        let text = line.replace(' ', "\t");
        let record = Record::parse(text.as_bytes(), 7, text.split('\t').count(), false).unwrap();
        record.check(&limits, 7).err().map(|reason| reason.to_string())
    }

    #[test]
    fn what_a_record_has_too_much_of_is_told() {
        for (line, expected) in [
            ("chr1_alt 5 . ACGTACGTAC A,C,G . q1;q2 A;B GT:AD 0/1:1:2:3", None),
            (
                "chr1_alts 5 . A G . . .",
                Some("Line 7, column 1 (CHROM) is longer than 8 bytes, the limit."),
            ),
            (
                "chr1 5 . A C,G,T,AA . . .",
                Some("Line 7 has more than 3 alleles in ALT, the limit."),
            ),
            (
                "chr1 5 . ACGTACGTACG A . . .",
                Some("Line 7, column 4 (REF) is longer than 10 bytes, the limit."),
            ),
            (
                "chr1 5 . A ACGTACGTACG . . .",
                Some("Line 7, column 5 (ALT) is longer than 10 bytes, the limit."),
            ),
            (
                "chr1 5 . A C . q1;q2;q3 .",
                Some("Line 7 has more than 2 filters in FILTER, the limit."),
            ),
            (
                "chr1 5 . A C . . A;B;C",
                Some("Line 7 has more than 2 keys in INFO, the limit."),
            ),
            (
                "chr1 5 . A C . . A GT:AD:DP 0/1",
                Some("Line 7 has more than 2 keys in FORMAT, the limit."),
            ),
        ] {
            assert_eq!(refused(line).as_deref(), expected, "{line}");
        }
    }
}
