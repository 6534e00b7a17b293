//! Which of several entries is picked: the criteria, and their order.
//!
//! They are those of Ensembl VEP's `--pick` and its kin: `pick_order` of Config.pm and
//! `pick_worst_VariationFeatureOverlapAllele` of OutputFactory.pm, <https://github.com/Ensembl/ensembl-vep>.

use std::str::FromStr;

use reference::bundle::{CANONICAL, GeneRow};

use crate::consequence::{Consequence, Consequences};

/// Which entries of CSQ are picked, and what becomes of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// One entry is picked of each of these.
    pub of: PickOf,
    /// What becomes of the others.
    pub others: Others,
    /// By what entries are compared.
    pub order: PickOrder,
}

/// Of what one entry is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickOf {
    /// A record with all its alleles: VEP's `--pick`.
    Record,
    /// An allele: `--pick_allele`.
    Allele,
    /// A gene with all alleles of a record: `--per_gene`.
    Gene,
    /// A gene and an allele: `--pick_allele_gene`.
    AlleleAndGene,
}

/// What becomes of entries that are not picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They are left out.
    LeftOut,
    /// They stay; picked ones have `1` in PICK, as VEP's `--flag_pick` has it.
    Unflagged,
}

/// By what entries are compared, first things first. Read from a list such as `rank,mane_select`; what a list does not
/// name does not count. Entries that are equal by all of it are picked in their order in CSQ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickOrder(Vec<Criterion>);

/// By what one entry is better than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Criterion {
    /// MANE Select.
    ManeSelect,
    /// MANE Plus Clinical.
    ManePlusClinical,
    /// The gene's canonical transcript.
    Canonical,
    /// APPRIS: principal isoforms before alternative ones, small numbers first.
    Appris,
    /// The transcript support level, small numbers first.
    Tsl,
    /// What codes for a protein.
    Biotype,
    /// What is in the consensus coding sequences.
    Ccds,
    /// The most severe consequence.
    Rank,
    /// The longest coding sequence, or transcript if it does not code.
    Length,
    /// Ensembl's transcripts.
    Ensembl,
    /// RefSeq's transcripts.
    RefSeq,
}

/// All of them, in the order that VEP 107 to 116 have without a choice.
const CRITERIA: [(Criterion, &str); 11] = [
    (Criterion::ManeSelect, "mane_select"),
    (Criterion::ManePlusClinical, "mane_plus_clinical"),
    (Criterion::Canonical, "canonical"),
    (Criterion::Appris, "appris"),
    (Criterion::Tsl, "tsl"),
    (Criterion::Biotype, "biotype"),
    (Criterion::Ccds, "ccds"),
    (Criterion::Rank, "rank"),
    (Criterion::Length, "length"),
    (Criterion::Ensembl, "ensembl"),
    (Criterion::RefSeq, "refseq"),
];

/// Why an order cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PickOrderError {
    /// A name that no criterion has.
    #[error("entries are not picked by \"{0}\", but by {all}", all = CRITERIA.map(|(_, name)| name).join(", "))]
    Unknown(String),
    /// No name at all.
    #[error("the order needs a criterion at least")]
    Empty,
}

impl Default for PickOrder {
    fn default() -> Self {
        Self(CRITERIA.map(|(criterion, _)| criterion).to_vec())
    }
}

impl FromStr for PickOrder {
    type Err = PickOrderError;

    fn from_str(list: &str) -> Result<Self, PickOrderError> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let order: Vec<_> = names.map(named).collect::<Result<_, _>>()?;
        match order.is_empty() {
            true => Err(PickOrderError::Empty),
            false => Ok(Self(order)),
        }
    }
}

fn named(name: &str) -> Result<Criterion, PickOrderError> {
    let found = CRITERIA.iter().find(|(_, own)| own.eq_ignore_ascii_case(name));
    found
        .map(|(criterion, _)| *criterion)
        .ok_or_else(|| PickOrderError::Unknown(name.to_owned()))
}

/// Where an entry stands by each criterion of an order. Of two, the smaller is picked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing([i32; CRITERIA.len()]);

/// What APPRIS and the support level count as where they are not told.
const UNTOLD: i32 = 100;

