//! The vertebrate mitochondrial code: NCBI's translation table 2.
//!
//! It differs from the standard code in four codons: AGA and AGG are stops, ATA is methionine, TGA is tryptophan.

/// How a stop is written in a sequence of amino acids.
pub(crate) const STOP: u8 = b'*';

const BASES: &[u8; 4] = b"TCAG";

/// Amino acids of the 64 codons in the order of `BASES`, first base slowest (table 2, "AAs").
const AMINO_ACIDS: &[u8; 64] = b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG";

/// Codons that begin a protein, whatever amino acid they stand for elsewhere (table 2, "Starts").
const STARTS: [&[u8; 3]; 5] = [b"ATT", b"ATC", b"ATA", b"ATG", b"GTG"];

/// The amino acid of one codon, `X` if a base is unknown.
fn amino_acid(codon: &[u8]) -> u8 {
    let index = codon.iter().try_fold(0, |index, base| {
        Some(index * 4 + BASES.iter().position(|known| known == base)?)
    });
    index
        .filter(|_| codon.len() == 3)
        .map_or(b'X', |index: usize| AMINO_ACIDS[index])
}

/// Whether a protein may begin with the codon.
pub(crate) fn is_start(codon: &[u8]) -> bool {
    STARTS.iter().any(|start| start.as_slice() == codon)
}

/// The amino acids of a coding sequence (5' to 3', upper case). The first codon is methionine if it is a start. An
/// incomplete last codon is left out.
pub(crate) fn translate(coding: &[u8]) -> Vec<u8> {
    let mut protein: Vec<u8> = coding.chunks_exact(3).map(amino_acid).collect();
    if let Some(first) = protein.first_mut().filter(|_| coding.get(..3).is_some_and(is_start)) {
        *first = b'M';
    }
    protein
}

/// `M` as `Met`, `*` as `Ter`, as HGVS writes amino acids.
pub(crate) fn three_letters(amino_acid: u8) -> &'static str {
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
    fn the_four_codons_of_table_2_are_read_its_way() {
        assert_eq!(translate(b"ATGAGAAGGATATGA"), b"M**MW");
        assert_eq!(translate(b"CCCATTTAA"), b"PI*");
        assert_eq!(translate(b"ATTATTNNNTA"), b"MIX");
    }
}
