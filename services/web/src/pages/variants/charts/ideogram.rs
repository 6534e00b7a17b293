//! The bands of one chromosome as a karyogram draws them: a link and a name each, the centromere as two triangles that meet.

use serde::Serialize;
use variants::Density;

use super::bands::{Band, Stain};
use super::karyogram::TALL;
use super::{Links, stretch};

/// Where the bands begin and end in the drawing of a chromosome, from above, in pixels.
const BANDS_BEGIN: f64 = TALL + 2.0;
pub const BANDS_END: f64 = BANDS_BEGIN + 8.0;
/// How far the ends of a chromosome are round, in millions of bases.
const ROUND: f64 = 1.2;

/// The bands of a chromosome, together by their stain.
#[derive(Serialize)]
pub struct Ideogram {
    stains: Vec<StainView>,
}

#[derive(Serialize)]
struct StainView {
    /// What the style sheet calls it.
    class: String,
    bands: Vec<BandView>,
}

/// A band.
#[derive(Serialize)]
pub struct BandView {
    /// With its chromosome's, `17q21.31`.
    pub name: String,
    /// How many variants begin in it.
    pub count: u64,
    /// Where these are; `None` if there are none.
    pub url: Option<String>,
    /// Where that is, seen from the page of charts: there are hundreds.
    near_url: Option<String>,
    hint: String,
    /// As a path of SVG.
    path: String,
    #[serde(skip)]
    start: i64,
}

impl Ideogram {
    /// The bands of a chromosome, with how many variants begin in each.
    pub fn of(density: &Density, bands: &'static [Band], links: &Links<'_>) -> Self {
        let mut stains: Vec<StainView> = Vec::new();
        for (at, band) in bands.iter().enumerate() {
            let class = class(band.stain);
            let shape = shape(band, at == 0, at + 1 == bands.len());
            let view = BandView::of(band, shape, density, links);
            match stains.iter_mut().find(|own| own.class == class) {
                Some(own) => own.bands.push(view),
                None => stains.push(StainView {
                    class,
                    bands: vec![view],
                }),
            }
        }
        Self { stains }
    }

    /// Whether no band is known.
    pub fn is_empty(&self) -> bool {
        self.stains.is_empty()
    }

    /// How many bytes the addresses of its bands have.
    pub fn addresses(&self) -> usize {
        let urls = self.bands().filter_map(|band| band.near_url.as_ref());
        urls.map(String::len).sum()
    }

    /// Takes the links from the drawing.
    pub fn without_links(&mut self) {
        let bands = self.stains.iter_mut().flat_map(|own| &mut own.bands);
        bands.for_each(|band| band.near_url = None);
    }

    /// The bands in which variants begin, from the left.
    pub fn counted(&self) -> impl Iterator<Item = &BandView> {
        let mut bands: Vec<&BandView> = self.bands().filter(|band| band.count > 0).collect();
        bands.sort_by_key(|band| band.start);
        bands.into_iter()
    }

    fn bands(&self) -> impl Iterator<Item = &BandView> {
        self.stains.iter().flat_map(|own| &own.bands)
    }
}

impl BandView {
    fn of(band: &Band, path: String, density: &Density, links: &Links<'_>) -> Self {
        let before = |place: i64| density.bins.partition_point(|(start, _)| *start < place);
        let own = &density.bins[before(band.start)..before(band.end)];
        let count = own.iter().map(|(_, count)| count).sum();
        let chromosome = &density.chromosome;
        let pairs = stretch(&links.asked.filter.regions, chromosome, band.start, band.end);
        let pairs = if count > 0 { pairs } else { Vec::new() };
        let name = format!("{}{}", chromosome.trim_start_matches("chr"), band.name);
        Self {
            hint: format!("{name}: {}", domain::with_commas(count)),
            url: links.to(&pairs),
            near_url: links.near(&pairs),
            name,
            count,
            path,
            start: band.start,
        }
    }
}

fn class(stain: Stain) -> String {
    match stain {
        Stain::None => "stain-0".to_owned(),
        Stain::Positive(percent) => format!("stain-{percent}"),
        Stain::Centromere => "stain-centromere".to_owned(),
        Stain::Variable => "stain-variable".to_owned(),
        Stain::Stalk => "stain-stalk".to_owned(),
    }
}

