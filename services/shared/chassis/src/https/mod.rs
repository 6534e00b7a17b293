//! HTTPS: our own accept loop around warp, which has no TLS of its own. HTTP/1.1 and HTTP/2.
//!
//! Clients are given little: so long for the TLS handshake, so long for the first request, so many bytes of headers,
//! so many connections in all.

mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{Instrument, debug, warn};
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::request::Underway;
use crate::shutdown::Shutdown;

pub use tls::TlsSettings;

/// How long a client may take for the TLS handshake, for its first request and for the headers of any request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    handshake: Duration,
    headers: Duration,
    drain: Duration,
}

const PATIENCE: Patience = Patience {
    handshake: Duration::from_secs(10),
    headers: Duration::from_secs(10),
    // ECS sends SIGKILL 30 s after SIGTERM; we want to be gone in 20.
    drain: Duration::from_secs(15),
};

/// How long a page may take to begin its answer; a store that hangs must not hold people for ever.
const ANSWER: Duration = Duration::from_secs(20);
/// Connections at once; more wait in the kernel's backlog.
const CONNECTIONS: usize = 10_000;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;
/// Bytes of headers in one request.
const HEADERS: usize = 32 * 1024;

/// Answers every request with `pages` until shutdown, then lets requests in flight finish for a while.
pub async fn serve(listener: TcpListener, tls: &TlsSettings, pages: Pages, shutdown: Shutdown) -> Result<()> {
    serve_with(listener, tls.acceptor()?, pages, shutdown, PATIENCE).await
}

/// What answers, and whether it goes on with the traces that requests bring.
#[derive(Clone)]
pub struct Pages {
    /// What answers.
    pub filter: BoxedFilter<(Response,)>,
    /// Whether a request's `traceparent` is a proxy's of ours; anybody else's is of no interest.
    pub trust_traceparent: bool,
}

async fn serve_with(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    pages: Pages,
    shutdown: Shutdown,
    patience: Patience,
) -> Result<()> {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer, permit) = tokio::select! {
            accepted = accept(&listener, &connections) => accepted?,
            () = shutdown.requested() => break,
        };
        let connection = Connection {
            peer,
            acceptor: acceptor.clone(),
            pages: pages.clone(),
            patience,
        };
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            connection.serve(stream, watcher).await;
            drop(permit);
        });
    }
    drop(listener);
    if timeout(patience.drain, graceful.shutdown()).await.is_err() {
        warn!("Some requests did not finish in time");
    }
    Ok(())
}

/// The next connection. A listener that fails, for want of file descriptors say, is tried again after a moment.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, peer, permit)),
            Err(error) => {
                warn!("Could not accept a connection: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

struct Connection {
    peer: SocketAddr,
    acceptor: TlsAcceptor,
    pages: Pages,
    patience: Patience,
}

impl Connection {
    /// Serves one client to its end. What goes wrong is the client's doing and of no interest but for debugging.
    async fn serve(self, stream: TcpStream, watcher: Watcher) {
        // Without this, small answers wait for the acknowledgement of the packet before.
        let _ = stream.set_nodelay(true);
        let stream = match timeout(self.patience.handshake, self.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return debug!("TLS handshake with {} failed: {error}", self.peer),
            Err(_) => return debug!("{} did not finish the TLS handshake", self.peer),
        };
        let asked = Arc::new(Notify::new());
        let service = self.service(Arc::clone(&asked));
        let builder = self.builder();
        let served = watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
        tokio::pin!(served);
        let ended = tokio::select! {
            ended = &mut served => ended,
            () = asked.notified() => served.await,
            () = sleep(self.patience.headers) => return debug!("{} sent no request", self.peer),
        };
        if let Err(error) = ended {
            debug!("The connection with {} ended badly: {error}", self.peer);
        }
    }

    fn service(
        &self,
        asked: Arc<Notify>,
    ) -> impl Service<http::Request<Incoming>, Response = Response, Error = std::convert::Infallible, Future: Send> + use<>
    {
        let Pages {
            filter,
            trust_traceparent,
        } = self.pages.clone();
        let (pages, peer) = (TowerToHyperService::new(warp::service(filter)), self.peer);
        service_fn(move |mut request: http::Request<Incoming>| {
            asked.notify_one();
            let underway = Underway::begin(&mut request, peer, trust_traceparent);
            let span = underway.span();
            let answer = pages.call(request);
            async move {
                let mut response = match timeout(ANSWER, answer).await {
                    Ok(response) => response?,
                    Err(_) => too_slow(),
                };
                underway.end(&mut response);
                Ok(response)
            }
            .instrument(span)
        })
    }

    fn builder(&self) -> Builder<TokioExecutor> {
        let mut builder = Builder::new(TokioExecutor::new());
        let http1 = &mut builder.http1();
        http1
            .timer(TokioTimer::new())
            .header_read_timeout(self.patience.headers)
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
}

/// The answer when there is none in time.
fn too_slow() -> Response {
    warn!("No answer in {} s", ANSWER.as_secs());
    let text = "The service is busy. Your files and jobs are safe; try again in a minute.\n";
    warp::reply::with_status(text, http::StatusCode::SERVICE_UNAVAILABLE).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use warp::Filter;

    const SHORT: Patience = Patience {
        handshake: Duration::from_millis(200),
        headers: Duration::from_millis(200),
        drain: Duration::from_secs(5),
    };

    async fn server() -> (SocketAddr, Shutdown, tokio::task::JoinHandle<Result<()>>) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::default());
        let slow = warp::path("slow").then(|| async {
            sleep(Duration::from_millis(300)).await;
            "slow".into_response()
        });
        let pages = Pages {
            filter: slow.or(warp::any().map(|| "hello".into_response())).unify().boxed(),
            trust_traceparent: false,
        };
        let tls = TlsSettings {
            tls_cert: None,
            tls_key: None,
        };
        let running = serve_with(listener, tls.acceptor().unwrap(), pages, shutdown.clone(), SHORT);
        (address, shutdown, tokio::spawn(running))
    }

    fn client() -> reqwest::ClientBuilder {
        reqwest::Client::builder().tls_danger_accept_invalid_certs(true)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn both_versions_of_http_are_answered_with_a_request_id() {
        let (address, ..) = server().await;
        for (client, version) in [
            (client(), reqwest::Version::HTTP_2),
            (client().http1_only(), reqwest::Version::HTTP_11),
        ] {
            let answer = client
                .build()
                .unwrap()
                .get(format!("https://{address}/"))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.version(), version);
            assert_eq!(answer.headers()["x-request-id"].len(), 32);
            assert_eq!(answer.text().await.unwrap(), "hello");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn clients_that_say_nothing_are_cut_off() {
        let (address, ..) = server().await;
        let mut silent = TcpStream::connect(address).await.unwrap();
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
        for stream in [&mut silent, &mut half] {
            let end = timeout(Duration::from_secs(5), stream.read(&mut [0; 64]))
                .await
                .unwrap();
            assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_request_in_flight_is_answered_at_shutdown() {
        let (address, shutdown, running) = server().await;
        let asking = tokio::spawn(client().build().unwrap().get(format!("https://{address}/slow")).send());
        sleep(Duration::from_millis(150)).await;
        shutdown.request();
        assert_eq!(asking.await.unwrap().unwrap().text().await.unwrap(), "slow");
        running.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
