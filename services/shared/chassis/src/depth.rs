//! How many messages wait in the queue of a worker, and how many were given up: asked every so often, for operators.

use std::time::Duration;

use anyhow::Result;
use backends::queue::{Depth, Queue};
use tokio::time::{MissedTickBehavior, interval};
use tracing::warn;

use crate::metrics;

/// How often SQS is asked: two requests a worker each time, and its numbers are a minute old as it is.
const INTERVAL: Duration = Duration::from_secs(15);

/// Tells the metrics of the queue's depth for ever.
pub(crate) async fn watch(queue: Queue) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut dead_letters, mut is_known) = (None, true);
    loop {
        ticks.tick().await;
        let found = ask(&queue, &mut dead_letters).await;
        metrics::depth(queue.name(), found.as_ref().ok().copied());
        // Once is enough: while SQS is away, the receives say so too.
        if let (Err(error), true) = (&found, is_known) {
            warn!("The depth of {} is not known: {error:#}", queue.name());
        }
        is_known = found.is_ok();
    }
}

/// The dead-letter queue is found out once; it does not change while we run.
async fn ask(queue: &Queue, dead_letters: &mut Option<Option<Queue>>) -> Result<Depth> {
    let dead = match dead_letters.take() {
        Some(found) => found,
        None => queue.dead_letters().await?,
    };
    let depth = queue.depth(dead.as_ref()).await;
    *dead_letters = Some(dead);
    depth
}
