//! One client's connection, from the TLS handshake to its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use http::Response;
use hyper::body::{Body, Incoming};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{Instrument, debug, warn};
use warp::reply::Reply;

use super::Pages;
use super::pace::{Answer, Pace, Paced, Patience};
use crate::request::Underway;
use crate::shutdown::Shutdown;

/// How long a page may take to begin its answer; a store that hangs must not hold people for ever.
const ANSWER: Duration = Duration::from_secs(20);
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;
/// Bytes of headers in one request.
const HEADERS: usize = 32 * 1024;

/// What every connection of a server is given.
#[derive(Clone)]
pub(super) struct Connection {
    /// Speaks TLS, if anybody does.
    pub acceptor: Option<TlsAcceptor>,
    pub pages: Pages,
    pub patience: Patience,
    pub shutdown: Shutdown,
}

impl Connection {
    /// Serves one client to its end. What goes wrong is the client's doing and of no interest but for debugging.
    pub(super) async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Without this, small answers wait for the acknowledgement of the packet before.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = &self.acceptor else {
            return self.converse(stream, peer, false).await;
        };
        let stream = match timeout(self.patience.first, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return debug!("TLS handshake with {peer} failed: {error}"),
            Err(_) => return debug!("{peer} did not finish the TLS handshake"),
        };
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        self.converse(stream, peer, is_http2).await;
    }

    async fn converse(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        is_http2: bool,
    ) {
        let pace = Pace::begin(self.patience, is_http2);
        let stream = TokioIo::new(Paced::new(stream, pace.clone()));
        // What did not agree on HTTP/2 in the handshake speaks HTTP/1.1, and is paced as that.
        let builder = match is_http2 {
            true => builder(),
            false => builder().http1_only(),
        };
        let served = builder.serve_connection(stream, self.service(peer, pace.clone()));
        tokio::pin!(served);
        let ended = tokio::select! {
            biased;
            ended = &mut served => ended,
            () = self.shutdown.requested() => {
                served.as_mut().graceful_shutdown();
                served.await
            }
            () = overdue(&pace) => {
                debug!("{peer} asked for nothing in time");
                served.as_mut().graceful_shutdown();
                // Headers that were begun are not waited for.
                return drop(timeout(Duration::from_millis(100), served).await);
            }
        };
        if let Err(error) = ended {
            debug!("The connection with {peer} ended badly: {error}");
        }
    }

    fn service(
        &self,
        peer: SocketAddr,
        pace: Pace,
    ) -> impl Service<
        http::Request<Incoming>,
        Response = Response<impl Body<Data: Send, Error: std::error::Error + Send + Sync> + Send + use<>>,
        Error = Infallible,
        Future: Send,
    > + use<> {
        let Pages {
            filter,
            trust_traceparent,
        } = self.pages.clone();
        let pages = TowerToHyperService::new(warp::service(filter));
        service_fn(move |mut request: http::Request<Incoming>| {
            let answering = pace.asked();
            let underway = Underway::begin(&mut request, peer, trust_traceparent);
            let span = underway.span();
            let answer = pages.call(request);
            async move {
                let mut response = match timeout(ANSWER, answer).await {
                    Ok(response) => response?,
                    Err(_) => too_slow(),
                };
                underway.end(&mut response);
                Ok(response.map(|body| Answer::new(body, answering)))
            }
            .instrument(span)
        })
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The pace of the connection limits the time for headers, and tells it from idle time.
    let http1 = &mut builder.http1();
    http1
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(HEADERS);
    let http2 = &mut builder.http2();
    http2
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS as u32);
    // A client that has gone without a word is found out; one that is only quiet answers the ping.
    http2
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

/// Ends when nothing has happened in time. Polled whenever the connection is, so that a deadline which has come nearer is
/// seen; one that has moved away is only looked at when the timer fires, because it moves with every request.
async fn overdue(pace: &Pace) {
    let timer = sleep_until(Instant::now());
    tokio::pin!(timer);
    poll_fn(|cx| {
        let mut timer: Pin<&mut Sleep> = timer.as_mut();
        loop {
            let deadline = pace.deadline();
            if deadline.is_some_and(|deadline| deadline < timer.deadline()) {
                timer.as_mut().reset(deadline.unwrap_or_else(Instant::now));
            }
            ready!(timer.as_mut().poll(cx));
            match deadline {
                Some(deadline) if deadline <= Instant::now() => return Poll::Ready(()),
                Some(deadline) => timer.as_mut().reset(deadline),
                // Answers of HTTP/2 may end without the connection being polled.
                None => timer.as_mut().reset(Instant::now() + Duration::from_secs(1)),
            }
        }
    })
    .await;
}

/// The answer when there is none in time.
fn too_slow() -> warp::reply::Response {
    warn!("No answer in {} s", ANSWER.as_secs());
    let text = "The service is busy. Your files and jobs are safe; try again in a minute.\n";
    warp::reply::with_status(text, http::StatusCode::SERVICE_UNAVAILABLE).into_response()
}
