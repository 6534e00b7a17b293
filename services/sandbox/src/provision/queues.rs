//! Queues with their dead-letter queues, and who may send to them.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

use super::topics::texts;

/// `AWS::SQS::Queue`. What is not named here are attributes, which SQS calls as CloudFormation does.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Queue {
    queue_name: String,
    #[serde(flatten)]
    attributes: BTreeMap<String, Value>,
}

/// `AWS::SQS::QueuePolicy`; queues are given by name.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueuePolicy {
    queues: Vec<String>,
    policy_document: Value,
}

/// Makes the queues. Those that are the dead-letter queues of others come first.
pub async fn make(aws: &SdkConfig, queues: &[Queue], policies: &[QueuePolicy]) -> Result<()> {
    let client = Client::new(aws);
    let (others, last): (Vec<_>, Vec<_>) = queues
        .iter()
        .partition(|queue| !queue.attributes.contains_key("RedrivePolicy"));
    for queues in [others, last] {
        try_join_all(queues.into_iter().map(|queue| make_one(&client, queue, policies))).await?;
    }
    Ok(())
}

async fn make_one(client: &Client, queue: &Queue, policies: &[QueuePolicy]) -> Result<()> {
    let name = &queue.queue_name;
    let mut attributes = attributes(queue)?;
    if let Some(policy) = policies.iter().find(|policy| policy.queues.contains(name)) {
        attributes.insert(QueueAttributeName::Policy, policy.policy_document.to_string());
    }
    let request = client.set_queue_attributes().queue_url(url(client, name).await?);
    let set = request.set_attributes(Some(attributes)).send().await;
    set.with_context(|| format!("configure the queue {name}"))?;
    Ok(())
}

fn attributes(queue: &Queue) -> Result<HashMap<QueueAttributeName, String>> {
    let known = |(name, value): (String, String)| Ok((QueueAttributeName::try_parse(&name)?, value));
    let attributes: Result<_> = texts(&queue.attributes).into_iter().map(known).collect();
    attributes.with_context(|| format!("read the attributes of the queue {}", queue.queue_name))
}

/// The queue's URL; made if it is missing. Making one that is there with other attributes would be refused.
async fn url(client: &Client, name: &str) -> Result<String> {
    let url = match client.get_queue_url().queue_name(name).send().await {
        Ok(found) => found.queue_url,
        Err(_) => {
            let made = client.create_queue().queue_name(name).send().await;
            made.with_context(|| format!("make the queue {name}"))?.queue_url
        }
    };
    url.with_context(|| format!("the queue {name} has no URL"))
}
