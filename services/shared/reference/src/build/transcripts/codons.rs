//! Codons that are read otherwise than the genetic code has it: selenocysteine at TGA.

use super::model::Span;
use crate::bundle::LETTER_BITS;
use crate::genetic_code::SELENOCYSTEINE;

/// A codon by its place on the chromosome (0-based, half-open, introns in it included), and the letter of its amino acid.
pub(super) type Recoded = (Span, u8);

/// Reads a value of NCBI's attribute `transl_except` and calls `found` with each exception:
/// `(pos:complement(42808177..42808179),aa:Sec),(pos:join(5..6,20),aa:Sec)`. Stops are left out: they complete a stop codon by
/// adenines, and a coding sequence ends with its stop anyway. <https://www.ncbi.nlm.nih.gov/genbank/genomes_gff/>
pub(super) fn exceptions(value: &str, mut found: impl FnMut(Recoded)) {
    for one in value.split("(pos:").skip(1) {
        let Some((place, rest)) = one.split_once("aa:") else {
            continue;
        };
        let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        if let (Some(span), Some(letter)) = (extent(place), letter(&name)) {
            found((span, letter));
        }
    }
}

/// From the smallest to the largest number in a location of GenBank, which are 1-based.
fn extent(place: &str) -> Option<Span> {
    let numbers = place
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|number| !number.is_empty());
    let numbers: Vec<u32> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    let (first, last) = (numbers.iter().min()?, numbers.iter().max()?);
    Some((first.checked_sub(1)?, *last))
}

/// The letter of an amino acid by its name in three letters.
fn letter(name: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 23] = [
        ("Ala", b'A'),
        ("Arg", b'R'),
        ("Asn", b'N'),
        ("Asp", b'D'),
        ("Cys", b'C'),
        ("Gln", b'Q'),
        ("Glu", b'E'),
        ("Gly", b'G'),
        ("His", b'H'),
        ("Ile", b'I'),
        ("Leu", b'L'),
        ("Lys", b'K'),
        ("Met", b'M'),
        ("Phe", b'F'),
        ("Pro", b'P'),
        ("Ser", b'S'),
        ("Thr", b'T'),
        ("Trp", b'W'),
        ("Tyr", b'Y'),
        ("Val", b'V'),
        ("Sec", SELENOCYSTEINE),
        ("Xaa", b'X'),
        ("OTHER", b'X'),
    ];
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map(|(_, letter)| *letter)
}

/// The codons of a coding sequence at these places, as the bundle's column has them: sorted, each once. What lies outside of
/// the coding sequence is left out. `parts` are those of the coding sequence, 5' to 3', `phase` how many bases its first codon
/// lacks.
pub(super) fn numbered(recoded: &[Recoded], parts: &[Span], reverse: bool, phase: u32) -> Vec<u32> {
    let index = |place: &Span| {
        let first = if reverse { place.1 - 1 } else { place.0 };
        let mut before = phase;
        for part in parts {
            if (part.0..part.1).contains(&first) {
                let within = if reverse { part.1 - 1 - first } else { first - part.0 };
                return Some(before.wrapping_add(within) / 3);
            }
            before = before.wrapping_add(part.1 - part.0);
        }
        None
    };
    let numbered = recoded.iter().filter(|(place, _)| place.0 < place.1);
    packed(numbered.filter_map(|(place, letter)| Some((index(place)?, *letter))))
}

/// Codons with the letters of their amino acids, as the bundle's column has them: sorted, each once.
pub(super) fn packed(numbered: impl Iterator<Item = (u32, u8)>) -> Vec<u32> {
    let numbered = numbered.filter(|(codon, _)| *codon < 1 << (u32::BITS - LETTER_BITS));
    let mut codons: Vec<u32> = numbered
        .map(|(codon, letter)| codon << LETTER_BITS | u32::from(letter))
        .collect();
    codons.sort_unstable();
    codons.dedup_by_key(|codon| *codon >> LETTER_BITS);
    codons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<Recoded> {
        let mut all = Vec::new();
        exceptions(value, |one| all.push(one));
        all
    }

    #[test]
    fn exceptions_are_read_on_both_strands_and_across_introns() {
        assert_eq!(read("(pos:1105403..1105405,aa:Sec)"), [((1_105_402, 1_105_405), b'U')]);
        let two = "(pos:complement(42808177..42808179),aa:Sec),(pos:complement(join(5..6,20)),aa:OTHER)";
        assert_eq!(read(two), [((42_808_176, 42_808_179), b'U'), ((4, 20), b'X')]);
        for nothing in [
            "",
            "(pos:5..7,aa:TERM)",
            "(pos:..,aa:Sec)",
            "(pos:0..2,aa:Sec)",
            "(pos:99999999999..3,aa:Sec)",
        ] {
            assert_eq!(read(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn a_codon_is_counted_from_the_first_one_of_its_strand() {
        // Codons of bases 10..13, 13..16, 16..18 and 30, 31..34.
        let parts = [(10, 18), (30, 34)];
        let number = |place, phase| numbered(&[(place, b'U')], &parts, false, phase);
        assert_eq!(number((13, 16), 0), [1 << 8 | u32::from(b'U')]);
        assert_eq!(number((16, 31), 0), [2 << 8 | u32::from(b'U')]);
        assert_eq!(
            number((11, 14), 2),
            [1 << 8 | u32::from(b'U')],
            "the first codon lacks two bases"
        );
        assert!(number((20, 23), 0).is_empty(), "in the intron");
        let reverse = [(30, 34), (10, 18)];
        assert_eq!(numbered(&[((31, 34), b'U')], &reverse, true, 0), [u32::from(b'U')]);
        assert_eq!(
            numbered(&[((12, 15), b'U'), ((12, 15), b'U')], &reverse, true, 0),
            [2 << 8 | u32::from(b'U')]
        );
    }
}
