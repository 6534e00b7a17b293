//! Consequences: terms of the Sequence Ontology, <http://www.sequenceontology.org>, with the impacts that Ensembl
//! gives them, <https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>.

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
