//! A look into every store, by everything that there is in it: what is left of somebody or of a job.

use aws_sdk_s3::types::{DeleteMarkerEntry, ObjectVersion, Part};
use tokio_postgres::NoTls;

use crate::sandbox;

const BUCKETS: [&str; 3] = ["gas-inputs", "gas-results", "gas-archive"];
const TABLES: [&str; 2] = ["annotations", "turns"];

/// Where one of the words is found: keys of every version and mark of deletion, uploads that nobody has ended, rows of
/// every table, rows of PostgreSQL.
pub async fn traces(words: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for bucket in BUCKETS {
        all.extend(keys(bucket).await);
        all.extend(uploads(bucket).await);
    }
    for table in TABLES {
        all.extend(rows(table).await);
    }
    all.retain(|found| words.iter().any(|word| found.contains(word)));
    all.extend(postgres(words).await);
    all
}

async fn s3() -> aws_sdk_s3::Client {
    let config = sandbox().await.aws_config().await;
    let by_path = aws_sdk_s3::config::Builder::from(&config).force_path_style(true);
    aws_sdk_s3::Client::from_conf(by_path.build())
}

/// `bucket/key` of every version, old ones and marks of deletion included.
pub async fn keys(bucket: &str) -> Vec<String> {
    let (s3, mut found, mut after) = (s3().await, Vec::new(), (None, None));
    loop {
        let page = s3.list_object_versions().bucket(bucket);
        let page = page.set_key_marker(after.0).set_version_id_marker(after.1);
        let page = page.send().await.unwrap();
        let versions = page.versions().iter().filter_map(ObjectVersion::key);
        let marks = page.delete_markers().iter().filter_map(DeleteMarkerEntry::key);
        found.extend(versions.chain(marks).map(|key| format!("{bucket}/{key}")));
        if page.is_truncated() != Some(true) {
            return found;
        }
        after = (page.next_key_marker, page.next_version_id_marker);
    }
}

/// Begins an upload in parts, of which one is there.
pub async fn begin_parts(key: &str) {
    let s3 = s3().await;
    let begun = s3
        .create_multipart_upload()
        .bucket("gas-inputs")
        .key(key)
        .send()
        .await
        .unwrap();
    let part = s3.upload_part().bucket("gas-inputs").key(key).part_number(1);
    let part = part
        .upload_id(begun.upload_id.unwrap())
        .body(b"##fileformat".to_vec().into());
    part.send().await.unwrap();
}

/// The parts that are there of uploads whose keys begin so, and that have not ended: number, and when it came.
pub async fn parts_there(prefix: &str) -> Vec<(i32, String)> {
    let (s3, mut found) = (s3().await, Vec::new());
    let page = s3.list_multipart_uploads().bucket("gas-inputs").prefix(prefix);
    for upload in page.send().await.unwrap().uploads() {
        let parts = s3.list_parts().bucket("gas-inputs").set_key(upload.key.clone());
        // It may have ended since.
        let Ok(parts) = parts.set_upload_id(upload.upload_id.clone()).send().await else {
            continue;
        };
        let came = |part: &Part| (part.part_number().unwrap(), format!("{:?}", part.last_modified()));
        found.extend(parts.parts().iter().map(came));
    }
    found
}

/// How many they are.
pub async fn parts_below(prefix: &str) -> usize {
    parts_there(prefix).await.len()
}

async fn uploads(bucket: &str) -> Vec<String> {
    let page = s3().await.list_multipart_uploads().bucket(bucket).send().await.unwrap();
    let keys = page.uploads().iter().filter_map(|upload| upload.key());
    keys.map(|key| format!("an upload to {bucket}/{key}")).collect()
}

async fn rows(table: &str) -> Vec<String> {
    let dynamodb = aws_sdk_dynamodb::Client::new(&sandbox().await.aws_config().await);
    let rows = dynamodb.scan().table_name(table).consistent_read(true);
    let rows = rows.into_paginator().items().send();
    let rows = rows.collect::<Result<Vec<_>, _>>().await.unwrap();
    rows.iter().map(|row| format!("{table}: {row:?}")).collect()
}

/// Every table that there is, so that one which is added later is looked into as well.
async fn postgres(words: &[String]) -> Vec<String> {
    let url = &sandbox().await.endpoints().postgres;
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql = "SELECT table_name::text FROM information_schema.tables \
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    let tables: Vec<String> = client
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(tables.contains(&"users".to_owned()), "{tables:?}");
    let mut found = Vec::new();
    for table in tables {
        let sql = format!("SELECT t::text FROM \"{table}\" t");
        for row in client.query(&sql, &[]).await.unwrap() {
            let text = row.get::<_, String>(0).to_lowercase();
            if words.iter().any(|word| text.contains(&word.to_lowercase())) {
                found.push(format!("{table}: {text}"));
            }
        }
    }
    found
}
