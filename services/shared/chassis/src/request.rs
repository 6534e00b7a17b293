//! What every HTTP request gets before a filter sees it, and what is recorded when it is answered.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use http::{HeaderValue, Method};
use tracing::{Span, debug, field, info, info_span};
use uuid::Uuid;
use warp::reply::Response;

use crate::metrics;

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
    method: Method,
    begun: Instant,
}

impl Underway {
    /// Takes note of a request and gives it its extensions.
    pub(crate) fn begin<B>(request: &mut http::Request<B>, peer: SocketAddr) -> Self {
        let id = RequestId(Uuid::new_v4().simple().to_string());
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(PeerAddr(peer));
        Self {
            id,
            method: request.method().clone(),
            begun: Instant::now(),
        }
    }

    /// The span that everything done for the request is logged in. Paths may hold tokens, so none is recorded.
    pub(crate) fn span(&self) -> Span {
        info_span!("request", request.id = %self.id, method = %self.method, job.id = field::Empty)
    }

    /// Records the answer and puts the id on it.
    pub(crate) fn end(self, response: &mut Response) {
        let route = response.extensions().get::<Route>().map_or("other", |route| route.0);
        let (status, took) = (response.status().as_u16(), self.begun.elapsed());
        metrics::http_request(route, known(&self.method), status, took);
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

/// The method as a label; a client may invent methods, and each would make a series.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    }
}
