//! Whole numbers in as few bits as most of them need, each of which is read by itself.
//!
//! ```text
//! width (u8) · base (u64) · how many exceptions (u16) · their places (u16 each) · their values (u64 each) · bits
//! ```
//!
//! A number is `base` and so many as its `width` bits say, the lowest bit first. Where there are exceptions, all bits set mean
//! that the number may be one of them. As in Lemire & Boytsov, "Decoding billions of integers per second through
//! vectorization" (2015), without vectors: here single numbers are asked for. After the bits of a list there are
//! [`SPARE_BYTES`] more in its block, so that eight bytes can be read wherever a number begins.

/// So many bytes follow the last list of a block.
pub(super) const SPARE_BYTES: usize = 8;

/// The widest numbers that are kept as bits: with up to seven bits of a neighbour they fit into eight bytes.
const MOST_BITS: u32 = 57;

/// What an exception costs.
const EXCEPTION_BITS: usize = 8 * (2 + 8);

/// A list of numbers, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'b> {
    width: u32,
    base: u64,
    places: &'b [[u8; 2]],
    exceptions: &'b [[u8; 8]],
    /// The bits, and whatever follows them.
    bits: &'b [u8],
}

impl<'b> Numbers<'b> {
    /// The list of `count` numbers that begins here, and what follows it; `None` if this cannot be such a list.
    pub(super) fn parse(bytes: &'b [u8], count: usize) -> Option<(Self, &'b [u8])> {
        let (width, bytes) = bytes.split_first()?;
        let width = u32::from(*width);
        let (base, bytes) = bytes.split_first_chunk()?;
        let (exceptions, bytes) = bytes.split_first_chunk()?;
        let exceptions = usize::from(u16::from_le_bytes(*exceptions));
        let (places, bytes) = bytes.split_at_checked(2 * exceptions)?;
        let (values, bits) = bytes.split_at_checked(8 * exceptions)?;
        let length = count.checked_mul(width as usize)?.div_ceil(8);
        if width > MOST_BITS || bits.len() < length.checked_add(SPARE_BYTES)? {
            return None;
        }
        let numbers = Self {
            width,
            base: u64::from_le_bytes(*base),
            places: places.as_chunks().0,
            exceptions: values.as_chunks().0,
            bits,
        };
        Some((numbers, &bits[length..]))
    }

    /// The number at a place; of damaged lists, or beyond the end, any number.
    #[inline]
    pub(super) fn get(&self, place: usize) -> u64 {
        let bit = place * self.width as usize;
        let Some(bytes) = self.bits.get(bit / 8..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        let mask = (1 << self.width) - 1;
        let number = u64::from_le_bytes(*bytes) >> (bit % 8) & mask;
        if number == mask
            && !self.exceptions.is_empty()
            && let Some(exception) = self.exception(place)
        {
            return exception;
        }
        self.base.wrapping_add(number)
    }

    /// Reads the numbers from a place on.
    #[inline]
    pub(super) fn read(&self, place: usize, out: &mut [u32]) {
        let (mask, width) = ((1 << self.width) - 1, self.width as usize);
        let bits = self.bits.get(place * width / 8..).unwrap_or_default();
        let mut bit = place * width % 8;
        for (index, number) in out.iter_mut().enumerate() {
            let bytes = bits.get(bit / 8..).and_then(<[u8]>::first_chunk).copied();
            let own = u64::from_le_bytes(bytes.unwrap_or_default()) >> (bit % 8) & mask;
            bit += width;
            *number = self.base.wrapping_add(own) as u32;
            if own == mask && !self.exceptions.is_empty() {
                *number = self.get(place + index) as u32;
            }
        }
    }

    #[cold]
    fn exception(&self, place: usize) -> Option<u64> {
        let found = self
            .places
            .binary_search_by_key(&place, |place| usize::from(u16::from_le_bytes(*place)));
        self.exceptions.get(found.ok()?).map(|value| u64::from_le_bytes(*value))
    }
}

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
            prop_assert_eq!(found, numbers);
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
            }
        }
    }
}
