//! Consequences: terms of the Sequence Ontology, <http://www.sequenceontology.org>, with the impacts that Ensembl
//! gives them, <https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>.

use std::fmt;
use std::sync::LazyLock;

/// A consequence of a variant for a gene, most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// SO:0001893, the whole feature is deleted.
    TranscriptAblation,
    /// SO:0001574, one of the last two bases of an intron.
    SpliceAcceptorVariant,
    /// SO:0001575, one of the first two bases of an intron.
    SpliceDonorVariant,
    /// SO:0001587, a codon becomes a stop.
    StopGained,
    /// SO:0001589, bases inserted or deleted are no multiple of three.
    FrameshiftVariant,
    /// SO:0001578, the stop codon becomes another.
    StopLost,
    /// SO:0002012, the start codon becomes one that starts nothing.
    StartLost,
    /// SO:0001889, the whole feature is there once more.
    TranscriptAmplification,
    /// SO:0001907, part of the feature is there once more, or something is put in.
    FeatureElongation,
    /// SO:0001906, part of the feature is deleted.
    FeatureTruncation,
    /// SO:0001821, whole codons are inserted, and no other changes.
    InframeInsertion,
    /// SO:0001822, whole codons are deleted, and no other changes.
    InframeDeletion,
    /// SO:0001583, another amino acid at the same length.
    MissenseVariant,
    /// SO:0001818, codons change and their number does.
    ProteinAlteringVariant,
    /// SO:0001787, the fifth base of an intron.
    SpliceDonor5thBaseVariant,
    /// SO:0001630, within 3 bases of an exon's end or 3 to 8 bases into an intron.
    SpliceRegionVariant,
    /// SO:0002170, the third to sixth base of an intron.
    SpliceDonorRegionVariant,
    /// SO:0002169, the third to seventeenth base before an exon.
    SplicePolypyrimidineTractVariant,
    /// SO:0001626, a base of a last codon that the genome has only in part.
    IncompleteTerminalCodonVariant,
    /// SO:0002019, the start codon becomes another start codon.
    StartRetainedVariant,
    /// SO:0001567, the stop codon becomes another stop codon.
    StopRetainedVariant,
    /// SO:0001819, the same amino acid.
    SynonymousVariant,
    /// SO:0001580, somewhere in the coding sequence.
    CodingSequenceVariant,
    /// SO:0001623, before the coding sequence.
    FivePrimeUtrVariant,
    /// SO:0001624, after the coding sequence.
    ThreePrimeUtrVariant,
    /// SO:0001792, in an exon of a gene that codes for no protein.
    NonCodingTranscriptExonVariant,
    /// SO:0001627, in an intron.
    IntronVariant,
    /// SO:0001619, in a transcript that codes for no protein, outside of its exons.
    NonCodingTranscriptVariant,
    /// SO:0001631, within 5,000 bases before a transcript.
    UpstreamGeneVariant,
    /// SO:0001632, within 5,000 bases after a transcript.
    DownstreamGeneVariant,
    /// SO:0001628, in no gene.
    IntergenicVariant,
}

/// How strongly a consequence may act, as Ensembl ranks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Likely disrupts the product.
    High,
    /// May change how the product works.
    Moderate,
    /// Unlikely to change the product.
    Low,
    /// No prediction, or outside of coding sequence.
    Modifier,
}

use Consequence::*;

impl Consequence {
    /// All of them, most severe first.
    pub const ALL: [Self; 31] = [
        TranscriptAblation,
        SpliceAcceptorVariant,
        SpliceDonorVariant,
        StopGained,
        FrameshiftVariant,
        StopLost,
        StartLost,
        TranscriptAmplification,
        FeatureElongation,
        FeatureTruncation,
        InframeInsertion,
        InframeDeletion,
        MissenseVariant,
        ProteinAlteringVariant,
        SpliceDonor5thBaseVariant,
        SpliceRegionVariant,
        SpliceDonorRegionVariant,
        SplicePolypyrimidineTractVariant,
        IncompleteTerminalCodonVariant,
        StartRetainedVariant,
        StopRetainedVariant,
        SynonymousVariant,
        CodingSequenceVariant,
        FivePrimeUtrVariant,
        ThreePrimeUtrVariant,
        NonCodingTranscriptExonVariant,
        IntronVariant,
        NonCodingTranscriptVariant,
        UpstreamGeneVariant,
        DownstreamGeneVariant,
        IntergenicVariant,
    ];

