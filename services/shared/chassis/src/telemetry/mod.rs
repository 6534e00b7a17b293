//! Logs and traces. Logs: one JSON object a line for machines, or pretty lines for a terminal. Traces: spans to an
//! OpenTelemetry collector, if there is one.
//!
//! Everything is recorded through `tracing`, once. Every process has traces, exported or not, so that the trace id in
//! the logs joins what one request has caused in all services.

mod export;
mod lines;
mod parent;

use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::layer::{Context as LayerContext, Filter, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::build;

pub(crate) use parent::adopt;

/// How long the last spans may take to leave at shutdown.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// How to log, and where traces go.
#[derive(Debug, Clone, Args)]
pub struct TelemetrySettings {
    /// What to log: a level, or a filter such as info,backends=debug
    #[arg(long, env = "GAS_LOG", default_value = "info")]
    pub log: String,
    /// How to log: json for machines, pretty for people
    #[arg(long, env = "GAS_LOG_FORMAT", default_value = "json")]
    pub log_format: LogFormat,
    /// OpenTelemetry collector that takes traces by OTLP over HTTP, for example http://collector:4318 [default: none]
    #[arg(long, env = "GAS_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// The same by its standard name, where that is what the platform sets
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide = true)]
    pub otel_exporter_otlp_endpoint: Option<String>,
    /// Share of the traces that are exported, from 0 to 1; decided where a trace begins, for all of it
    #[arg(long, env = "GAS_TRACE_SAMPLE_RATIO", default_value_t = 1.0, value_parser = ratio)]
    pub trace_sample_ratio: f64,
    /// Go on with the trace that a request brings in `traceparent`; only for a proxy that sets or removes that header
    #[arg(long, env = "GAS_TRUST_TRACEPARENT", default_value_t = false, action = clap::ArgAction::Set)]
    pub trust_traceparent: bool,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line: time, level, message, fields, the span's fields, trace and span id.
    Json,
    /// Time, level, span, message and trace id, for a terminal.
    Pretty,
}

/// Logs and traces of this process.
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Sends the last spans, or gives them up after a moment.
    pub fn end(self) {
        // A collector that is away is not this service's failure; that it is away has been logged.
        let _ = self.0.shutdown_with_timeout(LAST_MOMENT);
    }
}

/// Begins to log and to trace. Call it once, first of all, inside the runtime that is to send the spans.
pub fn init(service: &'static str, settings: &TelemetrySettings) -> Result<Telemetry> {
    let filter =
        EnvFilter::try_new(&settings.log).with_context(|| format!("read the log filter {:?}", settings.log))?;
    let lines = match settings.log_format {
        LogFormat::Json => {
            let lines = fmt::layer().json().flatten_event(true).with_span_list(false);
            lines.map_event_format(lines::Json).boxed()
        }
        LogFormat::Pretty => fmt::layer().with_target(false).map_event_format(lines::Pretty).boxed(),
    };
    let provider = export::provider(service, settings)?;
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    registry()
        .with(lines.with_filter(filter))
        .with(spans(&provider))
        .try_init()
        .context("begin to log")?;
    crate::metrics::init().context("begin to count")?;
    tracing::info!(
        service,
        version = build::RELEASE,
        commit = build::COMMIT,
        "Starting {service}"
    );
    Ok(Telemetry(provider))
}

/// Makes OpenTelemetry's spans of ours.
fn spans<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("gas"))
        .with_location(false)
        .with_threads(false)
        .with_filter(worth_tracing())
}

/// What becomes part of a trace, whatever is logged: our spans and their events from `info` on, and the calls of the AWS
/// SDK that are made for something; those of the loops that wait for work would each be a trace of their own.
fn worth_tracing<S>() -> impl Filter<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let worth = |metadata: &Metadata<'_>, context: &LayerContext<'_, S>| match is_call_of_aws(metadata) {
        true => context.lookup_current().is_some(),
        false => *metadata.level() <= Level::INFO,
    };
    // Asked once for each place in the code, so that the chatter of our libraries costs nothing.
    let ever = |metadata: &'static Metadata<'static>| match (is_call_of_aws(metadata), *metadata.level()) {
        (true, _) => Interest::sometimes(),
        (_, level) if level <= Level::INFO => Interest::always(),
        _ => Interest::never(),
    };
    dynamic_filter_fn(worth)
        .with_callsite_filter(ever)
        .with_max_level_hint(LevelFilter::DEBUG)
}

/// The SDK describes each call by a span of level `debug`.
fn is_call_of_aws(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("aws_sdk_")
}

fn ratio(text: &str) -> Result<f64, &'static str> {
    match text.parse() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
        _ => Err("the share must be a number from 0 to 1"),
    }
}

#[cfg(test)]
impl TelemetrySettings {
    /// The defaults, with this collector.
    pub(crate) fn of_test(collector: Option<&str>) -> Self {
        Self {
            log: "info".to_owned(),
            log_format: LogFormat::Json,
            otlp_endpoint: collector.map(str::to_owned),
            otel_exporter_otlp_endpoint: None,
            trace_sample_ratio: 1.0,
            trust_traceparent: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_between_nothing_and_everything() {
        assert_eq!((ratio("0"), ratio("0.25"), ratio("1")), (Ok(0.0), Ok(0.25), Ok(1.0)));
        for wrong in ["-0.1", "1.01", "NaN", "half"] {
            assert!(ratio(wrong).is_err(), "{wrong}");
        }
    }
}
