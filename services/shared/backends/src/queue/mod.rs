//! An SQS queue: long polling, visibility and deletion, one delivery at a time.

mod dead_letters;
mod depth;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use domain::Timestamp;

use crate::calls::Calls;
use crate::trace;

pub use dead_letters::DeadLetters;
pub use depth::Depth;

/// How long SQS holds a receive open when there is nothing to deliver. Its maximum is 20 s; whoever stops waits for the
/// receive that is open, so that it is less.
pub const LONG_POLL: Duration = Duration::from_secs(5);

/// One SQS queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
    name: String,
}

/// One delivery of a message. The message stays in the queue, invisible for a while, until it is deleted.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The message as it was published.
    pub body: String,
    /// SQS's id of the message, the same at every delivery.
    pub message_id: String,
    /// How many times the message has been delivered, this one included.
    pub receive_count: u32,
    /// When the message was sent to the queue.
    pub sent_at: Option<Timestamp>,
    /// The trace that the message belongs to, in W3C headers; see [`crate::trace`].
    pub trace: HashMap<String, String>,
    receipt: String,
}

impl Delivery {
    /// How long ago the message was sent, if SQS has told.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        self.sent_at.map(|sent| now.since(sent))
    }
}

impl Queue {
    /// Finds the queue by its name or takes its URL as it is; it is an error if there is none.
    pub async fn connect(config: &SdkConfig, name_or_url: &str) -> Result<Self> {
        let found = Self::find(config, name_or_url).await?;
        found.with_context(|| format!("there is no SQS queue {name_or_url}; provision it, or give its URL"))
    }

    /// Finds the queue by its name, if there is one, or takes its URL as it is.
    pub async fn find(config: &SdkConfig, name_or_url: &str) -> Result<Option<Self>> {
        let client = Client::from_conf(Builder::from(config).interceptor(Calls).build());
        if name_or_url.starts_with("http") {
            return Ok(Some(Self {
                client,
                url: name_or_url.to_owned(),
                name: Self::name_in(name_or_url).to_owned(),
            }));
        }
        let found = match client.get_queue_url().queue_name(name_or_url).send().await {
            Ok(found) => found.queue_url,
            Err(SdkError::ServiceError(e)) if e.err().is_queue_does_not_exist() => None,
            Err(error) => return Err(error).with_context(|| format!("find the queue {name_or_url}")),
        };
        Ok(found.map(|url| Self {
            client,
            url,
            name: name_or_url.to_owned(),
        }))
    }

    /// The name in a name or a URL, which ends with it.
    #[must_use]
    pub fn name_in(name_or_url: &str) -> &str {
        name_or_url.rsplit('/').next().unwrap_or(name_or_url)
    }

    /// The queue's name, for logs and metrics.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits up to [`LONG_POLL`] for at most `max` (1 to 10) messages, and hides what it delivers for `visibility`.
    pub async fn receive(&self, max: i32, visibility: Duration) -> Result<Vec<Delivery>> {
        let received = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(max.clamp(1, 10))
            .wait_time_seconds(whole_seconds(LONG_POLL))
            .visibility_timeout(whole_seconds(visibility))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .set_message_attribute_names(Some(trace::HEADERS.map(str::to_owned).to_vec()))
            .send()
            .await
            .with_context(|| format!("receive from the queue {}", self.name))?;
        Ok(received
            .messages
            .unwrap_or_default()
            .into_iter()
            .filter_map(delivery)
            .collect())
    }

    /// Removes a handled message for good.
    pub async fn delete(&self, delivery: &Delivery) -> Result<()> {
        let request = self
            .client
            .delete_message()
            .queue_url(&self.url)
            .receipt_handle(&delivery.receipt);
        request
            .send()
            .await
            .with_context(|| format!("delete message {}", delivery.message_id))?;
        Ok(())
    }

    /// Keeps a delivered message invisible for `visibility` from now; zero gives it back at once.
    pub async fn hide(&self, delivery: &Delivery, visibility: Duration) -> Result<()> {
        let request = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(&delivery.receipt);
        let request = request.visibility_timeout(whole_seconds(visibility));
        request
            .send()
            .await
            .with_context(|| format!("change the visibility of message {}", delivery.message_id))?;
        Ok(())
    }
}

/// SQS allows 0 to 43,200 whole seconds.
fn whole_seconds(visibility: Duration) -> i32 {
    let rounded_up = visibility.as_secs() + u64::from(visibility.subsec_nanos() > 0);
    i32::try_from(rounded_up).unwrap_or(i32::MAX).min(43_200)
}

/// A message without a receipt could not be deleted, so it is left for a later delivery.
fn delivery(message: Message) -> Option<Delivery> {
    let attribute = |name| message.attributes.as_ref()?.get(&name)?.parse::<i64>().ok();
    let receive_count = attribute(MessageSystemAttributeName::ApproximateReceiveCount).unwrap_or(1);
    let sent_at = attribute(MessageSystemAttributeName::SentTimestamp);
    Some(Delivery {
        receive_count: u32::try_from(receive_count).unwrap_or(1),
        sent_at: sent_at.map(|millis| Timestamp::from_epoch_seconds(millis / 1000)),
        trace: trace_of(&message),
        body: message.body.unwrap_or_default(),
        message_id: message.message_id.unwrap_or_default(),
        receipt: message.receipt_handle?,
    })
}

/// SNS delivers a message's attributes as SQS's own, because the subscription is raw.
fn trace_of(message: &Message) -> HashMap<String, String> {
    let header = |name: &str| {
        Some((
            name.to_owned(),
            message.message_attributes.as_ref()?.get(name)?.string_value.clone()?,
        ))
    };
    trace::HEADERS.into_iter().filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_called_the_same_by_its_name_and_by_its_url() {
        assert_eq!(Queue::name_in("job_requests"), "job_requests");
        let url = "https://sqs.us-east-1.amazonaws.com/123456789012/gas-production-job_requests";
        assert_eq!(Queue::name_in(url), "gas-production-job_requests");
    }

    #[test]
    fn visibility_is_whole_seconds_within_what_sqs_allows() {
        assert_eq!(whole_seconds(Duration::ZERO), 0);
        assert_eq!(whole_seconds(Duration::from_millis(1500)), 2);
        assert_eq!(whole_seconds(Duration::from_secs(1_000_000)), 43_200);
    }
}
