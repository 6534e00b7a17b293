//! The first and the last lines of every service.

use std::process::ExitCode;
use std::time::Duration;

use tracing::{error, info};

use crate::telemetry::{self, TelemetrySettings};

/// What blocking threads get after everything else has stopped; then they die with the process.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// Runs a service to its end and says, once, why it ended badly.
pub fn start(
    service: &'static str,
    settings: &TelemetrySettings,
    run: impl Future<Output = anyhow::Result<()>>,
) -> ExitCode {
    if let Err(error) = telemetry::init(service, settings) {
        eprintln!("{service}: {error:#}");
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("Could not start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(run);
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
