//! What a job's owner has chosen, as options of an annotation: the same that the command line's options choose.

use annotation::{CsqFields, Mode, Options, Others, Pick, PickOf, PickOrder};
use anyhow::Result;
use domain::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ReferenceChoice, ResultsForm};
use reference::detect::Choice;

/// Options with what was chosen.
///
/// # Errors
/// If a set of fields is none of the annotation's, which would be a fault of ours.
pub fn of(settings: JobSettings) -> Result<Options> {
    let pick = pick(settings.entries);
    let mut fields = match settings.fields {
        CsqFieldSet::Default => "default".to_owned(),
        CsqFieldSet::Everything => "everything".to_owned(),
    };
    // A mark that no field shows would be none.
    if pick.as_ref().is_some_and(|pick| pick.others == Others::Unflagged) {
        fields += ",PICK";
    }
    Ok(Options {
        mode: match settings.form {
            ResultsForm::Modern => Mode::Modern,
            ResultsForm::AnnTools => Mode::AnnTools,
        },
        choice: match settings.reference {
            ReferenceChoice::Detect => Choice::Detect,
            chosen => Choice::Named(chosen.as_str().to_owned()),
        },
        fields: fields.parse::<CsqFields>()?,
        pick,
        phased: settings.haplotypes == Haplotypes::Phased,
        ..Options::default()
    })
}

fn pick(entries: CsqEntries) -> Option<Pick> {
    let (of, others) = match entries {
        CsqEntries::All => return None,
        CsqEntries::Pick => (PickOf::Record, Others::LeftOut),
        CsqEntries::PickAllele => (PickOf::Allele, Others::LeftOut),
        CsqEntries::PerGene => (PickOf::Gene, Others::LeftOut),
        CsqEntries::PickAlleleGene => (PickOf::AlleleAndGene, Others::LeftOut),
        CsqEntries::FlagPick => (PickOf::Record, Others::Unflagged),
        CsqEntries::FlagPickAllele => (PickOf::Allele, Others::Unflagged),
        CsqEntries::FlagPickAlleleGene => (PickOf::AlleleAndGene, Others::Unflagged),
    };
    let order = PickOrder::default();
    Some(Pick { of, others, order })
}

/// The lines of the log that say what was chosen; in the form of AnnTools, which had none, there are none.
pub fn log_lines(settings: JobSettings) -> String {
    let JobSettings {
        reference,
        form,
        fields,
        entries,
        haplotypes,
    } = settings;
    match form {
        ResultsForm::AnnTools => String::new(),
        ResultsForm::Modern => format!(
            "Settings:\nGenome: {}\nResults: {}\nFields of CSQ: {}\nEntries of CSQ: {}\nHaplotypes: {}\n",
            reference.label(),
            form.label(),
            fields.label(),
            entries.label(),
            haplotypes.label()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_options() {
        for entries in CsqEntries::ALL {
            for fields in CsqFieldSet::ALL {
                let settings = JobSettings {
                    fields,
                    entries,
                    ..JobSettings::default()
                };
                let options = of(settings).unwrap();
                assert_eq!(options.pick.is_some(), entries != CsqEntries::All);
                let is_flagged = entries.as_str().starts_with("flag_");
                assert_eq!(options.fields.has_pick(), is_flagged, "{entries:?}");
            }
        }
    }

    #[test]
    fn without_a_choice_the_options_are_those_of_the_first_day() {
        let (chosen, plain) = (of(JobSettings::default()).unwrap(), Options::default());
        assert_eq!((chosen.mode, chosen.choice), (plain.mode, plain.choice));
        assert_eq!((chosen.fields, chosen.pick), (plain.fields, plain.pick));
        assert!(!chosen.phased);
        let phased = JobSettings {
            haplotypes: Haplotypes::Phased,
            ..JobSettings::default()
        };
        assert!(of(phased).unwrap().phased);
    }
}
