//! What was found of alleles that share a haplotype.

use super::noticed::Noticed;
use vcf::counted;

/// What was found of alleles that share a haplotype.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phased {
    /// Why nothing could be told of them.
    without: Option<&'static str>,
    /// Sets of alleles that act together, once for each transcript.
    pub(crate) sets: u64,
    /// Alleles in coding sequence, once for each sample, of which it is not known on which copy they are; and their records.
    pub(crate) unphased: u64,
    pub(crate) unphased_records: Noticed,
    /// Alleles that were left out because they overlap another one on the same copy.
    pub(crate) overlapping: u64,
    /// Transcripts of which not all alleles could be remembered.
    pub(crate) cut: u64,
    /// Records that come after one behind them.
    pub(crate) unsorted: Noticed,
    /// Entries that a record has no room for.
    pub(crate) left_off: u64,
}

impl Phased {
    /// Nothing could be told of them.
    pub(crate) fn without(reason: &'static str) -> Self {
        Self {
            without: Some(reason),
            ..Self::default()
        }
    }

    /// A line for the log.
    pub(super) fn line(&self) -> String {
        match self.without {
            Some(reason) => format!("none: {reason}"),
            None => format!("{} sets of alleles, once for each transcript", counted(self.sets)),
        }
    }

    /// What the owner of the file should know, a sentence each.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut warn = |holds: bool, text: &dyn Fn() -> String| warnings.extend(holds.then(text));
        warn(self.without.is_some(), &|| {
            let reason = self.without.unwrap_or_default();
            format!("NO HAPLOTYPES: nothing is told of phased genotypes, because {reason}.")
        });
        warn(self.unphased > 0, &|| {
            format!(
                "{} genotypes in {} records have an allele in coding sequence and do not say on which copy it is, the first of them \
                 on line {}; with these nothing was joined.",
                counted(self.unphased),
                counted(self.unphased_records.records),
                self.unphased_records.first_line,
            )
        });
        warn(self.overlapping > 0, &|| {
            format!(
                "{} alleles, once for each copy, overlap another one on the same copy; they were not joined with that.",
                counted(self.overlapping)
            )
        });
        warn(self.unsorted.records > 0, &|| {
            format!(
                "Records are not sorted by chromosome and position, first on line {}: alleles before and after that line were not joined.",
                self.unsorted.first_line
            )
        });
        warn(self.cut > 0, &|| {
            format!(
                "More records than can be remembered came before the end of {} transcripts: their alleles before and after that were \
                 not joined.",
                counted(self.cut)
            )
        });
        warn(self.left_off > 0, &|| {
            format!(
                "{} entries of HAPLOTYPE_CSQ are left off: a record lists the first 1,000.",
                counted(self.left_off)
            )
        });
        warnings
    }
}
