//! How full a queue is, for metrics and for whoever runs the service.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName;
use serde::Deserialize;

use super::Queue;

/// About how many messages are in a queue; SQS counts with some delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// That can be received.
    pub visible: u64,
    /// That somebody works on.
    pub in_flight: u64,
    /// That cannot be received yet.
    pub delayed: u64,
    /// That were given up, in the dead-letter queue if there is one.
    pub dead: Option<u64>,
}

/// What SQS does with messages that were delivered too often.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedrivePolicy {
    dead_letter_target_arn: String,
}

impl Queue {
    /// The queue to which SQS moves what was delivered too often; `None` if nothing is moved.
    pub async fn dead_letters(&self) -> Result<Option<Self>> {
        let attributes = self.attributes(&[QueueAttributeName::RedrivePolicy]).await?;
        let Some(policy) = attributes.get(&QueueAttributeName::RedrivePolicy) else {
            return Ok(None);
        };
        let policy: RedrivePolicy =
            serde_json::from_str(policy).with_context(|| format!("read the redrive policy of {}", self.name))?;
        let name = policy.dead_letter_target_arn.rsplit(':').next().unwrap_or_default();
        let found = self.client.get_queue_url().queue_name(name).send().await;
        let url = found
            .with_context(|| format!("find the dead-letter queue {name}"))?
            .queue_url;
        Ok(Some(Self {
            client: self.client.clone(),
            url: url.with_context(|| format!("the dead-letter queue {name} has no URL"))?,
            name: name.to_owned(),
        }))
    }

    /// How many messages are in the queue, and in `dead_letters`.
    pub async fn depth(&self, dead_letters: Option<&Self>) -> Result<Depth> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages as Visible, ApproximateNumberOfMessagesDelayed as Delayed,
            ApproximateNumberOfMessagesNotVisible as InFlight,
        };
        let here = self.attributes(&[Visible, InFlight, Delayed]).await?;
        let dead = match dead_letters {
            Some(queue) => Some(count(&queue.attributes(&[Visible]).await?, &Visible)),
            None => None,
        };
        Ok(Depth {
            visible: count(&here, &Visible),
            in_flight: count(&here, &InFlight),
            delayed: count(&here, &Delayed),
            dead,
        })
    }

    async fn attributes(&self, names: &[QueueAttributeName]) -> Result<HashMap<QueueAttributeName, String>> {
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let found = request
            .set_attribute_names(Some(names.to_vec()))
            .send()
            .await
            .with_context(|| format!("read the attributes of the queue {}", self.name))?;
        Ok(found.attributes.unwrap_or_default())
    }
}

fn count(attributes: &HashMap<QueueAttributeName, String>, name: &QueueAttributeName) -> u64 {
    attributes
        .get(name)
        .and_then(|count| count.parse().ok())
        .unwrap_or_default()
}
