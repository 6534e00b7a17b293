//! Changes of a genome: `NC_012920.1:m.3243A>G`, `NC_000001.10:g.69091A>C`.

use std::fmt;

use reference::{Edit, Sequence, complement};

/// A change of a sequence, named at its most 3' place.
pub(crate) struct GenomicChange<'a> {
    /// The sequence's accession and the letter of its kind, `NC_012920.1:m.`.
    pub(crate) prefix: &'a str,
    /// The sequence.
    pub(crate) sequence: &'a Sequence<'a>,
    /// The edit, shifted right.
    pub(crate) edit: &'a Edit,
}

impl GenomicChange<'_> {
    /// A position as HGVS counts it, from 1, on a circle within its first turn.
    fn position(&self, position: usize) -> usize {
        if self.sequence.is_circular() {
            position % self.sequence.len() + 1
        } else {
            position + 1
        }
    }

    fn range(&self, f: &mut fmt::Formatter<'_>, start: usize, end: usize) -> fmt::Result {
        write!(f, "{}", self.position(start))?;
        if end - start > 1 {
            write!(f, "_{}", self.position(end - 1))
        } else {
            Ok(())
        }
    }

    fn is_inversion(&self) -> bool {
        let Edit { start, inserted, .. } = self.edit;
        let inverted = |(offset, base): (usize, &u8)| self.sequence.base(start + offset).map(complement) == Some(*base);
        inserted.len() > 1 && inserted.len() == self.edit.deleted() && inserted.iter().rev().enumerate().all(inverted)
    }

    /// Where the bases before the insertion begin that equal it.
    fn duplicated(&self) -> Option<usize> {
        let Edit { start, inserted, .. } = self.edit;
        let turn = if self.sequence.is_circular() {
            self.sequence.len()
        } else {
            0
        };
        let first = (start + turn)
            .checked_sub(inserted.len())
            .filter(|_| inserted.len() <= self.sequence.len())?;
        self.sequence.matches_exactly(first, inserted).then_some(first)
    }

    fn insertion(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.duplicated() {
            self.range(f, first, first + self.edit.inserted.len())?;
            return f.write_str("dup");
        }
        let before = self.edit.start + if self.edit.start == 0 { self.sequence.len() } else { 0 } - 1;
        write!(f, "{}_{}ins", self.position(before), self.position(self.edit.start))?;
        bases(f, &self.edit.inserted)
    }
}

impl fmt::Display for GenomicChange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edit { start, end, inserted } = self.edit;
        f.write_str(self.prefix)?;
        if self.edit.is_insertion() {
            return self.insertion(f);
        }
        if let (1, [base]) = (self.edit.deleted(), &inserted[..]) {
            let reference = char::from(self.sequence.base(*start).unwrap_or(b'N'));
            return write!(f, "{}{reference}>{}", self.position(*start), char::from(*base));
        }
        self.range(f, *start, *end)?;
        if self.edit.is_deletion() {
            f.write_str("del")
        } else if self.is_inversion() {
            f.write_str("inv")
        } else {
            f.write_str("delins")?;
            bases(f, inserted)
        }
    }
}

fn bases(f: &mut fmt::Formatter<'_>, bases: &[u8]) -> fmt::Result {
    bases.iter().try_for_each(|base| write!(f, "{}", char::from(*base)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reference::Mitochondrion;

    fn named(position: usize, reference: &str, alternate: &str) -> String {
        let sequence = &Mitochondrion::rcrs().sequence;
        assert!(
            sequence.matches(position - 1, reference.as_bytes()),
            "{position} {reference}"
        );
        let edit = Edit::new(position - 1, reference.as_bytes(), alternate.as_bytes()).unwrap();
        GenomicChange {
            prefix: "m.",
            sequence,
            edit: &edit.shifted_left(sequence).shifted_right(sequence),
        }
        .to_string()
    }

    #[test]
    fn changes_are_named_as_hgvs_asks() {
        for (position, reference, alternate, expected) in [
            (3243, "A", "G", "m.3243A>G"),
            (15_257, "GA", "AG", "m.15257_15258delinsAG"),
            // Its reverse complement: HGVS calls that an inversion.
            (8993, "TG", "CA", "m.8993_8994inv"),
            // The C runs of the control region: 303..309 and 311..315.
            (309, "C", "CC", "m.309dup"),
            (302, "A", "AC", "m.309dup"),
            (302, "A", "ACC", "m.308_309dup"),
            (310, "T", "TC", "m.315dup"),
            (302, "AC", "A", "m.309del"),
            (309, "C", "CT", "m.310dup"),
            (310, "T", "TGC", "m.310_311insGC"),
            // CA 514..523 counts as a repeat of two bases.
            (513, "GCA", "G", "m.523_524del"),
            (513, "G", "GCA", "m.523_524dup"),
            // The 9-bp deletion between COX2 and TRNK.
            (8270, "CACCCCCTCT", "C", "m.8281_8289del"),
            (3902, "ACCTTGC", "GCAAGGT", "m.3902_3908inv"),
            (3106, "CN", "C", "m.3107del"),
            (3106, "C", "CC", "m.3106dup"),
            // The last base of the record and its first are both G: they are neighbours on the circle.
            (16_568, "TG", "T", "m.1del"),
            (16_569, "GGAT", "G", "m.1_3del"),
            (16_569, "G", "GTT", "m.16569_1insTT"),
        ] {
            assert_eq!(
                named(position, reference, alternate),
                expected,
                "{position} {reference} {alternate}"
            );
        }
    }
}
