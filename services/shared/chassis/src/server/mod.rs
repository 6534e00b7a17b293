//! Pages over HTTPS, or over plain HTTP behind a load balancer that speaks TLS: our own accept loop around warp, which has no
//! TLS and no limits of its own. HTTP/1.1 and HTTP/2.
//!
//! Clients are given little: so long for the TLS handshake, so long for the first request and for the headers of each, so
//! many bytes of headers, so many connections in all. Idle connections live longer than those of a load balancer in front.

mod connection;
mod pace;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tracing::warn;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::shutdown::Shutdown;
use connection::Connection;
use pace::Patience;

pub use tls::TlsSettings;

/// For the TLS handshake, for the first request, and for the headers of any request from their first byte.
const PATIENCE: Duration = Duration::from_secs(10);
/// For requests in flight at shutdown. ECS sends SIGKILL 30 s after SIGTERM; we want to be gone in 20.
const DRAIN: Duration = Duration::from_secs(15);
/// Connections at once; more wait in the kernel's backlog.
const CONNECTIONS: usize = 10_000;

/// How clients are treated.
#[derive(Debug, Clone, Args)]
pub struct ClientSettings {
    /// How long an idle connection lives; longer than the load balancer's in front, which would else use one that we close
    #[arg(long, env = "GAS_IDLE_TIMEOUT", default_value = "75s", value_parser = crate::duration::parse)]
    pub idle_timeout: Duration,
}

/// What answers, and whether it goes on with the traces that requests bring.
#[derive(Clone)]
pub struct Pages {
    /// What answers.
    pub filter: BoxedFilter<(Response,)>,
    /// Whether a request's `traceparent` is a proxy's of ours; anybody else's is of no interest.
    pub trust_traceparent: bool,
}

/// Answers every request with `pages` until shutdown, then lets requests in flight finish for a while. Without a certificate
/// the connections are plain.
pub async fn serve(
    listener: TcpListener,
    tls: Option<&TlsSettings>,
    settings: &ClientSettings,
    pages: Pages,
    shutdown: Shutdown,
) -> Result<()> {
    let patience = Patience {
        first: PATIENCE,
        headers: PATIENCE,
        idle: settings.idle_timeout,
    };
    let connection = Connection {
        acceptor: tls.map(TlsSettings::acceptor).transpose()?,
        pages,
        patience,
        shutdown,
    };
    accept_all(listener, connection, DRAIN).await
}

async fn accept_all(listener: TcpListener, connection: Connection, drain: Duration) -> Result<()> {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    loop {
        let (stream, peer, permit) = tokio::select! {
            accepted = accept(&listener, &permits) => accepted?,
            () = connection.shutdown.requested() => break,
        };
        let connection = connection.clone();
        connections.spawn(async move {
            connection.serve(stream, peer).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.close();
    if timeout(drain, connections.wait()).await.is_err() {
        warn!("Some requests did not finish in time");
    }
    Ok(())
}

/// The next connection. A listener that fails, for want of file descriptors say, is tried again after a moment.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await?;
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

#[cfg(test)]
mod tests;
