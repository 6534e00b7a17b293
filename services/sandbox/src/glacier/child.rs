//! The emulator as a child process of the sandbox.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::plan::Plan;
use crate::process::{Process, last_lines};

/// Starts the emulator and waits until it answers.
pub async fn start(plan: &Plan) -> Result<Process> {
    let (log, port) = (plan.folders.log("glacier")?, plan.glacier_port);
    let mut command = Command::new(std::env::current_exe().context("find this program")?);
    command.arg("glacier").arg(format!("--listen=127.0.0.1:{port}"));
    command.arg("--data").arg(plan.folders.below("glacier")?);
    command.envs([
        ("GAS_AWS_ENDPOINT", &plan.aws_url()),
        ("AWS_ACCESS_KEY_ID", &plan.secrets.aws_access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &plan.secrets.aws_secret_access_key),
    ]);
    let mut process = Process::start("glacier", command, &log)?;
    let health = format!("{}/_emulator/health", plan.glacier_url());
    let deadline = Instant::now() + Duration::from_secs(10);
    while !reqwest::get(&health)
        .await
        .is_ok_and(|answer| answer.status().is_success())
    {
        if process.has_ended() || Instant::now() > deadline {
            bail!(
                "the Glacier emulator does not answer; its log ends with{}",
                last_lines(&log)
            );
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(process)
}
