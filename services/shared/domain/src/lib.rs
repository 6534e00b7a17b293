//! The words and rules that every service shares: users, plans, jobs, results, object keys and events.
//!
//! No I/O, no async, no client of anything: a rule here is a function of its arguments.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod amounts;
mod api_token;
mod archival;
mod choice;
mod deletion;
pub mod events;
mod fields;
mod file_name;
mod forecast;
mod ids;
mod input_limits;
mod job;
mod job_list;
mod job_name;
mod job_settings;
pub mod keys;
mod mail_kind;
mod mail_trouble;
mod maintenance;
mod names;
mod reference_choice;
mod results;
pub mod sequence_ontology;
mod stored;
mod subscription;
mod summary;
mod terms;
mod timestamp;
mod turns;
mod used;
mod user;
pub mod variants;

pub use amounts::{size, with_commas};
pub use api_token::{ApiToken, Scope, TokenName};
pub use archival::{Archival, Archive, Restore, Tier};
pub use deletion::{AskedBy, Deleted, DeletionKind, UnknownDeletion};
pub use fields::{EmailAddress, FullName, InvalidField, Username};
pub use file_name::FileName;
pub use forecast::Throughput;
pub use ids::{DeletionId, JobId, UserId};
pub use input_limits::{InputLimits, LARGEST_POST, PlanLimits};
pub use job::{Job, JobState, JobStatus, Progress, Share, Upload};
pub use job_list::{JobFilter, JobOrder};
pub use job_name::{JobName, JobNotes};
pub use job_settings::{CsqEntries, CsqFieldSet, Haplotypes, JobSettings, ResultsForm};
pub use mail_kind::MailKind;
pub use mail_trouble::{MailTrouble, UnknownTrouble};
pub use maintenance::Maintenance;
pub use reference_choice::ReferenceChoice;
pub use results::{Ending, ResultsAccess, ResultsState, Retention};
pub use stored::{Index, NoIndex, ResultsFormat, Stored};
pub use subscription::{SubscriptionStatus, UnknownStatus};
pub use summary::JobSummary;
pub use terms::TERMS_VERSION;
pub use timestamp::Timestamp;
pub use turns::TurnLimits;
pub use used::{ReferenceUsed, SequenceUsed, TrackUsed};
pub use user::{Plan, Role, User};
