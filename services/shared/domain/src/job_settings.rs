//! How a job is to be annotated: what its owner chooses with the file, or when it is run again.
//!
//! Forms and stores keep these words; whatever else arrives is what stands first, so that nobody's request names a setting
//! that an annotator does not know.

use crate::ReferenceChoice;
use crate::choice::choice;

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
}

impl JobSettings {
    /// The same, but for what has no meaning in the form that is chosen: AnnTools wrote no CSQ.
    #[must_use]
    pub fn in_their_form(self) -> Self {
        match self.form {
            ResultsForm::Modern => self,
            ResultsForm::AnnTools => Self {
                fields: CsqFieldSet::default(),
                entries: CsqEntries::default(),
                haplotypes: Haplotypes::default(),
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
        assert_eq!(CsqEntries::from_untrusted("--pick"), CsqEntries::All);
        assert_eq!(ResultsForm::from_untrusted("' OR 1"), ResultsForm::Modern);
    }

    #[test]
    fn the_form_of_anntools_has_no_settings_of_csq() {
        let chosen = JobSettings {
            reference: ReferenceChoice::Hg19,
            form: ResultsForm::AnnTools,
            fields: CsqFieldSet::Everything,
            entries: CsqEntries::Pick,
            haplotypes: Haplotypes::Phased,
        };
        let kept = JobSettings {
            reference: ReferenceChoice::Hg19,
            form: ResultsForm::AnnTools,
            ..JobSettings::default()
        };
        assert_eq!(chosen.in_their_form(), kept);
    }
}
