//! Several consequences of one variant for one gene, as a set of bits.

use std::fmt;

use super::Consequence::{self, *};
use super::Impact;

/// Several consequences of one variant for one gene; never empty once made. One bit for each, and one that says that
/// codons could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Consequences(u32);

/// Set where an allele is in coding sequence whose bases are not at hand.
const LACKS_CODONS: u32 = 1 << 31;
const _: () = assert!(Consequence::ALL.len() < 32);

impl Consequences {
    /// One more.
    pub(crate) fn add(&mut self, consequence: Consequence) {
        self.0 |= 1 << consequence as u32;
    }

    /// All but one.
    pub(crate) fn without(self, consequence: Consequence) -> Self {
        Self(self.0 & !(1 << consequence as u32))
    }

    /// Most severe first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Consequence> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = Consequence::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(*next)
        })
    }

    /// The consequence, if there is one only.
    pub(crate) fn only(self) -> Option<Consequence> {
        let first = Consequence::ALL.get(self.0.trailing_zeros() as usize)?;
        self.0.is_power_of_two().then_some(*first)
    }

    /// Whether this is one of them.
    pub(crate) fn has(self, consequence: Consequence) -> bool {
        self.0 & (1 << consequence as u32) != 0
    }

    /// What is known of an allele in coding sequence whose bases are not at hand.
    pub(crate) fn without_codons() -> Self {
        Self(1 << CodingSequenceVariant as u32 | LACKS_CODONS)
    }

    /// Whether codons would have been told if the sequence were at hand.
    pub(crate) fn lacks_codons(self) -> bool {
        self.0 & LACKS_CODONS != 0
    }

    /// The impact of the most severe. `None` where it is not known: codons that could not be read may hold any
    /// consequence, so that only the highest impact is certain.
    pub(crate) fn impact(self) -> Option<Impact> {
        let strongest = self.iter().map(Consequence::impact).min().unwrap_or(Impact::Modifier);
        (!self.lacks_codons() || strongest == Impact::High).then_some(strongest)
    }

    /// These and others.
    pub(crate) fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Consequence> for Consequences {
    fn from(consequence: Consequence) -> Self {
        Self(1 << consequence as u32)
    }
}

impl<const N: usize> From<[Consequence; N]> for Consequences {
    fn from(consequences: [Consequence; N]) -> Self {
        consequences.into_iter().fold(Self::default(), |mut all, consequence| {
            all.add(consequence);
            all
        })
    }
}

impl fmt::Display for Consequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, consequence) in self.iter().enumerate() {
            write!(f, "{}{}", if index > 0 { "&" } else { "" }, consequence.term())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_written_most_severe_first() {
        let consequences = Consequences::from([CodingSequenceVariant, StartLost, FrameshiftVariant]);
        assert_eq!(
            consequences.to_string(),
            "frameshift_variant&start_lost&coding_sequence_variant"
        );
        assert_eq!(consequences.impact(), Some(Impact::High));
        assert!(Consequence::ALL.is_sorted());
    }

    #[test]
    fn without_codons_only_the_highest_impact_is_certain() {
        let unread = Consequences::without_codons();
        assert_eq!(
            (unread.to_string().as_str(), unread.impact()),
            ("coding_sequence_variant", None)
        );
        assert_eq!(unread.or(SpliceRegionVariant.into()).impact(), None);
        assert_eq!(unread.or(SpliceDonorVariant.into()).impact(), Some(Impact::High));
        assert_eq!(
            Consequences::from(CodingSequenceVariant).impact(),
            Some(Impact::Modifier)
        );
    }
}
