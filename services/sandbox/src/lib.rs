//! The whole system on one machine, without Docker: `cargo dev`, and the harness of the end-to-end tests.
//!
//! PostgreSQL and the emulators of AWS and Stripe come from pinned Python packages and run as child processes; so does each service,
//! as this same binary. Nothing listens but on loopback, and everything is kept below the build's target folder.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod args;
mod aws;
pub mod cli;
pub mod composed;
mod dump;
mod endpoints;
mod folders;
mod glacier;
mod grant;
mod harness;
mod keys;
mod localstripe;
mod mailbox;
mod ministack;
mod orphans;
mod plan;
mod ports;
mod postgres;
mod process;
mod progress;
mod provision;
mod python;
mod references;
mod roles;
mod running;
mod secrets;
mod services;
mod stores;
mod supervisor;
mod up;

pub use dump::restore as restore_dump;
pub use endpoints::Endpoints;
pub use harness::{Sandbox, SandboxOptions};
