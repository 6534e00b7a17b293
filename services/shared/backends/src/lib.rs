//! Clients of what we rent or run, each speaking the words of the domain.
//!
//! SDK and SQL types stay inside. Calls return `anyhow` errors with the context of what was attempted; where a
//! caller must treat an outcome differently, the outcome is an enum of its own.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
pub mod aws;
mod calls;
pub mod job_requests;
pub mod jobs;
pub mod mailer;
pub mod object_store;
pub mod payments;
pub mod queue;
pub mod settings;
pub mod subscriptions;
pub mod topic;
pub mod trace;
pub mod vault;
mod versions;
