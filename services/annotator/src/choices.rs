//! What a job's owner has chosen, as options of an annotation: the same that the command line's options choose.

use annotation::{CsqFields, Mode, Options, Others, Pick, PickOf, PickOrder};
use std::sync::Arc;

use anyhow::Result;
use domain::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ReferenceChoice, ResultsForm};
use reference::Bundle;
use reference::bundle::Kind;
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

/// The references as if they had nothing but the transcripts and tracks that were chosen.
#[must_use]
pub fn references(bundles: Vec<Bundle>, settings: JobSettings) -> Vec<Arc<Bundle>> {
    let (sources, tracks) = (settings.transcripts.sources(), settings.tracks);
    let chosen = |bundle: Bundle| {
        let bundle = bundle.with_tracks(|track| match track.kind {
            Kind::Regions | Kind::Variants => tracks.has(&track.key),
            Kind::Genes | Kind::Sequence => true,
        });
        Arc::new(bundle.with_transcripts_of(sources))
    };
    bundles.into_iter().map(chosen).collect()
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
        transcripts,
        tracks,
    } = settings;
    match form {
        ResultsForm::AnnTools => String::new(),
        ResultsForm::Modern => format!(
            "Settings:\nGenome: {}\nResults: {}\nFields of CSQ: {}\nEntries of CSQ: {}\nHaplotypes: {}\n\
             Transcripts: {}\nTracks: {}\n",
            reference.label(),
            form.label(),
            fields.label(),
            entries.label(),
            haplotypes.label(),
            transcripts.label(),
            tracks.label()
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

    #[test]
    fn a_reference_is_seen_with_the_tracks_that_were_chosen() {
        let folder = tempfile::TempDir::new().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        std::fs::create_dir(folder.path().join("database")).unwrap();
        write("database/chrom.sizes", "chr1\t120\n");
        write("database/cytoBand.txt", "chr1\t0\t120\tp1\tgneg\n");
        let columns = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
        let track = |key: &str| {
            let name = format!("{key}.vcf");
            write(&name, &format!("{columns}1\t20\trs1\tA\tC\t.\t.\t.\n"));
            reference::build::ExtraTrack {
                key: key.to_owned(),
                file: folder.path().join(name),
                fields: Vec::new(),
            }
        };
        let plan = reference::build::Plan {
            name: "small".to_owned(),
            assembly: "small".to_owned(),
            tables: folder.path().to_owned(),
            transcripts: Default::default(),
            sequence: None,
            tracks: vec![track("dbSNP"), track("mine")],
            chains: Vec::new(),
            notes: Default::default(),
            built: "2026-01-01T00:00:00Z".to_owned(),
        };
        let path = folder.path().join("small.gasref");
        reference::build::build(&plan, &path, &mut |_| {}).unwrap();
        let kept = |tracks: &str| {
            let settings = JobSettings {
                tracks: domain::Tracks::from_untrusted(tracks),
                ..JobSettings::default()
            };
            let bundles = references(vec![Bundle::open(&path).unwrap()], settings);
            let tracks = bundles[0].manifest().tracks.iter();
            tracks.map(|track| track.key.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(kept("all"), "cytoBand dbSNP mine");
        assert_eq!(kept("variants"), "dbSNP mine");
        assert_eq!(kept("regions"), "cytoBand");
        assert_eq!(kept("dbSNP,cytoBand"), "cytoBand dbSNP");
        assert_eq!(kept("none"), "");
    }
}
