//! What is asked.

use crate::error::Wrong;
use crate::filter::Filter;

/// What is asked: which variants, in which order, and which of these to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Which variants.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// How many of those that match come before the ones to show. It is the cursor, too: the next page has `offset + limit`.
    pub offset: u64,
    /// How many to show at most; 10,000 are the most.
    pub limit: usize,
    /// Whether to count for charts as well.
    pub charts: bool,
}

impl Default for Query {
    /// All variants, in the order of the file, the first fifty.
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            sort: Sort::Place,
            offset: 0,
            limit: 50,
            charts: false,
        }
    }
}

/// In which order. Variants that are equal in it keep the order of the file, so that pages neither repeat nor leave out one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// As they are in the file.
    #[default]
    Place,
    /// The most severe impact first, within it the most severe consequence.
    Severity,
    /// The rarest first: variants without a frequency, then the lowest [`Variant::max_frequency`](crate::Variant::max_frequency).
    /// Frequencies that agree in their first seven digits count as equal.
    Frequency,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Place, Self::Severity, Self::Frequency];

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Severity => "severity",
            Self::Frequency => "frequency",
        }
    }

    /// What the pair `sort` says; [`Place`](Self::Place) without one.
    ///
    /// # Errors
    ///
    /// If there is no such order.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Wrong> {
        let Some((_, name)) = pairs
            .iter()
            .find(|(key, value)| key == "sort" && !value.trim().is_empty())
        else {
            return Ok(Self::Place);
        };
        let sort = Self::ALL.into_iter().find(|sort| sort.name() == name.trim());
        sort.ok_or_else(|| {
            Wrong::new(
                "sort",
                format!("Variants are sorted by place, severity or frequency, not by “{name}”."),
            )
        })
    }
}
