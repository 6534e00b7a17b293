//! Missing the dead: who holds a piece of work raises a number in its row every few seconds, and whoever else looks sees
//! whether it moves.
//!
//! Leases that end at an instant compare clocks of two machines, which may differ by minutes. Here only looks count: a
//! holder whose row has been the same for [`LOOKS`] looks in a row, each a moment after the one before, is dead to us.
//! That is a lease by the watcher's own measure. A store that pauses holds up the looks as it holds up the signs of life.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// How many looks a lease has.
pub const LOOKS: u32 = 6;

/// The pause between two looks.
#[must_use]
pub fn pause(lease: Duration) -> Duration {
    lease / LOOKS
}

/// How often a holder gives a sign of life: three of them are missed before it is dead to others.
#[must_use]
pub fn beat(lease: Duration) -> Duration {
    lease / 4
}

/// What earlier looks have shown.
#[derive(Debug)]
pub struct Watch<K, S> {
    seen: HashMap<K, (S, u32)>,
}

impl<K, S> Default for Watch<K, S> {
    fn default() -> Self {
        Self { seen: HashMap::new() }
    }
}

impl<K: Eq + Hash, S: PartialEq> Watch<K, S> {
    /// Takes in what one look shows. Gives how many looks ago each was first seen as it is now; what is not shown any
    /// more is forgotten.
    pub fn look(&mut self, shown: impl IntoIterator<Item = (K, S)>) -> impl Iterator<Item = (&K, &S, u32)> {
        let mut before = std::mem::take(&mut self.seen);
        self.seen = shown
            .into_iter()
            .map(|(key, now)| {
                let looks = match before.remove(&key) {
                    Some((then, looks)) if then == now => looks + 1,
                    _ => 0,
                };
                (key, (now, looks))
            })
            .collect();
        self.seen.iter().map(|(key, (seen, looks))| (key, seen, *looks))
    }

    /// Begins to count anew, because something was done about it that may not show.
    pub fn forget(&mut self, key: &K) {
        self.seen.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(watch: &mut Watch<char, u32>, shown: &[(char, u32)]) -> Vec<(char, u32)> {
        let mut looks: Vec<_> = watch
            .look(shown.iter().copied())
            .map(|(key, _, looks)| (*key, looks))
            .collect();
        looks.sort_unstable();
        looks
    }

    #[test]
    fn what_moves_is_alive_and_what_does_not_is_counted() {
        let mut watch = Watch::default();
        assert_eq!(looks(&mut watch, &[('a', 1), ('b', 1)]), [('a', 0), ('b', 0)]);
        assert_eq!(looks(&mut watch, &[('a', 1), ('b', 2)]), [('a', 1), ('b', 0)]);
        assert_eq!(looks(&mut watch, &[('a', 1), ('b', 2)]), [('a', 2), ('b', 1)]);
        assert_eq!(looks(&mut watch, &[('b', 2)]), [('b', 2)]);
        assert_eq!(looks(&mut watch, &[('a', 1), ('b', 2)]), [('a', 0), ('b', 3)]);
        watch.forget(&'b');
        assert_eq!(looks(&mut watch, &[('b', 2)]), [('b', 0)]);
    }

    #[test]
    fn a_dead_annotator_is_missed_after_fourteen_seconds_of_a_lease_of_twelve() {
        let lease = Duration::from_secs(12);
        // The first look that shows its last sign of life may come a pause after it.
        assert_eq!(pause(lease) * (LOOKS + 1), Duration::from_secs(14));
        assert_eq!(beat(lease), Duration::from_secs(3));
    }
}
