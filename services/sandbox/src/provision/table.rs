//! The table of jobs with its indexes.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use tokio::time::{Instant, sleep};

/// Each index, its partition key (text) and its sort key (a number).
const INDEXES: [(&str, &str, &str); 5] = [
    ("user_id_index", "user_id", "submit_time"),
    ("pending_index", "pending_shard", "submit_time"),
    ("archive_due_index", "archive_shard", "archive_due"),
    ("failed_index", "failed_shard", "complete_time"),
    ("watched_index", "watch_shard", "submit_time"),
];

/// How long an index may take to be there before the next one is added.
const PATIENCE: Duration = Duration::from_secs(600);

/// Makes the table if it is missing, and in a table of an earlier version the indexes that it lacks.
pub async fn make(aws: &SdkConfig, table: &str) -> Result<()> {
    let client = Client::new(aws);
    let (text, number) = (ScalarAttributeType::S, ScalarAttributeType::N);
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("job_id", &text)?)
        .attribute_definitions(attribute("submit_time", &number)?)
        .attribute_definitions(attribute("archive_due", &number)?)
        .attribute_definitions(attribute("complete_time", &number)?)
        .key_schema(key("job_id", KeyType::Hash)?);
    for (name, partition, sort) in INDEXES {
        request = request
            .attribute_definitions(attribute(partition, &text)?)
            .global_secondary_indexes(index(name, partition, sort)?);
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => {
            add_missing_indexes(&client, table).await
        }
        Err(error) => Err(error).with_context(|| format!("make the table {table}")),
    }
}

/// Adds the indexes that tables of earlier versions lack, one after the other, as DynamoDB wants it. It fills them by
/// itself, in the background.
async fn add_missing_indexes(client: &Client, table: &str) -> Result<()> {
    for (name, partition, sort) in INDEXES {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(client, table, name).await? && !add(client, table, name, partition, sort).await? {
            ensure!(Instant::now() < deadline, "the table {table} takes no index {name}");
            sleep(Duration::from_secs(1)).await;
        }
    }
    Ok(())
}

async fn is_there(client: &Client, table: &str, name: &str) -> Result<bool> {
    let described = client.describe_table().table_name(table).send().await;
    let described = described.with_context(|| format!("look at the table {table}"))?.table;
    let indexes = described
        .and_then(|table| table.global_secondary_indexes)
        .unwrap_or_default();
    Ok(indexes.iter().any(|index| index.index_name() == Some(name)))
}

/// `false` while another index is being added, by us or by another provisioning.
async fn add(client: &Client, table: &str, name: &str, partition: &str, sort: &str) -> Result<bool> {
    let added = CreateGlobalSecondaryIndexAction::builder()
        .index_name(name)
        .key_schema(key(partition, KeyType::Hash)?)
        .key_schema(key(sort, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()?;
    let update = client
        .update_table()
        .table_name(table)
        .attribute_definitions(attribute(partition, &ScalarAttributeType::S)?)
        .attribute_definitions(attribute(sort, &ScalarAttributeType::N)?)
        .global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(added).build());
    match update.send().await {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(false),
        Err(SdkError::ServiceError(e)) if e.err().is_limit_exceeded_exception() => Ok(false),
        Err(error) => Err(error).with_context(|| format!("add the index {name} to the table {table}")),
    }
}

fn attribute(name: &str, kind: &ScalarAttributeType) -> Result<AttributeDefinition> {
    Ok(AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(kind.clone())
        .build()?)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement> {
    Ok(KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()?)
}

fn index(name: &str, partition: &str, sort: &str) -> Result<GlobalSecondaryIndex> {
    let index = GlobalSecondaryIndex::builder()
        .index_name(name)
        .key_schema(key(partition, KeyType::Hash)?)
        .key_schema(key(sort, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    Ok(index.build()?)
}
