//! Consequences: terms of the Sequence Ontology, and how grave each is.

use serde::Serialize;

/// What a variant does to a gene, as the Sequence Ontology calls it; gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// The whole gene is deleted (SO:0001893).
    TranscriptAblation,
    /// A codon becomes a stop (SO:0001587).
    StopGained,
    /// Bases are put in or taken out and the reading frame changes (SO:0001589).
    FrameshiftVariant,
    /// The stop becomes an amino acid (SO:0001578).
    StopLost,
    /// The first codon begins no protein any more (SO:0002012).
    StartLost,
    /// The gene is there more than once (SO:0001889).
    TranscriptAmplification,
    /// Whole codons are put in (SO:0001821).
    InframeInsertion,
    /// Whole codons are taken out (SO:0001822).
    InframeDeletion,
    /// An amino acid becomes another (SO:0001583).
    MissenseVariant,
    /// The protein changes in its length and otherwise (SO:0001818).
    ProteinAlteringVariant,
    /// The last codon, which the messenger's tail completes, changes (SO:0001626).
    IncompleteTerminalCodonVariant,
    /// The first codon changes and still begins the protein (SO:0002019).
    StartRetainedVariant,
    /// The stop changes and is still a stop (SO:0001567).
    StopRetainedVariant,
    /// The amino acid stays the same (SO:0001819).
    SynonymousVariant,
    /// The coding sequence changes in a way that cannot be told (SO:0001580).
    CodingSequenceVariant,
    /// A gene that makes no protein changes (SO:0001792).
    NonCodingTranscriptExonVariant,
    /// No gene is there (SO:0001628).
    IntergenicVariant,
}

/// How grave a consequence is, by Ensembl's scale
/// (<https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Impact {
    /// The protein is probably lost.
    High,
    /// The protein probably works differently.
    Moderate,
    /// The protein probably stays as it is.
    Low,
    /// Nothing can be said.
    Modifier,
}

impl Consequence {
    /// Every term, gravest first.
    pub const ALL: [Self; 17] = [
        Self::TranscriptAblation,
        Self::StopGained,
        Self::FrameshiftVariant,
        Self::StopLost,
        Self::StartLost,
        Self::TranscriptAmplification,
        Self::InframeInsertion,
        Self::InframeDeletion,
        Self::MissenseVariant,
        Self::ProteinAlteringVariant,
        Self::IncompleteTerminalCodonVariant,
        Self::StartRetainedVariant,
        Self::StopRetainedVariant,
        Self::SynonymousVariant,
        Self::CodingSequenceVariant,
        Self::NonCodingTranscriptExonVariant,
        Self::IntergenicVariant,
    ];

    /// The term's name in the Sequence Ontology.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::TranscriptAblation => "transcript_ablation",
            Self::StopGained => "stop_gained",
            Self::FrameshiftVariant => "frameshift_variant",
            Self::StopLost => "stop_lost",
            Self::StartLost => "start_lost",
            Self::TranscriptAmplification => "transcript_amplification",
            Self::InframeInsertion => "inframe_insertion",
            Self::InframeDeletion => "inframe_deletion",
            Self::MissenseVariant => "missense_variant",
            Self::ProteinAlteringVariant => "protein_altering_variant",
            Self::IncompleteTerminalCodonVariant => "incomplete_terminal_codon_variant",
            Self::StartRetainedVariant => "start_retained_variant",
            Self::StopRetainedVariant => "stop_retained_variant",
            Self::SynonymousVariant => "synonymous_variant",
            Self::CodingSequenceVariant => "coding_sequence_variant",
            Self::NonCodingTranscriptExonVariant => "non_coding_transcript_exon_variant",
            Self::IntergenicVariant => "intergenic_variant",
        }
    }

    /// How grave it is.
    #[must_use]
    pub const fn impact(self) -> Impact {
        match self {
            Self::TranscriptAblation
            | Self::StopGained
            | Self::FrameshiftVariant
            | Self::StopLost
            | Self::StartLost
            | Self::TranscriptAmplification => Impact::High,
            Self::InframeInsertion | Self::InframeDeletion | Self::MissenseVariant | Self::ProteinAlteringVariant => {
                Impact::Moderate
            }
            Self::IncompleteTerminalCodonVariant
            | Self::StartRetainedVariant
            | Self::StopRetainedVariant
            | Self::SynonymousVariant => Impact::Low,
            Self::CodingSequenceVariant | Self::NonCodingTranscriptExonVariant | Self::IntergenicVariant => {
                Impact::Modifier
            }
        }
    }
}

impl Impact {
    /// The word that CSQ and reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Moderate => "MODERATE",
            Self::Low => "LOW",
            Self::Modifier => "MODIFIER",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_listed_by_gravity() {
        assert!(Consequence::ALL.is_sorted());
        assert!(Consequence::ALL.map(Consequence::impact)[..14].is_sorted());
    }
}
