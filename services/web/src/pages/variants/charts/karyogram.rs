//! Where on the chromosomes the variants lie.

use domain::with_commas;
use serde::Serialize;
use variants::{Bar, Charts, Density};

use super::{Count, Links, stretch};

/// Pixels from one chromosome to the next.
const STEP: usize = 24;
/// Pixels that the drawing of a chromosome is high.
const TALL: f64 = 16.0;
/// Chromosomes that are drawn; the table has all.
const MOST_DRAWN: usize = 30;
/// Stretches that are links of their own; beyond, only the chromosomes are.
const MOST_LINKS: usize = 300;
/// Lengths of chromosomes 1 to 22, X and Y, in millions of bases, rounded up (UCSC's `chromInfo`).
const HG19: [u32; 24] = [
    250, 244, 199, 192, 181, 172, 160, 147, 142, 136, 136, 134, 116, 108, 103, 91, 82, 79, 60, 64, 49, 52, 156, 60,
];
const HG38: [u32; 24] = [
    249, 243, 199, 191, 182, 171, 160, 146, 139, 134, 136, 134, 115, 108, 102, 91, 84, 81, 59, 65, 47, 51, 157, 58,
];

/// The chromosomes, one below the other, with the density of variants along each.
#[derive(Serialize)]
pub struct KaryogramView {
    about: String,
    height: usize,
    /// Millions of bases of the longest chromosome: the width of the drawing.
    width: f64,
    chromosomes: Vec<ChromosomeView>,
    counts: Vec<Count>,
    /// How many chromosomes are only in the table.
    left_out: usize,
}

#[derive(Serialize)]
struct ChromosomeView {
    name: String,
    number: String,
    url: Option<String>,
    text_at: usize,
    top: usize,
    /// In millions of bases.
    length: f64,
    /// Stretches, as a path of SVG.
    path: String,
    /// The same as links, where they are few.
    stretches: Vec<StretchView>,
}

#[derive(Serialize)]
struct StretchView {
    /// Where it begins, and how long it is, in millions of bases.
    from: f64,
    length: f64,
    top: String,
    tall: String,
    url: Option<String>,
    hint: String,
}

impl KaryogramView {
    /// `None` if there is nothing to draw.
    pub fn of(charts: &Charts, assembly: &str, links: &Links<'_>) -> Option<Self> {
        let most = charts.density.iter().flat_map(|density| &density.bins);
        let most = most.map(|(_, count)| *count).max()?;
        let bins: usize = charts.density.iter().map(|density| density.bins.len()).sum();
        let scale = Scale {
            most,
            is_linked: bins <= MOST_LINKS,
        };
        let both = charts.chromosomes.iter().zip(&charts.density);
        let mut both: Vec<(&Bar, &Density)> = both.collect();
        both.sort_by_key(|(bar, _)| order(&bar.name));
        let drawn = both.iter().take(MOST_DRAWN).enumerate();
        let drawn = drawn.map(|(at, (bar, density))| ChromosomeView::of(at, bar, density, assembly, scale, links));
        let chromosomes: Vec<ChromosomeView> = drawn.collect();
        let width = chromosomes.iter().map(|one| one.length).fold(0.0, f64::max);
        Some(Self {
            about: about(scale),
            height: chromosomes.len() * STEP,
            width,
            left_out: both.len() - chromosomes.len(),
            counts: both
                .iter()
                .map(|(bar, _)| Count::of(&bar.name, bar.count, whole(bar, links)))
                .collect(),
            chromosomes,
        })
    }
}

/// What all chromosomes share.
#[derive(Clone, Copy)]
struct Scale {
    /// Variants of the fullest stretch.
    most: u64,
    is_linked: bool,
}

impl Scale {
    /// Where a stretch of so many begins, from above, and how tall it is. By the square root, so that few are seen beside many.
    fn tall(self, count: u64) -> (f64, f64) {
        let tall = (count as f64 / self.most as f64).sqrt() * TALL;
        let tall = tall.max(1.0);
        (TALL - tall, tall)
    }
}

fn about(scale: Scale) -> String {
    let most = with_commas(scale.most);
    let links = match scale.is_linked {
        true => "Chromosomes and their stretches are links.",
        false => "Chromosomes are links.",
    };
    format!(
        "Variants that begin in each million bases: the tallest has {most}, and heights go by the square root. {links}"
    )
}

impl ChromosomeView {
    fn of(at: usize, bar: &Bar, density: &Density, assembly: &str, scale: Scale, links: &Links<'_>) -> Self {
        let size = density.bin as f64 / 1e6;
        let begin = |start: i64| (start - 1) as f64 / 1e6;
        let last = density.bins.last().map_or(size, |(start, _)| begin(*start) + size);
        let mut path = String::new();
        let mut stretches = Vec::new();
        for (start, count) in &density.bins {
            let (top, tall) = scale.tall(*count);
            match scale.is_linked {
                true => stretches.push(StretchView::of(density, *start, *count, (top, tall), links)),
                false => path += &format!("M{} {TALL}h{size}v-{tall:.1}h-{size}z", begin(*start)),
            }
        }
        Self {
            name: bar.name.clone(),
            number: with_commas(bar.count),
            url: whole(bar, links),
            text_at: at * STEP + 13,
            top: at * STEP,
            length: length(&bar.name, assembly).unwrap_or(0.0).max(last),
            path,
            stretches,
        }
    }
}

