//! Which genome was a file made with?
//!
//! In this order: the user's choice, the checksums and lengths of `##contig`, accessions of chromosomes, the text of
//! `##reference` as a hint, positions that an assembly does not have, and REF of the first records, compared with the
//! sequence or, where that is not at hand, with known variants. What was decided says how; what the file says that does
//! not fit it becomes a warning, whoever decided.

mod candidates;
mod fit;
mod header;
mod sample;
mod trouble;

use candidates::{by_evidence, candidates};
pub use fit::{Fit, RefCheck, check};
use header::{Found, by_accession, by_length, contradictions, has_checksums_of};
pub use sample::Sample;
pub use trouble::GenomeTrouble;

use vcf::{Header, counted};

use crate::bundle::{Bundle, Chain};
use crate::genome::Genome;
use crate::{Assembly, assembly, mitochondrial_contig};

/// Which genome the file was made with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// Find out.
    #[default]
    Detect,
    /// The bundle, or the assembly (`hg19`, `GRCh37`, `hg18`), of this name; `rCRS` is the mitochondrial genome.
    Named(String),
}

/// So many records must have been compared before they decide anything.
const FEWEST_COMPARED: u64 = 5;

/// What is looked at.
pub(super) struct File<'f> {
    header: &'f Header,
    sample: &'f Sample<'f>,
}

/// The genome that was decided on.
pub struct Decision<'b> {
    /// The bundle for nuclear records; `None` if there are none.
    pub bundle: Option<&'b Bundle>,
    /// The assembly from which records are lifted into the bundle's.
    pub lifted_from: Option<&'static Assembly>,
    /// How it was decided, a clause each.
    pub reasons: Vec<String>,
    /// What the file says that does not fit it, a sentence each.
    pub warnings: Vec<String>,
    /// Whether the file has no records, and nothing in it tells its genome.
    pub is_unknown: bool,
}

impl Decision<'_> {
    /// No record needs a bundle.
    fn none() -> Self {
        Self {
            bundle: None,
            lifted_from: None,
            reasons: Vec::new(),
            warnings: Vec::new(),
            is_unknown: false,
        }
    }

    /// There are no records, and nothing else tells the genome.
    fn unknown() -> Self {
        Self {
            is_unknown: true,
            ..Self::none()
        }
    }

    /// The genome's name: `human GRCh37 (hg19)`, `human NCBI36 (hg18), lifted to GRCh37 (hg19)`.
    pub fn name(&self) -> Option<String> {
        let name = &self.bundle?.manifest().assembly;
        let names = assembly(name).map_or_else(|| name.clone(), |known| format!("human {}", known.names()));
        Some(match self.lifted_from {
            Some(from) => format!(
                "human {}, lifted to {}",
                from.names(),
                names.trim_start_matches("human ")
            ),
            None => names,
        })
    }
}

/// Decides. `bundles` are those at hand.
pub fn decide<'b>(
    header: &Header,
    sample: &Sample<'_>,
    bundles: &[&'b Bundle],
    choice: &Choice,
) -> Result<Decision<'b>, GenomeTrouble> {
    if sample.is_mitochondrial() {
        return Ok(Decision::none());
    }
    let file = File { header, sample };
    let decided = match choice {
        Choice::Named(name) => chosen(name, &file, bundles),
        Choice::Detect => by_file(&file, bundles),
    };
    match decided {
        Err(GenomeTrouble::Undecided { .. }) if sample.is_empty() => Ok(match mitochondrial_contig(header) {
            Some(_) => Decision::none(),
            None => Decision::unknown(),
        }),
        // What was read so far is mitochondrial, and there is more: it may be so to the end.
        Err(_) if !sample.has_nuclear() && !sample.is_empty() => Ok(Decision::none()),
        decided => decided,
    }
}

