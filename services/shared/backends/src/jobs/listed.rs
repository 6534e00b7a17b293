//! A person's jobs as a list shows them: of each row only what a line of the list says, since rows hold summaries that are
//! a hundred times as long.
//!
//! DynamoDB lists jobs by the time of their submission, and reads whole rows however little of them is asked for. So whoever
//! searches, or sorts by something else, makes it read all rows on the way: a megabyte at a time, and no more of them at once
//! than [`MOST_LOOKED_AT`] and [`MOST_PAGES`] say. A search that gets that far says how far, and goes on from there when it is
//! asked to; what is sorted by name or status is the newest jobs, up to there.

use std::cmp::Reverse;

use anyhow::{Context, Result};
use domain::{Ending, FileName, JobFilter, JobId, JobName, JobOrder, JobStatus, Timestamp, UserId};

use super::item::{Item, Row};
use super::{Cursor, Jobs};

/// Jobs that are looked at for one page of a search, or to be sorted.
pub const MOST_LOOKED_AT: usize = 2000;
/// Pages of a megabyte that are read for it.
const MOST_PAGES: usize = 32;

/// One line of a list of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListedJob {
    /// Identifies the job.
    pub id: JobId,
    /// When the job was submitted.
    pub submit_time: Timestamp,
    /// What the person's file was called.
    pub input_file_name: FileName,
    /// What the person calls the job.
    pub name: JobName,
    /// Bytes of the input; rows of version 0.1 do not say.
    pub input_size: Option<u64>,
    /// Bytes of the results, as they are stored.
    pub results_size: Option<u64>,
    /// How far the job is, and where its results are.
    pub ending: Ending,
}

/// Which jobs a list shows, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Which ones.
    pub filter: JobFilter,
    /// In which order.
    pub order: JobOrder,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// At most as many jobs as were asked for.
    pub jobs: Vec<ListedJob>,
    /// Where the next page begins, if there may be one.
    pub next: Option<Cursor>,
    /// When the last job was submitted that was looked at, if there are more that were not.
    pub looked_until: Option<Timestamp>,
}

/// What is read of each row.
const ATTRIBUTES: &str = "job_id, submit_time, input_file_name, job_name, input_size, job_status, complete_time, \
                          results_state, results_size, archive_size";

impl Jobs {
    /// At most `limit` of a person's jobs, after `after`, which is the last job of the page before.
    ///
    /// # Errors
    /// If the table does not answer, or a row cannot be read.
    pub async fn listed(&self, user: UserId, asked: &Asked, limit: i32, after: Option<Cursor>) -> Result<Listing> {
        match asked.order {
            JobOrder::Newest | JobOrder::Oldest => self.in_time_order(user, asked, limit, after).await,
            JobOrder::Name | JobOrder::Status => self.sorted(user, asked, usize::try_from(limit)?, after).await,
        }
    }

    /// Looks on until the page is full, the jobs are at their end, or it was far enough for once.
    async fn in_time_order(&self, user: UserId, asked: &Asked, limit: i32, after: Option<Cursor>) -> Result<Listing> {
        let (mut found, mut looked_at, mut place) = (Vec::new(), 0, after);
        let most = usize::try_from(limit)?;
        // Without a filter the first page of DynamoDB is the page.
        let batch = if asked.filter.is_all() {
            limit
        } else {
            i32::try_from(MOST_LOOKED_AT)?
        };
        for _ in 0..MOST_PAGES {
            let (jobs, is_last) = self.listed_batch(user, asked.order, batch, place).await?;
            let rest = jobs.len();
            for (number, job) in jobs.into_iter().enumerate() {
                looked_at += 1;
                place = Some(job.place());
                if !asked.filter.takes(&job.name, &job.input_file_name, job.ending.status) {
                    continue;
                }
                found.push(job);
                if found.len() == most {
                    let is_more = !is_last || number + 1 < rest;
                    return Ok(Listing::of(found, place.filter(|_| is_more), None));
                }
            }
            if is_last {
                return Ok(Listing::of(found, None, None));
            }
            if looked_at >= MOST_LOOKED_AT {
                break;
            }
        }
        Ok(Listing::of(found, place, place.map(|last| last.submit_time)))
    }

