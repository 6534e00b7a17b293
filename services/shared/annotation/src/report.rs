//! What an annotation found: the count log that AnnTools' users know, and more.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::effect::{Consequence, Impact};
use crate::info::Allele;
use crate::reference::{ACCESSION, GeneKind};

/// How many differing REFs the log lists.
const LISTED: usize = 100;

/// Tracks of AnnTools that this reference does not have.
const ABSENT: [&str; 11] = [
    "cytoBand",
    "gadAll",
    "gwasCatalog",
    "miRNAsites",
    "hugo",
    "dgv_Cnv",
    "abParts_IG_T_CelReceptors",
    "mcCarroll_Cnv",
    "conrad_Cnv",
    "genomicSuperDups",
    "tfbsConsSites",
];

/// What an annotation found. Serialises to JSON for pages and programs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The input's name.
    pub file_name: String,
    /// What the input said it is, such as `VCFv4.2`.
    pub version: Option<String>,
    /// The reference it was annotated against.
    pub reference: &'static str,
    /// How the reference was chosen.
    pub reference_decided_by: &'static str,
    /// Records annotated.
    pub records: u64,
    /// Alternate alleles annotated.
    pub alleles: u64,
    /// Alleles by their gravest consequence in any gene.
    pub consequences: BTreeMap<Consequence, u64>,
    /// Alleles by the impact of that consequence.
    pub impacts: BTreeMap<Impact, u64>,
    /// Alleles in each gene.
    pub genes: BTreeMap<String, u64>,
    /// Purine to purine or pyrimidine to pyrimidine.
    pub transitions: u64,
    /// Other substitutions of one base.
    pub transversions: u64,
    /// Alleles that insert or delete bases.
    pub indels: u64,
    /// Alleles that MITOMAP has.
    pub in_mitomap: u64,
    /// Of these, with a disease that is confirmed.
    pub confirmed_pathogenic: u64,
    /// Records whose REF is not the reference's.
    pub mismatches: u64,
    #[serde(skip)]
    pub(crate) mismatches_that_fit_shifted: u64,
    #[serde(skip)]
    listed: Vec<Mismatch>,
    replaced: Vec<String>,
    in_coding: u64,
    in_non_coding: u64,
    intergenic: u64,
}

/// A record whose REF is not the reference's.
#[derive(Debug, Clone)]
pub(crate) struct Mismatch {
    /// 1-based.
    pub(crate) line: u64,
    /// 1-based.
    pub(crate) position: usize,
    /// REF.
    pub(crate) found: String,
    /// What the reference has.
    pub(crate) expected: String,
}

impl Report {
    pub(crate) fn new(file_name: &str) -> Self {
        Self {
            file_name: file_name.to_owned(),
            reference: "rCRS (NC_012920.1), the human mitochondrial genome",
            reference_decided_by: "the chromosome's name and the REF of every record",
            ..Self::default()
        }
    }

