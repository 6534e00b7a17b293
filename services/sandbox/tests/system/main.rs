//! The whole system, tried from outside: over HTTPS, S3, SQS and e-mail, against one sandbox that every test shares.
//!
//! Tests differ by user and job, so they run side by side. Jobs are short, the lease and the sweep too.
#![allow(clippy::unwrap_used, missing_docs)]

mod admin;
mod answers;
mod api;
mod archive_rows;
mod billing;
mod browser;
mod busy;
mod collector;
mod command_line;
mod composed;
mod counted;
mod deletions;
mod downloads;
mod errors;
mod following;
mod forged;
mod forgotten;
mod handling;
mod hostile;
mod identity;
mod isolation;
mod journey;
mod leaving_results;
mod limits;
mod mail_reports;
mod odd_names;
mod operators;
mod part_uploads;
mod people;
mod pinned;
mod reach;
mod refused;
mod release;
mod resilience;
mod restart;
mod roles;
mod second_factor;
mod sequences;
mod signing_in;
mod status;
mod stores;
mod traces;
mod turns;
mod upgrade;
mod upload;
mod variants;
mod vault;
mod webhooks;
mod worker;

use std::path::Path;
use std::time::Duration;

use sandbox::{Sandbox, SandboxOptions};
use tokio::sync::{Mutex, OnceCell};

/// Whoever counts dead letters, or sends them back, does so alone.
pub static DEAD_LETTERS: Mutex<()> = Mutex::const_new(());

/// The system of this test run: a sandbox that stops when this process ends, or the one in containers whose addresses
/// are in the file of `GAS_TEST_ENDPOINTS`.
pub async fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceCell<Sandbox> = OnceCell::const_new();
    let start = || async {
        // Another default would be chosen at the first request, and there is no other.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if let Some(endpoints) = std::env::var_os("GAS_TEST_ENDPOINTS") {
            return Sandbox::attach(Path::new(&endpoints)).unwrap();
        }
        let variables = [
            ("GAS_LEASE", "4s"),
            ("GAS_SWEEP_AFTER", "2s"),
            ("GAS_SWEEP_INTERVAL", "1s"),
            ("GAS_RECONCILE_INTERVAL", "1s"),
            ("GAS_ARCHIVE_SWEEP_INTERVAL", "1s"),
            ("GAS_ARCHIVE_LEASE", "6s"),
            ("GAS_DELETION_LAST_LOOK", "2s"),
            ("GAS_REGISTRATIONS_PER_HOUR", "10000"),
            ("GAS_LOG", "info"),
        ];
        let env = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let traces = [("GAS_OTLP_ENDPOINT".to_owned(), collector::collector())];
        let env = env.into_iter().chain(traces).collect();
        Sandbox::start(
            Path::new(env!("CARGO_BIN_EXE_sandbox")),
            SandboxOptions {
                env,
                ..SandboxOptions::default()
            },
        )
        .await
        .unwrap()
    };
    SANDBOX.get_or_init(start).await
}

/// Says what was not tried, and why, past the test runner, which keeps what passing tests print to itself.
pub fn skipped(what: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED {what}\n").as_bytes());
}

/// Waits until the sandbox has prepared the references, or has given it up; says whether they are there.
pub async fn references() -> bool {
    let folder = &sandbox().await.endpoints().references;
    let has = |file: &str| folder.join(file).exists();
    eventually_within(Duration::from_secs(600), "the references", || async {
        (!has("hg19.preparing") && !has("hg38.preparing")).then_some(())
    })
    .await;
    has("hg19.gasref") && has("hg38.gasref")
}

/// Asks until there is an answer; panics when there is none for a minute.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl FnMut() -> F) -> T {
    eventually_within(Duration::from_secs(60), what, ask).await
}

/// Asks until there is an answer; panics when there is none for so long.
pub async fn eventually_within<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited a minute for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
