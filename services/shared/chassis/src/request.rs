//! What every HTTP request gets before a filter sees it, and what is recorded when it is answered.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use http::{HeaderValue, Method};
use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry_http::HeaderExtractor;
use tracing::{Span, debug, debug_span, field, info, info_span, record_all};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;
use warp::reply::Response;

use crate::{metrics, telemetry};

/// Identifies one request in logs, on error pages and in the answer's `x-request-id`. A request extension.
#[derive(Debug, Clone)]
pub struct RequestId(String);

/// Where the connection comes from. A request extension.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddr(pub SocketAddr);

/// The route that answered, as metrics name it. A response extension.
#[derive(Debug, Clone, Copy)]
pub struct Route(pub &'static str);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One request on its way.
pub(crate) struct Underway {
    id: RequestId,
    method: &'static str,
    begun: Instant,
    span: Span,
}

impl Underway {
    /// Takes note of a request and gives it its extensions. Its trace begins here, unless the `traceparent` that it
    /// brings is to be trusted.
    pub(crate) fn begin<B>(request: &mut http::Request<B>, peer: SocketAddr, trust_traceparent: bool) -> Self {
        let id = RequestId(Uuid::new_v4().simple().to_string());
        let method = known(request.method());
        let span = match is_quiet(request.uri().path()) {
            true => debug_span!("request", request.id = %id),
            false => span(&id, method),
        };
        if trust_traceparent {
            telemetry::adopt(&span, &HeaderExtractor(request.headers()));
        }
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(PeerAddr(peer));
        Self {
            id,
            method,
            begun: Instant::now(),
            span,
        }
    }

    /// The span that everything done for the request is logged in.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Records the answer and puts the id on it.
    pub(crate) fn end(self, response: &mut Response) {
        let route = response.extensions().get::<Route>().map_or("other", |route| route.0);
        let (status, took) = (response.status().as_u16(), self.begun.elapsed());
        metrics::http_request(route, self.method, status, took);
        // Both at once: the log line's fields are written anew at each record.
        record_all!(self.span, http.route = route, http.response.status_code = status);
        self.span
            .context()
            .span()
            .update_name(format!("{} {route}", self.method));
        if status >= 500 {
            self.span.set_status(Status::error(status.to_string()));
        }
        let millis = took.as_millis();
        match route {
            "/healthz" | "/static" => debug!(route, status, millis, "Answered {} {route} with {status}", self.method),
            _ => info!(route, status, millis, "Answered {} {route} with {status}", self.method),
        }
        if let Ok(id) = HeaderValue::from_str(&self.id.0) {
            response.headers_mut().insert("x-request-id", id);
        }
    }
}

/// The span of a request, in OpenTelemetry's words (<https://opentelemetry.io/docs/specs/semconv/http/http-spans/>).
/// Paths may hold tokens and addresses are personal, so neither is recorded.
fn span(id: &RequestId, method: &'static str) -> Span {
    info_span!(
        "request",
        request.id = %id,
        http.request.method = method,
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        job.id = field::Empty,
        otel.kind = "server",
    )
}

/// What load balancers and pages ask for all the time would bury the traces of what people do.
fn is_quiet(path: &str) -> bool {
    path == "/healthz" || path.starts_with("/static/")
}

/// The method as a label; a client may invent methods, and each would make a series.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "DELETE" => "DELETE",
        _ => "other",
    }
}
