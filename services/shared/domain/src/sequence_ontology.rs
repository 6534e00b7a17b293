//! The terms of the Sequence Ontology that consequences are named by, <http://www.sequenceontology.org>, with what each
//! says in a sentence.

/// A term.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name, `missense_variant`.
    pub name: &'static str,
    /// Its number in the ontology: 1583 is SO:0001583.
    number: u32,
    /// What it says of a variant, a sentence.
    pub meaning: &'static str,
}

/// The term of this name; `None` if it is none of those that consequences have.
#[must_use]
pub fn term(name: &str) -> Option<&'static Term> {
    TERMS.iter().find(|term| term.name == name)
}

/// All terms, the most severe first, as Ensembl ranks them.
#[must_use]
pub fn terms() -> &'static [Term] {
    &TERMS
}

impl Term {
    /// Its accession, `SO:0001583`.
    #[must_use]
    pub fn accession(&self) -> String {
        format!("SO:{:07}", self.number)
    }

    /// The ontology's own page about it.
    #[must_use]
    pub fn url(&self) -> String {
        let accession = self.accession();
        format!("http://www.sequenceontology.org/browser/current_release/term/{accession}")
    }
}

const fn so(name: &'static str, number: u32, meaning: &'static str) -> Term {
    Term { name, number, meaning }
}

/// Most severe first.
static TERMS: [Term; 31] = [
    so("transcript_ablation", 1893, "The whole transcript is deleted."),
    so(
        "splice_acceptor_variant",
        1574,
        "One of the last two bases of an intron changes, where splicing ends.",
    ),
    so(
        "splice_donor_variant",
        1575,
        "One of the first two bases of an intron changes, where splicing begins.",
    ),
    so(
        "stop_gained",
        1587,
        "A codon becomes a stop codon, and the protein ends early.",
    ),
    so(
        "frameshift_variant",
        1589,
        "Bases are inserted or deleted, and their number is no multiple of three: every codon after them is read otherwise.",
    ),
    so(
        "stop_lost",
        1578,
        "The stop codon becomes another codon, and the protein goes on behind it.",
    ),
    so(
        "start_lost",
        2012,
        "The start codon becomes one at which translation does not start.",
    ),
    so(
        "transcript_amplification",
        1889,
        "The whole transcript is there once more.",
    ),
    so(
        "feature_elongation",
        1907,
        "Something is inserted into the transcript, or a part of it is there once more.",
    ),
    so("feature_truncation", 1906, "A part of the transcript is deleted."),
    so("inframe_insertion", 1821, "Whole codons are inserted."),
    so("inframe_deletion", 1822, "Whole codons are deleted."),
    so(
        "missense_variant",
        1583,
        "A codon means another amino acid; the protein keeps its length.",
    ),
    so(
        "protein_altering_variant",
        1818,
        "The protein changes in a way that no more exact term describes.",
    ),
    so(
        "splice_donor_5th_base_variant",
        1787,
        "The fifth base of an intron changes.",
    ),
    so(
        "splice_region_variant",
        1630,
        "A base close to a splice site changes: 1 to 3 bases into the exon, or 3 to 8 into the intron.",
    ),
    so(
        "splice_donor_region_variant",
        2170,
        "One of the third to sixth bases of an intron changes.",
    ),
    so(
        "splice_polypyrimidine_tract_variant",
        2169,
        "One of the 3rd to 17th bases before the end of an intron changes.",
    ),
    so(
        "incomplete_terminal_codon_variant",
        1626,
        "A base of the last codon changes, of which the transcript has only a part.",
    ),
    so(
        "start_retained_variant",
        2019,
        "The start codon changes and still is a start codon.",
    ),
    so(
        "stop_retained_variant",
        1567,
        "The stop codon changes and still is a stop codon.",
    ),
    so(
        "synonymous_variant",
        1819,
        "A codon changes and means the same amino acid.",
    ),
    so(
        "coding_sequence_variant",
        1580,
        "The coding sequence changes; what that does to the protein is not told.",
    ),
    so(
        "5_prime_UTR_variant",
        1623,
        "A base of the transcript before its coding sequence changes.",
    ),
    so(
        "3_prime_UTR_variant",
        1624,
        "A base of the transcript after its coding sequence changes.",
    ),
    so(
        "non_coding_transcript_exon_variant",
        1792,
        "An exon changes of a transcript that codes for no protein.",
    ),
    so("intron_variant", 1627, "A base of an intron changes."),
    so(
        "non_coding_transcript_variant",
        1619,
        "A transcript changes that codes for no protein.",
    ),
    so(
        "upstream_gene_variant",
        1631,
        "The variant lies up to 5,000 bases before a transcript.",
    ),
    so(
        "downstream_gene_variant",
        1632,
        "The variant lies up to 5,000 bases after a transcript.",
    ),
    so(
        "intergenic_variant",
        1628,
        "The variant lies in no gene, and near none.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_an_accession_and_a_page() {
        let term = term("missense_variant").unwrap();
        assert_eq!(term.accession(), "SO:0001583");
        assert_eq!(
            term.url(),
            "http://www.sequenceontology.org/browser/current_release/term/SO:0001583"
        );
        assert_eq!(super::term("missense"), None);
    }

    #[test]
    fn no_term_has_the_number_or_the_sentence_of_another() {
        for (index, term) in TERMS.iter().enumerate() {
            let others = &TERMS[..index];
            assert!(
                others
                    .iter()
                    .all(|other| other.number != term.number && other.meaning != term.meaning),
                "{term:?}"
            );
        }
    }
}
