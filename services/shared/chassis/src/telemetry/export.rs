//! Spans on their way to the collector: a bounded queue, one thread that empties it, short timeouts.
//!
//! A collector that is slow or away costs spans, never a request: what does not fit into the queue is dropped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use http::Uri;
use opentelemetry::KeyValue;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{info, warn};

use super::TelemetrySettings;
use crate::build;

/// How long the collector may take for one batch.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a span waits for others to go with.
const GATHERING: Duration = Duration::from_secs(1);
/// Spans that wait at most, about a kilobyte each.
const QUEUE: usize = 4096;

/// The source of spans. Without a collector it gives out ids and exports nothing.
pub(super) fn provider(service: &'static str, settings: &TelemetrySettings) -> Result<SdkTracerProvider> {
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.namespace", "gas"))
        .with_attribute(KeyValue::new("service.version", build::VERSION))
        .build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    let Some(collector) = settings.collector() else {
        let never = Sampler::ParentBased(Box::new(Sampler::AlwaysOff));
        return Ok(builder.with_sampler(never).build());
    };
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_scheduled_delay(GATHERING)
        .build();
    let processor = BatchSpanProcessor::builder(exporter(collector)?)
        .with_batch_config(config)
        .build();
    let share = Sampler::TraceIdRatioBased(settings.trace_sample_ratio);
    Ok(builder
        .with_span_processor(processor)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .build())
}

fn exporter(collector: &str) -> Result<SpanExporter> {
    let address: Uri = collector.parse().context("read GAS_OTLP_ENDPOINT")?;
    ensure!(
        address.scheme_str() == Some("http"),
        "GAS_OTLP_ENDPOINT must be http://host:port of a collector nearby, for example http://127.0.0.1:4318"
    );
    // <https://opentelemetry.io/docs/specs/otlp/#otlphttp-request>
    let endpoint = format!("{}/v1/traces", collector.trim_end_matches('/'));
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .with_timeout(PATIENCE)
        .with_http_client(Collector::new())
        .build()
        .context("make the exporter of traces")
}

impl TelemetrySettings {
    /// Our own variable goes before the standard one; an empty one is none.
    fn collector(&self) -> Option<&str> {
        let given = [&self.otlp_endpoint, &self.otel_exporter_otlp_endpoint];
        given
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|url| !url.is_empty())
    }
}

/// The collector, spoken to on the service's runtime: the thread that empties the queue has none of its own.
#[derive(Debug)]
struct Collector {
    client: HyperClient,
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    fn new() -> Self {
        Self {
            client: HyperClient::with_default_connector(PATIENCE, None),
            runtime: Handle::current(),
            is_away: AtomicBool::new(false),
        }
    }

    /// Says once that the collector is away, and once that it is back.
    fn note(&self, answer: &Result<Response<Bytes>, HttpError>) {
        let trouble = match answer {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(response.status().to_string()),
            Err(error) => Some(error.to_string()),
        };
        let was_away = self.is_away.swap(trouble.is_some(), Ordering::Relaxed);
        match trouble {
            Some(trouble) if !was_away => warn!("The collector of traces takes none, they are dropped: {trouble}"),
            None if was_away => info!("The collector of traces takes them again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self
            .runtime
            .spawn(async move { client.send_bytes(request).await })
            .await;
        let answer = sent.unwrap_or_else(|stopped| Err(stopped.into()));
        self.note(&answer);
        answer
    }
}

#[cfg(test)]
mod tests;
