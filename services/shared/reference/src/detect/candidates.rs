//! What records say of the genome: which assembly's positions and bases are theirs.

use std::cmp::Reverse;

use super::header::by_text;
use super::{Decision, FEWEST_COMPARED, File, Fit, GenomeTrouble, Sample, settle_assembly};
use crate::bundle::{Bundle, Chain};
use crate::genome::Genome;
use crate::{ASSEMBLIES, Assembly};

/// An assembly that the file may have been made with, and where its records can be compared.
pub(super) struct Candidate<'b> {
    pub(super) assembly: &'static Assembly,
    /// Its own bundle, or another one that has a chain from it.
    pub(super) place: Option<(&'b Bundle, bool)>,
    pub(super) fit: Fit,
}

/// Decides by hint, by what is impossible, and by REF.
pub(super) fn by_evidence<'b>(file: &File<'_>, bundles: &[&'b Bundle]) -> Result<Decision<'b>, GenomeTrouble> {
    let sample = file.sample;
    let mut candidates = candidates(sample, bundles);
    let excluded: Vec<String> = candidates
        .iter()
        .filter_map(|candidate| candidate.fit.beyond_end.map(|_| candidate.assembly.names()))
        .collect();
    candidates.retain(|candidate| candidate.fit.beyond_end.is_none());
    let hint = by_text(file.header);
    candidates.sort_by_key(|candidate| Reverse(candidate.fit.fitting()));
    let best = candidates.first().filter(|best| {
        let next = candidates.get(1).map_or(0, |next| next.fit.fitting());
        let is_clear = best.fit.fitting() >= FEWEST_COMPARED && best.fit.fitting() >= 3 * next;
        best.fit.is_good() && (is_clear || candidates.iter().skip(1).all(|other| other.fit.is_bad()))
    });
    let mut reasons = Vec::new();
    if !excluded.is_empty() {
        reasons.push(format!(
            "it has positions beyond the ends of {}",
            excluded.join(" and ")
        ));
    }
    let of_hint = hint.and_then(|hint| candidates.iter().find(|candidate| candidate.assembly == hint));
    if let Some(candidate) = of_hint.filter(|candidate| !candidate.fit.is_bad()) {
        reasons.push(format!("the header names {}", candidate.assembly.names()));
        reasons.extend(candidate.fit.reason());
        return settle_assembly(candidate.assembly, reasons, file, bundles);
    }
    if let Some(best) = best {
        reasons.extend(best.fit.reason());
        return settle_assembly(best.assembly, reasons, file, bundles);
    }
    match candidates[..] {
        [] => Err(GenomeTrouble::Impossible { excluded }),
        [ref only] if !excluded.is_empty() && !only.fit.is_bad() => {
            settle_assembly(only.assembly, reasons, file, bundles)
        }
        _ => Err(GenomeTrouble::Undecided {
            bundles: bundles.iter().map(|bundle| bundle.name().to_owned()).collect(),
        }),
    }
}

/// The assemblies, each with how well the sample fits it.
pub(super) fn candidates<'b>(sample: &Sample<'_>, bundles: &[&'b Bundle]) -> Vec<Candidate<'b>> {
    let candidates = ASSEMBLIES.iter().map(|assembly| {
        let own = bundles
            .iter()
            .find(|bundle| bundle.manifest().assembly == assembly.name);
        let chained = || {
            bundles
                .iter()
                .find(|bundle| Chain::new(bundle, assembly.name).is_some())
        };
        let place = own
            .map(|own| (*own, false))
            .or_else(|| chained().map(|other| (*other, true)));
        let mut fit = Fit::default();
        for options in [place, chained().map(|other| (*other, true))].into_iter().flatten() {
            let (bundle, is_lifted) = options;
            let found = sample.fit(
                assembly,
                &Genome::new(bundle),
                is_lifted.then(|| Chain::new(bundle, assembly.name)).flatten(),
            );
            if found.compared() > fit.compared() || fit.records == 0 {
                fit = found;
            }
        }
        if place.is_none() {
            fit = sample.fit_lengths(assembly);
        }
        Candidate { assembly, place, fit }
    });
    candidates.collect()
}
