//! How a job is to be annotated: what its owner chooses with the file, or when it is run again.
//!
//! Forms and stores keep these words; whatever else arrives is what stands first, so that nobody's request names a setting
//! that an annotator does not know.

use crate::choice::choice;
use crate::{ReferenceChoice, Tracks};

/// What the owner of a job has chosen. It is written with the job's row and never changes: another choice is another job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobSettings {
    /// Which genome the file was made with.
    pub reference: ReferenceChoice,
    /// In which form the results are written.
    pub form: ResultsForm,
    /// Which fields CSQ has.
    pub fields: CsqFieldSet,
    /// Which entries of CSQ are written.
    pub entries: CsqEntries,
    /// Whether it is told what variants of one haplotype do together.
    pub haplotypes: Haplotypes,
    /// On which transcripts consequences are told.
    pub transcripts: TranscriptSet,
    /// Which tracks of the reference are told.
    pub tracks: Tracks,
}

impl JobSettings {
    /// The names of the settings in forms and in the metadata of uploads, in the order of [`Self::words`].
    pub const NAMES: [&'static str; 7] = [
        "reference",
        "form",
        "fields",
        "entries",
        "haplotypes",
        "transcripts",
        "tracks",
    ];

    /// Reads what a browser sent, or an upload has, by the [names](Self::NAMES).
    #[must_use]
    pub fn from_untrusted<'t>(text: impl Fn(&'static str) -> &'t str) -> Self {
        let [reference, form, fields, entries, haplotypes, transcripts, tracks] = Self::NAMES.map(text);
        Self {
            reference: ReferenceChoice::from_untrusted(reference),
            form: ResultsForm::from_untrusted(form),
            fields: CsqFieldSet::from_untrusted(fields),
            entries: CsqEntries::from_untrusted(entries),
            haplotypes: Haplotypes::from_untrusted(haplotypes),
            transcripts: TranscriptSet::from_untrusted(transcripts),
            tracks: Tracks::from_untrusted(tracks),
        }
    }

    /// The words of all settings, in the order of [`Self::NAMES`].
    #[must_use]
    pub fn words(self) -> [String; 7] {
        let Self {
            reference,
            form,
            fields,
            entries,
            haplotypes,
            transcripts,
            tracks,
        } = self;
        [
            reference.as_str().to_owned(),
            form.as_str().to_owned(),
            fields.as_str().to_owned(),
            entries.as_str().to_owned(),
            haplotypes.as_str().to_owned(),
            transcripts.as_str().to_owned(),
            tracks.to_text(),
        ]
    }

    /// The same, but for what has no meaning in the form that is chosen: AnnTools wrote no CSQ, and had its tables.
    #[must_use]
    pub fn in_their_form(self) -> Self {
        match self.form {
            ResultsForm::Modern => self,
            ResultsForm::AnnTools => Self {
                fields: CsqFieldSet::default(),
                entries: CsqEntries::default(),
                haplotypes: Haplotypes::default(),
                transcripts: TranscriptSet::default(),
                tracks: Tracks::default(),
                ..self
            },
        }
    }
}

choice! {
    /// In which form the results are written.
    ResultsForm, 2:
    /// Every key declared, CSQ with the consequences for each transcript.
    #[default]
    Modern = "modern", "Consequences for each transcript (CSQ)";
    /// Key for key what AnnTools wrote.
    AnnTools = "anntools", "As AnnTools wrote them";
}

choice! {
    /// Which fields CSQ has, as `annotator annotate --fields` takes them.
    CsqFieldSet, 2:
    /// Those of every result since the service's first day.
    #[default]
    Default = "default", "The usual fields";
    /// All there are.
    Everything = "everything", "All fields";
}

