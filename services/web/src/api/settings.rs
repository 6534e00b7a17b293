//! How a job is to be annotated, in the words of stores and forms.

use domain::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ReferenceChoice, ResultsForm, Tracks, TranscriptSet};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A genome, or that it is to be found out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum ReferenceId {
    /// Find out from the file.
    #[serde(rename = "auto")]
    Detect,
    /// GRCh37.
    #[serde(rename = "hg19")]
    Hg19,
    /// GRCh38.
    #[serde(rename = "hg38")]
    Hg38,
    /// NCBI36, which is lifted to GRCh37.
    #[serde(rename = "hg18")]
    Hg18,
    /// The mitochondrial genome alone.
    #[serde(rename = "rCRS")]
    Rcrs,
}

/// In which form results are written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormName {
    /// Consequences for each transcript, in CSQ.
    Modern,
    /// As AnnTools wrote them.
    AnnTools,
}

/// Which fields CSQ has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldSetName {
    /// The usual ones.
    Default,
    /// All there are.
    Everything,
}

/// Which entries of CSQ are written: all, those that are picked, or all with a mark at those that would be picked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntriesName {
    /// One for each allele and transcript.
    All,
    /// One for each record.
    Pick,
    /// One for each allele.
    PickAllele,
    /// One for each gene of a record.
    PerGene,
    /// One for each gene and allele.
    PickAlleleGene,
    /// All, one of each record marked.
    FlagPick,
    /// All, one of each allele marked.
    FlagPickAllele,
    /// All, one of each allele and gene marked.
    FlagPickAlleleGene,
}

/// Whether it is told what variants of one haplotype do together.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HaplotypesName {
    /// Each variant as if it were alone.
    Alone,
    /// Also what phased variants on one chromosome copy do to a codon or a frame, as HAPLOTYPE_CSQ.
    Phased,
}

/// On which transcripts consequences are told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TranscriptSetName {
    /// All that the reference has.
    All,
    /// Those of NCBI's RefSeq.
    RefSeq,
    /// Those of Ensembl and GENCODE.
    Ensembl,
}

/// Tracks of a reference, as a list of names.
#[derive(Debug, Clone, Copy)]
pub struct TrackNames(Tracks);

/// A track of a reference, or several at once: `all`, `variants` (what is known of alleles), `regions`. `other` are tracks of variants
/// that the service has under names of its own; `none` is none of them.
#[derive(ToSchema)]
#[allow(
    non_camel_case_types,
    clippy::upper_case_acronyms,
    dead_code,
    reason = "they are the keys of tracks, for the document alone"
)]
pub enum TrackName {
    all,
    variants,
    regions,
    none,
    cpgIslandExt,
    cytoBand,
    gadAll,
    gwasCatalog,
    targetScanS,
    hugo,
    dgv_Cnv,
    abParts_IG_T_CelReceptors,
    mcCarroll_Cnv,
    conrad_Cnv,
    genomicSuperDups,
    tfbsConsSites,
    dbSNP,
    ClinVar,
    gnomAD,
    SpliceAI,
    CADD,
    AlphaMissense,
    REVEL,
    other,
}

/// How a job is annotated. What is not said is as usual, or as it was when a job is run again.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Which genome the file was made with; found out from the file if nothing is said.
    reference: Option<ReferenceId>,
    /// In which form the results are written.
    form: Option<FormName>,
    /// Which fields CSQ has.
    fields: Option<FieldSetName>,
    /// Which entries of CSQ are written.
    entries: Option<EntriesName>,
    /// Whether it is told what variants of one haplotype do together.
    haplotypes: Option<HaplotypesName>,
    /// On which transcripts consequences are told. A file whose reference does not have them is refused.
    transcripts: Option<TranscriptSetName>,
    /// Which tracks of the reference are told; those that it does not have are left out.
    #[schema(value_type = Option<Vec<TrackName>>)]
    tracks: Option<TrackNames>,
}

impl Serialize for TrackNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.words().serialize(serializer)
    }
}

/// An empty list is `none`.
impl<'de> Deserialize<'de> for TrackNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        let named = |name: &String| Tracks::named(name).ok_or_else(|| D::Error::custom("there is no such track"));
        let tracks = names.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(tracks.into_iter().fold(Tracks::NONE, Tracks::and)))
    }
}