impl StretchView {
    fn of(density: &Density, start: i64, count: u64, (top, tall): (f64, f64), links: &Links<'_>) -> Self {
        let (name, end) = (&density.chromosome, start + density.bin - 1);
        Self {
            from: (start - 1) as f64 / 1e6,
            length: density.bin as f64 / 1e6,
            top: format!("{top:.1}"),
            tall: format!("{tall:.1}"),
            url: links.to(&stretch(&links.asked.filter.regions, name, start, end)),
            hint: format!(
                "{name}:{}-{}, {}",
                with_commas(start.unsigned_abs()),
                with_commas(end.unsigned_abs()),
                crate::views::count(count, "variant")
            ),
        }
    }
}

/// Where the variants of a chromosome are.
fn whole(bar: &Bar, links: &Links<'_>) -> Option<String> {
    links.to(&stretch(&links.asked.filter.regions, &bar.name, 1, i64::MAX))
}

/// In millions of bases, if the chromosome is one of an assembly that we know.
fn length(name: &str, assembly: &str) -> Option<f64> {
    let lengths = match assembly {
        "hg19" => &HG19,
        "hg38" => &HG38,
        _ => return None,
    };
    let at = match order(name) {
        (at @ 1..=24, _) => at - 1,
        _ => return None,
    };
    Some(f64::from(lengths[at]))
}

/// 1 to 22, X, Y, the mitochondrion, then all else by name.
fn order(name: &str) -> (usize, &str) {
    let short = name.strip_prefix("chr").unwrap_or(name);
    let at = match short {
        "X" => 23,
        "Y" => 24,
        "M" | "MT" => 25,
        number => number.parse().ok().filter(|at| (1..=22).contains(at)).unwrap_or(26),
    };
    (at, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::variants::asked::Asked;

    fn charts(chromosomes: &[(&str, &[(i64, u64)])]) -> Charts {
        let bar = |(name, bins): &(&str, &[(i64, u64)])| Bar {
            name: (*name).to_owned(),
            count: bins.iter().map(|(_, count)| count).sum(),
            pairs: vec![("region".to_owned(), (*name).to_owned())],
        };
        let density = |(name, bins): &(&str, &[(i64, u64)])| Density {
            chromosome: (*name).to_owned(),
            bin: 1_000_000,
            bins: bins.to_vec(),
        };
        Charts {
            chromosomes: chromosomes.iter().map(bar).collect(),
            density: chromosomes.iter().map(density).collect(),
            ..Charts::default()
        }
    }

    fn drawn(charts: &Charts) -> KaryogramView {
        let asked = Asked::default();
        let links = Links {
            asked: &asked,
            base: "/v",
        };
        KaryogramView::of(charts, "hg19", &links).unwrap()
    }

    #[test]
    fn chromosomes_come_in_their_order_and_lead_to_their_variants() {
        let view = drawn(&charts(&[
            ("chrX", &[(1, 4)]),
            ("chr10", &[(2_000_001, 16)]),
            ("chr2", &[(1, 1)]),
        ]));
        let names: Vec<_> = view.chromosomes.iter().map(|one| (&*one.name, one.length)).collect();
        assert_eq!(names, [("chr2", 244.0), ("chr10", 136.0), ("chrX", 156.0)]);
        assert_eq!(view.chromosomes[0].url.as_deref(), Some("/v?region=chr2"));
        let stretch = &view.chromosomes[1].stretches[0];
        assert_eq!(stretch.url.as_deref(), Some("/v?region=chr10%3A2000001-3000000"));
        assert_eq!(
            (stretch.from, &*stretch.tall, &*stretch.hint),
            (2.0, "16.0", "chr10:2,000,001-3,000,000, 16 variants")
        );
        assert_eq!(view.chromosomes[0].stretches[0].tall, "4.0");
    }

    #[test]
    fn many_stretches_are_one_path_so_that_the_page_stays_small() {
        let bins: Vec<(i64, u64)> = (0..301).map(|bin| (bin * 1_000_000 + 1, 1)).collect();
        let view = drawn(&charts(&[("chr1", &bins)]));
        assert!(view.chromosomes[0].stretches.is_empty());
        assert!(
            view.chromosomes[0].path.starts_with("M0 16h1v-16.0h-1zM1 16"),
            "{}",
            view.chromosomes[0].path
        );
        assert_eq!(
            view.chromosomes[0].length, 301.0,
            "a chromosome is never shorter than its variants are far"
        );
    }
}
