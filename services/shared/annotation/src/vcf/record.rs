//! One record: its first eight columns, as they stand in the line.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use crate::error::{Refusal, shown};

/// A record, borrowed from its line.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// CHROM.
    pub(crate) chromosome: &'a [u8],
    /// POS, 1-based.
    pub(crate) position: usize,
    /// REF.
    pub(crate) reference: &'a [u8],
    /// ALT, one or several between commas.
    pub(crate) alternates: &'a [u8],
    /// INFO.
    pub(crate) info: &'a [u8],
    /// Where INFO stands in the line.
    pub(crate) info_at: Range<usize>,
}

impl<'a> Record<'a> {
    /// Splits a line; `columns` is how many the header names. The error says what is missing, and where.
    pub(crate) fn parse(number: u64, line: &'a [u8], columns: usize) -> Result<Self, Refusal> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let found = memchr_iter(b'\t', text).count() + 1;
        if found != columns {
            return Err(Refusal::at(
                number,
                wrong_count(text, found, columns, line.ends_with(b"\n")),
            ));
        }
        let mut at = 0;
        let mut next = || {
            let end = memchr(b'\t', &text[at..]).map_or(text.len(), |tab| at + tab);
            let column = at..end;
            at = (end + 1).min(text.len());
            column
        };
        let [
            chromosome,
            position,
            _id,
            reference,
            alternates,
            _qual,
            _filter,
            info_at,
        ] = std::array::from_fn(|_| next());
        let position = std::str::from_utf8(&text[position.clone()])
            .ok()
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| {
                Refusal::at(
                    number,
                    format!("POS (column 2) is {:?}, not a number.", shown(&text[position])),
                )
            })?;
        let record = Self {
            chromosome: &text[chromosome],
            position,
            reference: &text[reference],
            alternates: &text[alternates],
            info: &text[info_at.clone()],
            info_at,
        };
        record.check(number)
    }

    fn check(self, number: u64) -> Result<Self, Refusal> {
        let is_base = |byte: &u8| b"ACGTNRYSWKMBDHV".contains(&byte.to_ascii_uppercase());
        if self.reference.is_empty() || !self.reference.iter().all(is_base) {
            let reason = format!(
                "REF (column 4) is {:?}; it must be bases such as A or ACGT.",
                shown(self.reference)
            );
            return Err(Refusal::at(number, reason));
        }
        if self.alternates.is_empty() {
            return Err(Refusal::at(
                number,
                "ALT (column 5) is empty; write . for no alternate allele.",
            ));
        }
        Ok(self)
    }

    /// Each alternate allele as it is written.
    pub(crate) fn alternates(&self) -> impl Iterator<Item = &'a [u8]> {
        self.alternates.split(|byte| *byte == b',')
    }

    /// The value of an INFO key.
    pub(crate) fn info_value(&self, key: &[u8]) -> Option<&'a [u8]> {
        let mut entries = self.info.split(|byte| *byte == b';');
        entries.find_map(|entry| entry.strip_prefix(key)?.strip_prefix(b"="))
    }
}

fn wrong_count(text: &[u8], found: usize, columns: usize, complete: bool) -> String {
    let counted = match found {
        1 => "1 column".to_owned(),
        _ => format!("{found} columns"),
    };
    if found == 1 && text.contains(&b' ') {
        return "the columns are separated by spaces. A VCF has tabs between its columns.".to_owned();
    }
    match complete {
        true => format!("the record has {counted}, but the column line names {columns}."),
        false => format!(
            "the file ends in the middle of a record ({counted} of {columns}). It seems to be cut off; upload it again."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_where_they_are() {
        let line = b"MT\t73\trs1\tA\tG,C\t.\tPASS\tAC=1;END=80;DB\tGT\t0/1\r\n";
        let record = Record::parse(7, line, 10).unwrap();
        assert_eq!(
            (record.chromosome, record.position, record.reference),
            (&b"MT"[..], 73, &b"A"[..])
        );
        assert_eq!(record.alternates().collect::<Vec<_>>(), [b"G", b"C"]);
        assert_eq!(&line[record.info_at.clone()], b"AC=1;END=80;DB");
        assert_eq!(record.info_value(b"END"), Some(&b"80"[..]));
        assert_eq!(record.info_value(b"DB"), None);
    }

    #[test]
    fn a_bad_record_is_told_where_and_why() {
        for (line, words) in [
            (
                &b"MT\t73\t.\n"[..],
                "Line 9: the record has 3 columns, but the column line names 8.",
            ),
            (
                b"MT\t73\t.\tA",
                "Line 9: the file ends in the middle of a record (4 columns of 8)",
            ),
            (b"MT 73 . A G . . .\n", "separated by spaces"),
            (b"MT\tx\t.\tA\tG\t.\t.\t.\n", "POS (column 2) is \"x\", not a number."),
            (b"MT\t73\t.\t<script>\tG\t.\t.\t.\n", "REF (column 4) is \"<script>\""),
            (b"MT\t73\t.\tA\t\t.\t.\t.\n", "ALT (column 5) is empty"),
        ] {
            let refusal = Record::parse(9, line, 8).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
