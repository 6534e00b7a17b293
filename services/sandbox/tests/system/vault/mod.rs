//! Both kinds of vault keep the same promises, and the emulator of one of them refuses what Glacier refuses.

mod contract;
mod emulator;
mod glacier;
mod raw;
mod strict;
mod strict_jobs;
mod strict_uploads;
mod topic;

use backends::settings::{StoreSettings, VaultKind, VaultSettings};
use backends::vault::{LEAF, S3ClassVault, UploadSizes};
use domain::JobId;

use crate::sandbox;
use emulator::{Options, Vaults};

/// Sizes so small that a test need not store 100 MB to see parts. S3 has no parts below 5 MiB.
const GLACIER_SIZES: UploadSizes = UploadSizes {
    whole: LEAF,
    part: LEAF,
};
const S3_SIZES: UploadSizes = UploadSizes {
    whole: 5 * LEAF,
    part: 5 * LEAF,
};

/// The storage class of the sandbox's results bucket.
async fn s3_class() -> S3ClassVault {
    let sandbox = sandbox().await;
    let stores = StoreSettings {
        inputs_bucket: "gas-inputs".into(),
        results_bucket: "gas-results".into(),
        annotations_table: "annotations".into(),
        turns_table: "turns".into(),
    };
    let settings = VaultSettings {
        vault: VaultKind::S3,
        glacier_vault: "gas-archive".into(),
        glacier_endpoint: None,
        vault_retrievals_topic: "vault_retrievals".into(),
        archive_bucket: None,
    };
    let (aws, config) = (sandbox.aws_settings(), sandbox.aws_config().await);
    S3ClassVault::connect(&config, &aws, &stores, &settings)
        .await
        .unwrap()
        .with_sizes(S3_SIZES)
}

/// The SDK's client.
async fn s3() -> aws_sdk_s3::Client {
    let aws = sandbox().await.aws_config().await;
    let config = aws_sdk_s3::config::Builder::from(&aws).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

#[tokio::test(flavor = "multi_thread")]
async fn glacier_gives_back_what_went_up_in_one_request() {
    let vaults = Vaults::start(Options::default()).await;
    contract::goes_and_comes_back(&vaults.connect().await.with_sizes(GLACIER_SIZES), 12_345).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn glacier_gives_back_what_went_up_in_parts() {
    let vaults = Vaults::start(Options::default()).await;
    contract::goes_and_comes_back(&vaults.connect().await.with_sizes(GLACIER_SIZES), 11 * LEAF + 7).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn glacier_goes_on_with_a_stream_that_broke_off() {
    let vaults = Vaults::start(Options::default()).await;
    let vault = vaults.connect().await.with_sizes(GLACIER_SIZES);
    contract::a_broken_stream_is_refused(&vault, JobId::random()).await;
    let client = vaults.client().await;
    let vault = client.describe_vault().vault_name("gas-archive").send().await.unwrap();
    assert_eq!(vault.number_of_archives, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn glacier_says_what_is_not_there() {
    let vaults = Vaults::start(Options::default()).await;
    contract::nothing_is_not_there(&vaults.connect().await, "a".repeat(138)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_gives_back_what_went_up_in_one_request() {
    contract::goes_and_comes_back(&s3_class().await, 12_345).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_gives_back_what_went_up_in_parts() {
    contract::goes_and_comes_back(&s3_class().await, 11 * LEAF + 7).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_keeps_nothing_of_a_stream_that_breaks_off() {
    let (job, s3) = (JobId::random(), s3().await);
    contract::a_broken_stream_is_refused(&s3_class().await, job).await;
    let prefix = format!("archive/{job}/");
    let uploads = s3.list_multipart_uploads().bucket("gas-results").prefix(&prefix);
    assert!(uploads.send().await.unwrap().uploads().is_empty());
    let objects = s3.list_objects_v2().bucket("gas-results").prefix(&prefix);
    assert!(objects.send().await.unwrap().contents().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_says_what_is_not_there() {
    contract::nothing_is_not_there(&s3_class().await, "archive/nobody/nothing".into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_keeps_the_tree_hash_and_the_storage_class_with_the_object() {
    let (vault, s3) = (s3_class().await, s3().await);
    for size in [100, 6 * LEAF] {
        let archive = contract::stored(&vault, JobId::random(), &contract::content(size)).await;
        let head = s3
            .head_object()
            .bucket("gas-results")
            .key(&archive.id)
            .send()
            .await
            .unwrap();
        assert_eq!(head.storage_class().unwrap().as_str(), "GLACIER");
        let tags = s3
            .get_object_tagging()
            .bucket("gas-results")
            .key(&archive.id)
            .send()
            .await
            .unwrap();
        let hash = tags.tag_set().iter().find(|tag| tag.key() == "tree-hash").unwrap();
        assert_eq!(hash.value(), archive.tree_hash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn glacier_keeps_nothing_of_a_job_that_is_deleted() {
    let vaults = Vaults::start(Options::default()).await;
    let vault = vaults.connect().await.with_sizes(GLACIER_SIZES);
    contract::nothing_is_left_of_a_job(&vault, JobId::random()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_storage_class_keeps_nothing_of_a_job_that_is_deleted() {
    let (vault, job) = (s3_class().await, JobId::random());
    contract::nothing_is_left_of_a_job(&vault, job).await;
    let versions = s3().await.list_object_versions().bucket("gas-results");
    let left = versions.prefix(format!("archive/{job}/")).send().await.unwrap();
    assert!(
        left.versions().is_empty() && left.delete_markers().is_empty(),
        "{left:?}"
    );
}
