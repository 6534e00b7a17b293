//! A topic, the queue that it fills, and that queue's dead-letter queue.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

/// Deliveries of one message before it goes to the dead-letter queue.
const MAX_RECEIVE_COUNT: u32 = 5;

/// Makes topic, queue and dead-letter queue called `name`, `name` and `<name>_dlq`, and subscribes one to the other.
pub async fn make(aws: &SdkConfig, name: &str) -> Result<()> {
    let (sns, sqs) = (aws_sdk_sns::Client::new(aws), aws_sdk_sqs::Client::new(aws));
    let topic = sns
        .create_topic()
        .name(name)
        .send()
        .await
        .with_context(|| format!("make the topic {name}"))?;
    let topic = topic
        .topic_arn
        .with_context(|| format!("the topic {name} has no ARN"))?;
    let (_, dead_letters) = queue(&sqs, &format!("{name}_dlq")).await?;
    let (url, arn) = queue(&sqs, name).await?;
    configure(&sqs, &url, &arn, &topic, &dead_letters)
        .await
        .with_context(|| format!("configure the queue {name}"))?;
    // Subscribing again gives the same subscription.
    let request = sns
        .subscribe()
        .topic_arn(topic)
        .protocol("sqs")
        .endpoint(arn)
        .attributes("RawMessageDelivery", "true");
    request
        .send()
        .await
        .with_context(|| format!("subscribe the queue {name}"))?;
    Ok(())
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

async fn configure(sqs: &aws_sdk_sqs::Client, url: &str, arn: &str, topic: &str, dead_letters: &str) -> Result<()> {
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
    let attributes = HashMap::from([
        (QueueAttributeName::RedrivePolicy, redrive.to_string()),
        (QueueAttributeName::Policy, policy.to_string()),
        (QueueAttributeName::ReceiveMessageWaitTimeSeconds, "20".to_owned()),
        (QueueAttributeName::VisibilityTimeout, "60".to_owned()),
    ]);
    sqs.set_queue_attributes()
        .queue_url(url)
        .set_attributes(Some(attributes))
        .send()
        .await?;
    Ok(())
}