choice! {
    /// Which entries of CSQ are written, as `annotator annotate` takes it (`--pick` and its kind), which has it from VEP
    /// (<https://www.ensembl.org/info/docs/tools/vep/script/vep_other.html#pick>).
    CsqEntries, 8:
    /// One for each allele and transcript.
    #[default]
    All = "all", "Every transcript";
    /// One for each record.
    Pick = "pick", "One for each record";
    /// One for each allele.
    PickAllele = "pick_allele", "One for each allele";
    /// One for each gene of a record.
    PerGene = "per_gene", "One for each gene";
    /// One for each gene and allele.
    PickAlleleGene = "pick_allele_gene", "One for each allele and gene";
    /// All, with a mark at that of [`Self::Pick`].
    FlagPick = "flag_pick", "Every transcript, one of each record marked";
    /// All, with a mark at those of [`Self::PickAllele`].
    FlagPickAllele = "flag_pick_allele", "Every transcript, one of each allele marked";
    /// All, with a mark at those of [`Self::PickAlleleGene`].
    FlagPickAlleleGene = "flag_pick_allele_gene", "Every transcript, one of each allele and gene marked";
}

choice! {
    /// Whether it is told what variants of one haplotype do together, as far as genotypes are phased: `annotator annotate --phased`.
    Haplotypes, 2:
    /// Each variant as if it were alone.
    #[default]
    Alone = "alone", "Each variant alone";
    /// Also what those on one chromosome copy do to a codon or a frame.
    Phased = "phased", "Phased variants together, too";
}

choice! {
    /// On which transcripts consequences are told, by who has made them.
    TranscriptSet, 3:
    /// On all that the reference has.
    #[default]
    All = "all", "All transcripts of the reference";
    /// On those of NCBI's RefSeq.
    RefSeq = "refseq", "RefSeq";
    /// On those of Ensembl, which GENCODE's are, too.
    Ensembl = "ensembl", "Ensembl and GENCODE";
}

impl TranscriptSet {
    /// What references call them; none means all.
    #[must_use]
    pub const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::RefSeq => &["RefSeq"],
            Self::Ensembl => &["Ensembl", "GENCODE"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_and_nonsense_is_the_first() {
        for form in ResultsForm::ALL {
            assert_eq!(ResultsForm::from_untrusted(form.as_str()), form);
        }
        for fields in CsqFieldSet::ALL {
            assert_eq!(CsqFieldSet::from_untrusted(fields.as_str()), fields);
        }
        for entries in CsqEntries::ALL {
            assert_eq!(CsqEntries::from_untrusted(entries.as_str()), entries);
        }
        for haplotypes in Haplotypes::ALL {
            assert_eq!(Haplotypes::from_untrusted(haplotypes.as_str()), haplotypes);
        }
        for transcripts in TranscriptSet::ALL {
            assert_eq!(TranscriptSet::from_untrusted(transcripts.as_str()), transcripts);
        }
        assert_eq!(CsqEntries::from_untrusted("--pick"), CsqEntries::All);
        assert_eq!(ResultsForm::from_untrusted("' OR 1"), ResultsForm::Modern);
    }

    #[test]
    fn settings_read_back_by_their_names() {
        let settings = JobSettings {
            entries: CsqEntries::PerGene,
            transcripts: TranscriptSet::Ensembl,
            tracks: Tracks::from_untrusted("dbSNP,ClinVar"),
            ..JobSettings::default()
        };
        let words = settings.words();
        let word = |name| {
            let place = JobSettings::NAMES.iter().position(|own| *own == name);
            words[place.unwrap()].as_str()
        };
        assert_eq!(JobSettings::from_untrusted(word), settings);
        assert_eq!(JobSettings::from_untrusted(|_| ""), JobSettings::default());
    }

    #[test]
    fn the_form_of_anntools_has_no_settings_of_csq() {
        let chosen = JobSettings {
            reference: ReferenceChoice::Hg19,
            form: ResultsForm::AnnTools,
            fields: CsqFieldSet::Everything,
            entries: CsqEntries::Pick,
            haplotypes: Haplotypes::Phased,
            transcripts: TranscriptSet::RefSeq,
            tracks: Tracks::NONE,
        };
        let kept = JobSettings {
            reference: ReferenceChoice::Hg19,
            form: ResultsForm::AnnTools,
            ..JobSettings::default()
        };
        assert_eq!(chosen.in_their_form(), kept);
    }
}
