//! One line of data: its columns, without copying them.

use memchr::{memchr, memchr_iter};

use crate::{Shown, VcfError, are_bases};

/// What POS must be.
const COUNTS_FROM_1: &str = "a whole number that counts bases from 1";

/// The columns that are looked at; the rest is passed on unread.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// CHROM.
    pub chromosome: &'a [u8],
    /// POS, 1-based; 0 is the telomere before the first base, and one more than there are bases that after the last.
    pub position: u64,
    /// ID.
    pub id: &'a [u8],
    /// REF, in the file's own case.
    pub reference: &'a [u8],
    /// ALT, alleles separated by commas.
    pub alternates: &'a [u8],
    /// CHROM and POS, with the tabs.
    pub before_id: &'a [u8],
    /// QUAL and FILTER, with the tabs around them.
    pub quality: &'a [u8],
    /// INFO.
    pub info: &'a [u8],
    /// Everything after INFO, with the tab.
    pub after_info: &'a [u8],
}

impl<'a> Record<'a> {
    /// Finds the columns of line number `line`. `columns` is how many the #CHROM line has; `is_last` says that the
    /// line has no line break, so that a missing column means a file that was cut off.
    pub fn parse(text: &'a [u8], line: u64, columns: usize, is_last: bool) -> Result<Self, VcfError> {
        let (tabs, found) = find_tabs(text);
        let surplus_is_empty = || text.split(|byte| *byte == b'\t').skip(columns).all(<[u8]>::is_empty);
        if found < columns || (found > columns && !surplus_is_empty()) {
            let spaces = found == 1 && text.iter().filter(|byte| **byte == b' ').count() >= 7;
            return Err(match is_last && found < columns {
                true => VcfError::CutOff {
                    line,
                    found,
                    expected: columns,
                },
                false => VcfError::RecordColumns {
                    line,
                    found,
                    expected: columns,
                    spaces,
                },
            });
        }
        let column = |index: usize| &text[if index == 0 { 0 } else { tabs[index - 1] + 1 }..tabs[index]];
        let info_end = if found > 8 { tabs[7] } else { text.len() };
        let record = Self {
            chromosome: column(0),
            position: parse_position(column(1), line)?,
            id: column(2),
            reference: column(3),
            alternates: column(4),
            before_id: &text[..=tabs[1]],
            quality: &text[tabs[4]..=tabs[6]],
            info: &text[tabs[6] + 1..info_end],
            after_info: &text[info_end..],
        };
        if !are_bases(record.reference) {
            let expected = "one or more of the bases A, C, G, T and N";
            return Err(VcfError::field(line, 4, record.reference, expected));
        }
        match record.position == 0 && !record.may_be_at_telomere() {
            true => Err(VcfError::field(line, 2, column(1), COUNTS_FROM_1)),
            false => Ok(record),
        }
    }

    /// Whether the record may stand at a telomere, where there is no base: its REF is `N`, or it has an allele that is more, or
    /// less, than bases in place of others.
    #[inline]
    pub fn may_be_at_telomere(&self) -> bool {
        self.reference.eq_ignore_ascii_case(b"N") || !self.alternates().all(are_bases)
    }

    /// The alleles of ALT.
    #[inline]
    pub fn alternates(&self) -> impl Iterator<Item = &'a [u8]> + Clone {
        self.alternates.split(|byte| *byte == b',')
    }

    /// The value of an INFO key.
    #[inline]
    pub fn info(&self, key: &[u8]) -> Option<&'a [u8]> {
        let mut fields = self.info.split(|byte| *byte == b';');
        fields.find_map(|field| field.strip_prefix(key)?.strip_prefix(b"="))
    }

    /// Whether INFO has a key, with or without a value.
    #[inline]
    pub fn has_info(&self, key: &[u8]) -> bool {
        let mut fields = self.info.split(|byte| *byte == b';');
        fields.any(|field| {
            field
                .strip_prefix(key)
                .is_some_and(|rest| rest.is_empty() || rest[0] == b'=')
        })
    }
}

