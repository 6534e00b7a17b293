//! MITOMAP: variants that have been seen, and those that are said to cause disease. CC BY 3.0, <https://www.mitomap.org>.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::reference::Mitochondrion;
use crate::variant::Variant;

/// Complete sequences in GenBank that MITOMAP counted in, on 2025-02-13.
const SEQUENCES: u32 = 61_883;

const TABLE: &str = include_str!("../../data/mito/mitomap.tsv");

/// What MITOMAP knows of one allele.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Known {
    /// Share of GenBank's complete human sequences that have it, 0 to 1.
    pub(crate) frequency: Option<f64>,
    /// `Cfrm [P]`, `Reported`, …; empty if no disease is reported.
    pub(crate) status: &'static str,
    /// The diseases reported; empty if none.
    pub(crate) disease: &'static str,
}

/// What is known of an allele, however it is described.
pub(crate) fn known(variant: &Variant, genome: &Mitochondrion) -> Option<Known> {
    static KNOWN: LazyLock<HashMap<Variant, Known>> = LazyLock::new(read);
    KNOWN.get(&variant.shifted_right(&genome.sequence)).copied()
}

fn read() -> HashMap<Variant, Known> {
    let sequence = &Mitochondrion::rcrs().sequence;
    let row = |row: &'static str| {
        let columns: Vec<&'static str> = row.split('\t').collect();
        let [pos, reference, alternate, count, status, disease] = columns.as_slice() else {
            return None;
        };
        let variant = Variant::new(pos.parse().ok()?, reference.as_bytes(), alternate.as_bytes());
        let frequency = count
            .parse::<u32>()
            .ok()
            .map(|count| f64::from(count) / f64::from(SEQUENCES));
        Some((
            variant.shifted_right(sequence),
            Known {
                frequency,
                status,
                disease,
            },
        ))
    };
    TABLE.lines().skip(1).filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(pos: usize, reference: &str, alternate: &str) -> Option<Known> {
        known(
            &Variant::new(pos, reference.as_bytes(), alternate.as_bytes()),
            Mitochondrion::rcrs(),
        )
    }

    #[test]
    fn confirmed_variants_are_known_with_their_disease() {
        let melas = ask(3243, "A", "G").unwrap();
        assert_eq!(melas.status, "Cfrm [P]");
        assert!(melas.disease.starts_with("MELAS"));
        assert_eq!(
            ask(3243, "A", "T").unwrap().status,
            "Cfrm [LP]",
            "another allele at the same place"
        );
    }

    #[test]
    fn common_and_unknown_alleles_are_told_apart() {
        assert!(ask(263, "A", "G").unwrap().frequency.unwrap() > 0.9);
        assert_eq!(ask(3107, "N", "A"), None);
    }

    #[test]
    fn an_insertion_is_known_wherever_in_its_repeat_it_is_written() {
        assert_eq!(ask(315, "C", "CC"), ask(310, "T", "TC"));
        assert!(ask(315, "C", "CC").is_some());
    }
}
