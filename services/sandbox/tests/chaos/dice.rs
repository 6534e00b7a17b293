//! Chance that comes out the same for the same seed: SplitMix64 (Steele, Lea and Flood 2014,
//! <https://doi.org/10.1145/2714064.2660195>).

use std::time::Duration;

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    pub fn one_of<'a, T>(&mut self, these: &'a [T]) -> Option<&'a T> {
        let most = u64::try_from(these.len()).unwrap().max(1);
        these.get(usize::try_from(self.below(most)).unwrap())
    }

    pub fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let span = u64::try_from((most - least).as_millis()).unwrap();
        least + Duration::from_millis(self.below(span.max(1)))
    }
}
