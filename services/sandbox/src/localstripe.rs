//! The Stripe emulator: localstripe, a program of its own under the GPL, which we run and never import.
//!
//! What it lacks is told in `services/README.md`. It writes its objects down at every change, and forgets its webhooks
//! at every start.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::folders::Folders;
use crate::process::{Process, last_lines};
use crate::python::Python;

/// What services say they are; the emulator takes any key that begins like Stripe's.
pub const SECRET_KEY: &str = "sk_test_gas_sandbox";
/// What browsers say they are.
pub const PUBLISHABLE_KEY: &str = "pk_test_gas_sandbox";

/// Keeps the emulator on loopback, and its file to this sandbox.
const KEEP_TO_ITSELF: &str = include_str!("../python/localstripe/sitecustomize.py");

/// Starts the emulator on a loopback port and waits until it answers.
pub async fn start(folders: &Folders, python: &Python, port: u16) -> Result<Process> {
    let (log, modules) = (folders.log("stripe")?, folders.below("stripe/python")?);
    fs::write(modules.join("sitecustomize.py"), KEEP_TO_ITSELF).context("write the emulator's sitecustomize.py")?;
    let mut command = Command::new(python.interpreter());
    command
        .args(["-m", "localstripe", "--port", &port.to_string()])
        .current_dir(folders.below("stripe")?);
    command
        .env("TMPDIR", folders.below("stripe")?)
        .env("PYTHONPATH", &modules);
    let mut process = Process::start("stripe", command, &log)?;
    let script = script(&url(port));
    let deadline = Instant::now() + Duration::from_secs(30);
    while !reqwest::get(&script)
        .await
        .is_ok_and(|answer| answer.status().is_success())
    {
        if process.has_ended() || Instant::now() > deadline {
            bail!(
                "the Stripe emulator does not answer; its log ends with{}",
                last_lines(&log)
            );
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(process)
}

/// Where the emulator answers.
pub fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// What stands for Stripe.js.
pub fn script(emulator: &str) -> String {
    format!("{emulator}/js.stripe.com/v3/")
}
