//! The cytogenetic bands of chromosomes 1 to 22, X and Y: names, stains and ends, after UCSC's `cytoBand` of hg19 and hg38
//! (<https://hgdownload.soe.ucsc.edu/goldenPath/>). Whoever draws a chromosome asks for them.
//!
//! `bands/<assembly>.txt` has a line for each chromosome: its name without `chr`, then of each band, from the left, name, Giemsa stain
//! and last base, with commas between them. A band begins behind the one before.

use std::sync::LazyLock;

/// How a band takes Giemsa's stain, or what else is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stain {
    /// `gneg`
    None,
    /// `gpos25`, `gpos50`, `gpos75` and `gpos100`, as percent.
    Positive(u8),
    /// `acen`: next to the centromere.
    Centromere,
    /// `gvar`: of another length in everybody.
    Variable,
    /// `stalk`: of the short arm of an acrocentric chromosome.
    Stalk,
}

/// A band. 1-based, both ends included.
#[derive(Debug, PartialEq, Eq)]
pub struct Band {
    /// Its name on the chromosome, `p36.33`.
    pub name: &'static str,
    pub stain: Stain,
    pub start: i64,
    pub end: i64,
}

type Chromosomes = Vec<Vec<Band>>;

static HG19: LazyLock<Chromosomes> = LazyLock::new(|| read(include_str!("bands/hg19.txt")));
static HG38: LazyLock<Chromosomes> = LazyLock::new(|| read(include_str!("bands/hg38.txt")));

/// The bands of a chromosome, 1 to 24 for 1 to 22, X and Y; none where they are not known.
pub fn bands(assembly: &str, chromosome: usize) -> &'static [Band] {
    let all = match assembly {
        "hg19" => &*HG19,
        "hg38" => &*HG38,
        _ => return &[],
    };
    let own = chromosome.checked_sub(1).and_then(|at| all.get(at));
    own.map(Vec::as_slice).unwrap_or_default()
}

fn read(text: &'static str) -> Chromosomes {
    text.lines().map(of_line).collect()
}

fn of_line(line: &'static str) -> Vec<Band> {
    let mut start = 1;
    let own = line.split(' ').skip(1).filter_map(|band| {
        let (name, rest) = band.split_once(',')?;
        let (stain, end) = rest.split_once(',')?;
        let end: i64 = end.parse().ok()?;
        let from = std::mem::replace(&mut start, end + 1);
        Some(Band {
            name,
            stain: Stain::named(stain)?,
            start: from,
            end,
        })
    });
    own.collect()
}

impl Stain {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gneg" => Self::None,
            "acen" => Self::Centromere,
            "gvar" => Self::Variable,
            "stalk" => Self::Stalk,
            positive => Self::Positive(positive.strip_prefix("gpos")?.parse().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_of_both_assemblies_is_there_and_follows_the_one_before() {
        for (assembly, chr1, chr21, y) in [
            ("hg19", 249_250_621, 48_129_895, 59_373_566),
            ("hg38", 248_956_422, 46_709_983, 57_227_415),
        ] {
            let all: Vec<&[Band]> = (1..=24).map(|at| bands(assembly, at)).collect();
            assert_eq!(all.iter().map(|own| own.len()).sum::<usize>(), 862);
            let length = |at: usize| all[at - 1].last().unwrap().end;
            assert_eq!((length(1), length(21), length(24)), (chr1, chr21, y));
            for own in all {
                assert_eq!(own[0].start, 1);
                assert!(own.windows(2).all(|two| two[0].end + 1 == two[1].start));
                let centromere: Vec<&Band> = own.iter().filter(|band| band.stain == Stain::Centromere).collect();
                assert_eq!(centromere.len(), 2, "of either arm");
                assert!(centromere[0].name.starts_with('p') && centromere[1].name.starts_with('q'));
                let inner = &own[..own.len() - 1];
                assert!(inner.iter().all(|band| band.end % 100_000 == 0), "counts go by these");
            }
        }
        assert_eq!(
            bands("hg19", 1)[1],
            Band {
                name: "p36.32",
                stain: Stain::Positive(25),
                start: 2_300_001,
                end: 5_400_000
            }
        );
        assert_eq!(
            (bands("hg19", 25), bands("hg18", 1), bands("hg19", 0)),
            (&[][..], &[][..], &[][..])
        );
    }
}
