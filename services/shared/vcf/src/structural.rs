//! Kinds of structural variants, by the names that VCF and callers give symbolic alleles.

/// What a symbolic allele or a breakend is, as far as its effect on a gene depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StructuralKind {
    /// `<DEL>`, `<CN0>`
    Deletion,
    /// `<DUP>`, `<CN2>` and more
    Duplication,
    /// `<INS>`
    Insertion,
    /// `<INV>`
    Inversion,
    /// `G[17:198982[`, `G.`, `<BND>`
    Breakend,
    /// `<CNV>`, or a name that is not VCF's.
    Other,
}

impl StructuralKind {
    /// The kind of a symbolic allele, given without its angle brackets. `svtype` is what INFO says of the record; it tells
    /// where the allele does not.
    ///
    /// `<CN0>` and `<CN=0>` count the copies of the segment on one haplotype, of which the reference has one (1000
    /// Genomes, phase 3): none is a deletion, two and more are a duplication, as Ensembl VEP has it. One copy is no change
    /// by that count; where numbers count both haplotypes it is a loss, and then SVTYPE says so.
    pub fn of(symbol: &[u8], svtype: Option<&[u8]>) -> Self {
        let by_record = || svtype.map_or(Self::Other, Self::named);
        match (copies(symbol), Self::named(symbol)) {
            (Some(0), _) => Self::Deletion,
            (Some(2..), _) => Self::Duplication,
            (_, Self::Other) => by_record(),
            (_, kind) => kind,
        }
    }

    /// The kind that a name of VCF stands for, whatever its subtypes. `TRA` and `CTX` are what callers write for
    /// translocations.
    fn named(name: &[u8]) -> Self {
        match name.split(|byte| *byte == b':').next() {
            Some(b"DEL") => Self::Deletion,
            Some(b"DUP" | b"TDUP") => Self::Duplication,
            Some(b"INS") => Self::Insertion,
            Some(b"INV") => Self::Inversion,
            Some(b"BND" | b"TRA" | b"CTX") => Self::Breakend,
            _ => Self::Other,
        }
    }

    /// Whether it affects a span of bases, not what lies between two of them.
    pub fn has_span(self) -> bool {
        !matches!(self, Self::Insertion | Self::Breakend)
    }
}

/// How many copies `CN0` or `CN=0` says.
fn copies(symbol: &[u8]) -> Option<u32> {
    let digits = symbol.strip_prefix(b"CN")?;
    let digits = digits.strip_prefix(b"=").unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_told_by_their_number_and_else_by_the_record() {
        use StructuralKind::{Breakend, Deletion, Duplication, Insertion, Inversion, Other};
        for (symbol, svtype, expected) in [
            ("CN0", "CNV", Deletion),
            ("CN=0", ".", Deletion),
            ("CN1", "CNV", Other),
            ("CN1", "DEL", Deletion),
            ("CN2", "CNV", Duplication),
            ("CN=17", "DEL", Duplication),
            ("CNV", "CNV", Other),
            ("CNV", "DEL", Deletion),
            ("CNV:TR", "CNV", Other),
            ("DEL:ME:L1", "DEL", Deletion),
            ("DUP:TANDEM", "DUP", Duplication),
            ("INS:ME:ALU", "ALU", Insertion),
            ("INV", "INV", Inversion),
            ("TRA", "TRA", Breakend),
            ("CPX", "CPX", Other),
        ] {
            assert_eq!(
                StructuralKind::of(symbol.as_bytes(), Some(svtype.as_bytes())),
                expected,
                "{symbol}"
            );
        }
    }
}
