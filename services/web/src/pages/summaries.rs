//! Summaries as they stand on jobs' pages, rendered once each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use serde::Serialize;

use super::summary::SummaryView;
use crate::templates::Templates;

/// Summaries as HTML, by the JSON that they are written in. Jobs do not change what they have found, people look at it more
/// than once, and the same words look the same to everybody.
#[derive(Default)]
pub struct Summaries(Mutex<Rendered>);

#[derive(Default)]
struct Rendered {
    html: HashMap<String, Arc<str>>,
    bytes: usize,
}

/// Bytes that are kept. Beyond them all is forgotten.
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl Summaries {
    /// The part of a job's page that says what was found.
    pub fn html(&self, templates: &Templates, json: String) -> Result<Arc<str>> {
        if let Some(html) = self.rendered().html.get(&json) {
            return Ok(Arc::clone(html));
        }
        let summary = serde_json::from_str(&json).context("read the summary")?;
        let context = SummaryContext {
            summary: SummaryView::of(&summary),
        };
        let html: Arc<str> = templates.render("pages/annotation/summary.html", &context)?.into();
        self.rendered().keep(json, Arc::clone(&html));
        Ok(html)
    }

    fn rendered(&self) -> MutexGuard<'_, Rendered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rendered {
    fn keep(&mut self, json: String, html: Arc<str>) {
        let bytes = json.len() + html.len();
        if self.bytes + bytes > MOST_BYTES {
            *self = Self::default();
        }
        if self.html.insert(json, html).is_none() {
            self.bytes += bytes;
        }
    }
}

#[derive(Serialize)]
struct SummaryContext {
    summary: SummaryView,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_summaries_is_bounded() {
        let mut rendered = Rendered::default();
        for index in 0..100 {
            rendered.keep(index.to_string(), "x".repeat(MOST_BYTES / 10).into());
            assert!(rendered.bytes <= MOST_BYTES && rendered.html.contains_key(&index.to_string()));
        }
        assert!(rendered.html.len() < 10);
    }
}
