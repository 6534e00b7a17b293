//! How a queue is drained, with a queue of a test's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use anyhow::Result;
use backends::queue::Queue;
use chassis::protection::Protection;
use chassis::shutdown::Shutdown;
use chassis::worker::{self, DeliveryInfo, Handler, WorkerSettings};
use domain::JobId;
use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::sandbox;

/// Long enough that a message which is left invisible is not seen again by a test.
const SETTINGS: WorkerSettings = WorkerSettings {
    visibility: Duration::from_secs(600),
    concurrency: 2,
    protection: Protection::none(),
};

/// Says that it has a message, and works on it for ever.
struct Endless(Arc<Notify>);

impl Handler for Endless {
    type Event = serde_json::Value;

    async fn handle(&self, _: Self::Event, _: &DeliveryInfo) -> Result<()> {
        self.0.notify_one();
        std::future::pending().await
    }
}

/// Says that it had a message.
struct Quick(Arc<AtomicBool>);

impl Handler for Quick {
    type Event = serde_json::Value;

    async fn handle(&self, _: Self::Event, _: &DeliveryInfo) -> Result<()> {
        self.0.store(true, Relaxed);
        Ok(())
    }
}

struct OwnQueue {
    sqs: aws_sdk_sqs::Client,
    url: String,
    queue: Queue,
}

impl OwnQueue {
    async fn make() -> Self {
        let aws = sandbox().await.aws_config().await;
        let sqs = aws_sdk_sqs::Client::new(&aws);
        let name = format!("worker-test-{}", JobId::random());
        let made = sqs.create_queue().queue_name(name).send().await.unwrap();
        let url = made.queue_url.unwrap();
        let queue = Queue::connect(&aws, &url).await.unwrap();
        Self { sqs, url, queue }
    }

    async fn send(&self) {
        let send = self.sqs.send_message().queue_url(&self.url).message_body("{}");
        send.send().await.unwrap();
    }

    /// Whether somebody else may have the message now.
    async fn delivers(&self) -> bool {
        let receive = self.sqs.receive_message().queue_url(&self.url).wait_time_seconds(1);
        receive
            .send()
            .await
            .unwrap()
            .messages
            .is_some_and(|found| !found.is_empty())
    }
}

/// A worker that drains a queue.
struct Running {
    shutdown: Shutdown,
    worker: JoinHandle<Result<()>>,
}

impl Running {
    fn start(own: &OwnQueue, handler: impl Handler) -> Self {
        let shutdown = Shutdown::default();
        let worker = worker::run(own.queue.clone(), handler, SETTINGS, shutdown.clone());
        let worker = tokio::spawn(worker);
        Self { shutdown, worker }
    }

    /// Asks it to stop, which it does in time.
    async fn stop(self) {
        self.shutdown.request();
        let stopped = timeout(Duration::from_secs(20), self.worker).await;
        stopped.expect("stops").unwrap().unwrap();
    }
}

/// Sends a message to a worker that is asked to stop so much later: it is handled, or somebody else may have it.
async fn stops_after(pause: Duration) {
    let (own, handled) = (OwnQueue::make().await, Arc::new(AtomicBool::new(false)));
    let running = Running::start(&own, Quick(Arc::clone(&handled)));
    // It waits for messages by then.
    sleep(Duration::from_millis(500)).await;
    own.send().await;
    sleep(pause).await;
    running.stop().await;
    assert!(handled.load(Relaxed) || own.delivers().await, "lost at {pause:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_stays_invisible_when_a_worker_stops() {
    join_all((0..60).map(|step| stops_after(Duration::from_micros(step * 500)))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_takes_too_long_to_finish_is_given_back() {
    let (own, begun) = (OwnQueue::make().await, Arc::new(Notify::new()));
    let running = Running::start(&own, Endless(Arc::clone(&begun)));
    own.send().await;
    let delivered = timeout(Duration::from_secs(10), begun.notified()).await;
    delivered.expect("delivered");
    assert!(!own.delivers().await);
    running.stop().await;
    assert!(own.delivers().await);
}
