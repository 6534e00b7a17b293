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
pub(super) const MOST_BITS: u32 = 57;

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

    /// Reads the numbers from a place on, of which the lower 32 bits are wanted.
    #[inline]
    pub(super) fn read(&self, place: usize, out: &mut [u32]) {
        let (mask, width) = ((1_u64 << self.width) - 1, self.width);
        let mut bit = place * width as usize;
        let (mut word, mut left) = (0, 0);
        for number in &mut *out {
            if left < width {
                let bytes = self.bits.get(bit / 8..).and_then(<[u8]>::first_chunk);
                let skipped = (bit % 8) as u32;
                word = bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes)) >> skipped;
                left = u64::BITS - skipped;
            }
            *number = self.base.wrapping_add(word & mask) as u32;
            word >>= width;
            left -= width;
            bit += width as usize;
        }
        let first = self
            .places
            .partition_point(|own| usize::from(u16::from_le_bytes(*own)) < place);
        for (own, value) in self.places.iter().zip(self.exceptions).skip(first) {
            let own = usize::from(u16::from_le_bytes(*own));
            match own.checked_sub(place).and_then(|index| out.get_mut(index)) {
                Some(number) => *number = u64::from_le_bytes(*value) as u32,
                None => break,
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
