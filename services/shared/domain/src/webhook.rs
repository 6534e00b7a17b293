//! Webhooks: addresses of people's own programs, which are told of their jobs, as Standard Webhooks has it
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use std::str::FromStr;
use std::time::Duration;

use data_encoding::BASE64;
use uuid::Uuid;

use crate::{InvalidField, JobStatus};

/// What a webhook can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WebhookEvent {
    /// A job has ended, and its results are there.
    JobCompleted,
    /// A job could not be annotated.
    JobFailed,
    /// Its owner wants to see whether anything arrives; nothing has happened.
    Test,
}

/// What signs the deliveries of one webhook: 244 random bits. No `Debug` or `Display`, so that it cannot
/// slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

/// Why an attempt to deliver has failed, if no answer says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookProblem {
    /// There was no answer in time.
    Timeout,
    /// The name of the host leads to no address.
    NoAddress,
    /// An address of the host is not one of the internet.
    Inside,
    /// There is no connection, or the certificate is not good.
    NoConnection,
    /// The answer leads elsewhere, where nothing is sent.
    Redirect,
    /// The answer is not of the kind that says that all is well (2xx).
    Status,
    /// The job was deleted before it could be told of.
    JobGone,
}

/// The pauses after failed attempts; after the last of these attempts it is given up.
const PAUSES: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(10 * 3600),
];

/// How long to wait after so many failed attempts in a row; `None` if it is given up.
#[must_use]
pub fn pause_before_retry(failures: u32) -> Option<Duration> {
    let at = usize::try_from(failures).ok()?.checked_sub(1)?;
    PAUSES.get(at).copied()
}

impl WebhookEvent {
    /// Those that one chooses.
    pub const CHOICES: [Self; 2] = [Self::JobCompleted, Self::JobFailed];

    /// The `type` of its messages, which stores keep as well.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::Test => "webhook.test",
        }
    }

    /// What happened, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::JobCompleted => "A job has completed",
            Self::JobFailed => "A job has failed",
            Self::Test => "A test",
        }
    }

    /// What a job with this status has to tell; nothing until it ends, and nothing if its owner has ended it.
    #[must_use]
    pub const fn of(status: JobStatus) -> Option<Self> {
        match status {
            JobStatus::Completed => Some(Self::JobCompleted),
            JobStatus::Failed => Some(Self::JobFailed),
            JobStatus::Pending | JobStatus::Running | JobStatus::Cancelled => None,
        }
    }
}

impl FromStr for WebhookEvent {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::CHOICES.into_iter().chain([Self::Test]);
        let found = all.find(|event| event.as_str() == text);
        found.ok_or(InvalidField("The event is unknown."))
    }
}

impl WebhookSecret {
    /// By what people, and programs that look for secrets, know it.
    pub const PREFIX: &'static str = "whsec_";

    /// A new one from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        Self([*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat())
    }

    /// The one of these bytes, as the store keeps it.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The key.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret as its person copies it: `whsec_` and the key in base64.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}", Self::PREFIX, BASE64.encode(&self.0))
    }
}

impl WebhookProblem {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Timeout,
        Self::NoAddress,
        Self::Inside,
        Self::NoConnection,
        Self::Redirect,
        Self::Status,
        Self::JobGone,
    ];

    /// The word that stores and the API have.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::NoAddress => "no_address",
            Self::Inside => "inside",
            Self::NoConnection => "no_connection",
            Self::Redirect => "redirect",
            Self::Status => "status",
            Self::JobGone => "job_gone",
        }
    }

    /// The same, in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Timeout => "There was no answer within ten seconds.",
            Self::NoAddress => "The name of the host leads to no address.",
            Self::Inside => "The name of the host leads to an address that is not one of the internet.",
            Self::NoConnection => "There was no connection, or the certificate is not good.",
            Self::Redirect => "The answer leads to another address; nothing is sent there.",
            Self::Status => "The answer does not say that all is well (2xx).",
            Self::JobGone => "The job was deleted before it could be told of.",
        }
    }
}

impl FromStr for WebhookProblem {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|problem| problem.as_str() == text);
        found.ok_or(InvalidField("The problem is unknown."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_repeated_for_more_than_a_day_and_then_given_up() {
        assert_eq!(pause_before_retry(0), None);
        assert_eq!(pause_before_retry(1), Some(Duration::from_secs(5)));
        assert_eq!(pause_before_retry(7), Some(Duration::from_secs(36_000)));
        assert_eq!(pause_before_retry(8), None);
        let all: Duration = PAUSES.iter().sum();
        assert_eq!(all.as_secs() / 3600, 27);
    }

    #[test]
    fn words_read_back() {
        for event in [WebhookEvent::JobCompleted, WebhookEvent::JobFailed, WebhookEvent::Test] {
            assert_eq!(event.as_str().parse::<WebhookEvent>().unwrap(), event);
        }
        for problem in WebhookProblem::ALL {
            assert_eq!(problem.as_str().parse::<WebhookProblem>().unwrap(), problem);
        }
    }

    #[test]
    fn a_secret_is_written_as_the_standard_has_it() {
        let secret = WebhookSecret::from_bytes(b"twenty-four bytes of key".to_vec());
        assert_eq!(secret.reveal(), "whsec_dHdlbnR5LWZvdXIgYnl0ZXMgb2Yga2V5");
        assert!(WebhookSecret::random() != WebhookSecret::random());
        assert_eq!(WebhookSecret::random().bytes().len(), 32);
    }
}
