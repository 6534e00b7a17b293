//! What people's webhooks are told: an ended job → a delivery for each webhook that wants to know, noted in PostgreSQL before
//! its message is deleted; what is due there → an attempt.
//!
//! Messages are only faster: whatever is noted is found by looking. The sweep over jobs whose owner was not told notes the
//! deliveries of a job whose message was lost.

mod address;
mod call;
mod message;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use backends::accounts::{Accounts, Attempted, Settled, TakenDelivery};
use backends::jobs::Jobs;
use chassis::metrics;
use chassis::shutdown::Shutdown;
use chassis::worker::{DeliveryInfo, Handler};
use domain::events::JobCompleted;
use domain::{Job, WebhookEvent, WebhookProblem};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{Instrument, Span, info, info_span, warn};

pub use call::Caller;
use message::Message;

/// Attempts at once.
const AT_ONCE: usize = 32;
/// The pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a webhook stays a notifier's: an attempt takes ten seconds at most.
const LEASE: Duration = Duration::from_secs(30);
/// How long attempts may take that are underway at shutdown.
const DRAIN: Duration = Duration::from_secs(12);
/// The pause between two looks for deliveries that are old.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Tells webhooks.
pub struct Webhooks {
    /// Where webhooks and deliveries are.
    pub accounts: Accounts,
    /// Where jobs are.
    pub jobs: Jobs,
    /// What calls.
    pub caller: Caller,
    /// Where people reach the web, for links; no slash at the end.
    pub public_url: String,
    /// Says that something is due.
    pub due: Notify,
}

/// Reads `webhooks`.
pub struct EndedForWebhooks(pub Arc<Webhooks>);

impl Handler for EndedForWebhooks {
    type Event = JobCompleted;

    async fn handle(&self, event: JobCompleted, _delivery: &DeliveryInfo) -> Result<()> {
        Span::current().record("job.id", event.job_id.to_string());
        match self.0.jobs.get(event.job_id).await? {
            Some(job) => self.0.note(&job).await,
            None => Ok(()), // It was deleted.
        }
    }
}

impl Webhooks {
    /// Notes what the owner's webhooks are to be told of a job, if it has ended; doing it again changes nothing.
    pub async fn note(&self, job: &Job) -> Result<()> {
        let Some(event) = WebhookEvent::of(job.status) else {
            return Ok(());
        };
        let noted = self.accounts.tell_webhooks(job.user_id, job.id, job.attempt, event);
        if noted.await? > 0 {
            self.due.notify_one();
        }
        Ok(())
    }

    /// Attempts what is due until shutdown. Every replica does; each webhook is one replica's at a time.
    pub async fn run(self: Arc<Self>, shutdown: Shutdown) -> Result<()> {
        let mut underway = JoinSet::new();
        let mut looked_for_old = None::<Instant>;
        while !shutdown.is_requested() {
            self.begin_what_is_due(&mut underway).await;
            if looked_for_old.is_none_or(|at| at.elapsed() > FORGET_EVERY) {
                self.forget_old().await;
                looked_for_old = Some(Instant::now());
            }
            tokio::select! {
                () = shutdown.requested() => {},
                () = self.due.notified() => {},
                // Its webhook may have more.
                Some(_) = underway.join_next() => {},
                () = sleep(PAUSE) => {},
            }
        }
        let drained = async { while underway.join_next().await.is_some() {} };
        if timeout(DRAIN, drained).await.is_err() {
            warn!("Attempts to deliver were broken off; they are made again");
        }
        Ok(())
    }

    async fn begin_what_is_due(self: &Arc<Self>, underway: &mut JoinSet<()>) {
        while underway.len() < AT_ONCE {
            match self.accounts.take_delivery(LEASE).await {
                Ok(Some(taken)) => {
                    let span = info_span!("deliver", webhook.id = %taken.webhook, delivery.id = %taken.id);
                    underway.spawn(Arc::clone(self).deliver(taken).instrument(span));
                }
                Ok(None) => return,
                Err(error) => return warn!("Could not see what webhooks are to be told: {error:#}"),
            }
        }
    }

    async fn deliver(self: Arc<Self>, taken: TakenDelivery) {
        if let Err(error) = self.attempt(&taken).await {
            warn!("A delivery is attempted again in {} s: {error:#}", LEASE.as_secs());
        }
    }

    async fn attempt(&self, taken: &TakenDelivery) -> Result<()> {
        let attempted = match self.message(taken).await? {
            Some(message) => self.caller.call(&taken.url, &message, &taken.secret).await,
            None => Attempted {
                took: Duration::ZERO,
                status: None,
                problem: Some(WebhookProblem::JobGone),
            },
        };
        let settled = self.accounts.settle_delivery(taken, attempted).await?;
        let outcome = match settled {
            Settled::Delivered => "delivered",
            Settled::Again => "again",
            Settled::GivenUp => "given_up",
            Settled::Paused => "paused",
            Settled::NotOurs => "not_ours",
        };
        metrics::webhook_attempt(outcome);
        let problem = attempted.problem.map_or("none", WebhookProblem::as_str);
        info!(outcome, problem, status = attempted.status, "Attempted to deliver");
        Ok(())
    }

    /// What is told; `None` if its job is gone.
    async fn message(&self, taken: &TakenDelivery) -> Result<Option<Message>> {
        let Some(id) = taken.job else {
            return Message::test(taken).map(Some);
        };
        match self.jobs.get(id).await? {
            Some(job) if job.user_id == taken.user_id => Message::of(taken, &job, &self.public_url).map(Some),
            _ => Ok(None),
        }
    }

    async fn forget_old(&self) {
        loop {
            match self.accounts.forget_old_deliveries().await {
                Ok(0) => return,
                Ok(gone) => info!("Forgot {gone} old deliveries"),
                Err(error) => return warn!("Could not forget old deliveries: {error:#}"),
            }
        }
    }
}