    /// The term, `missense_variant`.
    pub fn term(self) -> &'static str {
        match self {
            TranscriptAblation => "transcript_ablation",
            SpliceAcceptorVariant => "splice_acceptor_variant",
            SpliceDonorVariant => "splice_donor_variant",
            StopGained => "stop_gained",
            FrameshiftVariant => "frameshift_variant",
            StopLost => "stop_lost",
            StartLost => "start_lost",
            TranscriptAmplification => "transcript_amplification",
            FeatureElongation => "feature_elongation",
            FeatureTruncation => "feature_truncation",
            InframeInsertion => "inframe_insertion",
            InframeDeletion => "inframe_deletion",
            MissenseVariant => "missense_variant",
            ProteinAlteringVariant => "protein_altering_variant",
            SpliceDonor5thBaseVariant => "splice_donor_5th_base_variant",
            SpliceRegionVariant => "splice_region_variant",
            SpliceDonorRegionVariant => "splice_donor_region_variant",
            SplicePolypyrimidineTractVariant => "splice_polypyrimidine_tract_variant",
            IncompleteTerminalCodonVariant => "incomplete_terminal_codon_variant",
            StartRetainedVariant => "start_retained_variant",
            StopRetainedVariant => "stop_retained_variant",
            SynonymousVariant => "synonymous_variant",
            CodingSequenceVariant => "coding_sequence_variant",
            FivePrimeUtrVariant => "5_prime_UTR_variant",
            ThreePrimeUtrVariant => "3_prime_UTR_variant",
            IntronVariant => "intron_variant",
            NonCodingTranscriptVariant => "non_coding_transcript_variant",
            UpstreamGeneVariant => "upstream_gene_variant",
            DownstreamGeneVariant => "downstream_gene_variant",
            NonCodingTranscriptExonVariant => "non_coding_transcript_exon_variant",
            IntergenicVariant => "intergenic_variant",
        }
    }

    /// The term and its impact as CSQ has them, `missense_variant|MODERATE|`.
    pub(crate) fn csq(self) -> &'static str {
        static FIELDS: LazyLock<Vec<String>> = LazyLock::new(|| {
            let fields = |consequence: &Consequence| format!("{}|{}|", consequence.term(), consequence.impact().name());
            Consequence::ALL.iter().map(fields).collect()
        });
        &FIELDS[self as usize]
    }

    /// Its impact.
    pub fn impact(self) -> Impact {
        match self {
            TranscriptAblation | SpliceAcceptorVariant | SpliceDonorVariant => Impact::High,
            StopGained | FrameshiftVariant | StopLost | StartLost => Impact::High,
            TranscriptAmplification | FeatureElongation | FeatureTruncation => Impact::High,
            InframeInsertion | InframeDeletion | MissenseVariant | ProteinAlteringVariant => Impact::Moderate,
            SpliceDonor5thBaseVariant | SpliceRegionVariant | SpliceDonorRegionVariant => Impact::Low,
            SplicePolypyrimidineTractVariant | IncompleteTerminalCodonVariant => Impact::Low,
            StartRetainedVariant | StopRetainedVariant | SynonymousVariant => Impact::Low,
            CodingSequenceVariant | FivePrimeUtrVariant | ThreePrimeUtrVariant => Impact::Modifier,
            NonCodingTranscriptExonVariant | IntronVariant | NonCodingTranscriptVariant => Impact::Modifier,
            UpstreamGeneVariant | DownstreamGeneVariant | IntergenicVariant => Impact::Modifier,
        }
    }
}

impl Impact {
    /// All of them, strongest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Moderate, Self::Low, Self::Modifier];

    /// Its name, `MODERATE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Moderate => "MODERATE",
            Self::Low => "LOW",
            Self::Modifier => "MODIFIER",
        }
    }
}

/// Several consequences of one variant for one gene; never empty once made. One bit for each, and one that says that
/// codons could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Consequences(u32);

/// Set where an allele is in coding sequence whose bases are not at hand.
const LACKS_CODONS: u32 = 1 << 31;
const _: () = assert!(Consequence::ALL.len() < 32);

impl Consequences {
    /// One more.
    pub(crate) fn add(&mut self, consequence: Consequence) {
        self.0 |= 1 << consequence as u32;
    }

    /// Most severe first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Consequence> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = Consequence::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(*next)
        })
    }

    /// The consequence, if there is one only.
    pub(crate) fn only(self) -> Option<Consequence> {
        let first = Consequence::ALL.get(self.0.trailing_zeros() as usize)?;
        self.0.is_power_of_two().then_some(*first)
    }

    /// Whether this is one of them.
    pub(crate) fn has(self, consequence: Consequence) -> bool {
        self.0 & (1 << consequence as u32) != 0
    }

    /// What is known of an allele in coding sequence whose bases are not at hand.
    pub(crate) fn without_codons() -> Self {
        Self(1 << CodingSequenceVariant as u32 | LACKS_CODONS)
    }

    /// Whether codons would have been told if the sequence were at hand.
    pub(crate) fn lacks_codons(self) -> bool {
        self.0 & LACKS_CODONS != 0
    }

    /// The impact of the most severe. `None` where it is not known: codons that could not be read may hold any
    /// consequence, so that only the highest impact is certain.
    pub(crate) fn impact(self) -> Option<Impact> {
        let strongest = self.iter().map(Consequence::impact).min().unwrap_or(Impact::Modifier);
        (!self.lacks_codons() || strongest == Impact::High).then_some(strongest)
    }

    /// These and others.
    pub(crate) fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Consequence> for Consequences {
    fn from(consequence: Consequence) -> Self {
        Self(1 << consequence as u32)
    }
}

impl<const N: usize> From<[Consequence; N]> for Consequences {
    fn from(consequences: [Consequence; N]) -> Self {
        consequences.into_iter().fold(Self::default(), |mut all, consequence| {
            all.add(consequence);
            all
        })
    }
}

impl fmt::Display for Consequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, consequence) in self.iter().enumerate() {
            write!(f, "{}{}", if index > 0 { "&" } else { "" }, consequence.term())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_written_most_severe_first() {
        let consequences = Consequences::from([CodingSequenceVariant, StartLost, FrameshiftVariant]);
        assert_eq!(
            consequences.to_string(),
            "frameshift_variant&start_lost&coding_sequence_variant"
        );
        assert_eq!(consequences.impact(), Some(Impact::High));
        assert!(Consequence::ALL.is_sorted());
    }

    #[test]
    fn without_codons_only_the_highest_impact_is_certain() {
        let unread = Consequences::without_codons();
        assert_eq!(
            (unread.to_string().as_str(), unread.impact()),
            ("coding_sequence_variant", None)
        );
        assert_eq!(unread.or(SpliceRegionVariant.into()).impact(), None);
        assert_eq!(unread.or(SpliceDonorVariant.into()).impact(), Some(Impact::High));
        assert_eq!(
            Consequences::from(CodingSequenceVariant).impact(),
            Some(Impact::Modifier)
        );
    }
}
