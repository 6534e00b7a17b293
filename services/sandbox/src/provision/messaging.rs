//! A topic, the queue that it fills, and that queue's dead-letter queue.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws_config::SdkConfig;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

/// Deliveries of one message before it goes to the dead-letter queue.
const MAX_RECEIVE_COUNT: u32 = 5;

/// The longest time for which SQS keeps a message back
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html>).
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// Who fills a queue, and how.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// The topic that the queue is subscribed to.
    pub topic: &'a str,
    /// The queue; its dead-letter queue is called `<queue>_dlq`.
    pub queue: &'a str,
    /// How long each message is kept back at first, at most [`LONGEST_DELAY`].
    pub delay: Duration,
}

impl<'a> Feed<'a> {
    /// A topic and a queue of the same name; messages are delivered at once.
    #[must_use]
    pub const fn same(name: &'a str) -> Self {
        Self::new(name, name)
    }

    /// A topic that fills a queue of another name; messages are delivered at once.
    #[must_use]
    pub const fn new(topic: &'a str, queue: &'a str) -> Self {
        Self {
            topic,
            queue,
            delay: Duration::ZERO,
        }
    }
}

/// Makes the topic, the queue and its dead-letter queue, and subscribes one to the other.
pub async fn make(aws: &SdkConfig, feed: Feed<'_>) -> Result<()> {
    // An emulator takes any delay, and AWS would refuse the same settings later.
    ensure!(
        feed.delay <= LONGEST_DELAY,
        "the queue {} is to delay messages by {} s, but SQS allows at most {} s",
        feed.queue,
        feed.delay.as_secs(),
        LONGEST_DELAY.as_secs()
    );
    let sqs = aws_sdk_sqs::Client::new(aws);
    let (_, dead_letters) = queue(&sqs, &format!("{}_dlq", feed.queue)).await?;
    let (url, arn) = queue(&sqs, feed.queue).await?;
    let topic = topic(aws, feed.topic).await?;
    let attributes = attributes(&arn, &topic, &dead_letters, feed.delay);
    sqs.set_queue_attributes()
        .queue_url(url)
        .set_attributes(Some(attributes))
        .send()
        .await
        .with_context(|| format!("configure the queue {}", feed.queue))?;
    // Subscribing again gives the same subscription.
    let request = aws_sdk_sns::Client::new(aws).subscribe().topic_arn(topic);
    let request = request.protocol("sqs").endpoint(arn);
    request
        .attributes("RawMessageDelivery", "true")
        .send()
        .await
        .with_context(|| format!("subscribe the queue {}", feed.queue))?;
    Ok(())
}

/// The topic's ARN; made if it is missing.
pub async fn topic(aws: &SdkConfig, name: &str) -> Result<String> {
    let made = aws_sdk_sns::Client::new(aws).create_topic().name(name).send().await;
    made.with_context(|| format!("make the topic {name}"))?
        .topic_arn
        .with_context(|| format!("the topic {name} has no ARN"))
}

/// The queue's URL and ARN; made if it is missing.
async fn queue(sqs: &aws_sdk_sqs::Client, name: &str) -> Result<(String, String)> {
    let url = match sqs.get_queue_url().queue_name(name).send().await {
        Ok(found) => found.queue_url,
        Err(_) => {
            sqs.create_queue()
                .queue_name(name)
                .send()
                .await
                .with_context(|| format!("make the queue {name}"))?
                .queue_url
        }
    };
    let url = url.with_context(|| format!("the queue {name} has no URL"))?;
    let asked = sqs
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(QueueAttributeName::QueueArn)
        .send()
        .await;
    let attributes = asked
        .with_context(|| format!("ask for the ARN of the queue {name}"))?
        .attributes
        .unwrap_or_default();
    let arn = attributes
        .get(&QueueAttributeName::QueueArn)
        .with_context(|| format!("the queue {name} has no ARN"))?;
    Ok((url, arn.clone()))
}

fn attributes(arn: &str, topic: &str, dead_letters: &str, delay: Duration) -> HashMap<QueueAttributeName, String> {
    let redrive = json!({ "deadLetterTargetArn": dead_letters, "maxReceiveCount": MAX_RECEIVE_COUNT });
    // Without this, messages of the topic vanish without a word.
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "sns.amazonaws.com" },
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": { "ArnEquals": { "aws:SourceArn": topic } },
        }],
    });
    HashMap::from([
        (QueueAttributeName::RedrivePolicy, redrive.to_string()),
        (QueueAttributeName::Policy, policy.to_string()),
        (QueueAttributeName::ReceiveMessageWaitTimeSeconds, "20".to_owned()),
        (QueueAttributeName::VisibilityTimeout, "60".to_owned()),
        (QueueAttributeName::DelaySeconds, delay.as_secs().to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_delay_that_sqs_would_refuse_is_refused_before_anything_is_made() {
        let nowhere = SdkConfig::builder().build();
        let feed = Feed {
            delay: LONGEST_DELAY + Duration::from_secs(1),
            ..Feed::new("job_results", "job_archive")
        };
        let refused = make(&nowhere, feed).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the queue job_archive is to delay messages by 901 s, but SQS allows at most 900 s"
        );
    }
}
