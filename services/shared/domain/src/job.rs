//! A job: one VCF that one person wants annotated.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Archival, EmailAddress, FileName, InvalidField, JobId, JobName, JobNotes, JobSettings, JobSummary, Plan,
    ResultsState, Stored, Timestamp, UserId, Username,
};

/// One VCF to annotate, as the table `annotations` keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Identifies the job.
    pub id: JobId,
    /// Whose job it is.
    pub user_id: UserId,
    /// The owner's username when the job was submitted.
    pub username: Username,
    /// Where the notification goes.
    pub email: EmailAddress,
    /// What the person's file was called.
    pub input_file_name: FileName,
    /// The key of the input in the inputs bucket.
    pub input_key: String,
    /// The version of that object which was submitted, whatever is uploaded there later; rows of version 0.1 have none.
    pub input_version: Option<String>,
    /// What its owner calls it.
    pub name: JobName,
    /// What its owner has noted of it.
    pub notes: JobNotes,
    /// How it is annotated.
    pub settings: JobSettings,
    /// The owner's plan when the job was submitted, by whose limits the input is judged. Rows of version 0.1 do not say,
    /// and no job may fail because of that: Premium.
    pub plan: Plan,
    /// When the job was submitted.
    pub submit_time: Timestamp,
    /// How far the job is.
    pub status: JobStatus,
    /// Whether it is not even requested yet, because as many of its owner's jobs are as may be at once.
    pub awaits_turn: bool,
    /// When an annotator first began.
    pub start_time: Option<Timestamp>,
    /// When it completed or failed.
    pub complete_time: Option<Timestamp>,
    /// How many annotators have begun it; the number of the last one fences off the ones before.
    pub attempt: u32,
    /// How many of them do not count any more, because the job was requested anew after it had failed.
    pub earlier_attempts: u32,
    /// How much is annotated, while the job runs and after.
    pub progress: Option<Progress>,
    /// The key of the annotated VCF in the results bucket.
    pub results_key: Option<String>,
    /// The key of the log in the results bucket.
    pub log_key: Option<String>,
    /// Why the job failed, in words for its owner.
    pub error: Option<String>,
    /// What the annotation found; rows of earlier versions have none.
    pub summary: Option<JobSummary>,
    /// What is kept, and how many bytes that is.
    pub stored: Stored,
    /// Where the bytes of the results are.
    pub results_state: ResultsState,
    /// What the archiver has to remember.
    pub archival: Archival,
    /// The link by which others read it, if there is one.
    pub share: Option<Share>,
    /// When the owner was notified by e-mail.
    pub notified_at: Option<Timestamp>,
}

/// A link by which others read a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Until when it is good.
    pub until: Timestamp,
    /// How often it was opened.
    pub opened: u64,
}

/// How far a job is: what whoever follows it is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobState {
    /// Which job it is.
    pub id: JobId,
    /// Whose it is.
    pub user_id: UserId,
    /// Whether it waits, runs or has ended.
    pub status: JobStatus,
    /// Whether it is not even requested yet.
    pub awaits_turn: bool,
    /// How much is annotated.
    pub progress: Option<Progress>,
    /// When the job was submitted.
    pub submit_time: Timestamp,
    /// When an annotator first began.
    pub start_time: Option<Timestamp>,
    /// When it completed or failed.
    pub complete_time: Option<Timestamp>,
}

/// A file as its owner has uploaded it, before it becomes a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What the person's file was called.
    pub file_name: FileName,
    /// How it is to be annotated.
    pub settings: JobSettings,
    /// Bytes.
    pub size: u64,
    /// Which version of the object it is, in a bucket that keeps versions.
    pub version: Option<String>,
}

impl Job {
    /// The attempts that count. The queue gives a message up after five deliveries; the last one tells the owner.
    pub const MOST_ATTEMPTS: u32 = 4;

    /// How far the job is.
    #[must_use]
    pub const fn state(&self) -> JobState {
        JobState {
            id: self.id,
            user_id: self.user_id,
            status: self.status,
            awaits_turn: self.awaits_turn,
            progress: self.progress,
            submit_time: self.submit_time,
            start_time: self.start_time,
            complete_time: self.complete_time,
        }
    }

    /// What pages call the job: its name, or that of its file.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.or(&self.input_file_name)
    }

    /// Attempts since the job was submitted or, after it had failed, requested anew.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempt.saturating_sub(self.earlier_attempts)
    }

    /// Whether the job failed because no attempt came to an end: a fault of ours, never of the file.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.status == JobStatus::Failed && self.attempts() > Self::MOST_ATTEMPTS
    }
}

/// How far a job is. DynamoDB keeps exactly these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    /// Waits for an annotator.
    Pending,
    /// An annotator works on it.
    Running,
    /// Results and log are there.
    Completed,
    /// Could not be annotated; the log says why.
    Failed,
    /// Ended by its owner before its end.
    Cancelled,
}

impl JobStatus {
    /// All of them, in the order of a job's life.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Running,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name that stores keep and pages show.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether nothing more will happen to the job.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl FromStr for JobStatus {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "PENDING" => Ok(Self::Pending),
            "RUNNING" => Ok(Self::Running),
            "COMPLETED" => Ok(Self::Completed),
            "FAILED" => Ok(Self::Failed),
            "CANCELLED" => Ok(Self::Cancelled),
            _ => Err(InvalidField("The job status is unknown.")),
        }
    }
}

/// How much of a job's input is annotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// VCF records annotated.
    pub records: u64,
    /// How much of the input's bytes has been read, 0 to 100.
    pub percent: u8,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::keys;

    pub(crate) fn completed_job(complete_time: i64) -> Job {
        let (id, user_id, name) = (JobId::random(), UserId::random(), FileName::from_untrusted("test.vcf"));
        Job {
            id,
            user_id,
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            input_key: keys::input(user_id, id),
            input_version: None,
            submit_time: Timestamp::from_epoch_seconds(complete_time - 20),
            status: JobStatus::Completed,
            awaits_turn: false,
            start_time: Some(Timestamp::from_epoch_seconds(complete_time - 10)),
            complete_time: Some(Timestamp::from_epoch_seconds(complete_time)),
            attempt: 1,
            earlier_attempts: 0,
            progress: Some(Progress {
                records: 350,
                percent: 100,
            }),
            results_key: Some(keys::attempt(user_id, id, 1, &name).results),
            log_key: Some(keys::attempt(user_id, id, 1, &name).log),
            input_file_name: name,
            error: None,
            name: JobName::default(),
            notes: JobNotes::default(),
            settings: JobSettings::default(),
            plan: Plan::Free,
            summary: None,
            stored: Stored::default(),
            results_state: ResultsState::Live,
            archival: Archival::default(),
            share: None,
            notified_at: None,
        }
    }

    #[test]
    fn a_job_is_given_up_when_its_last_attempts_never_ended() {
        let failed = |attempt, earlier_attempts| Job {
            status: JobStatus::Failed,
            attempt,
            earlier_attempts,
            ..completed_job(100)
        };
        assert!(failed(5, 0).is_given_up() && failed(10, 5).is_given_up());
        assert!(!failed(4, 0).is_given_up() && !failed(6, 5).is_given_up());
    }

    #[test]
    fn every_status_reads_back_from_its_name() {
        for status in JobStatus::ALL {
            assert_eq!(status.as_str().parse::<JobStatus>().unwrap(), status);
        }
    }
}
