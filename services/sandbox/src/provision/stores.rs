//! The stores that the template describes, by kind.

use anyhow::{Result, bail};
use aws_config::SdkConfig;

use super::buckets::{self, Bucket};
use super::mail::{self, ConfigurationSet, EventDestination, Identity};
use super::queues::{self, Queue, QueuePolicy};
use super::table::{self, Table};
use super::template::{Resource, Template};
use super::topics::{self, Subscription, Topic, TopicPolicy};

/// Everything of AWS that the services expect to find.
#[derive(Debug, Default)]
pub struct Stores {
    buckets: Vec<Bucket>,
    tables: Vec<Table>,
    topics: Vec<Topic>,
    topic_policies: Vec<TopicPolicy>,
    queues: Vec<Queue>,
    queue_policies: Vec<QueuePolicy>,
    subscriptions: Vec<Subscription>,
    configuration_sets: Vec<ConfigurationSet>,
    identities: Vec<Identity>,
    event_destinations: Vec<EventDestination>,
}

impl Stores {
    /// What a template describes.
    ///
    /// # Errors
    /// If there is something in it that [`Stores::make`] would not make, be it one property.
    pub fn of(template: &Template) -> Result<Self> {
        let mut stores = Self::default();
        for resource in template.resources()? {
            stores.take(&resource)?;
        }
        Ok(stores)
    }

    fn take(&mut self, resource: &Resource) -> Result<()> {
        match resource.kind.as_str() {
            "AWS::S3::Bucket" => self.buckets.push(resource.properties()?),
            "AWS::DynamoDB::Table" => self.tables.push(resource.properties()?),
            "AWS::SNS::Topic" => self.topics.push(resource.properties()?),
            "AWS::SNS::TopicPolicy" => self.topic_policies.push(resource.properties()?),
            "AWS::SNS::Subscription" => self.subscriptions.push(resource.properties()?),
            "AWS::SQS::Queue" => self.queues.push(resource.properties()?),
            "AWS::SQS::QueuePolicy" => self.queue_policies.push(resource.properties()?),
            "AWS::SES::ConfigurationSet" => self.configuration_sets.push(resource.properties()?),
            "AWS::SES::EmailIdentity" => self.identities.push(resource.properties()?),
            "AWS::SES::ConfigurationSetEventDestination" => self.event_destinations.push(resource.properties()?),
            kind => bail!("the sandbox cannot make {}, a {kind}, of ecs/data.yaml", resource.id),
        }
        Ok(())
    }

    /// Makes what is missing, and brings up to date what is there: an earlier version may have made it.
    pub async fn make(&self, aws: &SdkConfig) -> Result<()> {
        tokio::try_join!(self.make_tables(aws), self.make_topics_and_what_knows_them(aws))?;
        Ok(())
    }

    async fn make_tables(&self, aws: &SdkConfig) -> Result<()> {
        for described in &self.tables {
            table::make(aws, described).await?;
        }
        Ok(())
    }

    /// Who reports to a topic must find it, and have the right to.
    async fn make_topics_and_what_knows_them(&self, aws: &SdkConfig) -> Result<()> {
        topics::make(aws, &self.topics, &self.topic_policies).await?;
        tokio::try_join!(
            self.make_queues(aws),
            buckets::make(aws, &self.buckets),
            self.make_sender(aws),
        )?;
        Ok(())
    }

    /// A message that comes before its queue lets it in is lost without a word.
    async fn make_queues(&self, aws: &SdkConfig) -> Result<()> {
        queues::make(aws, &self.queues, &self.queue_policies).await?;
        topics::subscribe(aws, &self.subscriptions).await
    }

    async fn make_sender(&self, aws: &SdkConfig) -> Result<()> {
        mail::make_configuration_sets(aws, &self.configuration_sets).await?;
        mail::make_identities(aws, &self.identities).await?;
        mail::make_event_destinations(aws, &self.event_destinations).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provision::laptop;
    use crate::provision::template::Place;
    use crate::provision::tests::settings;

    #[test]
    fn all_of_the_template_of_production_can_be_made() {
        let place = Place {
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
        };
        let stores = Stores::of(&laptop::template(&settings(), place).unwrap()).unwrap();
        let mut buckets: Vec<&str> = stores.buckets.iter().map(Bucket::name).collect();
        buckets.sort_unstable();
        assert_eq!(buckets, ["gas-archive", "gas-inputs", "gas-references", "gas-results"]);
        assert_eq!(stores.queues.len(), 18);
        assert_eq!(stores.subscriptions.len(), 9);
    }
}
