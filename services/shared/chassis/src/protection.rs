//! Protection of a busy ECS task: while it is on, neither a scale-in nor a deployment stops the task.
//!
//! Whoever works on long things holds it: it is asked for before work begins, kept while messages keep coming, and let go
//! when the queue is empty, so that an idle task is the one that a scale-in takes. It ends by itself after a while, in case
//! nobody lives to end it, and is renewed before.
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html>

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

/// How long the agent may take. Work does not wait longer for its protection.
const PATIENCE: Duration = Duration::from_secs(2);
/// When protection ends by itself, in minutes: as long as a task may be stuck without anybody noticing.
const EXPIRES_IN_MINUTES: u32 = 30;
/// How often it is renewed; a renewal begins the time anew.
const RENEWAL: Duration = Duration::from_secs(10 * 60);

/// Where the agent of this task is.
#[derive(Debug, Clone, Default, Args)]
pub struct ProtectionSettings {
    /// Endpoint of the ECS agent, by which a busy task protects itself from being stopped; ECS sets it
    #[arg(long, env = "ECS_AGENT_URI", value_name = "URL")]
    pub ecs_agent_uri: Option<String>,
}

/// How long an agent that failed is left alone, unless somebody begins or ends to hold the protection.
const PAUSE: Duration = Duration::from_secs(10);

/// The protection of this task. Clones are the same.
#[derive(Debug, Clone)]
pub struct Protection(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    holders: AtomicUsize,
    changed: Notify,
    /// Whether the last answer of the agent is the one that holders need, or there is no hope of it for now.
    settled: watch::Sender<bool>,
}

/// Holds the protection until it is dropped.
#[derive(Debug)]
pub struct Held(Option<Arc<Shared>>);

impl Protection {
    /// That of this task; nothing outside of ECS. Call it inside the runtime.
    #[must_use]
    pub fn of(settings: &ProtectionSettings) -> Self {
        let Some(agent) = &settings.ecs_agent_uri else {
            return Self::none();
        };
        let shared = Arc::new(Shared {
            holders: AtomicUsize::new(0),
            changed: Notify::new(),
            settled: watch::Sender::new(false),
        });
        tokio::spawn(keep(Agent::new(agent), Arc::clone(&shared), RENEWAL));
        Self(Some(shared))
    }

    /// For those whose work is short.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Protects the task until what this returns, and all else that holds, is dropped. Returns when the agent has answered,
    /// or did not in time: work goes on without protection, and a stop gives back what was not finished.
    pub async fn hold(&self) -> Held {
        let Some(shared) = &self.0 else {
            return Held(None);
        };
        shared.holders.fetch_add(1, Ordering::SeqCst);
        let held = Held(Some(Arc::clone(shared)));
        shared.changed.notify_one();
        let mut settled = shared.settled.subscribe();
        // The keeper outlives every holder.
        let _ = timeout(PATIENCE, settled.wait_for(|settled| *settled)).await;
        held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(shared) = &self.0
            && shared.holders.fetch_sub(1, Ordering::SeqCst) == 1
        {
            shared.changed.notify_one();
        }
    }
}

/// Keeps the agent's state as the holders want it. An agent that fails is told of once, and asked again after a pause.
async fn keep(agent: Agent, shared: Arc<Shared>, renewal: Duration) {
    let (mut is_on, mut is_failing, mut told) = (false, false, Instant::now());
    loop {
        let wanted = shared.holders.load(Ordering::SeqCst) > 0;
        if wanted != is_on || wanted && told.elapsed() >= renewal {
            match agent.protect(wanted).await {
                Ok(()) => (is_on, is_failing, told) = (wanted, false, Instant::now()),
                Err(error) if is_failing => debug!("The protection of this task is still not changed: {error:#}"),
                Err(error) => {
                    warn!("Could not change the protection of this task: {error:#}");
                    is_failing = true;
                }
            }
        }
        shared.settled.send_replace(wanted);
        let pause = if is_failing { PAUSE } else { renewal };
        tokio::select! { () = shared.changed.notified() => {}, () = sleep(pause) => {} }
    }
}

/// The agent that runs beside every task.
struct Agent {
    client: Client<HttpConnector, Full<Bytes>>,
    address: String,
}

/// What the agent says when it could not do what it was asked for.
#[derive(Debug, Deserialize)]
struct Reply {
    failure: Option<serde_json::Value>,
    error: Option<serde_json::Value>,
}

impl Agent {
    fn new(uri: &str) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address: format!("{}/task-protection/v1/state", uri.trim_end_matches('/')),
        }
    }

    async fn protect(&self, on: bool) -> Result<()> {
        let body = match on {
            true => serde_json::json!({"ProtectionEnabled": true, "ExpiresInMinutes": EXPIRES_IN_MINUTES}),
            false => serde_json::json!({"ProtectionEnabled": false}),
        };
        let request = Request::builder()
            .method(Method::PUT)
            .uri(&self.address)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body.to_string()))?;
        timeout(PATIENCE, self.send(request))
            .await
            .context("the ECS agent does not answer")?
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<()> {
        let answer = self.client.request(request).await.context("ask the ECS agent")?;
        let status = answer.status();
        let body = answer
            .into_body()
            .collect()
            .await
            .context("read the ECS agent's answer")?;
        let reply: Option<Reply> = serde_json::from_slice(&body.to_bytes()).ok();
        match reply.and_then(|reply| reply.failure.or(reply.error)) {
            Some(reason) => bail!("the ECS agent refused: {reason}"),
            None if !status.is_success() => bail!("the ECS agent answered {status}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
