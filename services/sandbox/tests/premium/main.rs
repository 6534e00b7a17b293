//! Archive and restore, tried from outside: results that may be downloaded for seconds, a vault that takes seconds, and
//! archivers that die. One sandbox for each kind of vault, shared by the tests, which differ by user and job.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod browser;
mod deaths;
mod deletions;
mod journey;
mod kills;
mod life;
mod mails;
mod races;
mod story;
mod troubles;
mod vaults;

// What the tests of the whole system need too; not all of it is needed here.
#[allow(dead_code)]
#[path = "../system/deletions/everywhere.rs"]
mod everywhere;
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

use backends::settings::VaultKind;
use sandbox::{Sandbox, SandboxOptions};
use tokio::sync::{OnceCell, RwLock};

tokio::task_local! {
    static VAULT: VaultKind;
}

/// How long a free user has results.
pub const RETENTION: Duration = Duration::from_secs(8);
/// How long an archiver that is dead holds a job.
pub const LEASE: Duration = Duration::from_secs(3);

/// Held for writing by the test that kills archivers all the time, and for reading by the one that has a person wait.
pub static ARCHIVER: RwLock<()> = RwLock::const_new(());

/// Tries something in the sandbox whose results go to a vault of this kind.
pub async fn with_vault<T>(kind: VaultKind, test: impl Future<Output = T>) -> T {
    VAULT.scope(kind, test).await
}

/// The kind of vault that this test is about; Glacier's if it does not say.
pub fn vault_kind() -> VaultKind {
    VAULT.try_with(|kind| *kind).unwrap_or(VaultKind::Glacier)
}

/// The sandbox of this test. It stops when this process ends.
pub async fn sandbox() -> &'static Sandbox {
    static GLACIER: OnceCell<Sandbox> = OnceCell::const_new();
    static S3: OnceCell<Sandbox> = OnceCell::const_new();
    match vault_kind() {
        VaultKind::Glacier => GLACIER.get_or_init(|| start("glacier")).await,
        VaultKind::S3 => S3.get_or_init(|| start("s3")).await,
    }
}

async fn start(vault: &str) -> Sandbox {
    // Another default would be chosen at the first request, and there is no other.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A system of containers has one kind of vault at a time (docker/test).
    if let Some(endpoints) = std::env::var_os("GAS_TEST_ENDPOINTS")
        && std::env::var("GAS_VAULT").as_deref().unwrap_or("glacier") == vault
    {
        return Sandbox::attach(Path::new(&endpoints)).unwrap();
    }
    let seconds = |duration: Duration| format!("{}s", duration.as_secs());
    let variables = [
        ("GAS_VAULT", vault.to_owned()),
        ("GAS_FREE_RETENTION", seconds(RETENTION)),
        ("GAS_DOWNGRADE_GRACE", "8s".to_owned()),
        ("GAS_ARCHIVE_LEASE", seconds(LEASE)),
        ("GAS_ARCHIVE_SWEEP_INTERVAL", "1s".to_owned()),
        ("GAS_RETRIEVAL_CHECK_INTERVAL", "4s".to_owned()),
        ("GAS_DELETION_LAST_LOOK", "4s".to_owned()),
        ("GAS_ARCHIVER_CONCURRENCY", "4".to_owned()),
        ("GAS_GLACIER_EXPEDITED_DELAY", "4s".to_owned()),
        ("GAS_GLACIER_STANDARD_DELAY", "5s".to_owned()),
        ("GAS_REGISTRATIONS_PER_HOUR", "10000".to_owned()),
    ];
    let env = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let binary = Path::new(env!("CARGO_BIN_EXE_sandbox"));
    let options = SandboxOptions {
        env,
        ..SandboxOptions::default()
    };
    Sandbox::start(binary, options).await.unwrap()
}

/// Says what was not tried, and why, past the test runner, which keeps what passing tests print to itself.
pub fn skipped(what: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED {what}\n").as_bytes());
}

/// Asks until there is an answer; panics when there is none for two minutes.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited two minutes for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
