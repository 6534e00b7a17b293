//! An edit: what an allele does to the reference, in the smallest form, and the same edit moved left or right.

use smallvec::SmallVec;

use crate::Sequence;

/// Bases that an edit puts in; a few need no memory of their own.
pub type Inserted = SmallVec<[u8; 16]>;

/// Bases `start..end` (0-based, half-open) are replaced by `inserted`. On a circle `end` may lie beyond the length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// First replaced base.
    pub start: usize,
    /// One past the last replaced base; `start` for an insertion.
    pub end: usize,
    /// What stands there instead, in upper case.
    pub inserted: Inserted,
}

impl Edit {
    /// The edit that turns `reference` at `start` into `alternate`, without the bases that both begin or end with;
    /// `None` if they are the same.
    #[inline]
    pub fn new(start: usize, reference: &[u8], alternate: &[u8]) -> Option<Self> {
        if let ([from], [to]) = (reference, alternate) {
            return (!from.eq_ignore_ascii_case(to)).then(|| Self {
                start,
                end: start + 1,
                inserted: Inserted::from_buf_and_len([to.to_ascii_uppercase(); 16], 1),
            });
        }
        let same = |pair: &(&u8, &u8)| pair.0.eq_ignore_ascii_case(pair.1);
        let prefix = reference.iter().zip(alternate).take_while(same).count();
        let (reference, alternate) = (&reference[prefix..], &alternate[prefix..]);
        let suffix = reference
            .iter()
            .rev()
            .zip(alternate.iter().rev())
            .take_while(same)
            .count();
        let edit = Self {
            start: start + prefix,
            end: start + prefix + reference.len() - suffix,
            inserted: upper_case(&alternate[..alternate.len() - suffix]),
        };
        (edit.start < edit.end || !edit.inserted.is_empty()).then_some(edit)
    }

    /// How many bases are replaced.
    #[inline]
    pub fn deleted(&self) -> usize {
        self.end - self.start
    }

    /// Whether bases are put in and none taken out.
    #[inline]
    pub fn is_insertion(&self) -> bool {
        self.start == self.end
    }

    /// Whether it may have more than one place.
    #[inline]
    pub fn moves(&self) -> bool {
        self.is_insertion() || self.is_deletion()
    }

    /// Whether bases are taken out and none put in.
    #[inline]
    pub fn is_deletion(&self) -> bool {
        self.inserted.is_empty()
    }

    /// The same edit as far left as its repeat goes: where VCF files have it.
    pub fn shifted_left(mut self, sequence: &Sequence<'_>) -> Self {
        let before = |start: usize, step: usize| match sequence.is_circular() {
            true => sequence.base(start + sequence.len() - 1 - step),
            false => sequence.base(start.checked_sub(1 + step)?),
        };
        let last = |step: usize| match self.is_insertion() {
            true => Some(self.inserted[self.inserted.len() - 1 - step % self.inserted.len()]),
            false => before(self.end, step),
        };
        let steps = self.steps(sequence, |step| (before(self.start, step), last(step)));
        let turn = if self.start < steps { sequence.len() } else { 0 };
        (self.start, self.end) = (self.start + turn - steps, self.end + turn - steps);
        if self.is_insertion() {
            let by = steps % self.inserted.len();
            self.inserted.rotate_right(by);
        }
        self.first_turn(sequence)
    }

    /// The same edit as far right as its repeat goes: where HGVS wants it (the 3' rule). On a circle it may go on
    /// beyond the origin.
    pub fn shifted_right(mut self, sequence: &Sequence<'_>) -> Self {
        let steps = self.steps_right(sequence);
        (self.start, self.end) = (self.start + steps, self.end + steps);
        if self.is_insertion() {
            let by = steps % self.inserted.len();
            self.inserted.rotate_left(by);
        }
        self.first_turn(sequence)
    }

    /// How many bases the same edit can be moved to the right.
    #[inline]
    pub(crate) fn steps_right(&self, sequence: &Sequence<'_>) -> usize {
        let first = |step: usize| match self.is_insertion() {
            true => Some(self.inserted[step % self.inserted.len()]),
            false => sequence.base(self.start + step),
        };
        self.steps(sequence, |step| (first(step), sequence.base(self.end + step)))
    }