/// Where the first eight tabs are, and how many columns there are.
fn find_tabs(text: &[u8]) -> ([usize; 8], usize) {
    let (mut tabs, mut found, mut at) = ([0; 8], 0, 0);
    // The columns before INFO are short: looking at byte after byte is faster than a search for each.
    while at < text.len() && found < 7 {
        if text[at] == b'\t' {
            tabs[found] = at;
            found += 1;
        }
        at += 1;
    }
    if let Some(next) = memchr(b'\t', &text[at..]) {
        tabs[7] = at + next;
        found += 1 + memchr_iter(b'\t', &text[at + next + 1..]).count();
    }
    (tabs, found + 1)
}

fn parse_position(text: &[u8], line: u64) -> Result<u64, VcfError> {
    let add = |number: u64, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    };
    match text.iter().try_fold(0, add) {
        Some(position) if !text.is_empty() => Ok(position),
        _ => Err(VcfError::Field {
            line,
            column: 2,
            value: Shown::new(text),
            expected: COUNTS_FROM_1,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_where_they_are() {
        let text = b"MT\t73\trs1\tA\tG,C\t.\tPASS\tAC=1;DB\tGT\t0|1";
        let record = Record::parse(text, 9, 10, false).unwrap();
        assert_eq!(
            (record.chromosome, record.position, record.reference),
            (&b"MT"[..], 73, &b"A"[..])
        );
        assert_eq!(
            (record.before_id, record.quality, record.info, record.after_info),
            (
                &b"MT\t73\t"[..],
                &b"\t.\tPASS\t"[..],
                &b"AC=1;DB"[..],
                &b"\tGT\t0|1"[..]
            )
        );
        assert_eq!(record.alternates().collect::<Vec<_>>(), [b"G", b"C"]);
        assert_eq!(
            (record.info(b"AC"), record.info(b"A"), record.has_info(b"DB")),
            (Some(&b"1"[..]), None, true)
        );
    }

    #[test]
    fn the_telomere_before_the_first_base_has_position_0() {
        for text in [
            "1\t0\t.\tN\t.[2:5[\t.\t.\t.",
            "1\t0\t.\tN\tNA\t.\t.\t.",
            "1\t0\t.\tA\t<DEL>\t.\t.\t.",
        ] {
            assert_eq!(Record::parse(text.as_bytes(), 9, 8, false).unwrap().position, 0);
        }
        let refused = Record::parse(b"1\t0\t.\tA\tG\t.\t.\t.", 9, 8, false).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Line 9, column 2 (POS) is \"0\", but it must be a whole number that counts bases from 1."
        );
    }

    #[test]
    fn trailing_tabs_are_no_columns() {
        assert!(Record::parse(b"MT\t73\t.\tA\tG\t.\t.\t.\t\t", 9, 8, false).is_ok());
    }

    #[test]
    fn broken_records_say_what_is_wrong_and_where() {
        let refused = |text: &str, last| Record::parse(text.as_bytes(), 9, 8, last).unwrap_err().to_string();
        assert_eq!(
            refused("MT\t73\t.", false),
            "Line 9 has 3 columns; the #CHROM line has 8. Columns are separated by tabs, and every line must have them all."
        );
        assert_eq!(
            refused("MT\t73\t.", true),
            "The file ends in the middle of line 9, after 3 of 8 columns: it was cut off. Please upload the whole file."
        );
        assert_eq!(
            refused("MT 73 . A G . . .", false),
            "Line 9 is separated by spaces. VCF separates columns by tabs; an editor or a copy may have replaced them."
        );
        assert_eq!(
            refused("MT\t-4\t.\tA\tG\t.\t.\t.", false),
            "Line 9, column 2 (POS) is \"-4\", but it must be a whole number that counts bases from 1."
        );
        assert_eq!(
            refused("MT\t4\t.\t-\tG\t.\t.\t.", false),
            "Line 9, column 4 (REF) is \"-\", but it must be one or more of the bases A, C, G, T and N."
        );
    }
}
