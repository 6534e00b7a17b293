//! Results: where the bytes are, and who may have them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, JobStatus, Plan, Timestamp};

/// Where the bytes of a job's results are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResultsState {
    /// In the results bucket.
    Live,
    /// Being copied to the vault.
    Archiving,
    /// In the vault only.
    Archived,
    /// Being brought back from the vault.
    Restoring,
}

/// What a click on "results" may give, decided at the click: by plan and completion time, never by where the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultsAccess {
    /// The job has no results (yet).
    None,
    /// The results can be downloaded, by a free user only until the instant given.
    Available {
        /// When the free plan's time is over.
        until: Option<Timestamp>,
    },
    /// The free plan's time is over; upgrading brings the results back.
    UpgradeNeeded,
    /// The person may have the results, but the vault has not given them back yet.
    Restoring,
}

impl Job {
    /// What its owner may have of this job's results `now`, when free users have them for `retention`.
    #[must_use]
    pub fn results_access(&self, plan: Plan, now: Timestamp, retention: Duration) -> ResultsAccess {
        let Some(completed) = self.complete_time.filter(|_| self.status == JobStatus::Completed) else {
            return ResultsAccess::None;
        };
        let until = completed.plus(retention);
        match (plan, self.results_state) {
            (Plan::Free, _) if now >= until => ResultsAccess::UpgradeNeeded,
            (Plan::Free, _) => ResultsAccess::Available { until: Some(until) },
            (Plan::Premium, ResultsState::Live | ResultsState::Archiving) => ResultsAccess::Available { until: None },
            (Plan::Premium, ResultsState::Archived | ResultsState::Restoring) => ResultsAccess::Restoring,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::completed_job;

    const RETENTION: Duration = Duration::from_secs(1800);

    #[test]
    fn a_free_user_has_the_results_for_the_retention_and_not_a_second_longer() {
        let job = completed_job(1000);
        let access = |now| job.results_access(Plan::Free, Timestamp::from_epoch_seconds(now), RETENTION);
        assert_eq!(
            access(2799),
            ResultsAccess::Available {
                until: Some(Timestamp::from_epoch_seconds(2800))
            }
        );
        assert_eq!(access(2800), ResultsAccess::UpgradeNeeded);
    }

    #[test]
    fn a_premium_user_waits_only_for_the_vault() {
        let mut job = completed_job(1000);
        let access = |job: &Job| job.results_access(Plan::Premium, Timestamp::from_epoch_seconds(9999), RETENTION);
        assert_eq!(access(&job), ResultsAccess::Available { until: None });
        job.results_state = ResultsState::Archived;
        assert_eq!(access(&job), ResultsAccess::Restoring);
    }

    #[test]
    fn an_unfinished_job_has_no_results() {
        let mut job = completed_job(1000);
        job.status = JobStatus::Running;
        assert_eq!(
            job.results_access(Plan::Premium, Timestamp::from_epoch_seconds(9999), RETENTION),
            ResultsAccess::None
        );
    }
}
