//! Draining a queue: several messages at once, each invisible to others while it is worked on.
//!
//! A handler's `Ok` deletes the message. Its `Err`, or its panic, leaves the message for a later delivery and, after
//! too many, for the dead-letter queue. On shutdown what is in flight may finish; the rest is given back, and so is what
//! the open receive still brings: SQS hides what it delivers, whether somebody listens or not. A task that works on long
//! things is protected from being stopped from its first message until the queue is empty.

mod handler;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use backends::queue::{Delivery, LONG_POLL, Queue};
use domain::Timestamp;
use futures_util::FutureExt;
use opentelemetry::trace::Status;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument, Span, error, field, info, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::protection::{Held, Protection};
use crate::shutdown::Shutdown;
use crate::{depth, metrics, telemetry};

pub use handler::{DeliveryInfo, Handler, RetryAfter};

/// How long the open receive may take after shutdown was requested.
const LAST_RECEIVE: Duration = LONG_POLL.saturating_add(Duration::from_secs(1));
/// How long messages in flight may take from then on; SIGTERM to exit is to be under 20 s.
const DRAIN: Duration = Duration::from_secs(12);
/// The longest pause between failed receives.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How a queue is drained.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// How long a message stays invisible after the last sign of its handler's life.
    pub visibility: Duration,
    /// Messages handled at once.
    pub concurrency: usize,
    /// What protects the task while there is work.
    pub protection: Protection,
}

/// Handles the messages of a queue until shutdown.
pub async fn run<H: Handler>(queue: Queue, handler: H, settings: WorkerSettings, shutdown: Shutdown) -> Result<()> {
    let free = Arc::new(Semaphore::new(settings.concurrency));
    let worker = Arc::new(Worker {
        queue,
        handler,
        settings,
        in_flight: Mutex::default(),
    });
    let mut load: Load = None;
    let _depth = AbortOnDropHandle::new(tokio::spawn(depth::watch(worker.queue.clone())));
    let mut messages = JoinSet::new();
    while let Some(deliveries) = worker.next(&free, &mut load, &shutdown).await {
        for (delivery, permit) in deliveries {
            let (worker, load) = (Arc::clone(&worker), load.clone());
            messages.spawn(async move {
                worker.take(delivery).await;
                drop((permit, load));
            });
        }
        while messages.try_join_next().is_some() {}
    }
    let drained = async { while messages.join_next().await.is_some() {} };
    if timeout(DRAIN, drained).await.is_err() {
        messages.shutdown().await;
        let unfinished: Vec<_> = worker.flying().drain().map(|(_, delivery)| delivery).collect();
        worker.give_back(unfinished).await;
    }
    Ok(())
}

/// The task's protection while there is work: of the loop until the queue is empty, and of each message in flight.
type Load = Option<Arc<Held>>;

struct Worker<H> {
    queue: Queue,
    handler: H,
    settings: WorkerSettings,
    in_flight: Mutex<HashMap<String, Delivery>>,
}

impl<H: Handler> Worker<H> {
    /// At least one delivery, each with its permit; `None` at shutdown.
    async fn next(
        &self,
        free: &Arc<Semaphore>,
        load: &mut Load,
        shutdown: &Shutdown,
    ) -> Option<Vec<(Delivery, OwnedSemaphorePermit)>> {
        let first = tokio::select! {
            permit = Arc::clone(free).acquire_owned() => permit.ok()?,
            () = shutdown.requested() => return None,
        };
        let mut permits = vec![first];
        while let (true, Ok(permit)) = (permits.len() < 10, Arc::clone(free).try_acquire_owned()) {
            permits.push(permit);
        }
        let deliveries = self.receive(permits.len(), load, shutdown).await?;
        Some(deliveries.into_iter().zip(permits).collect())
    }

