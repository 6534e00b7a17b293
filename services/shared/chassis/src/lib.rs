//! How every service starts, is configured, observed, drains a queue and stops.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admin;
pub mod build;
mod depth;
pub mod duration;
pub mod input_limits;
pub mod metrics;
pub mod protection;
pub mod request;
pub mod retention;
pub mod server;
pub mod shutdown;
mod start;
pub mod telemetry;
pub mod watch;
pub mod worker;

pub use start::start;
