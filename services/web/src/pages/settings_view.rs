//! What may be chosen for a job, as the upload's form and that of a job's page show it.

use domain::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ReferenceChoice, ResultsForm};
use serde::Serialize;

use crate::visit::Fields;

/// One thing to choose.
#[derive(Serialize)]
pub struct ChoiceView {
    id: &'static str,
    /// What a form calls it.
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    options: Vec<OptionView>,
}

#[derive(Serialize)]
struct OptionView {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

/// What was chosen, in words.
#[derive(Serialize)]
pub struct SettingsView {
    genome: &'static str,
    form: &'static str,
    /// None where there is no CSQ.
    fields: Option<&'static str>,
    entries: Option<&'static str>,
    haplotypes: Option<&'static str>,
}

/// The names of the settings in a form: genome, form of the results, fields and entries of CSQ, haplotypes.
pub type Names = [&'static str; 5];

/// The names in forms that we take ourselves.
pub const OWN: Names = ["reference", "form", "fields", "entries", "haplotypes"];

/// The settings to choose from, with what is chosen now.
#[must_use]
pub fn choices(now: JobSettings, names: Names) -> Vec<ChoiceView> {
    let [reference, form, fields, entries, haplotypes] = names;
    let option = |value, label, is_chosen| OptionView {
        value,
        label,
        is_chosen,
    };
    let view = |id, name, label, hint, options| ChoiceView {
        id,
        name,
        label,
        hint,
        options,
    };
    let genomes = ReferenceChoice::ALL.map(|one| option(one.as_str(), one.label(), one == now.reference));
    let forms = ResultsForm::ALL.map(|one| option(one.as_str(), one.label(), one == now.form));
    let sets = CsqFieldSet::ALL.map(|one| option(one.as_str(), one.label(), one == now.fields));
    let kinds = CsqEntries::ALL.map(|one| option(one.as_str(), one.label(), one == now.entries));
    let together = Haplotypes::ALL.map(|one| option(one.as_str(), one.label(), one == now.haplotypes));
    let genome_hint = "To find out the genome, GAS looks at the header, the positions and REF. It does not annotate a file \
                       that does not fit its genome.";
    let entries_hint = "Which of a record’s consequences are written. The choices are those of Ensembl VEP (--pick and its \
                        kind), and so is the order by which one is picked.";
    let haplotypes_hint = "Two variants on one chromosome copy may change one codon, or restore a frame. Where genotypes are \
                           phased (0|1), HAPLOTYPE_CSQ tells what they do together, beside each alone.";
    vec![
        view("reference", reference, "Genome", genome_hint, genomes.into()),
        view("form", form, "Results", "AnnTools’ form has no CSQ.", forms.into()),
        view("fields", fields, "Fields of CSQ", "", sets.into()),
        view("entries", entries, "Entries of CSQ", entries_hint, kinds.into()),
        view("haplotypes", haplotypes, "Haplotypes", haplotypes_hint, together.into()),
    ]
}

/// The settings that a form of ours brings.
#[must_use]
pub fn chosen(form: &Fields) -> JobSettings {
    let [reference, results, fields, entries, haplotypes] = OWN.map(|name| form.get(name));
    JobSettings {
        reference: ReferenceChoice::from_untrusted(reference),
        form: ResultsForm::from_untrusted(results),
        fields: CsqFieldSet::from_untrusted(fields),
        entries: CsqEntries::from_untrusted(entries),
        haplotypes: Haplotypes::from_untrusted(haplotypes),
    }
}

impl From<JobSettings> for SettingsView {
    fn from(settings: JobSettings) -> Self {
        let has_csq = settings.form == ResultsForm::Modern;
        Self {
            genome: settings.reference.label(),
            form: settings.form.label(),
            fields: has_csq.then(|| settings.fields.label()),
            entries: has_csq.then(|| settings.entries.label()),
            haplotypes: has_csq.then(|| settings.haplotypes.label()),
        }
    }
}
