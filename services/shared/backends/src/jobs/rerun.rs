//! A job that is run again: a new job with the same input, and perhaps with other settings.

use anyhow::Result;
use domain::{Job, JobId, JobSettings, Timestamp, TurnLimits, Upload, User};

use super::{Jobs, Submitted, pending_job};

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
    let upload = Upload {
        file_name: of.input_file_name.clone(),
        size: of.stored.input.unwrap_or_default(),
        version: of.input_version.clone(),
        settings,
    };
    Job {
        input_key: of.input_key.clone(),
        name: of.name.clone(),
        ..pending_job(id, user, &upload, now)
    }
}
