//! The AWS emulator: S3, DynamoDB, SNS, SQS and SES, with signatures checked.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::folders::Folders;
use crate::process::{Process, last_lines};
use crate::python::Python;
use crate::secrets::Secrets;

/// Starts the emulator on a loopback port and waits until it answers. It writes its state when it is asked to stop.
pub async fn start(folders: &Folders, python: &Python, secrets: &Secrets, port: u16) -> Result<Process> {
    let log = folders.log("aws")?;
    let mut command = Command::new(python.interpreter());
    command.args(["-m", "ministack"]).current_dir(folders.below("aws")?);
    command.envs([
        ("AUTH", "true"),
        ("BIND_HOST", "127.0.0.1"),
        ("GATEWAY_PORT", &port.to_string()),
        ("AWS_ACCESS_KEY_ID", &secrets.aws_access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &secrets.aws_secret_access_key),
        ("PERSIST_STATE", "1"),
        ("S3_PERSIST", "1"),
        ("LOG_LEVEL", "WARNING"),
        // Listeners of services that we do not use, on fixed ports.
        ("IOT_MTLS_ENABLED", "0"),
        ("SFTP_ENABLED", "0"),
    ]);
    command
        .env("STATE_DIR", folders.below("aws/state")?)
        .env("S3_DATA_DIR", folders.below("aws/s3")?);
    command
        .env("TMPDIR", folders.below("aws/tmp")?)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE");
    let mut process = Process::start("aws", command, &log)?;
    let health = format!("http://127.0.0.1:{port}/_ministack/health");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !answers(&health).await {
        if process.has_ended() || Instant::now() > deadline {
            bail!(
                "the AWS emulator does not answer; its log ends with{}",
                last_lines(&log)
            );
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(process)
}

async fn answers(url: &str) -> bool {
    reqwest::get(url).await.is_ok_and(|answer| answer.status().is_success())
}
