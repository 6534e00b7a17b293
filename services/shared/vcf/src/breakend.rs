//! Breakends: to what the base at POS is joined (VCF 4.2, section 5.4).

use super::{Record, are_bases};

/// An allele that joins what stands in place of REF to another place, or to one that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breakend<'a> {
    /// What stands in place of REF; `.` where a telomere is joined.
    pub bases: &'a [u8],
    /// Whether the join is after them, as in `G[17:198982[` and `G.`, or before them, as in `]17:198982]G` and `.G`.
    pub joins_after: bool,
    /// `None` for a single breakend, `G.`, and where the text between the brackets is no place.
    pub mate: Option<Mate<'a>>,
}

/// The other end of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mate<'a> {
    /// As the file names it.
    pub chromosome: &'a [u8],
    /// The base that is joined, 1-based; 0 and one more than the chromosome has are its telomeres.
    pub position: u64,
    /// Whether the bases from there to the right are joined (`[`), or those up to there (`]`).
    pub extends_right: bool,
}

impl<'a> Breakend<'a> {
    /// Reads an allele; `None` if it is no breakend.
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let is_bracket = |byte: &u8| matches!(byte, b'[' | b']');
        match (text.iter().position(is_bracket), text.iter().rposition(is_bracket)) {
            (Some(open), Some(close)) => {
                let (before, after) = (&text[..open], &text[close + 1..]);
                Some(Self {
                    bases: if before.is_empty() { after } else { before },
                    joins_after: !before.is_empty(),
                    mate: Mate::parse(&text[open..=close]),
                })
            }
            _ => Self::single(text),
        }
    }

    fn single(text: &'a [u8]) -> Option<Self> {
        let (bases, joins_after) = match text {
            [b'.', bases @ ..] => (bases, false),
            [bases @ .., b'.'] => (bases, true),
            _ => return None,
        };
        are_bases(bases).then_some(Self {
            bases,
            joins_after,
            mate: None,
        })
    }

    /// The allele as VCF has it.
    pub fn text(&self) -> Vec<u8> {
        let joined = self.mate.map_or_else(|| b".".to_vec(), |mate| mate.text());
        match self.joins_after {
            true => [self.bases, &joined].concat(),
            false => [&joined, self.bases].concat(),
        }
    }
}

impl<'a> Mate<'a> {
    /// Reads `[17:198982[`. The name of an HLA allele has colons, and that of a contig of the file's own assembly brackets.
    fn parse(text: &'a [u8]) -> Option<Self> {
        let [open, place @ .., close] = text else { return None };
        let colon = place.iter().rposition(|byte| *byte == b':')?;
        let position = std::str::from_utf8(&place[colon + 1..]).ok()?.parse().ok()?;
        (open == close && colon > 0).then_some(Self {
            chromosome: &place[..colon],
            position,
            extends_right: *open == b'[',
        })
    }

    /// The mate of a symbolic breakend, which callers put into INFO: on CHR2, at END2, POS2 or END. Which way it goes on is
    /// not said there.
    pub fn in_info(record: &Record<'a>) -> Option<Self> {
        let chromosome = record.info(b"CHR2")?;
        let mut keys = [&b"END2"[..], b"POS2", b"END"].into_iter();
        let position = keys.find_map(|key| record.info(key))?;
        Some(Self {
            chromosome,
            position: std::str::from_utf8(position).ok()?.parse().ok()?,
            extends_right: true,
        })
    }

    fn text(&self) -> Vec<u8> {
        let bracket: &[u8] = if self.extends_right { b"[" } else { b"]" };
        let position = self.position.to_string();
        [bracket, self.chromosome, b":", position.as_bytes(), bracket].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakend_tells_its_side_its_mate_and_which_way_that_goes() {
        for (text, bases, joins_after, mate) in [
            ("G[17:198982[", "G", true, Some(("17", 198_982, true))),
            ("G]17:198982]", "G", true, Some(("17", 198_982, false))),
            (
                "]13:123456]AGTNNNNNCAT",
                "AGTNNNNNCAT",
                false,
                Some(("13", 123_456, false)),
            ),
            ("[17:198983[A", "A", false, Some(("17", 198_983, true))),
            (".[chr1:5[", ".", true, Some(("chr1", 5, true))),
            ("C[<ctg1>:7[", "C", true, Some(("<ctg1>", 7, true))),
            (
                "]HLA-A*01:01:01:01:50]T",
                "T",
                false,
                Some(("HLA-A*01:01:01:01", 50, false)),
            ),
            ("C.", "C", true, None),
            (".TGCA", "TGCA", false, None),
            ("G[17[", "G", true, None),
            ("G[", "G", true, None),
        ] {
            let read = Breakend::parse(text.as_bytes()).unwrap();
            let expected = mate.map(|(chromosome, position, extends_right)| Mate {
                chromosome: chromosome.as_bytes(),
                position,
                extends_right,
            });
            assert_eq!(
                (read.bases, read.joins_after, read.mate),
                (bases.as_bytes(), joins_after, expected),
                "{text}"
            );
            if mate.is_some() || !text.contains('[') {
                assert_eq!(read.text(), text.as_bytes());
            }
        }
        for text in ["G", ".", "*", "<DEL>", "G.G"] {
            assert_eq!(Breakend::parse(text.as_bytes()), None, "{text}");
        }
    }
}
