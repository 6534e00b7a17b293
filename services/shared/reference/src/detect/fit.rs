//! How well records fit a genome: positions that it has, and REF that is its own.

use vcf::{Record, are_bases, counted};

use crate::bundle::Cursor;
use crate::genome::Genome;

/// What comparing REF says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefCheck {
    /// There is nothing to compare it with.
    Unknown,
    /// It is what the genome has.
    Fits,
    /// The sequence has other bases.
    Differs,
    /// The common variant there has other alleles; the sequence is not at hand.
    DiffersFromVariant,
}

/// Counts of compared records.
#[derive(Debug, Clone, Default)]
pub struct Fit {
    /// All of them, compared or not.
    pub records: u64,
    /// Compared with the sequence, and how many of them differ.
    by_sequence: (u64, u64),
    /// Compared with common variants, and how many of them differ.
    by_variant: (u64, u64),
    /// Lifted records that the chain has no place for.
    pub(crate) unmapped: u64,
    /// The first record beyond a chromosome's end: its line, position, and the chromosome's length.
    pub beyond_end: Option<(u64, u64, u64)>,
}

impl Fit {
    /// Counts of so many records, of which one may lie beyond a chromosome's end.
    pub(crate) fn new(records: usize, beyond_end: Option<(u64, u64, u64)>) -> Self {
        Self {
            records: records as u64,
            beyond_end,
            ..Self::default()
        }
    }

    /// Counts a comparison.
    #[inline]
    pub fn add(&mut self, check: RefCheck, from_sequence: bool) {
        let counts = if from_sequence {
            &mut self.by_sequence
        } else {
            &mut self.by_variant
        };
        match check {
            RefCheck::Unknown => {}
            RefCheck::Fits => counts.0 += 1,
            RefCheck::Differs | RefCheck::DiffersFromVariant => {
                counts.0 += 1;
                counts.1 += 1;
            }
        }
    }

    /// These and others.
    pub fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.by_sequence.0 += other.by_sequence.0;
        self.by_sequence.1 += other.by_sequence.1;
        self.by_variant.0 += other.by_variant.0;
        self.by_variant.1 += other.by_variant.1;
        self.unmapped += other.unmapped;
        self.beyond_end = match (self.beyond_end, other.beyond_end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Records that were compared.
    pub fn compared(&self) -> u64 {
        self.by_sequence.0 + self.by_variant.0
    }

    /// Compared records that differ.
    pub(crate) fn differing(&self) -> u64 {
        self.by_sequence.1 + self.by_variant.1
    }

    /// Compared records that fit.
    pub(crate) fn fitting(&self) -> u64 {
        self.compared() - self.differing()
    }

    /// Records that differ from the sequence, and how many were compared with it.
    pub fn of_sequence(&self) -> (u64, u64) {
        (self.by_sequence.1, self.by_sequence.0)
    }

    /// Records that differ from the sequence, in percent of those that were compared with it.
    pub fn percent(&self) -> f64 {
        percent(self.by_sequence)
    }

    /// Some were compared, and few differ. One of thirty common variants has more alleles than those that are listed,
    /// so that more may differ from them than from a sequence.
    pub(crate) fn is_good(&self) -> bool {
        self.compared() > 0 && percent(self.by_sequence) <= 10.0 && percent(self.by_variant) <= 30.0
    }

    /// Enough were compared, and too many differ.
    pub fn is_bad(&self) -> bool {
        self.by_sequence.0 > 2 && percent(self.by_sequence) > 10.0
            || self.by_variant.0 > 4 && percent(self.by_variant) > 30.0
    }

    /// A clause about what does not fit.
    pub fn trouble(&self) -> String {
        match self.beyond_end {
            Some((line, position, length)) => format!(
                "line {line} has position {}, but the chromosome has {} bases",
                counted(position),
                counted(length)
            ),
            None => format!(
                "{:.0} % of the records that could be compared ({} of {}) differ",
                100.0 * self.differing() as f64 / self.compared().max(1) as f64,
                counted(self.differing()),
                counted(self.compared())
            ),
        }
    }

    /// A clause about what was compared.
    pub(crate) fn reason(&self) -> Option<String> {
        if self.compared() == 0 {
            return None;
        }
        let of =
            |(compared, differing): (u64, u64)| format!("{} of {}", counted(compared - differing), counted(compared));
        let by_sequence = format!("REF of {} records fits its sequence", of(self.by_sequence));
        let by_variant = format!(
            "{} records where dbSNP lists a variant have its alleles",
            of(self.by_variant)
        );
        Some(match (self.by_sequence.0, self.by_variant.0) {
            (_, 0) => by_sequence,
            (0, _) => by_variant,
            _ => format!("{by_sequence}, {by_variant}"),
        })
    }
}

/// Compares REF of a record at a place (0-based) with the genome. `cursor` is where the last look-up of variants ended.
/// Says, too, whether the sequence was at hand.
#[inline]
pub fn check<'b>(
    genome: &Genome<'b>,
    chromosome: usize,
    start: usize,
    record: &Record<'_>,
    reference: &[u8],
    cursor: &mut Cursor<'b>,
) -> (RefCheck, bool) {
    if let Some(sequence) = genome.sequence(chromosome, start + reference.len()) {
        let first = sequence.base(start);
        let is_same = match reference {
            [base] if first == Some(*base) => true,
            _ => sequence.matches(start, reference),
        };
        return match first {
            // Bases that the assembly does not know say nothing.
            Some(b'N') => (RefCheck::Unknown, true),
            _ if is_same => (RefCheck::Fits, true),
            _ => (RefCheck::Differs, true),
        };
    }
    // Without the sequence, the pair of alleles is compared: lists of common variants do not always have REF first.
    let (Some(track), [base]) = (genome.dbsnp(), reference) else {
        return (RefCheck::Unknown, false);
    };
    let is_substitution = |allele: &&[u8]| allele.len() == 1 && are_bases(allele);
    let Some(to) = record.alternates().find(is_substitution) else {
        return (RefCheck::Unknown, false);
    };
    let pair = |from: u8, to: u8| {
        let (from, to) = (from.to_ascii_uppercase(), to.to_ascii_uppercase());
        (from.min(to), from.max(to))
    };
    let own = pair(*base, to[0]);
    let rows = track.view.at(chromosome, start as u32, cursor);
    let mut check = RefCheck::Unknown;
    for row in rows.filter(|row| row.reference.len() == 1 && row.inserted.len() == 1) {
        check = match pair(row.reference[0], row.inserted[0]) == own {
            true => return (RefCheck::Fits, false),
            false => RefCheck::DiffersFromVariant,
        };
    }
    (check, false)
}

fn percent((compared, differing): (u64, u64)) -> f64 {
    100.0 * differing as f64 / compared.max(1) as f64
}
