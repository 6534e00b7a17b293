//! The buckets: private; browsers may upload to one of them from our pages; half-finished uploads are cleared away.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
    CorsConfiguration, CorsRule, CreateBucketConfiguration, ExpirationStatus, LifecycleRule, LifecycleRuleFilter,
    PublicAccessBlockConfiguration, VersioningConfiguration,
};

use super::ProvisionSettings;

/// Makes both buckets.
pub async fn make(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<()> {
    let client = client(aws, settings);
    let (inputs, results) = (&settings.stores.inputs_bucket, &settings.stores.results_bucket);
    let region = &settings.aws.region;
    tokio::try_join!(
        private_bucket(&client, inputs, region),
        private_bucket(&client, results, region)
    )?;
    keep_versions(&client, inputs).await?;
    allow_uploads(&client, inputs, &settings.public_url).await
}

/// Makes the bucket of the archives, unless they are kept beside the results.
pub async fn make_archive(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<()> {
    let bucket = settings.vault.archive_bucket(&settings.stores);
    if bucket == settings.stores.results_bucket {
        return Ok(());
    }
    private_bucket(&client(aws, settings), bucket, &settings.aws.region).await
}

fn client(aws: &SdkConfig, settings: &ProvisionSettings) -> Client {
    let by_path = settings.aws.endpoint.is_some();
    Client::from_conf(Builder::from(aws).force_path_style(by_path).build())
}

async fn private_bucket(client: &Client, bucket: &str, region: &str) -> Result<()> {
    if client.head_bucket().bucket(bucket).send().await.is_err() {
        let mut request = client.create_bucket().bucket(bucket);
        // us-east-1 is the one region that must not be named.
        if region != "us-east-1" {
            let place =
                CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region));
            request = request.create_bucket_configuration(place.build());
        }
        request
            .send()
            .await
            .with_context(|| format!("make the bucket {bucket}"))?;
    }
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .ignore_public_acls(true)
        .block_public_policy(true)
        .restrict_public_buckets(true);
    let request = client
        .put_public_access_block()
        .bucket(bucket)
        .public_access_block_configuration(block.build());
    request
        .send()
        .await
        .with_context(|| format!("make the bucket {bucket} private"))?;
    clear_half_finished(client, bucket).await
}

/// What an annotator that died has begun to upload is not visible, but costs money.
async fn clear_half_finished(client: &Client, bucket: &str) -> Result<()> {
    let after_a_day = AbortIncompleteMultipartUpload::builder()
        .days_after_initiation(1)
        .build();
    let rule = LifecycleRule::builder()
        .id("clear-half-finished-uploads")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("").build())
        .abort_incomplete_multipart_upload(after_a_day)
        .build()?;
    let rules = BucketLifecycleConfiguration::builder().rules(rule).build()?;
    let request = client
        .put_bucket_lifecycle_configuration()
        .bucket(bucket)
        .lifecycle_configuration(rules);
    request
        .send()
        .await
        .with_context(|| format!("set the lifecycle of the bucket {bucket}"))?;
    Ok(())
}

/// An upload's form works for an hour and may be used again: the version that was submitted stays what it was.
async fn keep_versions(client: &Client, bucket: &str) -> Result<()> {
    let kept = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled);
    let request = client.put_bucket_versioning().bucket(bucket);
    request
        .versioning_configuration(kept.build())
        .send()
        .await
        .with_context(|| format!("keep versions in the bucket {bucket}"))?;
    Ok(())
}

/// Lets scripts of our pages, and of no others, upload and read S3's answer.
async fn allow_uploads(client: &Client, bucket: &str, origin: &str) -> Result<()> {
    let rule = CorsRule::builder()
        .allowed_origins(origin)
        .allowed_methods("POST")
        .allowed_headers("*")
        .expose_headers("ETag")
        .expose_headers("Location")
        .max_age_seconds(600)
        .build()?;
    let cors = CorsConfiguration::builder().cors_rules(rule).build()?;
    let request = client.put_bucket_cors().bucket(bucket).cors_configuration(cors);
    request
        .send()
        .await
        .with_context(|| format!("allow uploads to the bucket {bucket}"))?;
    Ok(())
}
