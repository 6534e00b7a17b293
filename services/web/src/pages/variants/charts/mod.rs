//! The charts of the variants that match: drawings whose parts are links that filter, with the numbers as a table behind each.

mod bands;
mod bars;
mod ideogram;
mod karyogram;

use domain::with_commas;
use serde::Serialize;
use variants::{Charts, Region};

use super::asked::{Asked, Pairs};
use bars::BarsView;
use karyogram::KaryogramView;

/// All charts.
#[derive(Serialize)]
pub struct ChartsView {
    bars: Vec<BarsView>,
    karyogram: Option<KaryogramView>,
}

/// A number of a chart, as the table behind it has it.
#[derive(Serialize)]
pub struct Count {
    name: String,
    number: String,
    /// Where just these are; `None` where no filter selects them.
    url: Option<String>,
}

/// Where parts of charts lead: the table, filtered by what is asked, and by the part.
pub struct Links<'a> {
    asked: &'a Asked,
    base: &'a str,
}

impl ChartsView {
    /// The charts; their parts lead to the table at `base`.
    #[must_use]
    pub fn of(charts: &Charts, asked: &Asked, base: &str, assembly: &str) -> Self {
        let links = Links { asked, base };
        Self {
            karyogram: KaryogramView::of(charts, assembly, &links),
            bars: bars::all(charts, &links),
        }
    }
}

impl Links<'_> {
    /// The table with these in place of the filter's pairs of the same names; `None` without any.
    fn to(&self, pairs: &[(String, String)]) -> Option<String> {
        Some(format!("{}{}", self.base, self.query(pairs)?))
    }

    /// The same, as the page of charts sees it: shorter, for what there is a lot of.
    fn near(&self, pairs: &[(String, String)]) -> Option<String> {
        Some(format!("../variants{}", self.query(pairs)?))
    }

    fn query(&self, pairs: &[(String, String)]) -> Option<String> {
        if pairs.is_empty() {
            return None;
        }
        let mut filter: Pairs = self.asked.filter.to_pairs();
        filter.retain(|(name, _)| pairs.iter().all(|(own, _)| own != name));
        filter.extend_from_slice(pairs);
        Some(self.asked.with_filter(filter))
    }
}

/// The pairs that select what lies in a stretch of a chromosome, 1-based, both ends included, and in a region that is asked for.
fn stretch(regions: &[Region], chromosome: &str, start: i64, end: i64) -> Pairs {
    let bare = |name: &str| name.trim_start_matches("chr").replace("MT", "M");
    let asked = regions
        .iter()
        .filter(|region| bare(&region.chromosome) == bare(chromosome));
    let both = asked.map(|region| (region.start.max(start), region.end.min(end)));
    let both: Vec<(i64, i64)> = match regions.is_empty() {
        true => vec![(start, end)],
        false => both.filter(|(start, end)| start <= end).collect(),
    };
    let written = |(start, end): (i64, i64)| match (start, end) {
        (1, i64::MAX) => chromosome.to_owned(),
        (start, i64::MAX) => format!("{chromosome}:{start}-"),
        (start, end) => format!("{chromosome}:{start}-{end}"),
    };
    both.into_iter()
        .map(|both| ("region".to_owned(), written(both)))
        .collect()
}

impl Count {
    fn of(name: &str, count: u64, url: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            number: with_commas(count),
            url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_narrows_what_is_asked_and_replaces_what_it_is_about() {
        let pairs = |pairs: &[(&str, &str)]| -> Pairs {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let asked = Asked::of(&pairs(&[("gene", "BRCA1"), ("impact", "high"), ("offset", "50")])).unwrap();
        let links = Links {
            asked: &asked,
            base: "/v",
        };
        let moderate = links.to(&pairs(&[("impact", "moderate")]));
        assert_eq!(moderate.as_deref(), Some("/v?gene=BRCA1&impact=moderate"));
        assert_eq!(links.to(&[]), None);
    }

    #[test]
    fn a_stretch_does_not_reach_beyond_the_regions_that_are_asked_for() {
        let of = |asked: &[&str], start, end| {
            let regions: Vec<Region> = asked.iter().map(|text| Region::parse(text).unwrap()).collect();
            let pairs = stretch(&regions, "chr7", start, end);
            pairs
                .into_iter()
                .map(|(_, region)| region)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(of(&[], 1, 1_000_000), "chr7:1-1000000");
        assert_eq!(of(&[], 1, i64::MAX), "chr7");
        assert_eq!(of(&["7:500-2000000", "8"], 1, 1_000_000), "chr7:500-1000000");
        assert_eq!(of(&["chr7:5-10", "chr7:20-30"], 1, i64::MAX), "chr7:5-10 chr7:20-30");
    }
}
