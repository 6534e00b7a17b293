//! MITOMAP, a human mitochondrial genome database: reported diseases, their status, and frequencies in GenBank.
//!
//! Source: <https://www.mitomap.org>, downloads of 13 February 2025; M. T. Lott et al., Current Protocols in
//! Bioinformatics 44, 1.23.1 (2013). See `data/mito/README.md` for the terms and for how the table is made.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::bundle::{Provenance, hex};
use crate::edit::Edit;
use crate::{LENGTH, Mitochondrion};

/// Whom to name as the source.
pub const SOURCE: &str = "MITOMAP, https://www.mitomap.org (CC BY 3.0)";

/// When the table was downloaded from there.
pub const VERSION: &str = "2025-02-13";

/// The table as it is built in.
const TABLE: &str = include_str!("../../data/mito/mitomap.tsv");

/// Whence the table is, for reports.
pub fn provenance() -> &'static Provenance {
    static PROVENANCE: LazyLock<Provenance> = LazyLock::new(|| Provenance {
        label: "MITOMAP".to_owned(),
        source: SOURCE.to_owned(),
        release: Some(VERSION.to_owned()),
        bytes: TABLE.len() as u64,
        sha256: hex(&Sha256::digest(TABLE)),
    });
    &PROVENANCE
}

/// Full-length sequences of GenBank among which MITOMAP counted alleles.
const SEQUENCES: f64 = 61_883.0;

/// The table, by edit, so that one variant is found however a file writes it.
pub struct Mitomap {
    variants: Vec<(Edit, Known)>,
    /// For each position, where the variants begin that start there.
    first: Vec<u32>,
}

/// What MITOMAP knows of one allele.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// `Cfrm [P]`, `Reported`; empty if no disease was reported.
    pub status: &'static str,
    /// Diseases as MITOMAP lists them.
    pub disease: &'static str,
    /// The part of GenBank's full-length sequences that have it.
    pub frequency: Option<f64>,
}

impl Mitomap {
    /// The table, read once a process.
    pub fn embedded() -> &'static Self {
        static MITOMAP: LazyLock<Mitomap> = LazyLock::new(|| {
            let rows = TABLE.lines().skip(1);
            let mut variants: Vec<_> = rows.filter_map(parse).collect();
            variants.sort_by(|one, other| one.0.cmp(&other.0));
            // Two notations of one variant: the row that reports a disease comes first.
            variants.dedup_by(|later, kept| later.0 == kept.0 && merge(&mut kept.1, later.1));
            let first = (0..=LENGTH)
                .map(|at| variants.partition_point(|(edit, _)| edit.start < at) as u32)
                .collect();
            Mitomap { variants, first }
        });
        &MITOMAP
    }

    /// What is known of an edit that was shifted left.
    pub fn find(&self, edit: &Edit) -> Option<Known> {
        let range = *self.first.get(edit.start)? as usize..*self.first.get(edit.start + 1)? as usize;
        self.variants[range]
            .iter()
            .find_map(|(own, known)| (own == edit).then_some(*known))
    }
}

/// Reads a row: position (1-based), REF, ALT, count, status, disease; the last ones may be missing.
fn parse(row: &'static str) -> Option<(Edit, Known)> {
    let mut columns = row.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    let (position, reference, alternate) = (next().parse::<usize>().ok()?, next(), next());
    let edit = Edit::new(position - 1, reference.as_bytes(), alternate.as_bytes())?;
    let frequency = next().parse::<f64>().ok().map(|count| count / SEQUENCES);
    let known = Known {
        frequency,
        status: next(),
        disease: next(),
    };
    Some((edit.shifted_left(&Mitochondrion::rcrs().sequence), known))
}

/// Adds what a second row for the same variant knows more; always true.
fn merge(kept: &mut Known, more: Known) -> bool {
    if kept.status.is_empty() {
        (kept.status, kept.disease) = (more.status, more.disease);
    }
    kept.frequency = match (kept.frequency, more.frequency) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    };
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(position: usize, reference: &str, alternate: &str) -> Option<Known> {
        let edit = Edit::new(position - 1, reference.as_bytes(), alternate.as_bytes())?;
        Mitomap::embedded().find(&edit.shifted_left(&Mitochondrion::rcrs().sequence))
    }

    #[test]
    fn every_row_fits_the_genome() {
        let rows = TABLE.lines().skip(1);
        for row in rows {
            let columns: Vec<_> = row.split('\t').collect();
            let start = columns[0].parse::<usize>().unwrap() - 1;
            assert!(
                Mitochondrion::rcrs().sequence.matches(start, columns[1].as_bytes()),
                "{row}"
            );
        }
        assert!(Mitomap::embedded().variants.len() > 19_000);
    }

    #[test]
    fn confirmed_mutations_are_known() {
        let known = find(3243, "A", "G").unwrap();
        assert_eq!(known.status, "Cfrm [P]");
        assert!(known.disease.starts_with("MELAS / Leigh Syndrome"));
        assert_eq!(find(3460, "G", "A").unwrap().disease, "LHON");
        assert_eq!(find(3243, "A", "C").unwrap().status, "");
    }

    #[test]
    fn one_indel_is_found_in_every_notation() {
        let known = find(309, "C", "CC").unwrap();
        assert_eq!(find(302, "A", "AC").unwrap(), known);
        assert_eq!(find(305, "CC", "CCC").unwrap(), known);
        assert!(known.frequency.is_some_and(|frequency| frequency > 0.01));
    }
}
