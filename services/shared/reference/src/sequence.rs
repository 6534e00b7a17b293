//! A sequence of bases, linear or circular.

use std::ops::Range;

use crate::bundle::Packed;

/// Bases in upper case. Positions are 0-based; on a circle they go on beyond the end at the beginning.
pub struct Sequence<'b> {
    bases: Bases<'b>,
    circular: bool,
}

enum Bases<'b> {
    /// One byte a base.
    Plain(Vec<u8>),
    /// A chromosome of a bundle, or as much of it as the bundle has.
    Packed(Packed<'b>),
}

impl<'b> Sequence<'b> {
    /// Reads a FASTA text of one sequence.
    pub(crate) fn from_fasta(text: &str, circular: bool) -> Self {
        let bases = text.lines().filter(|line| !line.starts_with('>')).flat_map(str::bytes);
        Self {
            bases: Bases::Plain(bases.map(|base| base.to_ascii_uppercase()).collect()),
            circular,
        }
    }

    /// A chromosome of a bundle.
    pub(crate) fn packed(packed: Packed<'b>) -> Self {
        Self {
            bases: Bases::Packed(packed),
            circular: false,
        }
    }

    /// How many bases are known, from the first on.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.bases {
            Bases::Plain(bases) => bases.len(),
            Bases::Packed(packed) => packed.len() as usize,
        }
    }

    /// Whether no base is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the last base is followed by the first.
    #[inline]
    pub fn is_circular(&self) -> bool {
        self.circular
    }

    /// The base at a position; `None` beyond the end of a linear sequence.
    #[inline]
    pub fn base(&self, position: usize) -> Option<u8> {
        match &self.bases {
            Bases::Plain(bases) if self.circular => Some(bases[position % bases.len()]),
            Bases::Plain(bases) => bases.get(position).copied(),
            Bases::Packed(packed) => packed.base(u32::try_from(position).ok()?),
        }
    }

    /// The bases of a span; fewer if a linear sequence ends in it.
    #[inline]
    pub fn bases(&self, span: Range<usize>) -> Vec<u8> {
        if let Bases::Packed(packed) = &self.bases {
            let mut out = Vec::new();
            let end = span.end.min(self.len());
            packed.append(span.start.min(end) as u32..end as u32, &mut out);
            return out;
        }
        span.map_while(|position| self.base(position)).collect()
    }

    /// Whether the sequence has exactly these bases from `position` on.
    #[inline]
    pub fn matches_exactly(&self, position: usize, bases: &[u8]) -> bool {
        bases
            .iter()
            .enumerate()
            .all(|(offset, base)| self.base(position + offset) == Some(*base))
    }

    /// Whether bases of a file (of either case, IUPAC codes among them) can be those from `position` on.
    #[inline]
    pub fn matches(&self, position: usize, bases: &[u8]) -> bool {
        let fits = |(offset, base): (usize, &u8)| {
            self.base(position + offset)
                .is_some_and(|own| own == *base || possible(own) & possible(*base) != 0)
        };
        bases.len() <= self.len() && bases.iter().enumerate().all(fits)
    }
}

/// The bases that a IUPAC code stands for, as bits: A, C, G, T.
fn possible(code: u8) -> u8 {
    match code.to_ascii_uppercase() {
        b'A' => 0b0001,
        b'C' => 0b0010,
        b'G' => 0b0100,
        b'T' | b'U' => 0b1000,
        b'R' => 0b0101,
        b'Y' => 0b1010,
        b'S' => 0b0110,
        b'W' => 0b1001,
        b'K' => 0b1100,
        b'M' => 0b0011,
        b'B' => 0b1110,
        b'D' => 0b1101,
        b'H' => 0b1011,
        b'V' => 0b0111,
        _ => 0b1111,
    }
}

/// The base that pairs with a base. What is no base stays as it is.
#[inline]
pub fn complement(base: u8) -> u8 {
    match base {
        b'A' => b'T',
        b'C' => b'G',
        b'G' => b'C',
        b'T' => b'A',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_ambiguity_are_no_mismatch() {
        let sequence = Sequence::from_fasta(">x\nACGT\nN\n", true);
        for (position, bases, expected) in [
            (0, "ACGT", true),
            (0, "acgt", true),
            (0, "R", true),
            (0, "Y", false),
            (1, "A", false),
            (4, "G", true),
            (3, "TCA", true),
        ] {
            assert_eq!(
                sequence.matches(position, bases.as_bytes()),
                expected,
                "{position} {bases}"
            );
        }
        assert!(!Sequence::from_fasta("ACGT", false).matches(3, b"TA"));
    }
}
