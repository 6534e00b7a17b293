//! Whatever dies, pauses, comes twice or goes by a wrong clock: every job ends once, every mail comes, nothing is left
//! without an owner.
//!
//! A plain `cargo test` tries it for a short while, which says little. `GAS_CHAOS_SECONDS` makes it longer (480:
//! a thousand faults), `GAS_CHAOS_SEED` another. The seed decides which faults come in which order; what they
//! hit is decided by the machine.
//!
//! Clocks are put wrong by libfaketime (Debian: `libfaketime`), because then all of a process goes wrong, its SDK too, and
//! no service has a setting that only tests need. Without it clocks stay right, and the test says so.
#![allow(clippy::unwrap_used, missing_docs)]

mod books;
mod cast;
mod dice;
mod faults;
mod logs;
mod stores;

// What the tests of the whole system need too; not all of it is needed here.
#[allow(dead_code)]
#[path = "../system/people.rs"]
mod people;
#[allow(dead_code)]
#[path = "../system/reach.rs"]
mod reach;
#[allow(dead_code)]
#[path = "../system/billing/stripe.rs"]
mod stripe;
#[allow(dead_code)]
#[path = "../system/upload.rs"]
mod upload;

use std::path::Path;
use std::time::Duration;

use sandbox::{Sandbox, SandboxOptions};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::books::Books;
use crate::cast::Cast;
use crate::faults::Faults;

/// libfaketime, where Debian puts it.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_job_ends_once_and_every_mail_comes_whatever_happens() {
    if std::env::var_os("GAS_TEST_ENDPOINTS").is_some() {
        return skipped("every_job_ends_once_and_every_mail_comes: containers are not ours to kill");
    }
    let (seconds, seed) = (number("GAS_CHAOS_SECONDS", 40), number("GAS_CHAOS_SEED", 12));
    let cast = Cast::arrive().await;
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut faults = Faults::new(seed);
    tokio::join!(faults.happen(until, &cast), cast.live(until, seed));
    let done = cast.done();
    println!(
        "{} jobs and {} notices in {seconds} s; {faults}",
        done.jobs.len(),
        done.notices.len()
    );
    faults.calm_down();
    let mut books = Books::once_settled(&done).await;
    let findings = books.audit(&done, &faults).await;
    println!("{books}");
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

static SANDBOX: OnceCell<Sandbox> = OnceCell::const_new();

/// The system of this test run. It stops when this process ends.
pub async fn sandbox() -> &'static Sandbox {
    SANDBOX.get_or_init(start).await
}

/// The same, once it has started.
pub fn started() -> Option<&'static Sandbox> {
    SANDBOX.get()
}

async fn start() -> Sandbox {
    // Another default would be chosen at the first request, and there is no other.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let variables = [
        ("GAS_LEASE", "6s"),
        ("GAS_MAIL_LEASE", "6s"),
        ("GAS_SWEEP_AFTER", "5s"),
        ("GAS_SWEEP_INTERVAL", "3s"),
        ("GAS_FREE_RETENTION", "30s"),
        ("GAS_DOWNGRADE_GRACE", "10s"),
        ("GAS_ARCHIVE_LEASE", "6s"),
        ("GAS_ARCHIVE_SWEEP_INTERVAL", "3s"),
        ("GAS_RETRIEVAL_CHECK_INTERVAL", "4s"),
        ("GAS_GLACIER_EXPEDITED_DELAY", "2s"),
        ("GAS_GLACIER_STANDARD_DELAY", "4s"),
        ("GAS_RECONCILE_INTERVAL", "3s"),
        ("GAS_REGISTRATIONS_PER_HOUR", "10000"),
        ("GAS_SUBMISSIONS_PER_MINUTE", "10000"),
    ];
    let env = variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let mut arguments = vec!["--no-references".to_owned(), "--replicas=2".to_owned()];
    if has_faketime() {
        arguments.push(format!("--faketime={FAKETIME}"));
    } else {
        skipped("clocks that are two minutes off: there is no libfaketime");
    }
    let options = SandboxOptions {
        env,
        arguments,
        ..SandboxOptions::default()
    };
    Sandbox::start(Path::new(env!("CARGO_BIN_EXE_sandbox")), options)
        .await
        .unwrap()
}

pub fn has_faketime() -> bool {
    Path::new(FAKETIME).exists()
}

fn number(variable: &str, otherwise: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |text| text.parse().unwrap())
}

/// Says what was not tried, and why, past the test runner, which keeps what passing tests print to itself.
pub fn skipped(what: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED {what}\n").as_bytes());
}

/// Asks until there is an answer; panics when there is none for three minutes.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited three minutes for {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
