//! Genetic codes: which codon stands for which amino acid.
//!
//! Source: NCBI, The Genetic Codes, <https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi>.

/// The letter of a stop in a protein.
pub const STOP: u8 = b'*';

/// The letter of selenocysteine, for which some genes read TGA.
pub(crate) const SELENOCYSTEINE: u8 = b'U';

/// The letter of an amino acid that cannot be told.
pub const UNKNOWN: u8 = b'X';

/// One of NCBI's translation tables.
#[derive(Debug)]
pub struct GeneticCode {
    /// Amino acids of the 64 codons, each base running through T, C, A, G, the third fastest.
    amino_acids: &'static [u8; 64],
    /// Codons that may begin a protein; there they all stand for methionine.
    starts: &'static [&'static [u8; 3]],
}

/// Table 2, of the mitochondria of vertebrates: AGA and AGG are stops, ATA is methionine, TGA is tryptophan.
pub(crate) const VERTEBRATE_MITOCHONDRIAL: GeneticCode = GeneticCode {
    amino_acids: b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG",
    starts: &[b"ATT", b"ATC", b"ATA", b"ATG", b"GTG"],
};

/// Table 1, the standard code. Other codons than ATG do start proteins, rarely; a variant that makes one is a lost start.
pub const STANDARD: GeneticCode = GeneticCode {
    amino_acids: b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
    starts: &[b"ATG"],
};

impl GeneticCode {
    /// The amino acid of a codon; unknown if a base is ambiguous or missing.
    #[inline]
    pub fn amino_acid(&self, codon: &[u8]) -> u8 {
        let &[first, second, third] = codon else { return UNKNOWN };
        match (digit(first), digit(second), digit(third)) {
            (Some(first), Some(second), Some(third)) => self.amino_acids[first * 16 + second * 4 + third],
            _ => UNKNOWN,
        }
    }

    /// Whether a protein may begin with the codon.
    #[inline]
    pub fn is_start(&self, codon: &[u8]) -> bool {
        self.starts.iter().any(|start| start.as_slice() == codon)
    }

    /// The amino acids of whole codons; what is left over at the end becomes an unknown one.
    #[inline]
    pub fn translate(&self, bases: &[u8]) -> Vec<u8> {
        bases.chunks(3).map(|codon| self.amino_acid(codon)).collect()
    }
}

#[inline]
fn digit(base: u8) -> Option<usize> {
    match base {
        b'T' => Some(0),
        b'C' => Some(1),
        b'A' => Some(2),
        b'G' => Some(3),
        _ => None,
    }
}

/// The three letters of an amino acid, as HGVS writes it.
#[inline]
pub fn three_letters(amino_acid: u8) -> &'static str {
    match amino_acid {
        b'A' => "Ala",
        b'C' => "Cys",
        b'D' => "Asp",
        b'E' => "Glu",
        b'F' => "Phe",
        b'G' => "Gly",
        b'H' => "His",
        b'I' => "Ile",
        b'K' => "Lys",
        b'L' => "Leu",
        b'M' => "Met",
        b'N' => "Asn",
        b'P' => "Pro",
        b'Q' => "Gln",
        b'R' => "Arg",
        b'S' => "Ser",
        b'T' => "Thr",
        SELENOCYSTEINE => "Sec",
        b'V' => "Val",
        b'W' => "Trp",
        b'Y' => "Tyr",
        STOP => "Ter",
        _ => "Xaa",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mitochondria_read_four_codons_their_own_way() {
        for (codon, amino_acid) in [
            ("AGA", '*'),
            ("AGG", '*'),
            ("ATA", 'M'),
            ("TGA", 'W'),
            ("TAA", '*'),
            ("ATT", 'I'),
            ("GGN", 'X'),
            ("T", 'X'),
        ] {
            assert_eq!(
                char::from(VERTEBRATE_MITOCHONDRIAL.amino_acid(codon.as_bytes())),
                amino_acid,
                "{codon}"
            );
        }
        assert!(VERTEBRATE_MITOCHONDRIAL.is_start(b"ATT") && !VERTEBRATE_MITOCHONDRIAL.is_start(b"ACG"));
    }
}