impl PickOrder {
    /// Where a transcript stands whatever happens to it. `length` is that of its messenger.
    pub(super) fn of_transcript(&self, row: &GeneRow<'_>, length: u32, coding_length: u32) -> Standing {
        let labels = &row.labels;
        let is_coding = row.is_coding() && matches!(row.biotype, "" | "protein_coding");
        self.standing(|criterion| match criterion {
            Criterion::ManeSelect => i32::from(labels.mane_select.is_empty()),
            Criterion::ManePlusClinical => i32::from(labels.mane_plus_clinical.is_empty()),
            Criterion::Canonical => i32::from(row.flags & CANONICAL == 0),
            Criterion::Appris => appris(labels.appris),
            Criterion::Tsl => labels.tsl.parse().unwrap_or(UNTOLD),
            Criterion::Biotype => i32::from(!is_coding),
            Criterion::Ccds => i32::from(labels.ccds.is_empty()),
            Criterion::Rank => 0,
            Criterion::Length if row.is_coding() => -(coding_length as i32),
            Criterion::Length => -(length as i32),
            Criterion::Ensembl => i32::from(!row.name.starts_with("ENS")),
            Criterion::RefSeq => i32::from(!is_refseq(row.name)),
        })
    }

    /// Where a gene of the mitochondrial genome stands, which has no labels.
    pub(super) fn of_gene(&self, biotype: &str, length: usize) -> Standing {
        self.standing(|criterion| match criterion {
            Criterion::Appris | Criterion::Tsl => UNTOLD,
            Criterion::Biotype => i32::from(biotype != "protein_coding"),
            Criterion::Length => -(length as i32),
            Criterion::Rank => 0,
            _ => 1,
        })
    }

    /// Where an allele between genes stands.
    pub(super) fn of_nothing(&self) -> Standing {
        self.of_gene("", 0)
    }

    /// The same for what happens there.
    pub(super) fn with_rank(&self, mut standing: Standing, consequences: Consequences) -> Standing {
        let worst = consequences
            .iter()
            .next()
            .map_or(Consequence::ALL.len(), |worst| worst as usize);
        for (place, _) in self.0.iter().enumerate().filter(|(_, own)| **own == Criterion::Rank) {
            standing.0[place] = worst as i32;
        }
        standing
    }

    fn standing(&self, of: impl Fn(Criterion) -> i32) -> Standing {
        let mut standing = Standing::default();
        for (place, criterion) in standing.0.iter_mut().zip(&self.0) {
            *place = of(*criterion);
        }
        standing
    }
}

/// `P1` to `P5` before `A1` and `A2`.
fn appris(label: &str) -> i32 {
    let grade = |digits: &str| digits.parse().ok();
    let grade = match (label.strip_prefix('P'), label.strip_prefix('A')) {
        (Some(principal), _) => grade(principal),
        (_, Some(alternative)) => grade(alternative).map(|grade: i32| grade + 10),
        _ => None,
    };
    grade.unwrap_or(UNTOLD)
}

/// Whether an accession is one of RefSeq's transcripts: `NM_`, `NR_`, `XM_`, `XR_`.
fn is_refseq(name: &str) -> bool {
    ["NM_", "NR_", "XM_", "XR_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consequence::Consequence::{IntronVariant, MissenseVariant};

    #[test]
    fn an_order_of_ones_own_is_read_and_its_names_are_checked() {
        let order: PickOrder = "rank, LENGTH".parse().unwrap();
        assert_eq!(order, PickOrder(vec![Criterion::Rank, Criterion::Length]));
        assert_eq!(
            "rank,best".parse::<PickOrder>().unwrap_err().to_string(),
            "entries are not picked by \"best\", but by mane_select, mane_plus_clinical, canonical, appris, tsl, biotype, \
             ccds, rank, length, ensembl, refseq"
        );
        assert_eq!("".parse::<PickOrder>(), Err(PickOrderError::Empty));
    }

    #[test]
    fn what_comes_first_in_the_order_decides() {
        let long = |order: &PickOrder, consequence: Consequence| {
            order.with_rank(order.of_gene("protein_coding", 900), consequence.into())
        };
        let short = |order: &PickOrder, consequence: Consequence| {
            order.with_rank(order.of_gene("protein_coding", 300), consequence.into())
        };
        let default = PickOrder::default();
        assert!(short(&default, MissenseVariant) < long(&default, IntronVariant));
        let by_length: PickOrder = "length,rank".parse().unwrap();
        assert!(short(&by_length, MissenseVariant) > long(&by_length, IntronVariant));
    }

    #[test]
    fn principal_isoforms_come_before_alternative_ones() {
        assert_eq!(["P1", "P5", "A1", "A2", ""].map(appris), [1, 5, 11, 12, 100]);
    }
}