    /// Sorts the newest jobs and gives those behind `after`; all of them again if that is gone.
    async fn sorted(&self, user: UserId, asked: &Asked, limit: usize, after: Option<Cursor>) -> Result<Listing> {
        let all = Asked {
            filter: asked.filter.clone(),
            order: JobOrder::Newest,
        };
        let newest = self
            .in_time_order(user, &all, i32::try_from(MOST_LOOKED_AT)?, None)
            .await?;
        // A page that is full of what was looked for ends where it was enough, too.
        let cut = newest.next.map(|last| last.submit_time);
        let mut jobs = newest.jobs;
        match asked.order {
            JobOrder::Status => jobs.sort_by_key(|job| (rank(job.ending.status), Reverse(job.submit_time))),
            _ => jobs.sort_by_cached_key(|job| (job.title().to_lowercase(), Reverse(job.submit_time))),
        }
        let behind = |cursor: Cursor| jobs.iter().position(|job| job.id == cursor.job_id);
        let begin = after.and_then(behind).map_or(0, |place| place + 1);
        let rest = jobs.len().saturating_sub(begin);
        let page: Vec<ListedJob> = jobs.drain(begin..).take(limit).collect();
        let next = page.last().filter(|_| rest > limit).map(ListedJob::place);
        Ok(Listing::of(page, next, cut))
    }

    /// The next jobs, as many as a megabyte of rows has, and whether they are the last.
    async fn listed_batch(
        &self,
        user: UserId,
        order: JobOrder,
        limit: i32,
        after: Option<Cursor>,
    ) -> Result<(Vec<ListedJob>, bool)> {
        let query = self.of_user(user, limit, after).projection_expression(ATTRIBUTES);
        let found = query.scan_index_forward(order == JobOrder::Oldest).send().await;
        let found = found.with_context(|| format!("list the jobs of user {user}"))?;
        let jobs = found.items().iter().map(listed).collect::<Result<Vec<_>>>()?;
        let is_last = found.last_evaluated_key.is_none_or(|key| key.is_empty());
        Ok((jobs, is_last))
    }
}

impl Listing {
    const fn of(jobs: Vec<ListedJob>, next: Option<Cursor>, looked_until: Option<Timestamp>) -> Self {
        Self {
            jobs,
            next,
            looked_until,
        }
    }
}

impl ListedJob {
    /// What a list calls the job: its name, or that of its file.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.or(&self.input_file_name)
    }

    const fn place(&self) -> Cursor {
        Cursor {
            submit_time: self.submit_time,
            job_id: self.id,
        }
    }
}

const fn rank(status: JobStatus) -> u8 {
    match status {
        JobStatus::Pending => 0,
        JobStatus::Running => 1,
        JobStatus::Failed => 2,
        JobStatus::Completed => 3,
        JobStatus::Cancelled => 4,
    }
}

fn listed(item: &Item) -> Result<ListedJob> {
    let row = Row(item);
    Ok(ListedJob {
        id: row.required("job_id")?.parse()?,
        submit_time: row.time("submit_time")?.context("submit_time is missing")?,
        input_file_name: FileName::from_untrusted(row.required("input_file_name")?),
        name: JobName::parse(row.text("job_name").unwrap_or_default())?,
        input_size: row.number("input_size")?,
        results_size: row.results_size()?,
        ending: Ending {
            status: row.required("job_status")?.parse()?,
            complete_time: row.time("complete_time")?,
            results_state: row.results_state()?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::item::{number, text};
    use super::*;
    use domain::{JobStatus, ResultsState};

    #[test]
    fn a_line_needs_no_more_than_what_is_asked_for() {
        let id = JobId::random();
        let row = [
            ("job_id", text(id)),
            ("submit_time", number(100)),
            ("input_file_name", text("a.vcf")),
            ("job_name", text("Family 7")),
            ("job_status", text("COMPLETED")),
            ("complete_time", number(120)),
            ("results_state", text("ARCHIVED")),
            ("archive_size", number(70)),
        ];
        assert!(
            row.iter()
                .all(|(name, _)| ATTRIBUTES.split(", ").any(|asked| asked == *name))
        );
        let row: Item = row.map(|(name, value)| (name.to_owned(), value)).into();
        let expected = ListedJob {
            id,
            submit_time: Timestamp::from_epoch_seconds(100),
            input_file_name: FileName::from_untrusted("a.vcf"),
            name: JobName::parse("Family 7").unwrap(),
            input_size: None,
            results_size: Some(70),
            ending: Ending {
                status: JobStatus::Completed,
                complete_time: Some(Timestamp::from_epoch_seconds(120)),
                results_state: ResultsState::Archived,
            },
        };
        assert_eq!(listed(&row).unwrap(), expected);
    }
}