    /// The same edit with its start in the first turn of the circle.
    #[inline]
    fn first_turn(mut self, sequence: &Sequence<'_>) -> Self {
        if self.start >= sequence.len() && sequence.is_circular() {
            (self.start, self.end) = (self.start - sequence.len(), self.end - sequence.len());
        }
        self
    }

    /// How far an insertion or a deletion can move: as long as the base that it gains equals the one it loses. `N`
    /// equals nothing, so that no repeat is seen across base 3107 of the rCRS.
    #[inline]
    fn steps(&self, sequence: &Sequence<'_>, pair: impl Fn(usize) -> (Option<u8>, Option<u8>)) -> usize {
        let moves = self.moves() && self.deleted() < sequence.len();
        let furthest = if moves { sequence.len() } else { 0 };
        let equal =
            |step: &usize| matches!(pair(*step), (Some(gained), Some(lost)) if gained == lost && gained != b'N');
        (0..furthest).take_while(equal).count()
    }
}

#[inline]
fn upper_case(bases: &[u8]) -> Inserted {
    let mut bases = Inserted::from_slice(bases);
    bases.make_ascii_uppercase();
    bases
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(start: usize, end: usize, inserted: &str) -> Edit {
        Edit {
            start,
            end,
            inserted: Inserted::from_slice(inserted.as_bytes()),
        }
    }

    #[test]
    fn what_both_alleles_share_is_left_out() {
        for (reference, alternate, expected) in [
            ("A", "G", Some(edit(10, 11, "G"))),
            ("ca", "C", Some(edit(11, 12, ""))),
            ("C", "CCC", Some(edit(11, 11, "CC"))),
            ("ACGT", "AGGT", Some(edit(11, 12, "G"))),
            ("TG", "CA", Some(edit(10, 12, "CA"))),
            ("AC", "ac", None),
        ] {
            assert_eq!(
                Edit::new(10, reference.as_bytes(), alternate.as_bytes()),
                expected,
                "{reference}>{alternate}"
            );
        }
    }

    #[test]
    fn edits_move_through_repeats_and_across_the_origin() {
        let circle = Sequence::from_fasta("GTTACCCCG", true);
        let line = Sequence::from_fasta("GTTACCCCG", false);
        assert_eq!(edit(4, 5, "").shifted_right(&line), edit(7, 8, ""));
        assert_eq!(edit(7, 8, "").shifted_left(&line), edit(4, 5, ""));
        assert_eq!(edit(4, 4, "C").shifted_right(&line), edit(8, 8, "C"));
        assert_eq!(edit(8, 9, "").shifted_right(&line), edit(8, 9, ""));
        assert_eq!(edit(8, 9, "").shifted_right(&circle), edit(0, 1, ""));
        assert_eq!(edit(0, 1, "").shifted_left(&circle), edit(8, 9, ""));
        assert_eq!(edit(3, 4, "G").shifted_right(&circle), edit(3, 4, "G"));
    }

    #[test]
    fn no_repeat_is_seen_across_an_unknown_base() {
        let sequence = Sequence::from_fasta("ACCNCCA", false);
        assert_eq!(edit(1, 2, "").shifted_right(&sequence), edit(2, 3, ""));
        assert_eq!(edit(3, 4, "").shifted_right(&sequence), edit(3, 4, ""));
    }

    fn applied(sequence: &Sequence<'_>, edit: &Edit) -> Vec<u8> {
        [
            &sequence.bases(0..edit.start)[..],
            &edit.inserted,
            &sequence.bases(edit.end..sequence.len()),
        ]
        .concat()
    }

    proptest! {
        #[test]
        fn moving_an_edit_does_not_change_its_result(
            bases in "[AC]{30}", start in 0_usize..20, length in 1_usize..8, alternate in "[ACG]{1,6}",
        ) {
            let sequence = Sequence::from_fasta(&bases, false);
            if let Some(edit) = Edit::new(start, &bases.as_bytes()[start..start + length], alternate.as_bytes()) {
                let right = edit.clone().shifted_right(&sequence);
                let left = edit.clone().shifted_left(&sequence);
                prop_assert_eq!(applied(&sequence, &edit), applied(&sequence, &right));
                prop_assert_eq!(applied(&sequence, &edit), applied(&sequence, &left));
                prop_assert_eq!(&right.clone().shifted_left(&sequence), &left);
                prop_assert_eq!(left.shifted_right(&sequence), right);
            }
        }
    }
}
