//! The admin port: `/healthz` for whoever restarts us, `/metrics` for Prometheus. Plain HTTP, not for the public.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{self, Reply, Response};

use crate::build;
use crate::shutdown::Shutdown;

/// How long a check, or a healthcheck's answer, may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where health and metrics answer.
#[derive(Debug, Clone, Args)]
pub struct AdminSettings {
    /// Address of /healthz and /metrics
    #[arg(long, env = "GAS_ADMIN_LISTEN", default_value = "127.0.0.1:9090")]
    pub admin_listen: SocketAddr,
}

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// What a service needs to be of use.
#[derive(Clone)]
pub struct Health {
    service: &'static str,
    checks: Vec<(&'static str, Check)>,
}

impl Health {
    /// A service that is healthy as long as it answers.
    #[must_use]
    pub fn new(service: &'static str) -> Self {
        Self {
            service,
            checks: Vec::new(),
        }
    }

    /// The service also needs `what`; the check must be cheap.
    #[must_use]
    pub fn check<F>(mut self, what: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.checks.push((what, Arc::new(move || Box::pin(check()))));
        self
    }

    /// `GET /healthz`, for a load balancer on the port of the pages.
    #[must_use]
    pub fn route(self, shutdown: Shutdown) -> BoxedFilter<(Response,)> {
        let path = warp::path!("healthz").and(warp::get());
        path.then(move || self.clone().answer(shutdown.clone())).boxed()
    }

    /// 200, or 503 with what is missing.
    async fn answer(self, shutdown: Shutdown) -> Response {
        let missing = match shutdown.is_requested() {
            true => Some("shutting down".to_owned()),
            false => self.missing().await,
        };
        let status = if missing.is_none() {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let body = json!({
            "service": self.service, "version": build::RELEASE, "commit": build::COMMIT,
            "healthy": missing.is_none(), "missing": missing,
        });
        reply::with_status(reply::json(&body), status).into_response()
    }

    async fn missing(&self) -> Option<String> {
        for (what, check) in &self.checks {
            match tokio::time::timeout(PATIENCE, check()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!("The {what} is not healthy: {error:#}");
                    return Some((*what).to_owned());
                }
                Err(_) => return Some(format!("{what} (no answer)")),
            }
        }
        None
    }
}

/// Answers on the admin port until shutdown.
pub async fn serve(settings: &AdminSettings, health: Health, shutdown: Shutdown) -> Result<()> {
    let listener = TcpListener::bind(settings.admin_listen).await;
    let listener = listener.with_context(|| format!("listen on the admin address {}", settings.admin_listen))?;
    let healthz = health.route(shutdown.clone());
    let metrics = warp::path!("metrics").and(warp::get()).map(|| {
        let text = crate::metrics::render();
        reply::with_header(text, "content-type", "text/plain; version=0.0.4; charset=utf-8").into_response()
    });
    let server = warp::serve(healthz.or(metrics).unify()).incoming(listener);
    server.graceful(async move { shutdown.requested().await }).run().await;
    Ok(())
}

/// Asks a running service on this host whether it is healthy; for Docker's `HEALTHCHECK` and ECS.
#[must_use]
pub fn healthcheck(settings: &AdminSettings) -> ExitCode {
    match ask(settings.admin_listen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unhealthy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn ask(mut address: SocketAddr) -> Result<()> {
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("connect to {address}"))?;
    stream.set_read_timeout(Some(2 * PATIENCE))?;
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream
        .take(4096)
        .read_to_string(&mut answer)
        .context("read the answer")?;
    match answer.starts_with("HTTP/1.1 200 ") {
        true => Ok(()),
        false => bail!("{}", answer.lines().last().unwrap_or("no answer")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn admin(health: Health) -> AdminSettings {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let settings = AdminSettings { admin_listen: free };
        let served = settings.clone();
        tokio::spawn(async move { serve(&served, health, Shutdown::default()).await });
        while tokio::net::TcpStream::connect(free).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        settings
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_healthcheck_says_what_is_missing() {
        let well = admin(Health::new("test")).await;
        let ill = admin(Health::new("test").check("database", || async { bail!("it is gone") })).await;
        let (well, ill) = tokio::task::spawn_blocking(move || (ask(well.admin_listen), ask(ill.admin_listen)))
            .await
            .unwrap();
        well.unwrap();
        assert!(ill.unwrap_err().to_string().contains("database"));
    }

    #[test]
    fn nobody_answering_is_unhealthy() {
        assert!(ask("127.0.0.1:1".parse().unwrap()).is_err());
    }
}
