//! Charts of bars, one below the other, each with its name and number: no legend is needed, and any width will do.

use domain::with_commas;
use serde::Serialize;
use variants::{Bar, Charts, Substitutions};

use super::{Count, Links};
use crate::pages::variants::row_view::{ImpactView, in_words};
use crate::views::count;

/// Pixels from one bar to the next, of which the last ones are the bar.
const STEP: usize = 34;

/// A chart of bars.
#[derive(Serialize)]
pub struct BarsView {
    id: &'static str,
    title: &'static str,
    /// What it shows, in a sentence.
    about: String,
    height: usize,
    bars: Vec<BarView>,
    counts: Vec<Count>,
}

/// A bar: where it stands, in pixels from above, and how long it is, in percent of the width.
#[derive(Serialize)]
struct BarView {
    name: String,
    number: String,
    url: Option<String>,
    tone: &'static str,
    text_at: usize,
    bar_at: usize,
    length: String,
}

/// What one bar is called and how it looks.
struct Look {
    name: String,
    tone: &'static str,
}

/// All charts of bars that say something.
pub fn all(charts: &Charts, links: &Links<'_>) -> Vec<BarsView> {
    let substitutions = &charts.substitutions;
    let (insertions, deletions) = (some(&charts.lengths.insertions), some(&charts.lengths.deletions));
    let severe =
        "Each variant counts once, by the most severe of what it does to all transcripts; the most severe come first.";
    let views = [
        view(
            "consequences",
            "Most severe consequence",
            severe,
            &charts.consequences,
            consequence,
            links,
        ),
        view(
            "impacts",
            "Impact",
            "As Ensembl ranks consequences.",
            &charts.impacts,
            impact,
            links,
        ),
        view(
            "frequencies",
            "Frequency",
            "By the largest frequency that is known; each class has its lower bound, not its upper one.",
            &charts.frequencies,
            frequency,
            links,
        ),
        view(
            "kinds",
            "Kind",
            "What becomes of the sequence.",
            &charts.kinds,
            plain,
            links,
        ),
        view(
            "substitutions",
            "Substitutions",
            &ratio(substitutions),
            &substitutions.six,
            substitution,
            links,
        ),
        view(
            "insertions",
            "Lengths of insertions",
            "In bases.",
            &insertions,
            bases,
            links,
        ),
        view(
            "deletions",
            "Lengths of deletions",
            "In bases.",
            &deletions,
            bases,
            links,
        ),
    ];
    views.into_iter().flatten().collect()
}

/// Those that there are: most lengths occur in no file.
fn some(bars: &[Bar]) -> Vec<Bar> {
    bars.iter().filter(|bar| bar.count > 0).cloned().collect()
}

/// `None` if there is nothing to draw.
fn view(
    id: &'static str,
    title: &'static str,
    about: &str,
    bars: &[Bar],
    look: fn(&Bar) -> Look,
    links: &Links<'_>,
) -> Option<BarsView> {
    let most = bars.iter().map(|bar| bar.count).max().filter(|most| *most > 0)?;
    let bar = |(at, bar): (usize, &Bar)| {
        let Look { name, tone } = look(bar);
        let top = at * STEP;
        BarView {
            name,
            number: with_commas(bar.count),
            url: links.to(&bar.pairs).filter(|_| bar.count > 0),
            tone,
            text_at: top + 14,
            bar_at: top + 20,
            length: format!("{:.2}%", bar.count as f64 / most as f64 * 100.0),
        }
    };
    let counted = |bar: &Bar| {
        Count::of(
            &look(bar).name,
            bar.count,
            links.to(&bar.pairs).filter(|_| bar.count > 0),
        )
    };
    Some(BarsView {
        id,
        title,
        about: about.to_owned(),
        height: bars.len() * STEP,
        bars: bars.iter().enumerate().map(bar).collect(),
        counts: bars.iter().map(counted).collect(),
    })
}

fn look(name: String) -> Look {
    Look {
        name,
        tone: "tone-info",
    }
}

fn plain(bar: &Bar) -> Look {
    look(bar.name.clone())
}

fn consequence(bar: &Bar) -> Look {
    look(in_words(&bar.name))
}

fn impact(bar: &Bar) -> Look {
    let ImpactView { word, tone } = ImpactView::of(&bar.name);
    Look { name: word, tone }
}

fn frequency(bar: &Bar) -> Look {
    let name = match bar.name.split_once('-') {
        Some((from, to)) => format!("{from} to {to}"),
        None => "not known".to_owned(),
    };
    look(name)
}

fn bases(bar: &Bar) -> Look {
    let name = match bar.name.split_once('-') {
        Some((from, "")) => format!("{from} and more"),
        Some((from, to)) => format!("{from} to {to}"),
        None => bar.name.clone(),
    };
    look(name)
}

fn substitution(bar: &Bar) -> Look {
    let is_transition = matches!(bar.name.as_str(), "C>T" | "T>C");
    let kind = if is_transition { "transition" } else { "transversion" };
    Look {
        name: format!("{}, {kind}", bar.name.replace('>', " › ")),
        tone: if is_transition { "tone-info" } else { "tone-restoring" },
    }
}

fn ratio(all: &Substitutions) -> String {
    let transitions = count(all.transitions, "transition");
    let transversions = count(all.transversions, "transversion");
    let ratio = all
        .ratio()
        .map(|ratio| format!(": Ti/Tv is {ratio:.2}"))
        .unwrap_or_default();
    format!("{transitions}, {transversions}{ratio}. Each is told of the strand on which the reference has C or T.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::variants::asked::Asked;

    fn bar(name: &str, count: u64, pair: (&str, &str)) -> Bar {
        Bar {
            name: name.to_owned(),
            count,
            pairs: vec![(pair.0.to_owned(), pair.1.to_owned())],
        }
    }

    #[test]
    fn the_longest_bar_takes_the_width_and_a_bar_of_none_leads_nowhere() {
        let charts = Charts {
            impacts: vec![
                bar("HIGH", 3, ("impact", "high")),
                bar("MODERATE", 1200, ("impact", "moderate")),
                bar("LOW", 0, ("impact", "low")),
            ],
            ..Charts::default()
        };
        let asked = Asked::default();
        let links = Links {
            asked: &asked,
            base: "/v",
        };
        let all = all(&charts, &links);
        assert_eq!(all.len(), 1, "what has no bars is not drawn");
        let drawn: Vec<_> = all[0]
            .bars
            .iter()
            .map(|bar| (&*bar.name, &*bar.number, &*bar.length))
            .collect();
        assert_eq!(
            drawn,
            [
                ("high", "3", "0.25%"),
                ("moderate", "1,200", "100.00%"),
                ("low", "0", "0.00%")
            ]
        );
        assert_eq!(all[0].bars[0].url.as_deref(), Some("/v?impact=high"));
        assert_eq!(all[0].bars[2].url, None);
        assert_eq!(all[0].height, 3 * STEP);
    }
}
