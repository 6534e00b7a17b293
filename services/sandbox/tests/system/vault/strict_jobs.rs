//! The emulator refuses retrievals and downloads that Glacier refuses, and gives tree hashes where Glacier does.

use backends::vault::{LEAF, TreeHash};
use reqwest::Method;
use serde_json::{Value, json};

use super::contract::content;
use super::emulator::{Options, Vaults};
use super::raw::Raw;
use super::strict::upload;
use crate::eventually;

const INVALID: &str = "InvalidParameterValueException";
const JOBS: &str = "/vaults/gas-archive/jobs";

async fn archived(vaults: &Vaults, content: &[u8]) -> String {
    let taken = upload(content).send(vaults).await;
    taken.headers()["x-amz-archive-id"].to_str().unwrap().to_owned()
}

/// Begins a job; its path.
async fn begun(vaults: &Vaults, parameters: Value) -> String {
    let begun = Raw::new(Method::POST, JOBS)
        .body(parameters.to_string().as_bytes())
        .send(vaults)
        .await;
    assert_eq!(begun.status(), 202);
    format!("{JOBS}/{}", begun.headers()["x-amz-job-id"].to_str().unwrap())
}

async fn described(vaults: &Vaults, job: &str) -> Value {
    Raw::new(Method::GET, job).send(vaults).await.json().await.unwrap()
}

async fn completed(vaults: &Vaults, job: &str) -> Value {
    eventually("the job", || async {
        let described = described(vaults, job).await;
        (described["Completed"] == true).then_some(described)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrieval_is_of_an_archive_and_of_a_tier_that_there_is() {
    let vaults = Vaults::start(Options::default()).await;
    let archive = archived(&vaults, &content(3 * LEAF)).await;
    let nothing = json!({ "Type": "archive-retrieval", "ArchiveId": "a".repeat(138) }).to_string();
    Raw::new(Method::POST, JOBS)
        .body(nothing.as_bytes())
        .refused(&vaults, 404, "ResourceNotFoundException")
        .await;
    Raw::new(Method::POST, JOBS)
        .body(b"{")
        .refused(&vaults, 400, "SerializationException")
        .await;
    for silent in [json!({ "ArchiveId": archive }), json!({ "Type": "archive-retrieval" })] {
        let silent = silent.to_string();
        let request = Raw::new(Method::POST, JOBS).body(silent.as_bytes());
        request.refused(&vaults, 400, "MissingParameterValueException").await;
    }
    for (name, value) in [
        ("Tier", "Overnight"),
        ("Type", "time-travel"),
        ("SNSTopic", "vault_retrievals"),
        ("RetrievalByteRange", "1-1048576"),
        ("RetrievalByteRange", "0-9999999999"),
    ] {
        let mut wrong = json!({ "Type": "archive-retrieval", "ArchiveId": archive });
        wrong[name] = json!(value);
        let wrong = wrong.to_string();
        Raw::new(Method::POST, JOBS)
            .body(wrong.as_bytes())
            .refused(&vaults, 400, INVALID)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_output_before_the_end_and_of_no_other_range_than_there_is() {
    let vaults = Vaults::start(Options::default()).await;
    let archive = archived(&vaults, b"GAS").await;
    let job = begun(&vaults, json!({ "Type": "archive-retrieval", "ArchiveId": archive })).await;
    let underway = described(&vaults, &job).await;
    assert_eq!(
        (&underway["StatusCode"], &underway["Tier"]),
        (&json!("InProgress"), &json!("Standard"))
    );
    assert_eq!(
        (&underway["CompletionDate"], &underway["SHA256TreeHash"]),
        (&json!(null), &json!(null))
    );
    let output = format!("{job}/output");
    let message = Raw::new(Method::GET, &output).refused(&vaults, 400, INVALID).await;
    assert!(
        message.starts_with("The job is not currently available for download"),
        "{message}"
    );
    completed(&vaults, &job).await;
    for range in ["bytes=3-5", "bytes=2-1", "0-1", "bytes=a-b"] {
        Raw::new(Method::GET, &output)
            .header("range", range)
            .refused(&vaults, 400, INVALID)
            .await;
    }
    let all = Raw::new(Method::GET, &output).send(&vaults).await;
    assert_eq!(all.status(), 200);
    assert_eq!(all.bytes().await.unwrap(), "GAS");
    let nobody = format!("{JOBS}/nobody/output");
    Raw::new(Method::GET, &nobody)
        .refused(&vaults, 404, "ResourceNotFoundException")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_has_a_tree_hash_where_it_is_a_node_of_the_tree() {
    let vaults = Vaults::start(Options::default()).await;
    let content = content(6 * LEAF + LEAF / 2);
    let archive = archived(&vaults, &content).await;
    let job = begun(
        &vaults,
        json!({ "Type": "archive-retrieval", "ArchiveId": archive, "Tier": "Expedited" }),
    )
    .await;
    completed(&vaults, &job).await;
    let output = format!("{job}/output");
    for (range, has_hash) in [
        ("bytes=2097152-4194303", true),
        ("bytes=1048576-3145727", false),
        ("bytes=0-999", false),
    ] {
        let part = Raw::new(Method::GET, &output)
            .header("range", range)
            .send(&vaults)
            .await;
        assert_eq!(part.status(), 206, "{range}");
        let said = part.headers()["content-range"].to_str().unwrap().to_owned();
        assert_eq!(said, format!("{}/6815744", range.replace('=', " ")));
        let hash = part.headers().get("x-amz-sha256-tree-hash").cloned();
        let bytes = part.bytes().await.unwrap();
        assert_eq!(hash.is_some(), has_hash, "{range}");
        assert!(
            hash.is_none_or(|hash| hash == TreeHash::of(&bytes).to_string()),
            "{range}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_archive_can_be_retrieved_and_jobs_are_listed_by_how_far_they_are() {
    let vaults = Vaults::start(Options::default()).await;
    let content = content(3 * LEAF);
    let archive = archived(&vaults, &content).await;
    let middle = json!({ "Type": "archive-retrieval", "ArchiveId": archive, "RetrievalByteRange": "1048576-2097151" });
    let job = begun(&vaults, middle).await;
    completed(&vaults, &job).await;
    let output = format!("{job}/output");
    let two = Raw::new(Method::GET, &output)
        .header("range", "bytes=10-11")
        .send(&vaults)
        .await;
    assert_eq!(two.bytes().await.unwrap(), content[1_048_586..1_048_588]);
    let finished = format!("{JOBS}?statuscode=finished");
    let message = Raw::new(Method::GET, &finished).refused(&vaults, 400, INVALID).await;
    assert_eq!(message, "The job status code is not valid: finished");
    for (query, jobs) in [
        ("?completed=true&statuscode=Succeeded", 1),
        ("?statuscode=Failed", 0),
        ("?completed=false", 0),
    ] {
        let listed = described(&vaults, &format!("{JOBS}{query}")).await;
        assert_eq!(listed["JobList"].as_array().unwrap().len(), jobs, "{query}");
    }
}