    pub(crate) fn count(&mut self, alleles: &[Allele<'_>]) {
        self.records += 1;
        let mut kinds = [false; 3];
        for allele in alleles.iter().filter(|allele| !allele.effects.is_empty()) {
            self.count_allele(allele);
            for effect in &allele.effects {
                let kind = effect.gene.map_or(2, |gene| usize::from(gene.kind != GeneKind::Coding));
                kinds[kind] = true;
            }
        }
        self.in_coding += u64::from(kinds[0]);
        self.in_non_coding += u64::from(kinds[1]);
        self.intergenic += u64::from(kinds[2]);
    }

    fn count_allele(&mut self, allele: &Allele<'_>) {
        self.alleles += 1;
        let gravest = allele
            .effects
            .iter()
            .map(|effect| effect.gravest())
            .min()
            .unwrap_or(Consequence::IntergenicVariant);
        *self.consequences.entry(gravest).or_default() += 1;
        *self.impacts.entry(gravest.impact()).or_default() += 1;
        for gene in allele.effects.iter().filter_map(|effect| effect.gene) {
            *self.genes.entry(gene.symbol.clone()).or_default() += 1;
        }
        if let Some(known) = allele.known {
            self.in_mitomap += 1;
            self.confirmed_pathogenic += u64::from(known.status.starts_with("Cfrm"));
        }
        let Some(variant) = &allele.variant else { return };
        match (variant.reference.as_slice(), variant.alternate.as_slice()) {
            ([b'A'], [b'G']) | ([b'G'], [b'A']) | ([b'C'], [b'T']) | ([b'T'], [b'C']) => self.transitions += 1,
            ([_], [_]) => self.transversions += 1,
            (reference, alternate) => self.indels += u64::from(reference.len() != alternate.len()),
        }
    }

    pub(crate) fn mismatch(&mut self, mismatch: Mismatch, fits_shifted: bool) {
        self.mismatches += 1;
        self.mismatches_that_fit_shifted += u64::from(fits_shifted);
        if self.listed.len() < LISTED {
            self.listed.push(mismatch);
        }
    }

    pub(crate) fn first_mismatch(&self) -> Option<&Mismatch> {
        self.listed.first()
    }

    pub(crate) fn replaced(&mut self, key: &str) {
        self.replaced.push(key.to_owned());
    }

    /// The text of `<name>.vcf.count.log`: AnnTools' lines, then what AnnTools did not say.
    #[must_use]
    pub fn count_log(&self) -> String {
        let mut log = self.anntools_lines();
        self.summary(&mut log);
        self.warnings(&mut log);
        log
    }

    fn anntools_lines(&self) -> String {
        let Self {
            records,
            in_coding,
            in_non_coding,
            intergenic,
            ..
        } = self;
        let mut log = format!(
            "## Please notice that all Isoforms were counted\n## Numbers may exceed number of variants in the annotated file\n\
             Total: {records}\nIn dbSNP: not available for this genome\nVariants located:\nIn interGenic {intergenic}\n\
             In CDS {in_coding}\nIn '3 UTR 0\nIn '5 UTR 0\nIn Intronic 0\nIn Non_coding_intronic 0\nIn Exonic {in_coding}\n\
             In Non_coding_exonic {in_non_coding}\nIn Putative Promoter Region: not available for this genome\n"
        );
        for track in ABSENT {
            let _ = writeln!(log, "In {track}: not available for this genome");
        }
        log
    }

    fn summary(&self, log: &mut String) {
        let _ = writeln!(
            log,
            "\n## Genome\n{}, decided by {}",
            self.reference, self.reference_decided_by
        );
        let _ = writeln!(
            log,
            "Input: {} ({})",
            self.file_name,
            self.version.as_deref().unwrap_or("no version given")
        );
        let _ = writeln!(log, "\n## Alleles\nAlternate alleles: {}", self.alleles);
        let _ = writeln!(
            log,
            "Transitions: {}, transversions: {}{}",
            self.transitions,
            self.transversions,
            self.ratio()
        );
        let _ = writeln!(log, "Insertions and deletions: {}", self.indels);
        let novel = self.alleles - self.in_mitomap;
        let _ = writeln!(log, "In MITOMAP: {}, not in MITOMAP: {novel}", self.in_mitomap);
        let _ = writeln!(
            log,
            "With a disease that MITOMAP counts as confirmed: {}",
            self.confirmed_pathogenic
        );
        let _ = writeln!(log, "\n## Gravest consequence of each allele");
        for (consequence, count) in &self.consequences {
            let _ = writeln!(log, "{} ({}): {count}", consequence.term(), consequence.impact().word());
        }
        let _ = writeln!(log, "\n## Alleles in each gene");
        for (gene, count) in &self.genes {
            let _ = writeln!(log, "{gene}: {count}");
        }
    }

    fn ratio(&self) -> String {
        match self.transversions {
            0 => String::new(),
            transversions => format!(", ratio {:.2}", self.transitions as f64 / transversions as f64),
        }
    }

    fn warnings(&self, log: &mut String) {
        for key in &self.replaced {
            let _ = writeln!(
                log,
                "\n## Replaced\nThe input had values of its own for INFO key {key}; ours stand in their place."
            );
        }
        if self.mismatches == 0 {
            return;
        }
        let share = self.mismatches as f64 * 100.0 / self.records as f64;
        let grave = if share > 1.0 { "Warning: " } else { "" };
        let _ = writeln!(
            log,
            "\n## REF that differs\n{grave}{} of {} records ({share:.1} %) have a REF that {ACCESSION} has not; they are marked REF_MISMATCH.",
            self.mismatches, self.records
        );
        for Mismatch {
            line,
            position,
            found,
            expected,
        } in &self.listed
        {
            let _ = writeln!(
                log,
                "Line {line}: position {position}, REF {found}, reference {expected}"
            );
        }
        if self.mismatches > LISTED as u64 {
            let _ = writeln!(log, "… and {} more", self.mismatches - LISTED as u64);
        }
    }
}
