//! Regions as a filter asks by them: of each chromosome those that do not overlap, from the left. A file of BED may have tens of
//! thousands, which no address holds: whoever keeps such a set gives it a name, and the address has that.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::error::Wrong;
use crate::region::{Region, bed_lines, canonical};

/// The most regions of a set, those that touch taken as one.
const MOST: usize = 50_000;
/// The most lines of a file of BED that are read for it.
const MOST_LINES: usize = 500_000;
/// How long a name is: a hash, in hexadecimal digits.
const NAME: usize = 32;

/// First and last base of each, 1-based.
pub(crate) type Stretches = [(i64, i64)];

/// Regions that do not touch, by chromosome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionSet(BTreeMap<String, Vec<(i64, i64)>>);

/// A set that the filter names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRegions {
    /// Its name: 32 hexadecimal digits.
    pub name: String,
    /// What has this name, once somebody has looked; without it nothing can be asked.
    pub regions: Option<Arc<RegionSet>>,
}

impl RegionSet {
    /// These regions, as far as they differ.
    #[must_use]
    pub fn new(regions: impl IntoIterator<Item = Region>) -> Self {
        let mut chromosomes: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
        for Region { chromosome, start, end } in regions {
            let own = chromosomes.entry(canonical(&chromosome)).or_default();
            own.push((start, end));
        }
        for own in chromosomes.values_mut() {
            own.sort_unstable();
            own.dedup_by(|next, before| {
                let joins = next.0 <= before.1.saturating_add(1);
                before.1 = if joins { before.1.max(next.1) } else { before.1 };
                joins
            });
        }
        Self(chromosomes)
    }

    /// The regions of a file in BED.
    ///
    /// # Errors
    ///
    /// If a line is no region, if there is none, or if there are more than 50,000 that do not touch.
    pub fn of_bed(text: &str) -> Result<Self, Wrong> {
        let mut regions = Vec::new();
        for region in bed_lines(text) {
            regions.push(region.map_err(|wrong| Wrong::new("regions", wrong.why))?);
            if regions.len() > MOST_LINES {
                return Err(too_many());
            }
        }
        let set = Self::new(regions);
        match set.len() {
            0 => Err(Wrong::new("regions", "The BED file has no regions.")),
            len if len > MOST => Err(too_many()),
            _ => Ok(set),
        }
    }

    /// The set as a file of BED: the same for every file that has the same bases, in whatever order and pieces.
    #[must_use]
    pub fn to_bed(&self) -> String {
        let mut bed = String::new();
        for (chromosome, stretches) in &self.0 {
            for (start, end) in stretches {
                let _ = writeln!(bed, "{chromosome}\t{}\t{end}", start - 1);
            }
        }
        bed
    }

    /// How many regions it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bases they have together.
    #[must_use]
    pub fn bases(&self) -> u64 {
        let of = |(start, end): &(i64, i64)| end.abs_diff(*start).saturating_add(1);
        self.0.values().flatten().map(of).fold(0, u64::saturating_add)
    }

    /// Those of a chromosome, however that is spelled.
    pub(crate) fn on(&self, chromosome: &str) -> Option<&Stretches> {
        self.0.get(&canonical(chromosome)).map(Vec::as_slice)
    }
}

fn too_many() -> Wrong {
    let most = domain::with_commas(MOST as u64);
    let why = format!("The BED file has more than {most} regions, those that touch taken as one.");
    Wrong::new("regions", why)
}

impl NamedRegions {
    /// A set of this name, of which nobody has looked yet what it is.
    ///
    /// # Errors
    ///
    /// If it is no such name.
    pub fn parse(name: &str) -> Result<Self, Wrong> {
        let is_name = name.len() == NAME && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match is_name {
            true => Ok(Self {
                name: name.to_owned(),
                regions: None,
            }),
            false => Err(Wrong::new("regions", "This is not the name of regions that were sent.")),
        }
    }

    /// What has this name.
    ///
    /// # Errors
    ///
    /// If nobody has found any.
    pub fn regions(&self) -> Result<Arc<RegionSet>, Wrong> {
        let why =
            "The regions that this address names are not kept for this job, or not any more. Send the BED file again.";
        self.regions.clone().ok_or_else(|| Wrong::new("regions", why))
    }

    /// What it says, for people.
    pub(crate) fn words(&self) -> String {
        match self.regions.as_ref().map(|regions| regions.len()) {
            Some(1) => "1 region of a BED file".to_owned(),
            Some(len) => format!("{} regions of a BED file", domain::with_commas(len as u64)),
            None => "regions of a BED file".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_the_same_bases_are_the_same_set() {
        let set =
            RegionSet::of_bed("chr7\t10\t20\tname\t0\t+\nchr7\t15\t30\n7\t30\t31\nchr10\t0\t5\nchrM\t1\t2\n").unwrap();
        assert_eq!(set.to_bed(), "10\t0\t5\n7\t10\t31\nm\t1\t2\n");
        assert_eq!((set.len(), set.bases()), (3, 27));
        let other = RegionSet::of_bed("MT\t1\t2\n10\t0\t5\n7\t10\t31\n").unwrap();
        assert_eq!(set, other);
        assert_eq!(RegionSet::of_bed(&set.to_bed()).unwrap(), set);
        assert_eq!((set.on("chr7"), set.on("8")), (Some(&[(11, 31)][..]), None));
    }

    #[test]
    fn what_is_no_set_is_refused_in_a_sentence() {
        for (bed, why) in [
            ("", "The BED file has no regions."),
            ("# nothing\n", "The BED file has no regions."),
            (
                "chr1\t1\t2\nchr1\tx\t2\n",
                "Line 2 of the BED file has no chromosome, start and end with tabs between them, the start before the end.",
            ),
        ] {
            let wrong = RegionSet::of_bed(bed).unwrap_err();
            assert_eq!((wrong.field, &*wrong.why), ("regions", why), "{bed:?}");
        }
        let apart: String = (0..=MOST)
            .map(|at| format!("1\t{}\t{}\n", at * 2, at * 2 + 1))
            .collect();
        assert!(
            RegionSet::of_bed(&apart)
                .unwrap_err()
                .why
                .contains("more than 50,000 regions")
        );
        let touching: String = (0..=MOST).map(|at| format!("1\t{at}\t{}\n", at + 1)).collect();
        assert_eq!(RegionSet::of_bed(&touching).unwrap().len(), 1);
    }

    #[test]
    fn a_name_is_a_hash_and_nothing_else() {
        assert!(NamedRegions::parse("0123456789abcdef0123456789abcdef").is_ok());
        for wrong in [
            "",
            "0123",
            "0123456789ABCDEF0123456789ABCDEF",
            "../../../../../../../../../../ab",
        ] {
            assert_eq!(NamedRegions::parse(wrong).unwrap_err().field, "regions", "{wrong}");
        }
    }
}
