//! Where a vault tells what ends in it, and the telling, by SNS.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/configuring-notifications.html>

use backends::topic::Topic;
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::emulator::{Answer, Emulator, document, empty};
use super::refusal::Refusal;
use super::state::{Job, Notifications};

/// The events that a vault can tell of.
const ARCHIVE_RETRIEVED: &str = "ArchiveRetrievalCompleted";
const INVENTORY_RETRIEVED: &str = "InventoryRetrievalCompleted";

impl Emulator {
    /// Sets topic and events.
    pub fn set_notifications(&self, vault: &str, call: &Call) -> Answer {
        let notifications: Notifications = call.payload.document()?;
        check_topic(&notifications.topic)?;
        let known = |event: &String| [ARCHIVE_RETRIEVED, INVENTORY_RETRIEVED].contains(&event.as_str());
        if notifications.events.is_empty() || !notifications.events.iter().all(known) {
            return Err(Refusal::invalid(
                "Invalid events: there are ArchiveRetrievalCompleted and InventoryRetrievalCompleted",
            ));
        }
        self.change(vault, |vault| {
            vault.notifications = Some(notifications);
            Ok(())
        })?;
        empty(StatusCode::NO_CONTENT, [])
    }

    /// Tells topic and events.
    pub fn get_notifications(&self, name: &str) -> Answer {
        let set = self.look(name, |vault| Ok(vault.notifications.clone()))?;
        let missing = || Refusal::not_found(format!("No notification configuration is set for vault: {name}"));
        let set = set.ok_or_else(missing)?;
        document(&json!({ "SNSTopic": set.topic, "Events": set.events }))
    }

    /// Tells no more.
    pub fn delete_notifications(&self, vault: &str) -> Answer {
        self.change(vault, |vault| {
            vault.notifications = None;
            Ok(())
        })?;
        empty(StatusCode::NO_CONTENT, [])
    }

    /// Tells the end of a job, in the shape of its description: on the job's topic, and on the vault's. Glacier does
    /// both even if they are the same.
    pub async fn tell(&self, vault: &str, job: &Job, description: &Value) {
        let of_vault = self.look(vault, |vault| Ok(vault.notifications.clone())).ok().flatten();
        let of_vault = of_vault.filter(|set| set.events.iter().any(|event| event == ARCHIVE_RETRIEVED));
        for arn in job.topic.iter().cloned().chain(of_vault.map(|set| set.topic)) {
            if let Err(error) = self.publish(&arn, description).await {
                eprintln!("the notification on {arn} is lost: {error:#}");
            }
        }
    }

    async fn publish(&self, arn: &str, description: &Value) -> anyhow::Result<()> {
        Topic::connect(&self.aws, arn).await?.publish(description).await
    }
}

/// Refuses what cannot be a topic; whether it is there, nobody checks.
pub fn check_topic(arn: &str) -> Result<(), Refusal> {
    match arn.starts_with("arn:aws") && arn.split(':').nth(2) == Some("sns") && arn.split(':').count() == 6 {
        true => Ok(()),
        false => Err(Refusal::invalid(format!("Invalid SNS topic: {arn}"))),
    }
}
