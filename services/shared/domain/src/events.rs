//! What services tell each other: JSON messages, each defined here once.
//!
//! A message names what happened and to which job; whoever receives it reads the rest from the stores, which may
//! have moved on. Every message may come twice. A message of an unknown version is refused and ends in the
//! dead-letter queue, for a newer deployment to take.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{JobId, MailKind, UserId, WebhookId};

/// A job's row is written and its input is in place: annotate it. Published on `job_requests`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRequested {
    /// The version of this message's shape.
    pub version: Version<1>,
    /// The job to annotate.
    pub job_id: JobId,
}

/// A job has ended, well or badly, and its row and objects say how. Published on `job_results`, from which webhooks have a queue of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCompleted {
    /// The version of this message's shape.
    pub version: Version<1>,
    /// The job that ended.
    pub job_id: JobId,
}

/// A person's plan has changed; the accounts say to which. Published on `plan_changes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChanged {
    /// The version of this message's shape.
    pub version: Version<1>,
    /// Whose plan it is.
    pub user_id: UserId,
}

/// Something is to be deleted, and is marked so in its store. Published on `deletions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionRequested {
    /// The version of this message's shape.
    pub version: Version<1>,
    /// What is to be deleted.
    pub what: Deletable,
}

/// What can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletable {
    /// A job with its files.
    Job(JobId),
    /// A person's account with everything in it.
    Account(UserId),
}

/// A person is to be told something by e-mail, once. Published on `notices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDue {
    /// The version of this message's shape.
    pub version: Version<1>,
    /// Whom to tell.
    pub user_id: UserId,
    /// Names this notice for ever: of two messages with the same key one is mailed.
    pub key: String,
    /// What to tell.
    pub notice: Notice,
}

/// What people are told by e-mail besides how their jobs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// Everything that an upgrade has brought back from the vault is here.
    ResultsRestored {
        /// How many results came back.
        results: u64,
    },
    /// The owner's time for downloading the results of a job ends soon; then they go to the archive.
    ResultsLeaving {
        /// Whose results they are.
        job: JobId,
        /// When, in seconds since the Unix epoch.
        until: i64,
    },
    /// A charge failed; Premium goes on while Stripe tries again.
    PaymentFailed,
    /// Premium has begun.
    PremiumBegun,
    /// Premium is cancelled, and lasts until the end of the time that is paid for.
    PremiumCancelled {
        /// When that ends, in seconds since the Unix epoch, if Stripe has said so.
        until: Option<i64>,
    },
    /// Premium has ended.
    PremiumEnded,
    /// A webhook has failed for days, or its receiver wants nothing more; nothing is sent to it until it is resumed.
    WebhookPaused {
        /// Which one.
        webhook: WebhookId,
    },
}

impl Notice {
    /// Which kind of mail it is.
    #[must_use]
    pub const fn mail_kind(self) -> MailKind {
        match self {
            Self::ResultsRestored { .. } | Self::ResultsLeaving { .. } => MailKind::Archive,
            Self::PaymentFailed
            | Self::PremiumBegun
            | Self::PremiumCancelled { .. }
            | Self::PremiumEnded
            | Self::WebhookPaused { .. } => MailKind::Account,
        }
    }
}

impl PlanChanged {
    /// Tells that the plan of `user_id` has changed.
    #[must_use]
    pub const fn new(user_id: UserId) -> Self {
        Self {
            version: Version,
            user_id,
        }
    }
}

impl DeletionRequested {
    /// Asks for `what` to be deleted.
    #[must_use]
    pub const fn new(what: Deletable) -> Self {
        Self { version: Version, what }
    }
}

impl NoticeDue {
    /// Asks for a mail to `user_id`.
    #[must_use]
    pub const fn new(user_id: UserId, key: String, notice: Notice) -> Self {
        Self {
            version: Version,
            user_id,
            key,
            notice,
        }
    }
}

impl JobRequested {
    /// Asks for `job_id` to be annotated.
    #[must_use]
    pub const fn new(job_id: JobId) -> Self {
        Self {
            version: Version,
            job_id,
        }
    }
}

impl JobCompleted {
    /// Tells that `job_id` has ended.
    #[must_use]
    pub const fn new(job_id: JobId) -> Self {
        Self {
            version: Version,
            job_id,
        }
    }
}

/// The number `N` in a message; reading any other number fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<const N: u32>;

impl<const N: u32> Serialize for Version<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(N)
    }
}

impl<'de, const N: u32> Deserialize<'de> for Version<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            found if found == N => Ok(Self),
            found => Err(D::Error::custom(format_args!("message version {found}, not {N}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_versioned_json() {
        let job_id: JobId = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        let json = r#"{"version":1,"job_id":"6f9619ff-8b86-4011-b42d-00c04fc964ff"}"#;
        assert_eq!(serde_json::to_string(&JobRequested::new(job_id)).unwrap(), json);
        assert_eq!(
            serde_json::from_str::<JobCompleted>(json).unwrap(),
            JobCompleted::new(job_id)
        );
    }

    #[test]
    fn a_deletion_says_of_what() {
        let job: JobId = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        let asked = DeletionRequested::new(Deletable::Job(job));
        let json = r#"{"version":1,"what":{"job":"6f9619ff-8b86-4011-b42d-00c04fc964ff"}}"#;
        assert_eq!(serde_json::to_string(&asked).unwrap(), json);
        assert_eq!(serde_json::from_str::<DeletionRequested>(json).unwrap(), asked);
    }

    #[test]
    fn a_notice_says_its_kind() {
        let user_id: UserId = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        let due = NoticeDue::new(user_id, "restored/1".into(), Notice::ResultsRestored { results: 3 });
        let json = serde_json::to_string(&due).unwrap();
        assert!(
            json.ends_with(r#""notice":{"kind":"results_restored","results":3}}"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<NoticeDue>(&json).unwrap(), due);
        let job: JobId = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        for notice in [
            Notice::ResultsLeaving { job, until: 100 },
            Notice::PremiumCancelled { until: None },
            Notice::WebhookPaused {
                webhook: WebhookId::random(),
            },
        ] {
            let json = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&json).unwrap(), notice, "{json}");
        }
    }

    #[test]
    fn a_message_of_another_version_is_refused() {
        let newer = r#"{"version":2,"job_id":"6f9619ff-8b86-4011-b42d-00c04fc964ff"}"#;
        assert!(serde_json::from_str::<JobRequested>(newer).is_err());
    }
}
