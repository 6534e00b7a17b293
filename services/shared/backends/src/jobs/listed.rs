//! A person's jobs as a list shows them: of each row only what a line of the list says, since rows hold summaries that are
//! a hundred times as long.

use anyhow::{Context, Result};
use domain::{Ending, FileName, JobId, Timestamp, UserId};

use super::item::{Item, Row};
use super::{Cursor, Jobs, Page};

/// One line of a list of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListedJob {
    /// Identifies the job.
    pub id: JobId,
    /// When the job was submitted.
    pub submit_time: Timestamp,
    /// What the person's file was called.
    pub input_file_name: FileName,
    /// Bytes of the input; rows of version 0.1 do not say.
    pub input_size: Option<u64>,
    /// Bytes of the results, as they are stored.
    pub results_size: Option<u64>,
    /// How far the job is, and where its results are.
    pub ending: Ending,
}

/// What is read of each row.
const ATTRIBUTES: &str = "job_id, submit_time, input_file_name, input_size, job_status, complete_time, results_state, \
                          results_size, archive_size";

impl Jobs {
    /// At most `limit` of a person's jobs, newest first, after `after`.
    pub async fn listed(&self, user: UserId, limit: i32, after: Option<Cursor>) -> Result<Page<ListedJob>> {
        let query = self.of_user(user, limit, after).projection_expression(ATTRIBUTES);
        let found = query.send().await;
        let found = found.with_context(|| format!("list the jobs of user {user}"))?;
        let jobs = found.items().iter().map(listed).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(jobs, found.last_evaluated_key, |job| {
            (job.submit_time, job.id)
        }))
    }
}

fn listed(item: &Item) -> Result<ListedJob> {
    let row = Row(item);
    Ok(ListedJob {
        id: row.required("job_id")?.parse()?,
        submit_time: row.time("submit_time")?.context("submit_time is missing")?,
        input_file_name: FileName::from_untrusted(row.required("input_file_name")?),
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
