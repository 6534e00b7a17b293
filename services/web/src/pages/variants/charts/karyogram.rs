//! Where on the chromosomes the variants lie: their density, and the bands below it.

use domain::with_commas;
use serde::Serialize;
use variants::{Bar, Charts, Density};

use super::bands::bands;
use super::ideogram::{BANDS_END, Ideogram};
use super::{Count, Links, stretch};

/// Pixels from one chromosome to the next, without and with bands.
const STEP: usize = 24;
const BANDED_STEP: usize = 34;
/// Pixels that the density of a chromosome is high.
pub const TALL: f64 = 16.0;
/// Bases of a stretch, of which the density is drawn.
const STRETCH: i64 = 1_000_000;
/// Chromosomes that are drawn; the table has all.
const MOST_DRAWN: usize = 30;
/// Stretches that are links of their own; beyond, only chromosomes and bands are.
const MOST_LINKS: usize = 300;
/// Bytes that the addresses of all bands may take, which repeat the filter; beyond, bands have names alone.
const MOST_ADDRESSES: usize = 80_000;
/// Bands that the table behind the drawing has besides the chromosomes: those of two chromosomes, not of all.
const MOST_COUNTED: usize = 130;

/// The chromosomes, one below the other, with the density of variants along each, and its bands where they are known.
#[derive(Serialize)]
pub struct KaryogramView {
    about: String,
    height: usize,
    /// Pixels that the drawing of a chromosome is high.
    tall: f64,
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
    bands: Ideogram,
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
        let both = charts.chromosomes.iter().zip(&charts.density);
        let mut both: Vec<One<'_>> = both.map(|(bar, density)| One::of(bar, density, assembly)).collect();
        both.sort_by_key(|one| order(&one.bar.name));
        let stretches = || both.iter().flat_map(|one| &one.stretches);
        let mut ideograms: Vec<Ideogram> = both.iter().map(|one| one.ideogram(links)).collect();
        if ideograms.iter().map(Ideogram::addresses).sum::<usize>() > MOST_ADDRESSES {
            ideograms.iter_mut().for_each(Ideogram::without_links);
        }
        let scale = Scale {
            most: stretches().map(|(_, count)| *count).max()?,
            is_linked: stretches().count() <= MOST_LINKS,
            step: match ideograms.iter().any(|own| !own.is_empty()) {
                true => BANDED_STEP,
                false => STEP,
            },
        };
        let about = about(scale, &ideograms);
        let counts = counts(&both, &ideograms, links);
        let drawn = both.iter().zip(ideograms).take(MOST_DRAWN).enumerate();
        let drawn = drawn.map(|(at, (one, bands))| one.view(at, scale, bands, links));
        let chromosomes: Vec<ChromosomeView> = drawn.collect();
        Some(Self {
            about,
            height: chromosomes.len() * scale.step,
            tall: if scale.step == STEP { TALL } else { BANDS_END },
            width: chromosomes.iter().map(|one| one.length).fold(0.0, f64::max),
            left_out: both.len() - chromosomes.len(),
            counts,
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
    step: usize,
}

impl Scale {
    /// Where a stretch of so many begins, from above, and how tall it is. By the square root, so that few are seen beside many.
    fn tall(self, count: u64) -> (f64, f64) {
        let tall = (count as f64 / self.most as f64).sqrt() * TALL;
        let tall = tall.max(1.0);
        (TALL - tall, tall)
    }
}

fn about(scale: Scale, ideograms: &[Ideogram]) -> String {
    let most = with_commas(scale.most);
    let bands = match scale.step {
        STEP => "",
        _ => " Below lie the cytogenetic bands, the darker the more Giemsa stains them, red at the centromere.",
    };
    let links = match (scale.is_linked, ideograms.iter().any(|own| own.addresses() > 0)) {
        (true, true) => "Chromosomes, their stretches and bands are links.",
        (true, false) => "Chromosomes and their stretches are links.",
        (false, true) => "Chromosomes and their bands are links.",
        (false, false) => "Chromosomes are links.",
    };
    format!(
        "Variants that begin in each million bases: the tallest has {most}, and heights go by the square root.{bands} {links}"
    )
}

/// The numbers: of chromosomes, and of their bands where these are few.
fn counts(all: &[One<'_>], ideograms: &[Ideogram], links: &Links<'_>) -> Vec<Count> {
    let bands: usize = ideograms.iter().map(|own| own.counted().count()).sum();
    let mut counts = Vec::new();
    for (one, ideogram) in all.iter().zip(ideograms) {
        counts.push(Count::of(&one.bar.name, one.bar.count, one.whole(links)));
        let own = ideogram.counted().filter(|_| bands <= MOST_COUNTED);
        counts.extend(own.map(|band| Count::of(&band.name, band.count, band.url.clone())));
    }
    counts
}

/// A chromosome with what is known of it.
struct One<'c> {
    bar: &'c Bar,
    density: &'c Density,
    /// Where each stretch that has variants begins, 1-based, and how many begin in it.
    stretches: Vec<(i64, u64)>,
    /// In millions of bases.
    length: f64,
    assembly: &'c str,
}

impl<'c> One<'c> {
    fn of(bar: &'c Bar, density: &'c Density, assembly: &'c str) -> Self {
        let mut stretches: Vec<(i64, u64)> = Vec::new();
        for (start, count) in &density.bins {
            let start = (start - 1) / STRETCH * STRETCH + 1;
            match stretches.last_mut().filter(|last| last.0 == start) {
                Some((_, own)) => *own += count,
                None => stretches.push((start, *count)),
            }
        }
        let last = stretches.last().map_or(0, |(start, _)| start - 1 + STRETCH);
        let length = bands(assembly, order(&bar.name).0).last().map_or(0, |band| band.end);
        // A stretch at the end reaches beyond its chromosome.
        let ends = if length > 0 && last - length < STRETCH {
            length
        } else {
            last
        };
        Self {
            bar,
            density,
            stretches,
            length: ends as f64 / 1e6,
            assembly,
        }
    }

    fn ideogram(&self, links: &Links<'_>) -> Ideogram {
        Ideogram::of(self.density, bands(self.assembly, order(&self.bar.name).0), links)
    }

    fn view(&self, at: usize, scale: Scale, bands: Ideogram, links: &Links<'_>) -> ChromosomeView {
        let mut path = String::new();
        let mut stretches = Vec::new();
        for (start, count) in &self.stretches {
            let (top, tall) = scale.tall(*count);
            let (from, length) = self.drawn(*start);
            match scale.is_linked {
                true => stretches.push(self.stretch(*start, *count, (top, tall), links)),
                false => path += &format!("M{from} {TALL}h{length}v-{tall:.1}h-{length}z"),
            }
        }
        ChromosomeView {
            name: self.bar.name.clone(),
            number: with_commas(self.bar.count),
            url: self.whole(links),
            text_at: at * scale.step + 13,
            top: at * scale.step,
            length: self.length,
            path,
            stretches,
            bands,
        }
    }

    /// Where a stretch begins in the drawing, and how long it is there, in millions of bases.
    fn drawn(&self, start: i64) -> (f64, f64) {
        let from = (start - 1) as f64 / 1e6;
        (
            from,
            ((STRETCH as f64 / 1e6).min(self.length - from) * 1e3).round() / 1e3,
        )
    }

    fn stretch(&self, start: i64, count: u64, (top, tall): (f64, f64), links: &Links<'_>) -> StretchView {
        let (name, end) = (&self.density.chromosome, start + STRETCH - 1);
        let (from, length) = self.drawn(start);
        StretchView {
            from,
            length,
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

    /// Where the variants of the chromosome are.
    fn whole(&self, links: &Links<'_>) -> Option<String> {
        links.to(&stretch(&links.asked.filter.regions, &self.bar.name, 1, i64::MAX))
    }
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
mod tests;