/// In millions of bases, to a tenth.
fn millions(bases: i64) -> f64 {
    (bases as f64 / 1e5).round() / 10.0
}

fn shape(band: &Band, is_first: bool, is_last: bool) -> String {
    let (from, to) = (millions(band.start - 1), millions(band.end));
    let (top, middle, bottom) = (BANDS_BEGIN, f64::midpoint(BANDS_BEGIN, BANDS_END), BANDS_END);
    let turn = |place: f64| (place * 10.0).round() / 10.0;
    match band.stain {
        // The short arm ends with its tip to the right, the long one begins with it.
        Stain::Centromere if band.name.starts_with('p') => format!("M{from} {top}L{to} {middle} {from} {bottom}z"),
        Stain::Centromere => format!("M{to} {top}L{from} {middle} {to} {bottom}z"),
        Stain::Stalk => format!("M{from} {}H{to}V{}H{from}z", middle - 1.5, middle + 1.5),
        _ if is_first || is_last => {
            let reach = ROUND.min((to - from) / 2.0);
            let (end, turn, other) = match is_first {
                true => (from, turn(from + reach), to),
                false => (to, turn(to - reach), from),
            };
            format!("M{other} {top}H{turn}Q{end} {top} {end} {middle}T{turn} {bottom}H{other}z")
        }
        _ => format!("M{from} {top}H{to}V{bottom}H{from}z"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::bands::bands;
    use super::*;
    use crate::pages::variants::asked::Asked;

    fn ideogram(bins: &[(i64, u64)], asked: &Asked) -> Ideogram {
        let density = Density {
            chromosome: "chr17".to_owned(),
            bin: 100_000,
            bins: bins.to_vec(),
        };
        let links = Links { asked, base: "/v" };
        Ideogram::of(&density, bands("hg19", 17), &links)
    }

    #[test]
    fn a_band_counts_the_variants_that_begin_in_it_and_leads_to_them() {
        // q21.31 goes from 40,900,001 to 44,900,000.
        let bins = [(40_800_001, 1), (40_900_001, 20), (44_800_001, 3), (44_900_001, 5)];
        let drawn = ideogram(&bins, &Asked::default());
        let counted: Vec<_> = drawn.counted().map(|band| (&*band.name, band.count)).collect();
        assert_eq!(counted, [("17q21.2", 1), ("17q21.31", 23), ("17q21.32", 5)]);
        let band = drawn.counted().nth(1).unwrap();
        assert_eq!(band.url.as_deref(), Some("/v?region=chr17%3A40900001-44900000"));
        assert_eq!(
            band.near_url.as_deref(),
            Some("../variants?region=chr17%3A40900001-44900000")
        );
        assert_eq!((&*band.hint, &*band.path), ("17q21.31: 23", "M40.9 18H44.9V26H40.9z"));
        let empty = drawn.bands().find(|band| band.name == "17p13.3").unwrap();
        assert_eq!((empty.count, &empty.url, &*empty.hint), (0, &None, "17p13.3: 0"));
    }

    #[test]
    fn a_band_does_not_reach_beyond_the_regions_that_are_asked_for() {
        let pairs = [("region".to_owned(), "17:41196312-41277500".to_owned())];
        let asked = Asked::of(&pairs).unwrap();
        let drawn = ideogram(&[(41_100_001, 4)], &asked);
        let band = drawn.counted().next().unwrap();
        assert_eq!(band.url.as_deref(), Some("/v?region=chr17%3A41196312-41277500"));
    }

    #[test]
    fn arms_meet_at_the_centromere_and_ends_are_round() {
        let drawn = ideogram(&[], &Asked::default());
        let path = |name: &str| &*drawn.bands().find(|band| band.name == name).unwrap().path;
        assert_eq!(path("17p11.1"), "M22.2 18L24 22 22.2 26z");
        assert_eq!(path("17q11.1"), "M25.8 18L24 22 25.8 26z");
        assert_eq!(path("17p13.3"), "M3.3 18H1.2Q0 18 0 22T1.2 26H3.3z");
        assert_eq!(path("17q25.3"), "M75.3 18H80Q81.2 18 81.2 22T80 26H75.3z");
        let classes: Vec<&str> = drawn.stains.iter().map(|own| &*own.class).collect();
        assert!(
            classes.contains(&"stain-centromere") && classes.contains(&"stain-50"),
            "{classes:?}"
        );
    }
}
