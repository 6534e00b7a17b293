//! What is done with a message, and what is known of its delivery.

use std::time::Duration;

use anyhow::Result;
use serde::de::DeserializeOwned;

/// What a service does with the messages of one queue.
pub trait Handler: Send + Sync + 'static {
    /// The message, read from JSON.
    type Event: DeserializeOwned + Send;

    /// Reads the text of a message.
    fn read(text: &str) -> serde_json::Result<Self::Event> {
        serde_json::from_str(text)
    }

    /// Handles one delivery of one message; a second delivery of the same message is normal.
    fn handle(&self, event: Self::Event, delivery: &DeliveryInfo) -> impl Future<Output = Result<()>> + Send;
}

/// What a handler may want to know of a delivery.
#[derive(Debug, Clone)]
pub struct DeliveryInfo {
    /// SQS's id of the message.
    pub message_id: String,
    /// How many times the message has been delivered, this one included.
    pub receive_count: u32,
}

impl DeliveryInfo {
    /// Whether the message may wait once more. One that only waits must not end among the dead letters, which the fifth
    /// delivery would be the last before; what it waits for is then left to a sweep.
    #[must_use]
    pub const fn may_wait(&self) -> bool {
        self.receive_count < 4
    }
}

/// An error of a handler that wants the message back after exactly this long.
#[derive(Debug, thiserror::Error)]
#[error("to be tried again in {} s", .0.as_secs())]
pub struct RetryAfter(pub Duration);