    /// Waits for messages for as long as it takes; `None` at shutdown. While SQS does not answer, the pauses grow.
    async fn receive(&self, most: usize, load: &mut Load, shutdown: &Shutdown) -> Option<Vec<Delivery>> {
        let most = i32::try_from(most).unwrap_or(10);
        let mut pause = Duration::from_millis(500);
        let too_late = async || {
            shutdown.requested().await;
            sleep(LAST_RECEIVE).await;
        };
        while !shutdown.is_requested() {
            let received = tokio::select! {
                received = self.queue.receive(most, self.settings.visibility) => received,
                () = too_late() => break,
            };
            match received {
                Ok(deliveries) if deliveries.is_empty() => {
                    *load = None;
                    pause = Duration::from_millis(500);
                }
                Ok(deliveries) if shutdown.is_requested() => {
                    self.give_back(deliveries).await;
                }
                Ok(deliveries) => {
                    for delivery in &deliveries {
                        metrics::received(self.queue.name(), delivery.age(Timestamp::now()));
                    }
                    if load.is_none() {
                        *load = Some(Arc::new(self.settings.protection.hold().await));
                    }
                    return Some(deliveries);
                }
                Err(error) => {
                    warn!("Could not receive from {}: {error:#}", self.queue.name());
                    tokio::select! { () = sleep(pause) => {}, () = shutdown.requested() => {} }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        None
    }

    async fn take(&self, delivery: Delivery) {
        let span = self.span(&delivery);
        telemetry::adopt(&span, &delivery.trace);
        self.flying().insert(delivery.message_id.clone(), delivery.clone());
        self.settle(&delivery).instrument(span).await;
        self.flying().remove(&delivery.message_id);
    }

    /// The span of one delivery, in OpenTelemetry's words (<https://opentelemetry.io/docs/specs/semconv/messaging/sqs/>).
    fn span(&self, delivery: &Delivery) -> Span {
        let queue = self.queue.name();
        let span = info_span!(
            "message",
            messaging.destination.name = queue,
            messaging.message.id = delivery.message_id,
            receive_count = delivery.receive_count,
            job.id = field::Empty,
            otel.kind = "consumer",
            otel.name = format!("process {queue}"),
        );
        // These are always the same, so log lines go without them.
        span.set_attribute("messaging.system", "aws_sqs");
        span.set_attribute("messaging.operation.name", "process");
        span.set_attribute("messaging.operation.type", "process");
        span
    }

    /// Handles a message and deletes it, or says when it is to come again.
    async fn settle(&self, delivery: &Delivery) {
        let begun = Instant::now();
        let (outcome, handled) = match H::read(&delivery.body) {
            Ok(event) => {
                let handled = self.handle(event, delivery).await;
                (outcome(&handled), handled)
            }
            Err(unreadable) => ("unreadable", Err(anyhow!("read the message: {unreadable}"))),
        };
        metrics::handled(self.queue.name(), outcome, begun.elapsed());
        let settled = match handled {
            Ok(()) => self.queue.delete(delivery).await,
            Err(failure) => {
                let pause = pause_after(&failure, delivery.receive_count, self.settings.visibility);
                let (count, seconds) = (delivery.receive_count, pause.as_secs());
                match outcome {
                    "postponed" => info!("Delivery {count} comes again in {seconds} s: {failure:#}"),
                    _ => {
                        Span::current().set_status(Status::error(outcome));
                        warn!("Delivery {count} failed, again in {seconds} s: {failure:#}");
                    }
                }
                self.queue.hide(delivery, pause).await
            }
        };
        if let Err(failure) = settled {
            error!("The message will come again by itself: {failure:#}");
        }
    }

    /// Runs the handler and keeps the message invisible meanwhile. A panic is an error like any other.
    async fn handle(&self, event: H::Event, delivery: &Delivery) -> Result<()> {
        let info = DeliveryInfo {
            message_id: delivery.message_id.clone(),
            receive_count: delivery.receive_count,
        };
        let handling = AssertUnwindSafe(self.handler.handle(event, &info)).catch_unwind();
        tokio::select! {
            handled = handling => handled.unwrap_or_else(|_| Err(anyhow!("the handler panicked"))),
            never = self.keep_hidden(delivery) => match never {},
        }
    }

    async fn keep_hidden(&self, delivery: &Delivery) -> std::convert::Infallible {
        loop {
            sleep(self.settings.visibility / 3).await;
            if let Err(error) = self.queue.hide(delivery, self.settings.visibility).await {
                warn!("Could not keep a message invisible: {error:#}");
            }
        }
    }

    /// Lets others have messages at once.
    async fn give_back(&self, deliveries: impl IntoIterator<Item = Delivery>) {
        for delivery in deliveries {
            match self.queue.hide(&delivery, Duration::ZERO).await {
                Ok(()) => warn!("Gave message {} back unfinished", delivery.message_id),
                Err(error) => warn!("Could not give message {} back: {error:#}", delivery.message_id),
            }
        }
    }

    fn flying(&self) -> std::sync::MutexGuard<'_, HashMap<String, Delivery>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn outcome(handled: &Result<()>) -> &'static str {
    match handled {
        Ok(()) => "done",
        Err(failure) if failure.is::<RetryAfter>() => "postponed",
        Err(_) => "failed",
    }
}

/// What the handler asked for, else one second, doubled with each delivery, at most the visibility timeout.
fn pause_after(failure: &anyhow::Error, receive_count: u32, longest: Duration) -> Duration {
    match failure.downcast_ref::<RetryAfter>() {
        Some(RetryAfter(asked)) => *asked,
        None => Duration::from_secs(1 << receive_count.saturating_sub(1).min(16)).min(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn the_pause_doubles_unless_the_handler_asks_for_another() {
        let longest = Duration::from_secs(60);
        let failure = anyhow!("S3 is away");
        let pauses = [1, 2, 3, 9].map(|count| pause_after(&failure, count, longest).as_secs());
        assert_eq!(pauses, [1, 2, 4, 60]);
        let asked = Err::<(), _>(RetryAfter(Duration::from_secs(7)))
            .context("the lease is another's")
            .unwrap_err();
        assert_eq!(pause_after(&asked, 5, longest), Duration::from_secs(7));
    }
}
