//! The first and the last lines of every service.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tracing::{error, info};

use crate::telemetry::{self, Telemetry, TelemetrySettings};

/// What blocking threads get after everything else has stopped; then they die with the process.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// Runs a service to its end and says, once, why it ended badly.
pub fn start(
    service: &'static str,
    settings: &TelemetrySettings,
    run: impl Future<Output = anyhow::Result<()>>,
) -> ExitCode {
    let (runtime, telemetry) = match begin(service, settings) {
        Ok(begun) => begun,
        Err(error) => {
            eprintln!("{service}: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(run);
    telemetry.end();
    runtime.shutdown_timeout(LAST_MOMENT);
    match ended {
        Ok(()) => {
            info!("{service} has stopped");
            ExitCode::SUCCESS
        }
        Err(error) => {
            error!("{service} cannot go on: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The runtime comes first, because it also sends the spans.
fn begin(service: &'static str, settings: &TelemetrySettings) -> anyhow::Result<(Runtime, Telemetry)> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("start the runtime")?;
    let entered = runtime.enter();
    let telemetry = telemetry::init(service, settings)?;
    drop(entered);
    Ok((runtime, telemetry))
}