impl Settings {
    /// The settings of a job.
    #[must_use]
    pub fn over(self, before: JobSettings) -> JobSettings {
        JobSettings {
            reference: self.reference.map_or(before.reference, ReferenceChoice::from),
            form: self.form.map_or(before.form, ResultsForm::from),
            fields: self.fields.map_or(before.fields, CsqFieldSet::from),
            entries: self.entries.map_or(before.entries, CsqEntries::from),
            haplotypes: self.haplotypes.map_or(before.haplotypes, Haplotypes::from),
            transcripts: self.transcripts.map_or(before.transcripts, TranscriptSet::from),
            tracks: self.tracks.map_or(before.tracks, |TrackNames(tracks)| tracks),
        }
    }
}

/// The same as the API tells of it.
impl From<JobSettings> for Settings {
    fn from(settings: JobSettings) -> Self {
        Self {
            reference: Some(settings.reference.into()),
            form: Some(settings.form.into()),
            fields: Some(settings.fields.into()),
            entries: Some(settings.entries.into()),
            haplotypes: Some(settings.haplotypes.into()),
            transcripts: Some(settings.transcripts.into()),
            tracks: Some(TrackNames(settings.tracks)),
        }
    }
}

/// Two enums with the same variants, one as stores keep it and one as the API tells of it.
macro_rules! same {
    ($told:ident, $kept:ident: $($variant:ident)*) => {
        impl From<$told> for $kept {
            fn from(told: $told) -> Self {
                match told {
                    $($told::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$kept> for $told {
            fn from(kept: $kept) -> Self {
                match kept {
                    $($kept::$variant => Self::$variant,)*
                }
            }
        }
    };
}

same!(ReferenceId, ReferenceChoice: Detect Hg19 Hg38 Hg18 Rcrs);
same!(FormName, ResultsForm: Modern AnnTools);
same!(FieldSetName, CsqFieldSet: Default Everything);
same!(EntriesName, CsqEntries: All Pick PickAllele PerGene PickAlleleGene FlagPick FlagPickAllele FlagPickAlleleGene);
same!(HaplotypesName, Haplotypes: Alone Phased);
same!(TranscriptSetName, TranscriptSet: All RefSeq Ensembl);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_choice_has_the_word_that_stores_keep_and_reads_back() {
        for reference in ReferenceChoice::ALL {
            for (entries, haplotypes) in CsqEntries::ALL.into_iter().zip(Haplotypes::ALL.into_iter().cycle()) {
                let kept = JobSettings {
                    reference,
                    form: ResultsForm::AnnTools,
                    fields: CsqFieldSet::Everything,
                    entries,
                    haplotypes,
                    transcripts: TranscriptSet::Ensembl,
                    tracks: Tracks::from_untrusted("dbSNP,ClinVar"),
                };
                let told = serde_json::to_value(Settings::from(kept)).unwrap();
                let words = json!({
                    "reference": reference.as_str(), "form": "anntools", "fields": "everything", "entries": entries.as_str(),
                    "haplotypes": haplotypes.as_str(), "transcripts": "ensembl", "tracks": ["dbSNP", "ClinVar"],
                });
                assert_eq!(told, words);
                let read: Settings = serde_json::from_value(told).unwrap();
                assert_eq!(read.over(JobSettings::default()), kept);
                let nothing: Settings = serde_json::from_str("{}").unwrap();
                assert_eq!(nothing.over(kept), kept);
            }
        }
    }

    #[test]
    fn tracks_are_named_alone_or_together_and_an_empty_list_is_none() {
        let tracks = |sent: serde_json::Value| {
            let settings: Settings = serde_json::from_value(json!({ "tracks": sent })).ok()?;
            Some(settings.over(JobSettings::default()).tracks.to_text())
        };
        assert_eq!(tracks(json!(["ClinVar", "dbSNP"])).as_deref(), Some("dbSNP,ClinVar"));
        assert_eq!(tracks(json!(["regions", "variants"])).as_deref(), Some("all"));
        assert_eq!(tracks(json!([])).as_deref(), Some("none"));
        assert_eq!(tracks(json!(null)).as_deref(), Some("all"), "nothing is said");
        assert!(tracks(json!(["dbSNP", "mine"])).is_none() && tracks(json!("dbSNP")).is_none());
    }

    #[test]
    fn the_document_names_every_track() {
        let document = crate::api::document();
        let names = document["components"]["schemas"]["TrackName"]["enum"]
            .as_array()
            .unwrap();
        assert_eq!(names.len(), 24);
        for name in names {
            assert!(Tracks::named(name.as_str().unwrap()).is_some(), "{name}");
        }
    }
}
