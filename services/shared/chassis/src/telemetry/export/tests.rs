use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Instant;

use opentelemetry::trace::{Span, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::trace::{Tracer, TracerProvider};
use tokio::runtime::Runtime;
use tracing::info_span;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::telemetry::{Telemetry, spans};

/// Five times what the queue holds.
const MANY: usize = 20_000;

fn provider_in(runtime: &Runtime, settings: &TelemetrySettings) -> SdkTracerProvider {
    let _entered = runtime.enter();
    provider("test", settings).unwrap()
}

#[test]
fn a_collector_that_is_away_or_silent_holds_nobody_up() {
    let runtime = Runtime::new().unwrap();
    // Connections to it are made by the kernel and then hear nothing, as from a collector that hangs.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hangs = format!("http://{}", silent.local_addr().unwrap());
    for collector in ["http://127.0.0.1:1", &hangs] {
        let provider = provider_in(&runtime, &TelemetrySettings::of_test(Some(collector)));
        let subscriber = tracing_subscriber::registry().with(spans(&provider));
        let begun = Instant::now();
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..MANY {
                info_span!("work").in_scope(|| info!("Working"));
            }
        });
        let (worked, ended) = (begun.elapsed(), Instant::now());
        Telemetry(provider).end();
        assert!(worked < PATIENCE, "{MANY} spans took {worked:?} with {collector}");
        let ended = ended.elapsed();
        assert!(ended < PATIENCE, "the end took {ended:?} with {collector}");
    }
}

#[test]
fn the_last_spans_leave_at_shutdown() {
    let runtime = Runtime::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let collector = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
        sender
            .send(String::from_utf8_lossy(&request[..read]).into_owned())
            .unwrap();
    });
    let provider = provider_in(&runtime, &TelemetrySettings::of_test(Some(&collector)));
    provider.tracer("test").start("the last").end();
    Telemetry(provider).end();
    let request = receiver.recv_timeout(PATIENCE).unwrap();
    assert!(request.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("application/x-protobuf"), "{request}");
}

#[test]
fn where_a_trace_begins_decides_whether_it_is_exported() {
    let runtime = Runtime::new().unwrap();
    let is_sampled = |ratio: f64, parent: Option<bool>| {
        let settings = TelemetrySettings {
            trace_sample_ratio: ratio,
            ..TelemetrySettings::of_test(Some("http://127.0.0.1:1"))
        };
        let parent = parent.map_or_else(opentelemetry::Context::new, |sampled| {
            let flags = TraceFlags::default().with_sampled(sampled);
            let (trace, span) = (TraceId::from(7), SpanId::from(7));
            opentelemetry::Context::new().with_remote_span_context(SpanContext::new(
                trace,
                span,
                flags,
                true,
                TraceState::default(),
            ))
        });
        let provider = provider_in(&runtime, &settings);
        let span = provider.tracer("test").start_with_context("work", &parent);
        assert!(span.span_context().is_valid());
        span.span_context().is_sampled()
    };
    assert!(is_sampled(1.0, None) && !is_sampled(0.0, None));
    assert!(is_sampled(0.0, Some(true)) && !is_sampled(1.0, Some(false)));
}

#[tokio::test]
async fn a_collector_that_goes_and_comes_back_is_logged_twice() {
    let written = tempfile::NamedTempFile::new().unwrap();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::sync::Mutex::new(written.reopen().unwrap()));
    let collector = Collector::new();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
        let answer = |status: u16| Ok(Response::builder().status(status).body(Bytes::new()).unwrap());
        for answer in [
            answer(200),
            Err("refused".into()),
            answer(503),
            answer(200),
            answer(200),
        ] {
            collector.note(&answer);
        }
    });
    let log = std::fs::read_to_string(written.path()).unwrap();
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(
        log.contains("takes none, they are dropped: refused") && log.contains("takes them again"),
        "{log}"
    );
}

#[test]
fn a_collector_must_be_an_address_that_we_can_speak_to() {
    for wrong in ["https://collector.example.org:4318", "collector:4318", "not an address"] {
        assert!(
            provider("test", &TelemetrySettings::of_test(Some(wrong))).is_err(),
            "{wrong}"
        );
    }
    assert!(provider("test", &TelemetrySettings::of_test(Some(""))).is_ok());
}
