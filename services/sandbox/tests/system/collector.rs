//! A collector of traces: takes OTLP over HTTP and keeps every span.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use warp::Filter;
use warp::hyper::body::Bytes;

/// One span of one service.
#[derive(Clone, Debug)]
pub struct Span {
    pub service: String,
    pub trace: Vec<u8>,
    pub id: Vec<u8>,
    pub parent: Vec<u8>,
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// What was logged in it.
    pub events: Vec<String>,
}

static SPANS: Mutex<Vec<Span>> = Mutex::new(Vec::new());

/// Where the collector of this test run listens. It has a thread of its own, because each test has a runtime of its own.
pub fn collector() -> String {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                warp::serve(routes()).incoming(listener).run().await;
            });
        });
        receiver.recv().unwrap()
    });
    format!("http://{address}")
}

/// Every span that has arrived.
pub fn spans() -> Vec<Span> {
    SPANS.lock().unwrap().clone()
}

fn routes() -> impl Filter<Extract = (Vec<u8>,), Error = warp::Rejection> + Clone {
    warp::path!("v1" / "traces")
        .and(warp::post())
        .and(warp::body::bytes())
        .map(|body: Bytes| {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            SPANS.lock().unwrap().extend(spans_of(request));
            // An `ExportTraceServiceResponse` that has nothing to say is empty.
            Vec::new()
        })
}

fn spans_of(request: ExportTraceServiceRequest) -> Vec<Span> {
    let mut spans = Vec::new();
    for resource in request.resource_spans {
        let about = resource
            .resource
            .map(|about| attributes(about.attributes))
            .unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.push(Span {
                service: about["service.name"].clone(),
                trace: span.trace_id,
                id: span.span_id,
                parent: span.parent_span_id,
                name: span.name,
                attributes: attributes(span.attributes),
                events: span.events.into_iter().map(|event| event.name).collect(),
            });
        }
    }
    spans
}

fn attributes(pairs: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Option<AnyValue>| match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    pairs.into_iter().map(|pair| (pair.key, text(pair.value))).collect()
}
