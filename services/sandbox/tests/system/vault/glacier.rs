//! What only a Glacier vault does: capacity, notifications, jobs that fail or expire, and days on which nothing works.

use backends::vault::{Retrieval, Tier, Vault, VaultError};
use domain::JobId;
use serde_json::json;

use super::contract::{content, ready, stored};
use super::emulator::{Options, Vaults};
use super::topic::OwnTopic;
use crate::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn without_capacity_for_an_expedited_retrieval_a_standard_one_is_accepted() {
    let vaults = Vaults::start(Options::default()).await;
    let (vault, job) = (vaults.connect().await, JobId::random());
    let archive = stored(&vault, job, &content(100)).await;
    vaults
        .switch(Some(&job.to_string()), json!({ "insufficient_capacity": true }))
        .await;
    let refused = vault.request(&archive.id, job, Tier::Expedited).await;
    assert!(matches!(refused, Err(VaultError::InsufficientCapacity)), "{refused:?}");
    let retrieval = vault.request(&archive.id, job, Tier::Standard).await.unwrap();
    ready(&vault, &archive, &retrieval).await;
    vault
        .request(&archive.id, JobId::random(), Tier::Expedited)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_retrieval_is_not_found_and_can_be_asked_for_again() {
    let options = Options {
        lifetime: "1s",
        ..Options::default()
    };
    let vaults = Vaults::start(options).await;
    let (vault, job, content) = (vaults.connect().await, JobId::random(), content(100));
    let archive = stored(&vault, job, &content).await;
    let retrieval = vault.request(&archive.id, job, Tier::Expedited).await.unwrap();
    eventually("the expiry", || async {
        let state = vault.retrieval(&archive.id, &retrieval).await;
        matches!(state, Err(VaultError::NotFound)).then_some(())
    })
    .await;
    let read = vault.read(&archive.id, &retrieval, 0, 100).await;
    assert!(matches!(read, Err(VaultError::NotFound)), "{read:?}");
    let again = vault.request(&archive.id, job, Tier::Expedited).await.unwrap();
    ready(&vault, &archive, &again).await;
    assert_eq!(vault.read(&archive.id, &again, 0, 100).await.unwrap(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_retrieval_is_told_with_the_job_it_is_for() {
    let topic = OwnTopic::make().await;
    let options = Options {
        topic: topic.arn.clone(),
        ..Options::default()
    };
    let vaults = Vaults::start(options).await;
    let (vault, lost, told) = (vaults.connect().await, JobId::random(), JobId::random());
    let archive = stored(&vault, told, &content(100)).await;
    vaults
        .switch(Some(&lost.to_string()), json!({ "lost_notifications": true }))
        .await;
    let unheard = vault.request(&archive.id, lost, Tier::Expedited).await.unwrap();
    ready(&vault, &archive, &unheard).await;
    let retrieval = vault.request(&archive.id, told, Tier::Expedited).await.unwrap();
    let message = topic.next().await;
    assert_eq!(message["JobDescription"], told.to_string(), "the first one's was lost");
    assert_eq!(message["JobId"], retrieval);
    assert_eq!(message["ArchiveId"], archive.id);
    assert_eq!(message["SHA256TreeHash"], archive.tree_hash);
    let shape = (&message["Action"], &message["StatusCode"], &message["Completed"]);
    assert_eq!(shape, (&json!("ArchiveRetrieval"), &json!("Succeeded"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_with_a_topic_of_its_own_tells_what_no_request_asked_to_be_told() {
    let topic = OwnTopic::make().await;
    let vaults = Vaults::start(Options::default()).await;
    let (vault, client) = (vaults.connect().await, vaults.client().await);
    let archive = stored(&vault, JobId::random(), &content(100)).await;
    let config = aws_sdk_glacier::types::VaultNotificationConfig::builder()
        .sns_topic(&topic.arn)
        .events("ArchiveRetrievalCompleted");
    let set = client.set_vault_notifications().vault_name("gas-archive");
    set.vault_notification_config(config.build()).send().await.unwrap();
    let asked = client
        .get_vault_notifications()
        .vault_name("gas-archive")
        .send()
        .await
        .unwrap();
    assert_eq!(
        asked.vault_notification_config.unwrap().sns_topic,
        Some(topic.arn.clone())
    );
    let parameters = aws_sdk_glacier::types::JobParameters::builder()
        .r#type("archive-retrieval")
        .archive_id(&archive.id)
        .tier("Expedited");
    let begin = client
        .initiate_job()
        .vault_name("gas-archive")
        .job_parameters(parameters.build());
    let job = begin.send().await.unwrap().job_id.unwrap();
    let message = topic.next().await;
    assert_eq!((&message["JobId"], &message["SNSTopic"]), (&json!(job), &json!(null)));
    client
        .delete_vault_notifications()
        .vault_name("gas-archive")
        .send()
        .await
        .unwrap();
    assert!(
        client
            .get_vault_notifications()
            .vault_name("gas-archive")
            .send()
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrieval_of_an_archive_that_is_deleted_meanwhile_fails() {
    let vaults = Vaults::start(Options::default()).await;
    let (vault, job) = (vaults.connect().await, JobId::random());
    let archive = stored(&vault, job, &content(100)).await;
    let retrieval = vault.request(&archive.id, job, Tier::Expedited).await.unwrap();
    vault.delete(&archive.id).await.unwrap();
    eventually("the failure", || async {
        let state = vault.retrieval(&archive.id, &retrieval).await.unwrap();
        matches!(state, Retrieval::Failed(_)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_error_of_the_service_is_tried_again_and_many_are_told() {
    let vaults = Vaults::start(Options::default()).await;
    let (vault, job) = (vaults.connect().await, JobId::random());
    vaults.switch(None, json!({ "failures": 1 })).await;
    let archive = stored(&vault, job, &content(100)).await;
    vaults.switch(None, json!({ "failures": 1000 })).await;
    let failed = vault.request(&archive.id, job, Tier::Standard).await;
    assert!(matches!(failed, Err(VaultError::Request(_))), "{failed:?}");
    vaults.switch(None, json!({})).await;
    vault.request(&archive.id, job, Tier::Standard).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_emulator_goes_on_where_it_was() {
    let mut vaults = Vaults::start(Options::default()).await;
    let (vault, job, content) = (vaults.connect().await, JobId::random(), content(2_000_000));
    let archive = stored(&vault, job, &content).await;
    let retrieval = vault.request(&archive.id, job, Tier::Standard).await.unwrap();
    vaults.kill_and_restart().await;
    ready(&vault, &archive, &retrieval).await;
    vaults.kill_and_restart().await;
    let back = vault.read(&archive.id, &retrieval, 0, archive.size).await.unwrap();
    assert!(back == content);
}
