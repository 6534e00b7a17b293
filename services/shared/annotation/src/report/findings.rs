//! What was found while records were annotated; each thread has its own, and they are added up.

use reference::detect::Fit;
use reference::liftover::Unmapped;
use reference::{Chromosomes, Evidence, Mismatch};
use vcf::Shown;

use super::{Counts, Phased};
use crate::anntools::Tally;
use crate::error::InputError;
use crate::options::Limits;

/// The most mismatches that the log lists.
const MOST_MISMATCHES: usize = 100;

/// The most unmapped records that the log lists, and those of VCF 3 without bases.
const MOST_UNMAPPED: usize = 10_000;

/// What was found.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) counts: Counts,
    /// What AnnTools would have counted.
    pub(crate) tally: Tally,
    /// REF of mitochondrial records.
    pub(crate) mitochondrial: Evidence,
    /// REF of nuclear records.
    pub(crate) nuclear: Fit,
    /// Nuclear records whose REF differs.
    pub(crate) mismatches: Vec<Mismatch>,
    /// Records on chromosomes that the reference does not have.
    pub(crate) unplaced: Chromosomes,
    /// Records that could not be lifted.
    pub(crate) unmapped: Vec<UnmappedRecord>,
    pub(crate) unmapped_count: u64,
    /// Records of VCF 3 that delete bases which are not known.
    pub(crate) without_bases: Vec<WithoutBases>,
    pub(crate) without_bases_count: u64,
    pub(crate) lifted: u64,
    pub(crate) flipped: u64,
    /// Mitochondrial records of a file whose chrM is not the rCRS.
    pub(crate) foreign_mitochondrial: u64,
    pub(crate) records: u64,
    pub(crate) blank_lines: u64,
    /// Records in which a key of ours was left out.
    pub(crate) left_out: u64,
    /// Records whose own CSQ, which their header does not declare, was replaced.
    pub(crate) replaced: u64,
    pub(crate) lacks_line_end: bool,
    /// What was found of haplotypes; `None` if they were not told of.
    pub(crate) phased: Option<Phased>,
}

/// A record that could not be lifted, as the log tells it.
pub(crate) struct UnmappedRecord {
    pub(crate) line: u64,
    pub(crate) chromosome: Shown,
    pub(crate) position: u64,
    pub(crate) id: Shown,
    pub(crate) alleles: Shown,
    pub(crate) reason: Unmapped,
}

/// A record of VCF 3 that deletes bases which are not known, as the log tells it.
pub(crate) struct WithoutBases {
    pub(crate) line: u64,
    pub(crate) chromosome: Shown,
    pub(crate) position: u64,
    pub(crate) alleles: Shown,
}

impl std::fmt::Debug for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Findings")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

impl Findings {
    /// Refuses more lines that are no records than the limit.
    pub(crate) fn check_blank_lines(&self, limits: &Limits) -> Result<(), InputError> {
        let limit = limits.blank_lines;
        match self.blank_lines > limit {
            true => Err(InputError::TooManyBlankLines { limit }),
            false => Ok(()),
        }
    }

    /// A nuclear record whose REF is not the sequence's.
    pub(crate) fn mismatch(&mut self, mismatch: impl FnOnce() -> Mismatch) {
        if self.mismatches.len() < MOST_MISMATCHES {
            self.mismatches.push(mismatch());
        }
    }

    /// A record that could not be lifted.
    pub(crate) fn unmapped(&mut self, record: impl FnOnce() -> UnmappedRecord) {
        self.unmapped_count += 1;
        if self.unmapped.len() < MOST_UNMAPPED {
            self.unmapped.push(record());
        }
    }

    /// A record of VCF 3 that deletes bases which are not known.
    pub(crate) fn without_bases(&mut self, record: impl FnOnce() -> WithoutBases) {
        self.without_bases_count += 1;
        if self.without_bases.len() < MOST_UNMAPPED {
            self.without_bases.push(record());
        }
    }

    /// These and others.
    pub(crate) fn merge(&mut self, other: Self) {
        self.counts.merge(other.counts);
        self.tally.merge(&other.tally);
        self.mitochondrial.merge(other.mitochondrial);
        self.nuclear.merge(&other.nuclear);
        self.mismatches.extend(other.mismatches);
        self.mismatches.sort_by_key(|mismatch| mismatch.line);
        self.mismatches.truncate(MOST_MISMATCHES);
        self.unplaced.merge(other.unplaced);
        self.unmapped.extend(other.unmapped);
        self.unmapped.sort_by_key(|record| record.line);
        self.unmapped.truncate(MOST_UNMAPPED);
        self.unmapped_count += other.unmapped_count;
        self.without_bases.extend(other.without_bases);
        self.without_bases.sort_by_key(|record| record.line);
        self.without_bases.truncate(MOST_UNMAPPED);
        self.without_bases_count += other.without_bases_count;
        self.lifted += other.lifted;
        self.flipped += other.flipped;
        self.foreign_mitochondrial += other.foreign_mitochondrial;
        self.records += other.records;
        self.blank_lines += other.blank_lines;
        self.left_out += other.left_out;
        self.replaced += other.replaced;
        self.lacks_line_end |= other.lacks_line_end;
    }
}
