//! How many of a person's jobs may be requested or running at once, so that nobody's hundreds are ahead of everybody's one.

use crate::Plan;

/// The most turns that a person has at once, by plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnLimits {
    /// On the Free plan.
    pub free: u32,
    /// On Premium, where annotators have enough places for it.
    pub premium: u32,
}

impl TurnLimits {
    /// How many turns a person has while annotators have this many places, which is how many jobs they can be at: on
    /// Premium at most half of the places, but never fewer turns than on Free.
    #[must_use]
    pub fn of(&self, plan: Plan, places: u32) -> u32 {
        match plan {
            Plan::Free => self.free,
            Plan::Premium => self.premium.min(places / 2).max(self.free),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn premium_has_more_turns_but_never_more_than_half_of_the_places() {
        let limits = TurnLimits { free: 2, premium: 20 };
        let premium = |places| limits.of(Plan::Premium, places);
        assert_eq!(
            [premium(0), premium(4), premium(11), premium(40), premium(200)],
            [2, 2, 5, 20, 20]
        );
        assert_eq!([limits.of(Plan::Free, 1), limits.of(Plan::Free, 200)], [2, 2]);
    }
}
