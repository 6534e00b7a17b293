//! The rule of the archiver: what a job needs next, told from its row, its owner and the clock alone.
//!
//! Whoever calls does that one thing by a conditional write and asks again, so that a message that comes twice, a sweep
//! and an upgrade at the same moment all lead to the same end.

use domain::{Job, JobStatus, ResultsState, Retention, Timestamp, User};

/// What a job needs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until something happens to its owner's plan.
    Rest,
    /// Nothing before then.
    Wait(Timestamp),
    /// To be copied into the vault.
    Archive,
    /// To be left in the results bucket, because the owner may have the results (again).
    EndArchive,
    /// What an archiver that has died has begun in the vault is to be taken back: the results stay.
    Abandon,
    /// What was copied is to be deleted where it was copied from.
    Discard,
    /// To be brought back, because the owner may have the results (again).
    BeginRestore,
    /// To be asked of the vault.
    Request,
    /// To be looked after at the vault, and copied back once it is ready.
    Retrieve,
}

impl Step {
    /// Whether it may take long: the bytes are moved or waited for.
    #[must_use]
    pub const fn is_slow(self) -> bool {
        matches!(self, Self::Archive | Self::Abandon | Self::Discard | Self::Retrieve)
    }

    /// What `job` needs at `now`.
    #[must_use]
    pub fn next(job: &Job, owner: &User, now: Timestamp, retention: Retention) -> Self {
        if job.status != JobStatus::Completed {
            return Self::Rest;
        }
        let is_within_time = job.is_within_time(owner, now, retention);
        // An upgrade does not wait for the end of an archiving that it makes needless.
        if job.results_state == ResultsState::Archiving && is_within_time {
            return Self::EndArchive;
        }
        if let Some(until) = job.archival.held_at(now) {
            return Self::Wait(until);
        }
        match job.results_state {
            ResultsState::Live if job.archival.discarded_archive.is_some() => Self::Discard,
            ResultsState::Live if !is_within_time => Self::Archive,
            ResultsState::Live if job.archival.upload.is_some() => Self::Abandon,
            ResultsState::Live => job.available_until(owner, retention).map_or(Self::Rest, Self::Wait),
            ResultsState::Archiving => Self::Archive,
            ResultsState::Archived | ResultsState::Restoring if job.archival.discarded_key.is_some() => Self::Discard,
            ResultsState::Archived if is_within_time => Self::BeginRestore,
            ResultsState::Archived => Self::Rest,
            ResultsState::Restoring => restoring(job, now),
        }
    }
}

