//! Buckets: private, tidied up, some with versions; browsers may upload to one of them from our pages.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CorsConfiguration, CorsRule, CreateBucketConfiguration, Event,
    NotificationConfiguration, ObjectOwnership, OwnershipControls, OwnershipControlsRule,
    PublicAccessBlockConfiguration, TopicConfiguration, VersioningConfiguration,
};
use futures_util::future::try_join_all;
use serde::Deserialize;

use super::lifecycle::Lifecycle;

/// `AWS::S3::Bucket`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Bucket {
    bucket_name: String,
    public_access_block_configuration: PublicAccess,
    ownership_controls: Rules<Ownership>,
    versioning_configuration: Option<Versioning>,
    cors_configuration: Option<Cors>,
    notification_configuration: Option<Notifications>,
    lifecycle_configuration: Lifecycle,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PublicAccess {
    block_public_acls: bool,
    block_public_policy: bool,
    ignore_public_acls: bool,
    restrict_public_buckets: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rules<T> {
    rules: Vec<T>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Ownership {
    object_ownership: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Versioning {
    status: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Cors {
    cors_rules: Vec<Origins>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Origins {
    allowed_origins: Vec<String>,
    allowed_methods: Vec<String>,
    allowed_headers: Vec<String>,
    exposed_headers: Vec<String>,
    max_age: i32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Notifications {
    topic_configurations: Vec<Notification>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Notification {
    event: String,
    topic: String,
}

/// Makes the buckets that are missing, and configures all of them.
pub async fn make(aws: &SdkConfig, buckets: &[Bucket]) -> Result<()> {
    // Emulators have no wildcard DNS, so their buckets are addressed by path.
    let client = Client::from_conf(Builder::from(aws).force_path_style(true).build());
    let region = aws.region().map_or("us-east-1", AsRef::as_ref);
    try_join_all(buckets.iter().map(|bucket| bucket.make(&client, region))).await?;
    Ok(())
}

impl Bucket {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.bucket_name
    }

    async fn make(&self, client: &Client, region: &str) -> Result<()> {
        let name = self.name();
        if client.head_bucket().bucket(name).send().await.is_err() {
            let made = client
                .create_bucket()
                .bucket(name)
                .set_create_bucket_configuration(place(region));
            made.send().await.with_context(|| format!("make the bucket {name}"))?;
        }
        let configured = tokio::try_join!(self.close(client), self.keep(client), self.open(client));
        configured.with_context(|| format!("configure the bucket {name}"))?;
        Ok(())
    }

    /// Who may see it: nobody else.
    async fn close(&self, client: &Client) -> Result<()> {
        let PublicAccess {
            block_public_acls,
            block_public_policy,
            ignore_public_acls,
            restrict_public_buckets,
        } = self.public_access_block_configuration;
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(block_public_acls)
            .block_public_policy(block_public_policy)
            .ignore_public_acls(ignore_public_acls)
            .restrict_public_buckets(restrict_public_buckets);
        let request = client.put_public_access_block().bucket(self.name());
        request.public_access_block_configuration(block.build()).send().await?;
        let rules = self.ownership_controls.rules.iter().map(|rule| {
            let ownership = ObjectOwnership::from(rule.object_ownership.as_str());
            Ok(OwnershipControlsRule::builder().object_ownership(ownership).build()?)
        });
        let controls = OwnershipControls::builder().set_rules(Some(rules.collect::<Result<_>>()?));
        let request = client.put_bucket_ownership_controls().bucket(self.name());
        request.ownership_controls(controls.build()?).send().await?;
        Ok(())
    }

    /// For how long what is kept.
    async fn keep(&self, client: &Client) -> Result<()> {
        if let Some(status) = self.versioning(client).await? {
            let versioning = VersioningConfiguration::builder().status(status).build();
            let request = client.put_bucket_versioning().bucket(self.name());
            request.versioning_configuration(versioning).send().await?;
        }
        let request = client.put_bucket_lifecycle_configuration().bucket(self.name());
        request
            .lifecycle_configuration(self.lifecycle_configuration.to_sdk()?)
            .send()
            .await?;
        Ok(())
    }

    /// Whether it keeps versions. One that did so in an earlier version, and is not to any more, stops.
    async fn versioning(&self, client: &Client) -> Result<Option<BucketVersioningStatus>> {
        if let Some(versioning) = &self.versioning_configuration {
            return Ok(Some(BucketVersioningStatus::from(versioning.status.as_str())));
        }
        let kept = client.get_bucket_versioning().bucket(self.name()).send().await?;
        Ok(kept.status.map(|_| BucketVersioningStatus::Suspended))
    }

    /// Whose scripts may use it, and whom it tells.
    async fn open(&self, client: &Client) -> Result<()> {
        if let Some(cors) = &self.cors_configuration {
            let request = client.put_bucket_cors().bucket(self.name());
            request.cors_configuration(cors.to_sdk()?).send().await?;
        }
        if let Some(told) = &self.notification_configuration {
            let request = client.put_bucket_notification_configuration().bucket(self.name());
            request.notification_configuration(told.to_sdk()?).send().await?;
        }
        Ok(())
    }
}

/// us-east-1 is the one region that must not be named.
fn place(region: &str) -> Option<CreateBucketConfiguration> {
    let constraint = (region != "us-east-1").then(|| BucketLocationConstraint::from(region))?;
    Some(
        CreateBucketConfiguration::builder()
            .location_constraint(constraint)
            .build(),
    )
}

impl Cors {
    fn to_sdk(&self) -> Result<CorsConfiguration> {
        let sdk = |rule: &Origins| {
            Ok(CorsRule::builder()
                .set_allowed_origins(Some(rule.allowed_origins.clone()))
                .set_allowed_methods(Some(rule.allowed_methods.clone()))
                .set_allowed_headers(Some(rule.allowed_headers.clone()))
                .set_expose_headers(Some(rule.exposed_headers.clone()))
                .max_age_seconds(rule.max_age)
                .build()?)
        };
        let rules = self.cors_rules.iter().map(sdk).collect::<Result<_>>()?;
        Ok(CorsConfiguration::builder().set_cors_rules(Some(rules)).build()?)
    }
}

impl Notifications {
    fn to_sdk(&self) -> Result<NotificationConfiguration> {
        let sdk = |told: &Notification| {
            let told = TopicConfiguration::builder()
                .topic_arn(&told.topic)
                .events(Event::from(told.event.as_str()));
            Ok(told.build()?)
        };
        let topics = self.topic_configurations.iter().map(sdk).collect::<Result<_>>()?;
        Ok(NotificationConfiguration::builder()
            .set_topic_configurations(Some(topics))
            .build())
    }
}
