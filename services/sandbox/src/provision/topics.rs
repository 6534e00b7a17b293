//! Topics, who may publish on them, and the queues that are subscribed to them.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

/// `AWS::SNS::Topic`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Topic {
    topic_name: String,
}

/// `AWS::SNS::TopicPolicy`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TopicPolicy {
    topics: Vec<String>,
    policy_document: Value,
}

/// `AWS::SNS::Subscription`. What is not named here are attributes, which SNS calls as CloudFormation does.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Subscription {
    topic_arn: String,
    protocol: String,
    endpoint: String,
    #[serde(flatten)]
    attributes: BTreeMap<String, Value>,
}

/// Makes the topics with their policies.
pub async fn make(aws: &SdkConfig, topics: &[Topic], policies: &[TopicPolicy]) -> Result<()> {
    let client = Client::new(aws);
    try_join_all(topics.iter().map(|topic| make_one(&client, &topic.topic_name))).await?;
    for policy in policies {
        for topic in &policy.topics {
            let request = client.set_topic_attributes().topic_arn(topic);
            let request = request
                .attribute_name("Policy")
                .attribute_value(policy.policy_document.to_string());
            request
                .send()
                .await
                .with_context(|| format!("set the policy of the topic {topic}"))?;
        }
    }
    Ok(())
}

async fn make_one(client: &Client, name: &str) -> Result<()> {
    let made = client.create_topic().name(name).send().await;
    made.with_context(|| format!("make the topic {name}"))?;
    Ok(())
}

/// Subscribes queues to topics.
pub async fn subscribe(aws: &SdkConfig, subscriptions: &[Subscription]) -> Result<()> {
    let client = Client::new(aws);
    try_join_all(subscriptions.iter().map(|one| subscribe_one(&client, one))).await?;
    Ok(())
}

async fn subscribe_one(client: &Client, subscription: &Subscription) -> Result<()> {
    let Subscription {
        topic_arn,
        protocol,
        endpoint,
        ..
    } = subscription;
    let attributes = texts(&subscription.attributes);
    let request = client
        .subscribe()
        .topic_arn(topic_arn)
        .protocol(protocol)
        .endpoint(endpoint);
    // Subscribing again gives the subscription that is there, with the attributes that it has.
    let request = request
        .set_attributes(Some(attributes.clone()))
        .return_subscription_arn(true);
    let made = request
        .send()
        .await
        .with_context(|| format!("subscribe {endpoint} to {topic_arn}"))?;
    let arn = made.subscription_arn.context("a subscription has no ARN")?;
    for (name, value) in attributes {
        let request = client.set_subscription_attributes().subscription_arn(&arn);
        let set = request.attribute_name(name).attribute_value(value).send().await;
        set.with_context(|| format!("bring the subscription of {endpoint} up to date"))?;
    }
    Ok(())
}

/// Attributes as SNS and SQS take them: texts, and documents as JSON.
pub fn texts(attributes: &BTreeMap<String, Value>) -> HashMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    attributes
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}
