//! What the ALT column may hold.

use crate::{Breakend, VcfError};

/// One allele of the ALT column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternate<'a> {
    /// Bases that stand in place of REF.
    Bases(&'a [u8]),
    /// `.`: no alternate allele was seen.
    Missing,
    /// `*`: the site is deleted by a variant upstream.
    Overlapped,
    /// `<DEL>`, `<NON_REF>` and the like, without the angle brackets.
    Symbolic(&'a [u8]),
    /// A breakend: `G]17:198982]`, `.TGCA`.
    Breakend(Breakend<'a>),
    /// VCF 3.3's `I` and bases that are inserted after the base at POS.
    InsertedAfter(&'a [u8]),
    /// VCF 3.3's `D` and the number of bases that are deleted from POS on.
    DeletedFrom(usize),
}

impl<'a> Alternate<'a> {
    /// Reads one allele of line number `line`.
    #[inline]
    pub fn parse_in(text: &'a [u8], old: bool, line: u64) -> Result<Self, VcfError> {
        let expected = "bases, a symbolic allele such as <DEL>, a breakend, a star or a dot";
        Self::parse(text, old).ok_or_else(|| VcfError::field(line, 5, text, expected))
    }

    /// Reads one allele; `None` if no version of VCF has such an allele. `old` says that the file is VCF 3.
    #[inline]
    pub fn parse(text: &'a [u8], old: bool) -> Option<Self> {
        match text {
            b"A" | b"C" | b"G" | b"T" => Some(Self::Bases(text)),
            b"." | b"<*>" | b"<NON_REF>" | b"X" => Some(Self::Missing),
            b"*" => Some(Self::Overlapped),
            [b'<', name @ .., b'>'] if !name.is_empty() => Some(Self::Symbolic(name)),
            [b'I', bases @ ..] if old && are_bases(bases) => Some(Self::InsertedAfter(bases)),
            [b'D', count @ ..] if old => std::str::from_utf8(count).ok()?.parse().ok().map(Self::DeletedFrom),
            _ if are_bases(text) => Some(Self::Bases(text)),
            _ => Breakend::parse(text).map(Self::Breakend),
        }
    }
}

/// Whether the text is one or more bases, of either case; the codes of IUPAC for several bases count.
#[inline]
pub fn are_bases(text: &[u8]) -> bool {
    static ARE: [bool; 256] = {
        let (mut are, bases, mut at) = ([false; 256], b"ACGTUNRYSWKMBDHV", 0);
        while at < bases.len() {
            are[bases[at] as usize] = true;
            are[bases[at].to_ascii_lowercase() as usize] = true;
            at += 1;
        }
        are
    };
    !text.is_empty() && text.iter().all(|base| ARE[usize::from(*base)])
}

/// How CSQ names the alleles of a record: the first base is left out where an allele differs from REF in length and
/// all begin with the same base, and `-` stands for nothing, as Ensembl VEP does.
#[inline]
pub fn drops_first_base(reference: &[u8], alternates: &[u8]) -> bool {
    if reference.len() == 1 && alternates.len() == 1 {
        return false;
    }
    let mut alleles = alternates.split(|byte| *byte == b',').filter(|allele| *allele != b"*");
    let is_indel = alleles.clone().any(|allele| allele.len() != reference.len());
    let first = |allele: &[u8]| allele.first().map(u8::to_ascii_uppercase);
    is_indel && alleles.all(|allele| first(allele) == first(reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternate_alleles_are_told_apart() {
        for (text, expected) in [
            ("A", Alternate::Bases(b"A")),
            ("acgtn", Alternate::Bases(b"acgtn")),
            (".", Alternate::Missing),
            ("<NON_REF>", Alternate::Missing),
            ("*", Alternate::Overlapped),
            ("<DEL>", Alternate::Symbolic(b"DEL")),
            ("<DUP:TANDEM>", Alternate::Symbolic(b"DUP:TANDEM")),
            (
                ".TGCA",
                Alternate::Breakend(Breakend {
                    bases: b"TGCA",
                    joins_after: false,
                    mate: None,
                }),
            ),
        ] {
            assert_eq!(Alternate::parse(text.as_bytes(), false), Some(expected), "{text}");
        }
        assert_eq!(Alternate::parse(b"IAC", true), Some(Alternate::InsertedAfter(b"AC")));
        assert_eq!(Alternate::parse(b"D3", true), Some(Alternate::DeletedFrom(3)));
        for text in ["", "D3", "-", "hello", "<>", "A/G"] {
            assert_eq!(Alternate::parse(text.as_bytes(), false), None, "{text}");
        }
    }

    #[test]
    fn the_anchor_base_is_left_out_of_indels_only() {
        for (reference, alternates, expected) in [
            ("A", "G", false),
            ("CA", "C", true),
            ("CA", "C,CAA", true),
            ("CA", "C,*", true),
            ("A", "G,AT", false),
            ("TG", "CA", false),
            ("Gtcc", "g", true),
        ] {
            assert_eq!(
                drops_first_base(reference.as_bytes(), alternates.as_bytes()),
                expected,
                "{reference} {alternates}"
            );
        }
    }
}
