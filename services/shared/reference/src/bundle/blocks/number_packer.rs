//! Writes lists of numbers, in the width that costs least.

use super::numbers::MOST_BITS;

/// What an exception costs.
const EXCEPTION_BITS: usize = 8 * (2 + 8);

/// Which numbers are kept as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    base: u64,
    width: u32,
    /// How many numbers are none of them.
    exceptions: usize,
}

impl Window {
    /// How many bits the list takes beside what every list has.
    pub(super) fn bits(&self, count: usize) -> usize {
        count * self.width as usize + self.exceptions * EXCEPTION_BITS
    }

    /// The bits of a number; `None` if it is an exception.
    fn offset(&self, number: u64) -> Option<u64> {
        let offset = number.checked_sub(self.base)?;
        let most = (1_u64 << self.width) - 1;
        let fits = offset < most || offset == most && self.exceptions == 0;
        fits.then_some(offset)
    }

    /// The window that costs least.
    fn best(numbers: &[u64], sorted: &mut Vec<u64>) -> Self {
        sorted.clear();
        sorted.extend_from_slice(numbers);
        sorted.sort_unstable();
        let (first, last) = (
            sorted.first().copied().unwrap_or_default(),
            sorted.last().copied().unwrap_or_default(),
        );
        let whole = u64::BITS - (last - first).leading_zeros();
        let mut best = match whole <= MOST_BITS {
            true => Self {
                base: first,
                width: whole,
                exceptions: 0,
            },
            false => Self::fullest(sorted, MOST_BITS),
        };
        let mut worse = 0;
        for width in (0..best.width).rev() {
            let window = Self::fullest(sorted, width);
            let is_better = window.bits(sorted.len()) < best.bits(sorted.len());
            worse = if is_better { 0 } else { worse + 1 };
            if is_better {
                best = window;
            }
            // With each bit less the window is half as wide: once much is outside, more will be.
            if worse == 3 {
                break;
            }
        }
        best
    }

    /// Of all windows of a width the one that leaves out fewest of these sorted numbers.
    fn fullest(sorted: &[u64], width: u32) -> Self {
        // All bits set are kept for exceptions.
        let values = (1_u64 << width) - 1;
        let (mut best, mut from) = ((0, 0), 0);
        for (to, number) in sorted.iter().enumerate() {
            while number - sorted[from] >= values && from < to {
                from += 1;
            }
            let inside = if number - sorted[from] < values {
                to + 1 - from
            } else {
                0
            };
            if inside > best.0 {
                best = (inside, from);
            }
        }
        Self {
            base: sorted.get(best.1).copied().unwrap_or_default(),
            width,
            exceptions: sorted.len() - best.0,
        }
    }
}

/// Writes lists.
#[derive(Debug, Default)]
pub(super) struct Packer {
    sorted: Vec<u64>,
}

impl Packer {
    /// How a list is best written.
    pub(super) fn window(&mut self, numbers: &[u64]) -> Window {
        Window::best(numbers, &mut self.sorted)
    }

    /// Appends a list of at most 65,535 numbers.
    pub(super) fn append(&mut self, numbers: &[u64], out: &mut Vec<u8>) {
        let window = self.window(numbers);
        Self::append_with(window, numbers, out);
    }

    /// Appends a list as [`Self::window`] has it.
    pub(super) fn append_with(window: Window, numbers: &[u64], out: &mut Vec<u8>) {
        out.push(window.width as u8);
        out.extend_from_slice(&window.base.to_le_bytes());
        out.extend_from_slice(&(window.exceptions as u16).to_le_bytes());
        let places = numbers.iter().enumerate();
        let exceptions = places.filter(|(_, number)| window.offset(**number).is_none());
        for (place, _) in exceptions.clone() {
            out.extend_from_slice(&(place as u16).to_le_bytes());
        }
        for (_, number) in exceptions {
            out.extend_from_slice(&number.to_le_bytes());
        }
        let (mut bits, mut filled) = (0_u64, 0);
        for number in numbers {
            let offset = window.offset(*number).unwrap_or((1 << window.width) - 1);
            bits |= offset << filled;
            filled += window.width;
            while filled >= 8 {
                out.push(bits as u8);
                (bits, filled) = (bits >> 8, filled - 8);
            }
        }
        if filled > 0 {
            out.push(bits as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::numbers::{Numbers, SPARE_BYTES};
    use super::*;

    fn packed(numbers: &[u64]) -> Vec<u8> {
        let mut out = Vec::new();
        Packer::default().append(numbers, &mut out);
        out
    }

    #[test]
    fn most_numbers_take_the_bits_that_they_need_and_the_few_others_more() {
        for (numbers, bytes) in [
            (vec![], 0),
            (vec![7; 4096], 0),
            ((0..4096).map(|number| 1_000_000 + number % 8).collect(), 4096 * 3 / 8),
            // Three bits hold seven numbers beside exceptions.
            (
                (0..4096)
                    .map(|number| if number == 9 { u64::MAX } else { number % 7 })
                    .collect(),
                4096 * 3 / 8 + 10,
            ),
            (vec![0, u64::MAX], 11),
        ] {
            let found = packed(&numbers).len() - 11;
            assert!(
                found <= bytes,
                "{found} bytes of {:?}",
                &numbers[..numbers.len().min(3)]
            );
        }
    }

    fn numbers() -> impl Strategy<Value = Vec<u64>> {
        let number = prop_oneof![
            6 => 0_u64..20,
            2 => 1_000..1_100_u64,
            1 => any::<u64>(),
            1 => Just(u64::MAX),
        ];
        prop::collection::vec(number, 0..300)
    }

    proptest! {
        #[test]
        fn numbers_come_back_and_what_follows_them_too(numbers in numbers()) {
            let mut bytes = packed(&numbers);
            let end = bytes.len();
            bytes.extend_from_slice(&[0xa5; SPARE_BYTES]);
            let (list, rest) = Numbers::parse(&bytes, numbers.len()).unwrap();
            prop_assert_eq!(rest.len(), bytes.len() - end);
            let found: Vec<u64> = (0..numbers.len()).map(|place| list.get(place)).collect();
            prop_assert_eq!(&found, &numbers);
            let from = numbers.len() / 3;
            let mut read = vec![0; numbers.len() - from];
            list.read(from, &mut read);
            prop_assert!(read.iter().zip(&numbers[from..]).all(|(read, number)| *read == *number as u32));
        }

        #[test]
        fn damaged_lists_are_refused_or_read_as_something(
            numbers in numbers(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = packed(&numbers);
            bytes.extend_from_slice(&[0; SPARE_BYTES]);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len() + 1));
            if let Some((list, _)) = Numbers::parse(&bytes, numbers.len()) {
                for place in 0..numbers.len() + 9 {
                    list.get(place);
                }
                list.read(0, &mut [0; 64]);
            }
        }
    }
}
