//! Results: where the bytes are, and who may have them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, JobStatus, Plan, Timestamp, User};

/// Where the bytes of a job's results are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// How long free users have results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// From the completion of a job on.
    pub free: Duration,
    /// From the end of a Premium plan on, for what was completed before.
    pub grace: Duration,
}

/// What of a job decides who may have its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ending {
    /// How far the job is.
    pub status: JobStatus,
    /// When it completed or failed.
    pub complete_time: Option<Timestamp>,
    /// Where the bytes of the results are.
    pub results_state: ResultsState,
}

impl Retention {
    /// How long before a free user's results are archived.
    const AHEAD: Duration = Duration::from_secs(300);

    /// How long after a job's completion the archiver has something to do for it at the earliest: to tell, or to archive.
    #[must_use]
    pub fn first_look(&self) -> Duration {
        self.free - self.warning().unwrap_or_default()
    }

    /// How long before their results are archived people are told; not where they have them for less than twice as long.
    #[must_use]
    pub fn warning(&self) -> Option<Duration> {
        (self.free >= 2 * Self::AHEAD).then_some(Self::AHEAD)
    }
}

impl Job {
    /// What decides who may have its results.
    #[must_use]
    pub const fn ending(&self) -> Ending {
        Ending {
            status: self.status,
            complete_time: self.complete_time,
            results_state: self.results_state,
        }
    }

    /// What its owner may have of this job's results `now`.
    #[must_use]
    pub fn results_access(&self, owner: &User, now: Timestamp, retention: Retention) -> ResultsAccess {
        self.ending().results_access(owner, now, retention)
    }

    /// Whether the owner may have the results of a completed job `now`, wherever the bytes are.
    #[must_use]
    pub fn is_within_time(&self, owner: &User, now: Timestamp, retention: Retention) -> bool {
        self.available_until(owner, retention).is_none_or(|until| now < until)
    }

    /// When the owner's time for downloading the results ends, as [`Ending::available_until`] says.
    #[must_use]
    pub fn available_until(&self, owner: &User, retention: Retention) -> Option<Timestamp> {
        self.ending().available_until(owner, retention)
    }
}

impl Ending {
    /// What the owner may have of the results `now`.
    #[must_use]
    pub fn results_access(&self, owner: &User, now: Timestamp, retention: Retention) -> ResultsAccess {
        if self.complete_time.is_none() || self.status != JobStatus::Completed {
            return ResultsAccess::None;
        }
        let until = self.available_until(owner, retention);
        match (until, self.results_state) {
            (Some(until), _) if now >= until => ResultsAccess::UpgradeNeeded,
            (_, ResultsState::Live | ResultsState::Archiving) => ResultsAccess::Available { until },
            (_, ResultsState::Archived | ResultsState::Restoring) => ResultsAccess::Restoring,
        }
    }

    /// When the owner's time for downloading the results of a completed job ends and the archive may have them; never
    /// while the plan is Premium. Whoever had Premium keeps what was completed under it for a while after it has ended.
    #[must_use]
    pub fn available_until(&self, owner: &User, retention: Retention) -> Option<Timestamp> {
        let completed = self.complete_time.filter(|_| owner.role.plan() == Plan::Free)?;
        let regular = completed.plus(retention.free);
        let after_premium = owner.premium_ended.filter(|ended| *ended >= completed);
        Some(after_premium.map_or(regular, |ended| regular.max(ended.plus(retention.grace))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::completed_job;
    use crate::user::tests::somebody;
    use crate::{Role, User};

    const RETENTION: Retention = Retention {
        free: Duration::from_secs(1800),
        grace: Duration::from_secs(86_400),
    };

    fn access(job: &Job, owner: &User, now: i64) -> ResultsAccess {
        job.results_access(owner, Timestamp::from_epoch_seconds(now), RETENTION)
    }

    fn until(seconds: i64) -> ResultsAccess {
        ResultsAccess::Available {
            until: Some(Timestamp::from_epoch_seconds(seconds)),
        }
    }

    #[test]
    fn people_are_told_five_minutes_ahead_where_they_have_ten_or_more() {
        let minutes = |minutes: u64| Retention {
            free: Duration::from_secs(minutes * 60),
            grace: Duration::ZERO,
        };
        assert_eq!(minutes(30).warning(), Some(Duration::from_secs(300)));
        assert_eq!(minutes(30).first_look(), Duration::from_secs(25 * 60));
        assert_eq!(minutes(9).warning(), None);
        assert_eq!(minutes(9).first_look(), Duration::from_secs(9 * 60));
    }

    #[test]
    fn a_free_user_has_the_results_for_the_retention_and_not_a_second_longer() {
        let (job, owner) = (completed_job(1000), somebody(Role::FreeUser));
        assert_eq!(access(&job, &owner, 2799), until(2800));
        assert_eq!(access(&job, &owner, 2800), ResultsAccess::UpgradeNeeded);
    }

    #[test]
    fn a_premium_user_waits_only_for_the_vault() {
        let (mut job, owner) = (completed_job(1000), somebody(Role::PremiumUser));
        assert_eq!(access(&job, &owner, 9999), ResultsAccess::Available { until: None });
        job.results_state = ResultsState::Archived;
        assert_eq!(access(&job, &owner, 9999), ResultsAccess::Restoring);
    }

    #[test]
    fn who_had_premium_keeps_for_a_day_what_was_completed_under_it() {
        let mut owner = somebody(Role::FreeUser);
        owner.premium_ended = Some(Timestamp::from_epoch_seconds(50_000));
        let job = completed_job(1000);
        assert_eq!(access(&job, &owner, 136_399), until(136_400));
        assert_eq!(access(&job, &owner, 136_400), ResultsAccess::UpgradeNeeded);
        let later = completed_job(50_001);
        assert_eq!(access(&later, &owner, 51_800), until(51_801));
    }

    #[test]
    fn an_unfinished_job_has_no_results() {
        let mut job = completed_job(1000);
        job.status = JobStatus::Running;
        assert_eq!(access(&job, &somebody(Role::PremiumUser), 9999), ResultsAccess::None);
    }
}