/// Nobody but the file tells.
fn by_file<'b>(file: &File<'_>, bundles: &[&'b Bundle]) -> Result<Decision<'b>, GenomeTrouble> {
    let header = file.header;
    if let Some(bundle) = bundles.iter().find(|bundle| has_checksums_of(header, bundle)) {
        let reasons = vec!["the checksums of the ##contig lines are its".to_owned()];
        return settle(bundle, None, reasons, file, bundles);
    }
    let (count, by_length) = by_length(header, bundles)?;
    let reasons = vec![match count {
        1 => "the length of 1 ##contig line is its".to_owned(),
        more => format!("the lengths of {more} ##contig lines are its"),
    }];
    match by_length {
        Some(Found::Bundle(bundle)) => return settle(bundle, None, reasons, file, bundles),
        Some(Found::Assembly(assembly)) => return settle_assembly(assembly, reasons, file, bundles),
        None => {}
    }
    match by_accession(header, file.sample) {
        Some((name, assembly)) => {
            settle_assembly(assembly, vec![format!("{name} is a chromosome of it")], file, bundles)
        }
        None => by_evidence(file, bundles),
    }
}

/// The user named a bundle or an assembly.
fn chosen<'b>(name: &str, file: &File<'_>, bundles: &[&'b Bundle]) -> Result<Decision<'b>, GenomeTrouble> {
    let reasons = vec!["chosen by the user".to_owned()];
    if name.eq_ignore_ascii_case("rCRS") {
        let chromosomes = file.sample.nuclear_names();
        return match chromosomes.is_empty() {
            true => Ok(Decision {
                reasons,
                ..Decision::none()
            }),
            false => Err(GenomeTrouble::OnlyMitochondrial { chromosomes }),
        };
    }
    if let Some(bundle) = bundles.iter().find(|bundle| bundle.name() == name) {
        return settle(bundle, None, reasons, file, bundles);
    }
    match assembly(name) {
        Some(assembly) => settle_assembly(assembly, reasons, file, bundles),
        None => Err(GenomeTrouble::NoBundle {
            genome: name.to_owned(),
            reason: reasons[0].clone(),
        }),
    }
}

/// An assembly was decided on: finds its bundle, or, for an older one, a bundle to lift it into.
fn settle_assembly<'b>(
    assembly: &'static Assembly,
    reasons: Vec<String>,
    file: &File<'_>,
    bundles: &[&'b Bundle],
) -> Result<Decision<'b>, GenomeTrouble> {
    if let Some(bundle) = bundles
        .iter()
        .find(|bundle| bundle.manifest().assembly == assembly.name)
    {
        return settle(bundle, None, reasons, file, bundles);
    }
    let mut lifting = bundles
        .iter()
        .filter(|bundle| Chain::new(bundle, assembly.name).is_some());
    match lifting.find(|_| assembly.name == "hg18") {
        Some(bundle) => settle(bundle, Some(assembly), reasons, file, bundles),
        None => Err(GenomeTrouble::NoBundle {
            genome: assembly.names(),
            reason: reasons.join("; "),
        }),
    }
}

/// A bundle was decided on: compares the sample with it.
fn settle<'b>(
    bundle: &'b Bundle,
    lifted_from: Option<&'static Assembly>,
    mut reasons: Vec<String>,
    file: &File<'_>,
    bundles: &[&'b Bundle],
) -> Result<Decision<'b>, GenomeTrouble> {
    let sample = file.sample;
    let genome = Genome::new(bundle);
    let own = assembly(&bundle.manifest().assembly);
    let chain = lifted_from.and_then(|from| Chain::new(bundle, from.name));
    let fit = match (lifted_from.or(own), chain) {
        (Some(assembly), chain) => sample.fit(assembly, &genome, chain),
        (None, _) => sample.fit_bundle(&genome),
    };
    let name = lifted_from
        .or(own)
        .map_or_else(|| bundle.name().to_owned(), Assembly::names);
    if fit.beyond_end.is_some() || fit.is_bad() && fit.compared() >= 2 * FEWEST_COMPARED {
        let candidates = candidates(sample, bundles);
        let others = candidates
            .iter()
            .filter(|other| Some(other.assembly) != lifted_from.or(own));
        let mut others: Vec<_> = others
            .filter(|other| other.place.is_some() && other.fit.is_good())
            .collect();
        others.sort_by_key(|other| std::cmp::Reverse(other.fit.fitting()));
        let looks_like = others.first().filter(|other| other.fit.fitting() >= FEWEST_COMPARED);
        return Err(GenomeTrouble::Mismatch {
            genome: name,
            reason: reasons.join("; "),
            found: fit.trouble(),
            looks_like: looks_like.map(|other| other.assembly.names()),
        });
    }
    reasons.extend(fit.reason().filter(|reason| !reasons.contains(reason)));
    let decided = lifted_from.or(own);
    let warn = |clause: String| {
        format!(
            "The file was annotated as {name} ({}), but {clause}. If that is what it was made with, the result is wrong.",
            reasons.join("; ")
        )
    };
    let claims = contradictions(file.header, sample, decided);
    let mut warnings: Vec<_> = claims.into_iter().map(warn).collect();
    if fit.compared() == 0 && sample.has_nuclear() {
        let lack = match genome.dbsnp() {
            Some(_) => "its sequence is not at hand here, and no record read first is at a variant of dbSNP",
            None => "neither its sequence nor variants of dbSNP are at hand here",
        };
        warnings.push(format!(
            "No REF could be compared with {name}: {lack}. If the file was made with another genome, the result is wrong.",
        ));
    }
    let records = counted(fit.records);
    if reasons.is_empty() {
        reasons.push(format!("{records} records have positions that it has"));
    }
    Ok(Decision {
        bundle: Some(bundle),
        lifted_from,
        reasons,
        warnings,
        is_unknown: false,
    })
}
