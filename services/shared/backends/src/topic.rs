//! An SNS topic: where a service says what has happened.

use std::fmt::Display;

use anyhow::{Context, Result, bail};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;
use aws_sdk_sns::types::MessageAttributeValue;
use serde::Serialize;
use tracing::{Instrument, Span, info_span};

use crate::calls::Calls;
use crate::trace;

/// One SNS topic.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// Takes the topic's ARN as it is, or finds the topic of that name in this account and region.
    pub async fn connect(config: &SdkConfig, name_or_arn: &str) -> Result<Self> {
        let client = Client::from_conf(Builder::from(config).interceptor(Calls).build());
        let arn = match name_or_arn.starts_with("arn:") {
            true => name_or_arn.to_owned(),
            false => find(&client, name_or_arn).await?,
        };
        Ok(Self { client, arn })
    }

    /// The topic's ARN, for who publishes on it without us.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Publishes one event as JSON. Whoever receives it goes on with the trace of the caller.
    pub async fn publish<E: Serialize>(&self, event: &E) -> Result<()> {
        self.send(serde_json::to_string(event)?, None)
            .instrument(self.span())
            .await
    }

    /// The same, on behalf of somebody: the queues behind the topic share themselves out fairly among these.
    pub async fn publish_of<E: Serialize>(&self, group: impl Display, event: &E) -> Result<()> {
        let message = serde_json::to_string(event)?;
        self.send(message, Some(group.to_string()))
            .instrument(self.span())
            .await
    }

    async fn send(&self, message: String, group: Option<String>) -> Result<()> {
        let request = self.client.publish().topic_arn(&self.arn).message(message);
        let mut request = request.set_message_group_id(group);
        for (header, value) in trace::current() {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value);
            request = request.message_attributes(header, value.build()?);
        }
        request
            .send()
            .await
            .with_context(|| format!("publish on {}", self.arn))?;
        Ok(())
    }

    /// <https://opentelemetry.io/docs/specs/semconv/messaging/sns/>
    fn span(&self) -> Span {
        let name = self.arn.rsplit(':').next().unwrap_or(&self.arn);
        info_span!(
            "publish",
            otel.name = format!("publish {name}"),
            otel.kind = "producer",
            messaging.system = "aws.sns",
            messaging.operation.name = "publish",
            messaging.operation.type = "send",
            messaging.destination.name = name,
        )
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
