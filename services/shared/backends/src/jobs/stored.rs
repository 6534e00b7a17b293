//! What is kept of jobs: written with their rows, and summed up for each person from the rows alone, so that no counter
//! can drift from them.

use std::collections::HashSet;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{Index, JobStatus, ResultsState, Stored, UserId};

use super::Jobs;
use super::item::{Row, number, text};

/// Pages of a megabyte that are read to sum up one person's jobs: some twenty thousand jobs.
const MOST_PAGES: usize = 100;

/// What is kept of all jobs of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Jobs.
    pub jobs: u64,
    /// Bytes of their inputs.
    pub inputs: u64,
    /// Bytes of results, indexes and tables of variants that are at hand.
    pub results: u64,
    /// Bytes of results in the archive.
    pub archived: u64,
    /// Bytes of logs.
    pub logs: u64,
    /// Jobs whose rows do not say how much they keep, because version 0.1 wrote them.
    pub uncounted: u64,
    /// Whether the person has more jobs than are read.
    pub is_cut_off: bool,
}

impl Jobs {
    /// Sums up what a person keeps.
    pub async fn kept(&self, user: UserId) -> Result<Kept> {
        let attributes = "s3_key_input_file, job_status, results_state, results_format, input_size, results_size, archive_size, unpacked_size, \
                          index_size, no_index, variants_size, log_size";
        let jobs = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("user_id_index")
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user))
            .projection_expression(attributes);
        let mut pages = jobs.into_paginator().send();
        let (mut kept, mut inputs) = (Kept::default(), HashSet::new());
        for _ in 0..MOST_PAGES {
            let page = pages.try_next().await;
            let Some(page) = page.with_context(|| format!("sum up what user {user} keeps"))? else {
                return Ok(kept);
            };
            for item in page.items() {
                kept.add(&Row(item), &mut inputs)?;
            }
        }
        kept.is_cut_off = true;
        Ok(kept)
    }
}

impl Kept {
    /// Bytes of everything.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.inputs + self.results + self.archived + self.logs
    }

    /// Adds a job. An input that several jobs share, whose keys `inputs` has, counts once.
    fn add(&mut self, row: &Row<'_>, inputs: &mut HashSet<String>) -> Result<()> {
        let stored = row.stored()?;
        let is_archived = matches!(row.results_state()?, ResultsState::Archived | ResultsState::Restoring);
        let has_results = row.text("job_status") == Some(JobStatus::Completed.as_str());
        self.jobs += 1;
        self.uncounted += u64::from(stored.input.is_none() || (has_results && stored.results.is_none()));
        let key = row.text("s3_key_input_file").map(str::to_owned);
        if key.is_none_or(|key| inputs.insert(key)) {
            self.inputs += stored.input.unwrap_or(0);
        }
        self.logs += stored.log.unwrap_or(0);
        self.results += stored.index.size().unwrap_or(0) + stored.variants.unwrap_or(0);
        let results = stored.results.unwrap_or(0);
        *(if is_archived {
            &mut self.archived
        } else {
            &mut self.results
        }) += results;
        Ok(())
    }
}

/// What a completed job's row says of its files, for an update expression.
pub(super) fn set(stored: &Stored) -> String {
    let index = match stored.index {
        Index::Here(_) => "index_size",
        Index::Absent(_) => "no_index",
    };
    let variants = stored.variants.map_or("", |_| ", variants_size = :variants");
    format!(
        "results_format = :format, results_size = :results_size, unpacked_size = :unpacked, log_size = :log_size, \
         {index} = :index{variants}"
    )
}

/// The values of [`set`].
pub(super) fn values(update: UpdateItemFluentBuilder, stored: &Stored) -> UpdateItemFluentBuilder {
    let index = match stored.index {
        Index::Here(size) => number(size),
        Index::Absent(reason) => text(reason.as_str()),
    };
    let update = match stored.variants {
        Some(size) => update.expression_attribute_values(":variants", number(size)),
        None => update,
    };
    update
        .expression_attribute_values(":format", text(stored.format.as_str()))
        .expression_attribute_values(":results_size", number(stored.results.unwrap_or(0)))
        .expression_attribute_values(":unpacked", number(stored.unpacked.unwrap_or(0)))
        .expression_attribute_values(":log_size", number(stored.log.unwrap_or(0)))
        .expression_attribute_values(":index", index)
}

#[cfg(test)]
mod tests {
    use super::super::item::Item;
    use super::*;

    fn row(words: &[(&str, &str)], sizes: &[(&str, u64)]) -> Item {
        let words = words.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
        let sizes = sizes.iter().map(|(name, value)| ((*name).to_owned(), number(value)));
        words.chain(sizes).collect()
    }

    #[test]
    fn bytes_are_counted_where_they_are_and_rows_of_version_0_1_as_far_as_they_say() {
        let completed = |state| [("job_status", "COMPLETED"), ("results_state", state)];
        let sizes = [
            ("input_size", 1000),
            ("results_size", 200),
            ("index_size", 20),
            ("variants_size", 10),
            ("log_size", 4),
        ];
        let shared = [("job_status", "PENDING"), ("s3_key_input_file", "ada/one/input.vcf")];
        let rows = [
            row(&shared, &[("input_size", 7)]),
            row(&shared, &[("input_size", 7)]),
            row(&[("job_status", "FAILED")], &[("input_size", 20), ("log_size", 5)]),
            row(&completed("LIVE"), &sizes),
            row(&completed("RESTORING"), &sizes),
            row(&completed("LIVE"), &[]),
            row(&completed("ARCHIVED"), &[("archive_size", 50)]),
        ];
        let (mut kept, mut inputs) = (Kept::default(), HashSet::new());
        for row in &rows {
            kept.add(&Row(row), &mut inputs).unwrap();
        }
        let expected = Kept {
            jobs: 7,
            inputs: 2027,
            results: 260,
            archived: 250,
            logs: 13,
            uncounted: 2,
            is_cut_off: false,
        };
        assert_eq!((kept, kept.total()), (expected, 2550));
    }
}
