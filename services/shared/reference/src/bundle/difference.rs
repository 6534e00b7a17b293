//! Where the sequence of a transcript is not that of the genome.

/// A place of a transcript that is not as the chromosome has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It has this base, in upper case, where the chromosome has another one.
    Other(u8),
    /// It has this base, in upper case, where the chromosome has none.
    Extra(u8),
    /// Here a piece begins that belongs to the exon of the one before: what is between them is a gap, no intron.
    SameExon,
}

/// How many bits of a number are a letter; the others are the place.
const LETTER_BITS: u32 = 8;

impl Difference {
    /// As the bundle's column has it, with its place in the transcript, which is less than 2^24. Extra bases are in lower case.
    pub(crate) fn packed(self, at: usize) -> u32 {
        let letter = match self {
            Self::Other(base) => base,
            Self::Extra(base) => base.to_ascii_lowercase(),
            Self::SameExon => b'+',
        };
        (at as u32) << LETTER_BITS | u32::from(letter)
    }

    /// Its place in the transcript, and what it is.
    #[inline]
    pub(crate) fn unpacked(number: u32) -> (u32, Self) {
        let letter = number as u8;
        let difference = match letter {
            b'+' => Self::SameExon,
            b'a'..=b'z' => Self::Extra(letter.to_ascii_uppercase()),
            base => Self::Other(base),
        };
        (number >> LETTER_BITS, difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_place_and_the_difference() {
        for difference in [Difference::Other(b'N'), Difference::Extra(b'T'), Difference::SameExon] {
            assert_eq!(
                Difference::unpacked(difference.packed((1 << 24) - 1)),
                ((1 << 24) - 1, difference)
            );
        }
    }
}
