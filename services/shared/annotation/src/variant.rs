//! A variant: a stretch of the reference and what stands in its place.

/// Bases `start..start + reference.len()` of the reference (1-based) are replaced by `alternate`. An insertion has an
/// empty `reference` and comes before base `start`. Common bases at either end are trimmed off.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    /// 1-based position of the first replaced base.
    pub(crate) start: usize,
    /// Upper case, may be empty.
    pub(crate) reference: Vec<u8>,
    /// Upper case, may be empty.
    pub(crate) alternate: Vec<u8>,
}

impl Variant {
    /// A record's REF and one ALT at its POS, trimmed: first what both begin with, then what both end with.
    pub(crate) fn new(pos: usize, reference: &[u8], alternate: &[u8]) -> Self {
        let (reference, alternate) = (reference.to_ascii_uppercase(), alternate.to_ascii_uppercase());
        let prefix = reference.iter().zip(&alternate).take_while(|(r, a)| r == a).count();
        let (reference, alternate) = (&reference[prefix..], &alternate[prefix..]);
        let suffix = reference
            .iter()
            .rev()
            .zip(alternate.iter().rev())
            .take_while(|(r, a)| r == a)
            .count();
        Self {
            start: pos + prefix,
            reference: reference[..reference.len() - suffix].to_vec(),
            alternate: alternate[..alternate.len() - suffix].to_vec(),
        }
    }

    /// 1-based position of the last replaced base; `start - 1` for an insertion.
    pub(crate) fn end(&self) -> usize {
        self.start + self.reference.len() - 1
    }

    /// 1-based first and last base replaced; for an insertion, the two bases that it comes between.
    pub(crate) fn touched(&self) -> (usize, usize) {
        if self.is_insertion() {
            (self.start - 1, self.start)
        } else {
            (self.start, self.end())
        }
    }

    /// Whether bases are inserted between two neighbours.
    pub(crate) fn is_insertion(&self) -> bool {
        self.reference.is_empty()
    }

    /// Whether bases are taken out and none put in.
    pub(crate) fn is_deletion(&self) -> bool {
        self.alternate.is_empty()
    }

    /// The same change described as far right as the sequence allows, as HGVS wants it (the 3' rule).
    pub(crate) fn shifted_right(&self, sequence: &[u8]) -> Self {
        let mut shifted = self.clone();
        if self.is_insertion() == self.is_deletion() {
            return shifted;
        }
        let moving = if self.is_insertion() {
            &mut shifted.alternate
        } else {
            &mut shifted.reference
        };
        let mut steps = 0;
        // The base after the change, at the 0-based index of `start + reference.len()`, may join at the right what
        // leaves at the left.
        while sequence.get(self.start - 1 + self.reference.len() + steps) == moving.first() {
            moving.rotate_left(1);
            steps += 1;
        }
        shifted.start += steps;
        shifted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn variant(start: usize, reference: &str, alternate: &str) -> Variant {
        Variant {
            start,
            reference: reference.into(),
            alternate: alternate.into(),
        }
    }

    #[test]
    fn what_both_alleles_share_is_trimmed() {
        assert_eq!(Variant::new(10, b"A", b"G"), variant(10, "A", "G"));
        assert_eq!(Variant::new(10, b"aa", b"A"), variant(11, "A", ""));
        assert_eq!(Variant::new(10, b"C", b"CCC"), variant(11, "", "CC"));
        assert_eq!(Variant::new(10, b"ACGT", b"AGGT"), variant(11, "C", "G"));
        assert_eq!(Variant::new(10, b"TG", b"CA"), variant(10, "TG", "CA"));
    }

    #[test]
    fn insertions_and_deletions_move_right_through_repeats() {
        let sequence = b"TTACCCCG";
        assert_eq!(variant(4, "C", "").shifted_right(sequence), variant(7, "C", ""));
        assert_eq!(variant(4, "", "C").shifted_right(sequence), variant(8, "", "C"));
        assert_eq!(variant(4, "", "CC").shifted_right(sequence), variant(8, "", "CC"));
        assert_eq!(
            variant(8, "G", "").shifted_right(sequence),
            variant(8, "G", ""),
            "the end of the sequence"
        );
        assert_eq!(variant(3, "A", "G").shifted_right(sequence), variant(3, "A", "G"));
    }

    fn applied(sequence: &[u8], variant: &Variant) -> Vec<u8> {
        let at = variant.start - 1;
        [
            &sequence[..at],
            &variant.alternate,
            &sequence[at + variant.reference.len()..],
        ]
        .concat()
    }

    proptest! {
        #[test]
        fn neither_trimming_nor_shifting_changes_the_result(
            sequence in "[AC]{30}", pos in 1_usize..20, length in 1_usize..8, alternate in "[ACG]{1,6}",
        ) {
            let sequence = sequence.as_bytes();
            let reference = &sequence[pos - 1..pos - 1 + length];
            let whole = Variant { start: pos, reference: reference.to_vec(), alternate: alternate.clone().into() };
            let trimmed = Variant::new(pos, reference, alternate.as_bytes());
            prop_assert_eq!(applied(sequence, &whole), applied(sequence, &trimmed));
            prop_assert_eq!(applied(sequence, &whole), applied(sequence, &trimmed.shifted_right(sequence)));
        }
    }
}
