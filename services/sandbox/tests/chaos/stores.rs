//! What the stores hold, as an operator would look it up.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use backends::accounts::Actor;
use backends::queue::{DeadLetters, Queue};
use tokio::time::{Instant, sleep};
use tokio_postgres::NoTls;

use crate::cast::Done;
use crate::people::Mail;
use crate::sandbox;

/// Queues whose dead letters no sweep makes up for: an operator sends them back.
const QUEUES: [&str; 9] = [
    "job_requests",
    "job_results",
    "job_archive",
    "restore_requests",
    "vault_retrievals",
    "notices",
    "mail_events",
    "deletions",
    "webhooks",
];
/// A job's row, as DynamoDB has it.
pub type Row = HashMap<String, AttributeValue>;

/// The rows once none of them waits for anything. A backlog takes as long as it takes, but while it stays as it is for
/// three minutes nobody works on it.
pub async fn settled_rows(done: &Done) -> BTreeMap<String, Row> {
    let (mut seen, mut since) = (BTreeSet::new(), Instant::now());
    loop {
        let rows = rows().await;
        let ids = done.jobs.iter().map(|(id, _)| id.to_string());
        let mut unsettled: BTreeSet<String> = ids.filter(|id| !rows.get(id).is_some_and(is_settled)).collect();
        unsettled.extend(unsent_notices().await);
        if unsettled.is_empty() {
            return rows;
        }
        if unsettled != seen {
            (seen, since) = (unsettled, Instant::now());
        }
        let states: Vec<_> = seen
            .iter()
            .map(|id| (id, rows.get(id).map(|row| text(row, "results_state"))))
            .collect();
        assert!(
            since.elapsed() < Duration::from_secs(180),
            "left as they are: {states:?}"
        );
        sleep(Duration::from_millis(500)).await;
    }
}

/// The job has ended, its owner is told, and its results are not on the move.
fn is_settled(row: &Row) -> bool {
    let state = text(row, "results_state");
    let is_moving = ["ARCHIVING", "RESTORING"].contains(&state) || row.contains_key("discarded_key");
    row.contains_key("notified_at")
        && !is_moving
        && !row.contains_key("discarded_archive")
        && !row.contains_key("archive_due")
}

async fn rows() -> BTreeMap<String, Row> {
    let rows = everything_in("annotations").await;
    rows.into_iter()
        .map(|row| (text(&row, "job_id").to_owned(), row))
        .collect()
}

async fn everything_in(table: &str) -> Vec<Row> {
    let client = aws_sdk_dynamodb::Client::new(&sandbox().await.aws_config().await);
    let pages = client.scan().table_name(table).consistent_read(true).into_paginator();
    let rows = pages.items().send().collect::<Result<Vec<_>, _>>().await;
    rows.unwrap()
}

/// Turns that somebody still has, or waits for.
pub async fn turns_left() -> Vec<String> {
    let entries = everything_in("turns").await;
    let left = entries
        .iter()
        .filter(|entry| text(entry, "entry").starts_with("waits ") || entry.contains_key("jobs"));
    left.map(|entry| {
        format!(
            "the entry {} of {} is left",
            text(entry, "entry"),
            text(entry, "user_id")
        )
    })
    .collect()
}

async fn s3() -> aws_sdk_s3::Client {
    let config = sandbox().await.aws_config().await;
    let by_path = aws_sdk_s3::config::Builder::from(&config).force_path_style(true);
    aws_sdk_s3::Client::from_conf(by_path.build())
}

pub async fn keys(bucket: &str) -> Vec<String> {
    let pages = s3().await.list_objects_v2().bucket(bucket).into_paginator().send();
    let pages = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
    let objects = pages.iter().flat_map(|page| page.contents());
    objects.map(|object| object.key().unwrap().to_owned()).collect()
}

pub async fn half_done() -> usize {
    let uploads = s3()
        .await
        .list_multipart_uploads()
        .bucket("gas-results")
        .send()
        .await
        .unwrap();
    uploads.uploads().len()
}

/// The vault's archives, as the emulator keeps them on disk.
pub fn archives() -> Vec<String> {
    let file = crate::started().unwrap().data().join("glacier/vaults.json");
    let vaults: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let archives = vaults["gas-archive"]["archives"].as_object().unwrap();
    archives.keys().cloned().collect()
}

pub async fn mails() -> Vec<Mail> {
    let mailbox = sandbox().await.endpoints().mailbox.clone();
    let address = format!("{}/mailbox.json", mailbox.trim_end_matches("/mailbox"));
    reqwest::get(address).await.unwrap().json().await.unwrap()
}

async fn unsent_notices() -> BTreeSet<String> {
    ids("SELECT key FROM notices WHERE told_at IS NULL").await
}

/// The only column of what the accounts database answers.
pub async fn ids(sql: &str) -> BTreeSet<String> {
    let url = &sandbox().await.endpoints().postgres;
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What an operator does once the cause is mended.
pub async fn send_dead_letters_back() -> u64 {
    let aws = sandbox().await.aws_config().await;
    let accounts = crate::reach::reach().await.accounts;
    let mut sent = 0;
    for name in QUEUES {
        let queue = Queue::connect(&aws, name).await.unwrap();
        let letters = DeadLetters::of(&queue).await.unwrap().unwrap();
        let action = backends::accounts::Action::Redrive { queue: name.to_owned() };
        let recorded = accounts.record_action(&Actor::CommandLine, &action).await.unwrap();
        sent += letters.redrive(&recorded).await.unwrap();
    }
    sent
}

pub fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name)
        .and_then(|value| value.as_s().ok())
        .map_or("", String::as_str)
}

pub fn number(row: &Row, name: &str) -> u64 {
    row.get(name)
        .and_then(|value| value.as_n().ok()?.parse().ok())
        .unwrap_or(0)
}