/// A restore goes on whatever the owner's plan has become: it is paid for.
fn restoring(job: &Job, now: Timestamp) -> Step {
    match job.archival.due {
        Some(due) if now < due => Step::Wait(due),
        _ if job.archival.retrieval().is_some() => Step::Retrieve,
        _ => Step::Request,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{
        Archival, Archive, EmailAddress, FileName, FullName, JobId, Plan, Restore, Role, Stored, Tier, UserId, Username,
    };

    use super::*;

    /// The job completes at 0, its owner's time is over at 1,800.
    const RETENTION: Retention = Retention {
        free: Duration::from_secs(1800),
        grace: Duration::from_secs(86_400),
    };

    fn owner(role: Role) -> User {
        User {
            id: UserId::random(),
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            name: FullName::parse("Ada Lovelace").unwrap(),
            role,
            premium_ended: None,
        }
    }

    fn job(state: ResultsState) -> Job {
        let at = Timestamp::from_epoch_seconds;
        let has_archive = matches!(state, ResultsState::Archived | ResultsState::Restoring);
        Job {
            id: JobId::random(),
            user_id: UserId::random(),
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            input_file_name: FileName::from_untrusted("test.vcf"),
            input_key: "input".into(),
            input_version: None,
            name: domain::JobName::default(),
            notes: domain::JobNotes::default(),
            settings: domain::JobSettings::default(),
            submit_time: at(-20),
            status: JobStatus::Completed,
            awaits_turn: false,
            start_time: Some(at(-10)),
            complete_time: Some(at(0)),
            attempt: 1,
            earlier_attempts: 0,
            progress: None,
            results_key: (!has_archive).then(|| "results".into()),
            log_key: Some("log".into()),
            error: None,
            summary: None,
            plan: Plan::Free,
            stored: Stored::default(),
            results_state: state,
            archival: Archival {
                archive: has_archive.then(|| Archive {
                    id: "archive".into(),
                    size: 1,
                    tree_hash: "hash".into(),
                }),
                ..Archival::default()
            },
            share: None,
            notified_at: None,
        }
    }

    fn next(job: &Job, role: Role, now: i64) -> Step {
        Step::next(job, &owner(role), Timestamp::from_epoch_seconds(now), RETENTION)
    }

    fn held(mut job: Job, until: i64) -> Job {
        job.archival.held_until = Some(Timestamp::from_epoch_seconds(until));
        job.archival.due = job.archival.held_until;
        job
    }

    #[test]
    fn results_are_archived_when_the_free_plans_time_is_over_and_not_a_second_earlier() {
        let job = job(ResultsState::Live);
        let over = Timestamp::from_epoch_seconds(1800);
        assert_eq!(next(&job, Role::FreeUser, 1799), Step::Wait(over));
        assert_eq!(next(&job, Role::FreeUser, 1800), Step::Archive);
        assert_eq!(next(&job, Role::PremiumUser, 9999), Step::Rest);
        assert_eq!(next(&job, Role::AdminUser, 9999), Step::Rest);
    }

    #[test]
    fn who_had_premium_keeps_for_a_day_what_was_completed_under_it() {
        let mut owner = owner(Role::FreeUser);
        owner.premium_ended = Some(Timestamp::from_epoch_seconds(5000));
        let step = |now| {
            Step::next(
                &job(ResultsState::Live),
                &owner,
                Timestamp::from_epoch_seconds(now),
                RETENTION,
            )
        };
        assert_eq!(step(91_399), Step::Wait(Timestamp::from_epoch_seconds(91_400)));
        assert_eq!(step(91_400), Step::Archive);
    }

    #[test]
    fn an_archiving_is_left_to_who_holds_it_and_taken_over_when_its_lease_is_over() {
        let job = held(job(ResultsState::Archiving), 2000);
        assert_eq!(
            next(&job, Role::FreeUser, 1999),
            Step::Wait(Timestamp::from_epoch_seconds(2000))
        );
        assert_eq!(next(&job, Role::FreeUser, 2000), Step::Archive);
    }

    #[test]
    fn an_upgrade_ends_an_archiving_whoever_holds_it() {
        let job = held(job(ResultsState::Archiving), 2000);
        assert_eq!(next(&job, Role::PremiumUser, 1999), Step::EndArchive);
        assert_eq!(next(&job, Role::PremiumUser, 2001), Step::EndArchive);
    }

    #[test]
    fn what_a_dead_archiver_has_begun_is_taken_back_when_the_results_stay() {
        let mut job = job(ResultsState::Live);
        job.archival.upload = Some("upload".into());
        assert_eq!(next(&job, Role::PremiumUser, 1801), Step::Abandon);
        assert_eq!(next(&job, Role::FreeUser, 1801), Step::Archive);
        let held = held(job, 2000);
        assert_eq!(
            next(&held, Role::PremiumUser, 1999),
            Step::Wait(Timestamp::from_epoch_seconds(2000))
        );
    }

    #[test]
    fn what_was_copied_is_deleted_before_anything_else() {
        let mut archived = job(ResultsState::Archived);
        archived.archival.discarded_key = Some("results".into());
        assert_eq!(next(&archived, Role::FreeUser, 1801), Step::Discard);
        assert_eq!(next(&archived, Role::PremiumUser, 1801), Step::Discard);
        let mut restored = job(ResultsState::Live);
        restored.archival.discarded_archive = Some("archive".into());
        assert_eq!(next(&restored, Role::PremiumUser, 1801), Step::Discard);
        assert_eq!(next(&restored, Role::FreeUser, 1801), Step::Discard);
    }

    #[test]
    fn archived_results_come_back_when_their_owner_may_have_them() {
        let job = job(ResultsState::Archived);
        assert_eq!(next(&job, Role::FreeUser, 1801), Step::Rest);
        assert_eq!(next(&job, Role::PremiumUser, 1801), Step::BeginRestore);
    }

    #[test]
    fn a_restore_is_requested_then_looked_after_whatever_the_plan_has_become() {
        let mut job = job(ResultsState::Restoring);
        job.archival.due = Some(Timestamp::from_epoch_seconds(3000));
        let restore = |retrieval| Restore {
            id: "upgrade".into(),
            requested_at: Timestamp::from_epoch_seconds(2500),
            retrieval,
        };
        job.archival.restore = Some(restore(None));
        for role in [Role::PremiumUser, Role::FreeUser] {
            assert_eq!(next(&job, role, 2999), Step::Wait(Timestamp::from_epoch_seconds(3000)));
            assert_eq!(next(&job, role, 3000), Step::Request);
        }
        job.archival.restore = Some(restore(Some(("retrieval".into(), Tier::Expedited))));
        assert_eq!(next(&job, Role::FreeUser, 3000), Step::Retrieve);
        assert_eq!(
            next(&held(job, 4000), Role::PremiumUser, 3000),
            Step::Wait(Timestamp::from_epoch_seconds(4000))
        );
    }

    #[test]
    fn a_job_without_results_needs_nothing() {
        let mut job = job(ResultsState::Live);
        job.status = JobStatus::Failed;
        assert_eq!(next(&job, Role::FreeUser, 9999), Step::Rest);
    }
}
