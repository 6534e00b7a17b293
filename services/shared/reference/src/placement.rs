//! The places at which one and the same insertion or deletion can be written, and the one at which it is told.

use std::borrow::Cow;
use std::ops::Range;

use crate::Sequence;
use crate::edit::Edit;
use crate::gene::Strand;

/// The places of an edit: from its most left one on, one for each base up to its most right one. An exchange of bases has
/// one place, and so has every edit where the sequence is not known.
pub struct Placements {
    first: Edit,
    /// How many more there are.
    more: usize,
}

impl Placements {
    /// All places of an edit.
    #[inline]
    pub fn new(edit: Edit, sequence: Option<&Sequence<'_>>) -> Self {
        match sequence.filter(|_| edit.moves()) {
            None => Self { first: edit, more: 0 },
            Some(sequence) => {
                let first = edit.shifted_left(sequence);
                let more = first.steps_right(sequence);
                Self { first, more }
            }
        }
    }

    /// The most left one.
    #[inline]
    pub fn first(&self) -> &Edit {
        &self.first
    }

    /// The bases that they touch, all together: 0-based, half-open.
    #[inline]
    pub fn span(&self) -> Range<usize> {
        self.first.start..self.first.end + self.more
    }

    /// Where the edit is told of a feature (0-based, half-open): at the most 3' of its places that lie wholly in the
    /// feature, as HGVS has it, so that what is said of it does not depend on the place that a file has; if there is none
    /// in it, at the most 3' of all.
    #[inline]
    pub fn in_feature(&self, feature: Range<usize>, strand: Strand) -> Cow<'_, Edit> {
        if self.more == 0 {
            return Cow::Borrowed(&self.first);
        }
        let (left, right) = (self.first.start, self.first.start + self.more);
        let last = feature.end.saturating_sub(self.first.deleted());
        let inside = match self.first.is_insertion() {
            true => feature.start + 1..last,
            false => feature.start..last + 1,
        };
        let inside = inside.start.max(left)..inside.end.min(right + 1);
        let start = match (inside.is_empty(), strand) {
            (true, Strand::Forward) => right,
            (true, Strand::Reverse) => left,
            (false, Strand::Forward) => inside.end - 1,
            (false, Strand::Reverse) => inside.start,
        };
        Cow::Owned(self.at(start - left))
    }

    #[inline]
    fn at(&self, step: usize) -> Edit {
        let mut edit = self.first.clone();
        (edit.start, edit.end) = (edit.start + step, edit.end + step);
        if edit.is_insertion() {
            let by = step % edit.inserted.len();
            edit.inserted.rotate_left(by);
        }
        edit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Inserted;

    fn told(edit: (usize, usize, &str), feature: Range<usize>, strand: Strand) -> (usize, usize, String) {
        let sequence = Sequence::from_fasta("GTTACACACACGGGGTCA", false);
        let edit = Edit {
            start: edit.0,
            end: edit.1,
            inserted: Inserted::from_slice(edit.2.as_bytes()),
        };
        let placements = Placements::new(edit, Some(&sequence));
        let told = placements.in_feature(feature, strand);
        (
            told.start,
            told.end,
            String::from_utf8_lossy(&told.inserted).into_owned(),
        )
    }

    #[test]
    fn an_edit_is_told_at_its_most_3_prime_place_in_a_feature() {
        let text = |start, end, inserted: &str| (start, end, inserted.to_owned());
        // CA in ACACACAC at 3..11, wherever the file has it.
        for edit in [(3, 5, ""), (4, 6, ""), (8, 10, "")] {
            assert_eq!(told(edit, 0..18, Strand::Forward), text(9, 11, ""));
            assert_eq!(told(edit, 0..18, Strand::Reverse), text(3, 5, ""));
            assert_eq!(told(edit, 0..8, Strand::Forward), text(6, 8, ""));
            assert_eq!(told(edit, 6..18, Strand::Reverse), text(6, 8, ""));
            assert_eq!(told(edit, 12..18, Strand::Forward), text(9, 11, ""));
        }
        assert_eq!(told((3, 3, "AC"), 0..18, Strand::Forward), text(11, 11, "AC"));
        assert_eq!(told((3, 3, "AC"), 0..8, Strand::Forward), text(7, 7, "AC"));
        assert_eq!(told((11, 11, "AC"), 4..18, Strand::Reverse), text(5, 5, "AC"));
        assert_eq!(told((1, 2, "G"), 0..18, Strand::Forward), text(1, 2, "G"));
    }
}
