//! What may be chosen for a job, as the upload's form and that of a job's page show it.

use std::borrow::Cow;

use domain::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ReferenceChoice, ResultsForm, Tracks, TranscriptSet};
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
    value: Cow<'static, str>,
    label: Cow<'static, str>,
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
    transcripts: Option<&'static str>,
    tracks: Option<String>,
}

/// The names of the settings in a form, in the order of [`JobSettings::NAMES`].
pub type Names = [&'static str; 7];

/// The names in forms that we take ourselves.
pub const OWN: Names = JobSettings::NAMES;

/// The settings to choose from, with what is chosen now.
#[must_use]
pub fn choices(now: JobSettings, names: Names) -> Vec<ChoiceView> {
    let [reference, form, fields, entries, haplotypes, transcripts, tracks] = names;
    let option = |value: &'static str, label: &'static str, is_chosen| OptionView {
        value: value.into(),
        label: label.into(),
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
    let sets_of = TranscriptSet::ALL.map(|one| option(one.as_str(), one.label(), one == now.transcripts));
    let genome_hint = "To find out the genome, GAS looks at the header, the positions and REF. It does not annotate a file \
                       that does not fit its genome.";
    let entries_hint = "Which of a record’s consequences are written. The choices are those of Ensembl VEP (--pick and its \
                        kind), and so is the order by which one is picked.";
    let haplotypes_hint = "Two variants on one chromosome copy may change one codon, or restore a frame. Where genotypes are \
                           phased (0|1), HAPLOTYPE_CSQ tells what they do together, beside each alone.";
    let transcripts_hint = "Whose transcripts consequences are told on. A file whose genome has none of those that you choose is \
                            refused, and you are told which there are.";
    let tracks_hint = "What is told besides consequences: ids, frequencies and scores of known variants, and the regions that a \
                       variant lies in. A job’s summary says which tracks there were; programs can choose single ones.";
    vec![
        view("reference", reference, "Genome", genome_hint, genomes.into()),
        view("form", form, "Results", "AnnTools’ form has no CSQ.", forms.into()),
        view("fields", fields, "Fields of CSQ", "", sets.into()),
        view("entries", entries, "Entries of CSQ", entries_hint, kinds.into()),
        view("haplotypes", haplotypes, "Haplotypes", haplotypes_hint, together.into()),
        view(
            "transcripts",
            transcripts,
            "Transcripts",
            transcripts_hint,
            sets_of.into(),
        ),
        view("tracks", tracks, "Tracks", tracks_hint, tracks_to_choose(now.tracks)),
    ]
}

/// The settings that a form of ours brings.
#[must_use]
pub fn chosen(form: &Fields) -> JobSettings {
    JobSettings::from_untrusted(|name| form.get(name))
}

/// What is offered, and single ones that a program has chosen.
fn tracks_to_choose(now: Tracks) -> Vec<OptionView> {
    let own = now.to_text();
    let group = |(word, label): (&'static str, &'static str)| OptionView {
        is_chosen: word == own,
        value: word.into(),
        label: label.into(),
    };
    let mut options: Vec<OptionView> = Tracks::groups().map(group).into();
    if !options.iter().any(|option| option.is_chosen) {
        options.push(OptionView {
            value: own.into(),
            label: now.label().into(),
            is_chosen: true,
        });
    }
    options
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
            transcripts: has_csq.then(|| settings.transcripts.label()),
            tracks: has_csq.then(|| settings.tracks.label()),
        }
    }
}
