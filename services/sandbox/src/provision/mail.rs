//! The sender of our e-mails, whom SES must know, and what it tells of mails that did not arrive.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::types::{EventDestinationDefinition, EventType, SnsDestination, SuppressionListReason};
use serde::Deserialize;

/// `AWS::SES::ConfigurationSet`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ConfigurationSet {
    name: String,
    reputation_options: Reputation,
    suppression_options: Suppression,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Reputation {
    reputation_metrics_enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Suppression {
    suppressed_reasons: Vec<String>,
}

/// `AWS::SES::EmailIdentity`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Identity {
    email_identity: String,
    configuration_set_attributes: OfConfigurationSet,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct OfConfigurationSet {
    configuration_set_name: String,
}

/// `AWS::SES::ConfigurationSetEventDestination`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EventDestination {
    configuration_set_name: String,
    event_destination: Destination,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Destination {
    name: String,
    enabled: bool,
    matching_event_types: Vec<String>,
    sns_destination: ToTopic,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToTopic {
    #[serde(rename = "TopicARN")]
    topic_arn: String,
}

/// Makes the sets, and brings those that are there up to date.
pub async fn make_configuration_sets(aws: &SdkConfig, sets: &[ConfigurationSet]) -> Result<()> {
    let client = Client::new(aws);
    for set in sets {
        let name = &set.name;
        match client
            .create_configuration_set()
            .configuration_set_name(name)
            .send()
            .await
        {
            Ok(_) => {}
            Err(SdkError::ServiceError(e)) if e.err().is_already_exists_exception() => {}
            Err(error) => return Err(error).with_context(|| format!("make the configuration set {name}")),
        }
        configure(&client, set)
            .await
            .with_context(|| format!("configure the configuration set {name}"))?;
    }
    Ok(())
}

async fn configure(client: &Client, set: &ConfigurationSet) -> Result<()> {
    let request = client
        .put_configuration_set_reputation_options()
        .configuration_set_name(&set.name);
    request
        .reputation_metrics_enabled(set.reputation_options.reputation_metrics_enabled)
        .send()
        .await?;
    let reasons = set.suppression_options.suppressed_reasons.iter();
    let reasons = reasons
        .map(|reason| SuppressionListReason::from(reason.as_str()))
        .collect();
    let request = client
        .put_configuration_set_suppression_options()
        .configuration_set_name(&set.name);
    request.set_suppressed_reasons(Some(reasons)).send().await?;
    Ok(())
}

/// Asks SES to verify the senders; AWS then sends an address a mail, an emulator believes us.
pub async fn make_identities(aws: &SdkConfig, identities: &[Identity]) -> Result<()> {
    let client = Client::new(aws);
    for identity in identities {
        let (name, set) = (
            &identity.email_identity,
            &identity.configuration_set_attributes.configuration_set_name,
        );
        let request = client.create_email_identity().email_identity(name);
        match request.configuration_set_name(set).send().await {
            Ok(_) => {}
            Err(SdkError::ServiceError(e)) if e.err().is_already_exists_exception() => {
                let request = client
                    .put_email_identity_configuration_set_attributes()
                    .email_identity(name);
                let put = request.configuration_set_name(set).send().await;
                put.with_context(|| format!("configure the sender {name}"))?;
            }
            Err(error) => return Err(error).with_context(|| format!("verify the sender {name}")),
        }
    }
    Ok(())
}

/// Lets SES tell topics what became of mails.
pub async fn make_event_destinations(aws: &SdkConfig, destinations: &[EventDestination]) -> Result<()> {
    let client = Client::new(aws);
    for EventDestination {
        configuration_set_name: set,
        event_destination: described,
    } in destinations
    {
        let (name, definition) = (&described.name, definition(described)?);
        let request = client
            .create_configuration_set_event_destination()
            .configuration_set_name(set);
        let request = request
            .event_destination_name(name)
            .event_destination(definition.clone());
        match request.send().await {
            Ok(_) => {}
            Err(SdkError::ServiceError(e)) if e.err().is_already_exists_exception() => {
                let request = client
                    .update_configuration_set_event_destination()
                    .configuration_set_name(set);
                let request = request.event_destination_name(name).event_destination(definition);
                request
                    .send()
                    .await
                    .with_context(|| format!("configure the event destination {name}"))?;
            }
            Err(error) => return Err(error).with_context(|| format!("make the event destination {name}")),
        }
    }
    Ok(())
}

/// CloudFormation writes `bounce` where SES writes `BOUNCE`.
fn definition(described: &Destination) -> Result<EventDestinationDefinition> {
    let types = described.matching_event_types.iter();
    let types = types
        .map(|kind| EventType::from(kind.to_uppercase().as_str()))
        .collect();
    let topic = SnsDestination::builder()
        .topic_arn(&described.sns_destination.topic_arn)
        .build()?;
    let definition = EventDestinationDefinition::builder().enabled(described.enabled);
    Ok(definition
        .set_matching_event_types(Some(types))
        .sns_destination(topic)
        .build())
}
