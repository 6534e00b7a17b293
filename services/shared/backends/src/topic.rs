//! An SNS topic: where a service says what has happened.

use anyhow::{Context, Result, bail};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use serde::Serialize;

/// One SNS topic.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// Takes the topic's ARN as it is, or finds the topic of that name in this account and region.
    pub async fn connect(config: &SdkConfig, name_or_arn: &str) -> Result<Self> {
        let client = Client::new(config);
        let arn = match name_or_arn.starts_with("arn:") {
            true => name_or_arn.to_owned(),
            false => find(&client, name_or_arn).await?,
        };
        Ok(Self { client, arn })
    }

    /// Publishes one event as JSON.
    pub async fn publish<E: Serialize>(&self, event: &E) -> Result<()> {
        let message = serde_json::to_string(event)?;
        let request = self.client.publish().topic_arn(&self.arn).message(message);
        request
            .send()
            .await
            .with_context(|| format!("publish on {}", self.arn))?;
        Ok(())
    }
}

async fn find(client: &Client, name: &str) -> Result<String> {
    let mut pages = client.list_topics().into_paginator().items().send();
    while let Some(topic) = pages.next().await {
        let arn = topic
            .with_context(|| format!("find the topic {name}"))?
            .topic_arn
            .unwrap_or_default();
        if arn.rsplit(':').next() == Some(name) {
            return Ok(arn);
        }
    }
    bail!("there is no SNS topic {name}; provision it, or give its ARN")
}
