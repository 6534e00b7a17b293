//! Genotypes: which alleles a sample has on which of its chromosome copies, as far as GT, PS and PSL tell.
//!
//! A `|` before an allele says that it is phased, and the first allele, which has none before VCF 4.4, is phased if all others
//! are (<https://samtools.github.io/hts-specs/VCFv4.5.pdf>, 1.6.2). Alleles of one phase set (PS) are on one copy if they have
//! the same place in GT; those of one list of sets (PSL) if they have the same name there. Phased alleles without a set belong
//! together. An allele that is on all copies needs no phase.

use crate::Record;
use memchr::memchr_iter;

/// The most chromosome copies that are read of a sample; plants have twelve.
const MOST_COPIES: usize = 64;

/// An alternate allele on one chromosome copy of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Carried {
    /// The sample, from 0.
    pub sample: u32,
    /// The place of the allele in GT, from 0.
    pub copy: u8,
    /// With which alleles of other records it is known to share its copy.
    pub set: PhaseSet,
}

/// A phase set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhaseSet(u32);

impl PhaseSet {
    /// Every set: the allele is on all copies.
    pub const ALL: Self = Self(0);
    /// The set of what is phased and has no set.
    const UNNAMED: Self = Self(1);

    /// Set in the names of PSL, which name one copy each.
    const OF_COPY: u32 = 1 << 30;

    /// A set by its name: PS is a number, mostly a position, PSL a text.
    fn named(name: &[u8]) -> Self {
        let number = std::str::from_utf8(name).ok().and_then(|text| text.parse::<u32>().ok());
        match number.filter(|number| *number < Self::OF_COPY - 2) {
            Some(number) => Self(number + 2),
            None => Self(1 << 31 | hash(name) & !Self::OF_COPY),
        }
    }

    /// A copy by its name in PSL.
    fn of_copy(name: &[u8]) -> Self {
        Self(1 << 31 | Self::OF_COPY | hash(name))
    }

    /// Whether the set is one copy, whatever the place of its alleles in GT.
    pub fn is_copy(self) -> bool {
        self.0 >> 30 == 3
    }
}

/// FNV-1a: different names differ, and nobody gains by two that do not.
fn hash(name: &[u8]) -> u32 {
    let add = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    name.iter().fold(0x811c_9dc5, add)
}

/// The genotypes of a record.
pub struct Genotypes<'a> {
    samples: &'a [u8],
    genotype: usize,
    set: Option<usize>,
    sets: Option<usize>,
}

/// An allele as GT has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Called {
    /// `None` where it is not known.
    allele: Option<u32>,
    is_phased: bool,
}

type Copies = Vec<Called>;

impl<'a> Genotypes<'a> {
    /// The genotypes of a record; `None` if it has no samples or no GT.
    pub fn of(record: &Record<'a>) -> Option<Self> {
        let columns = record.after_info.strip_prefix(b"\t")?;
        let end = memchr::memchr(b'\t', columns)?;
        let place = |key: &[u8]| columns[..end].split(|byte| *byte == b':').position(|own| own == key);
        Some(Self {
            samples: &columns[end + 1..],
            genotype: place(b"GT")?,
            set: place(b"PS"),
            sets: place(b"PSL"),
        })
    }

    /// Calls `found` with each alternate allele (counted from 1) that is known to be on a copy, and `unphased` with each of which it
    /// is not known on which.
    pub fn each(&self, mut found: impl FnMut(u32, Carried), mut unphased: impl FnMut(u32)) {
        let (mut start, mut copies) = (0, Copies::new());
        let ends = memchr_iter(b'\t', self.samples).chain([self.samples.len()]);
        for (sample, end) in ends.enumerate() {
            let column = &self.samples[start.min(end)..end];
            start = end + 1;
            let Some(genotype) =
                part(column, self.genotype).filter(|text| text.iter().any(|byte| matches!(byte, b'1'..=b'9')))
            else {
                continue;
            };
            if !read(genotype, &mut copies) {
                continue;
            }
            let first = copies[0].allele;
            let on_all = copies.iter().all(|called| called.allele == first);
            for (copy, called) in copies.iter().enumerate() {
                let Some(allele) = called.allele.filter(|allele| *allele > 0) else {
                    continue;
                };
                let set = match (on_all, called.is_phased) {
                    (true, _) => PhaseSet::ALL,
                    (false, true) => self.set_of(column, copy),
                    (false, false) => {
                        unphased(allele);
                        continue;
                    }
                };
                let (sample, copy) = (sample as u32, copy as u8);
                found(allele, Carried { sample, copy, set });
            }
        }
    }

