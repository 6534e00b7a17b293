//! A job that is run again: a new job with the same input, and perhaps with other settings.

use anyhow::Result;
use domain::{
    Archival, Job, JobId, JobNotes, JobSettings, JobStatus, ResultsState, Stored, Timestamp, TurnLimits, User,
};

use super::{Jobs, Submitted};

impl Jobs {
    /// Writes a new `PENDING` job with the input of `of`, which is the person's. It counts like any other: it has its turn, or
    /// waits for it. `None` if `of` is gone, or is to be deleted. Another try with the same id finds the job there
    /// ([`Submitted::Before`]).
    pub async fn rerun(
        &self,
        id: JobId,
        of: &Job,
        user: &User,
        settings: JobSettings,
        limits: &TurnLimits,
        now: Timestamp,
    ) -> Result<Option<Submitted>> {
        let job = again(id, of, user, settings, now);
        let with = [self.is_run_again(of), self.shares_input(of, id)];
        self.begin(&job, limits, &with).await
    }
}

/// The same file and name; notes are of the run that they were written for.
fn again(id: JobId, of: &Job, user: &User, settings: JobSettings, now: Timestamp) -> Job {
    Job {
        id,
        user_id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        input_file_name: of.input_file_name.clone(),
        input_key: of.input_key.clone(),
        input_version: of.input_version.clone(),
        name: of.name.clone(),
        notes: JobNotes::default(),
        settings: settings.in_their_form(),
        plan: user.role.plan(),
        submit_time: now,
        status: JobStatus::Pending,
        awaits_turn: false,
        start_time: None,
        complete_time: None,
        attempt: 0,
        earlier_attempts: 0,
        progress: None,
        results_key: None,
        log_key: None,
        error: None,
        summary: None,
        stored: Stored {
            input: of.stored.input,
            ..Stored::default()
        },
        results_state: ResultsState::Live,
        archival: Archival::default(),
        share: None,
        notified_at: None,
    }
}
