//! Logs: one JSON object a line for machines, or pretty lines for a terminal.
//!
//! Everything is recorded through `tracing`; a layer that exports spans joins the registry in [`init`].

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

/// How to log.
#[derive(Debug, Clone, Args)]
pub struct TelemetrySettings {
    /// What to log: a level, or a filter such as info,backends=debug
    #[arg(long, env = "GAS_LOG", default_value = "info")]
    pub log: String,
    /// How to log: json for machines, pretty for people
    #[arg(long, env = "GAS_LOG_FORMAT", default_value = "json")]
    pub log_format: LogFormat,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line: time, level, message, fields, the span's fields.
    Json,
    /// Time, level, span and message, for a terminal.
    Pretty,
}

/// Begins to log. Call it once, first of all.
pub fn init(service: &'static str, settings: &TelemetrySettings) -> Result<()> {
    let filter =
        EnvFilter::try_new(&settings.log).with_context(|| format!("read the log filter {:?}", settings.log))?;
    let lines = match settings.log_format {
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Pretty => fmt::layer().with_target(false).boxed(),
    };
    registry().with(filter).with(lines).try_init().context("begin to log")?;
    tracing::info!(service, version = env!("CARGO_PKG_VERSION"), "Starting {service}");
    Ok(())
}
