//! How many places annotators have: jobs that they can be at, all together.
//!
//! The table of turns has under `annotators` an entry for each annotator, with its places and a number that it raises with
//! every sign of life. Those of the dead are taken out by others that look (`chassis::watch`); no clocks are compared.

use std::time::Duration;

use anyhow::{Context, Result};
use domain::Throughput;

use super::Jobs;
use super::item::{Item, Row, number, text};
use super::transaction::Transaction;

/// Whose entries those of annotators are, where people have their ids.
const ANNOTATORS: &str = "annotators";

/// An annotator as one look has shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Whose they are.
    pub annotator: String,
    beat: u64,
    places: u32,
    /// How long its last jobs took on average.
    took: Option<Duration>,
}

impl Jobs {
    /// Says that this annotator lives, how many jobs it can be at, and how long its last ones took on average.
    pub async fn offer_places(&self, annotator: &str, places: u16, took: Option<Duration>) -> Result<()> {
        let entry = self.client.update_item().table_name(&self.turns_table);
        let entry = entry
            .key("user_id", text(ANNOTATORS))
            .key("entry", text(annotator))
            .update_expression(match took {
                Some(_) => "SET places = :places, took_ms = :took ADD beat :one",
                None => "SET places = :places ADD beat :one",
            })
            .set_expression_attribute_values(took.map(|took| [(":took".to_owned(), number(took.as_millis()))].into()))
            .expression_attribute_values(":places", number(places))
            .expression_attribute_values(":one", number(1));
        let offered = entry.send().await;
        offered.with_context(|| format!("offer the places of annotator {annotator}"))?;
        Ok(())
    }

    /// Takes the places of an annotator away that ends, or gives no sign of life; nothing if it has given one since.
    pub async fn withdraw_places(&self, seen: &Places) -> Result<()> {
        let entry = self.without(ANNOTATORS, &seen.annotator);
        let entry = entry
            .condition_expression("beat = :seen")
            .expression_attribute_values(":seen", number(seen.beat));
        self.commit(Transaction::default().delete(entry)?, "withdraw places")
            .await?;
        Ok(())
    }

    /// The places of each annotator.
    pub async fn offered_places(&self) -> Result<Vec<Places>> {
        let offers = self.client.query().table_name(&self.turns_table).consistent_read(true);
        let offers = offers
            .key_condition_expression("user_id = :annotators")
            .expression_attribute_values(":annotators", text(ANNOTATORS));
        let found = offers.send().await.context("look for annotators")?;
        Ok(found.items().iter().filter_map(places).collect())
    }

    /// What annotators are doing, all together, while so many jobs run.
    pub(super) async fn throughput(&self, running: u64) -> Result<Throughput> {
        let offered = self.offered_places().await?;
        let took: Vec<Duration> = offered.iter().filter_map(|offer| offer.took).collect();
        let known = u32::try_from(took.len())?;
        Ok(Throughput {
            annotators: u32::try_from(offered.len())?,
            places: offered.iter().map(|offer| offer.places).sum(),
            running,
            took: (known > 0).then(|| took.iter().sum::<Duration>() / known),
        })
    }

    /// How many jobs annotators can be at, all together.
    pub(super) async fn places(&self) -> Result<u32> {
        let offered = self.offered_places().await?;
        Ok(offered.iter().map(|offer| offer.places).sum())
    }
}

/// An entry; one that cannot be read offers nothing.
fn places(item: &Item) -> Option<Places> {
    let row = Row(item);
    Some(Places {
        annotator: row.text("entry")?.to_owned(),
        beat: row.number("beat").ok()??,
        places: row.number("places").ok()??,
        took: row.number("took_ms").ok()?.map(Duration::from_millis),
    })
}