    /// The phase set of a phased allele.
    fn set_of(&self, column: &[u8], copy: usize) -> PhaseSet {
        let known = |name: &&[u8]| !matches!(*name, b"" | b".");
        let value = |place: Option<usize>| part(column, place?);
        let own = value(self.sets).and_then(|sets| sets.split(|byte| *byte == b',').nth(copy));
        let of_copy = own.filter(known).map(PhaseSet::of_copy);
        let named = || value(self.set).filter(known).map(PhaseSet::named);
        of_copy.or_else(named).unwrap_or(PhaseSet::UNNAMED)
    }
}

/// A value of a sample's column.
fn part(column: &[u8], place: usize) -> Option<&[u8]> {
    column.split(|byte| *byte == b':').nth(place)
}

/// Reads GT into `copies`; `false` if it is none.
fn read(genotype: &[u8], copies: &mut Copies) -> bool {
    copies.clear();
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'|');
    let (first, mut rest) = match genotype.split_first() {
        Some((first, rest)) if is_separator(first) => (Some(*first), rest),
        _ => (None, genotype),
    };
    let mut before = first;
    loop {
        let end = rest.iter().position(is_separator).unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..end]).unwrap_or_default();
        let allele = match text {
            "." => None,
            _ => match text.parse() {
                Ok(allele) => Some(allele),
                Err(_) => return false,
            },
        };
        let is_phased = before == Some(b'|');
        copies.push(Called { allele, is_phased });
        if end == rest.len() {
            break;
        }
        before = Some(rest[end]);
        rest = &rest[end + 1..];
    }
    if first.is_none() {
        copies[0].is_phased = copies[1..].iter().all(|called| called.is_phased);
    }
    copies.len() <= MOST_COPIES
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An allele, its sample, copy and set.
    type Found = (u32, u32, u8, u32);

    /// What is found in a record with this FORMAT and these samples, and the unphased alleles.
    fn told(columns: &str) -> (Vec<Found>, Vec<u32>) {
        let text = format!("1\t100\t.\tA\tC,G\t.\t.\t.\t{columns}");
        let record = Record::parse(text.as_bytes(), 1, 8 + columns.split('\t').count(), false).unwrap();
        let (mut found, mut unphased) = (Vec::new(), Vec::new());
        Genotypes::of(&record).unwrap().each(
            |allele, carried| found.push((allele, carried.sample, carried.copy, carried.set.0)),
            |allele| unphased.push(allele),
        );
        (found, unphased)
    }

    #[test]
    fn a_bar_phases_the_alleles_beside_it() {
        assert_eq!(told("GT\t0|1\t1|0\t0/1"), (vec![(1, 0, 1, 1), (1, 1, 0, 1)], vec![1]));
        assert_eq!(told("GT\t1|2"), (vec![(1, 0, 0, 1), (2, 0, 1, 1)], vec![]));
        assert_eq!(told("GT\t.|1\t./1\t1/."), (vec![(1, 0, 1, 1)], vec![1, 1]));
        assert_eq!(told("DP:GT\t9:0|1"), (vec![(1, 0, 1, 1)], vec![]));
    }

    #[test]
    fn the_first_allele_of_vcf_4_4_has_a_phase_of_its_own() {
        assert_eq!(
            told("GT\t|1|0\t/1|2\t|1/0"),
            (vec![(1, 0, 0, 1), (2, 1, 1, 1), (1, 2, 0, 1)], vec![1])
        );
        // Of three copies the first is phased if both others are.
        assert_eq!(told("GT\t1|0/2\t1|0|2"), (vec![(1, 1, 0, 1), (2, 1, 2, 1)], vec![1, 2]));
    }

    #[test]
    fn what_is_on_all_copies_needs_no_phase() {
        assert_eq!(
            told("GT\t1/1\t1\t2|2"),
            (
                vec![(1, 0, 0, 0), (1, 0, 1, 0), (1, 1, 0, 0), (2, 2, 0, 0), (2, 2, 1, 0)],
                vec![]
            )
        );
    }

    #[test]
    fn phase_sets_are_kept_apart() {
        assert_eq!(
            told("GT:PS\t0|1:7\t0|1:.\t0|1"),
            (vec![(1, 0, 1, 9), (1, 1, 1, 1), (1, 2, 1, 1)], vec![])
        );
        let (found, _) = told("GT:PSL\t|1|2:a,b\t|1|0:b,.");
        assert_eq!(found.len(), 3);
        assert_eq!(found[1].3, found[2].3);
        assert_ne!(found[0].3, found[1].3);
    }

    #[test]
    fn what_is_no_genotype_tells_nothing() {
        for columns in [
            "GT\t",
            "GT\t1|x",
            "GT\t|",
            "GT\t0/0",
            "GT\t./.",
            "GT:DP\t.:1",
            "GT\t-1|1",
        ] {
            assert_eq!(told(columns), (vec![], vec![]), "{columns}");
        }
    }
}
