//! The table of jobs with its indexes.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
};

/// Makes the table if it is missing, and in a table of an earlier version the index of failed jobs.
pub async fn make(aws: &SdkConfig, table: &str) -> Result<()> {
    let client = Client::new(aws);
    let (text, number) = (ScalarAttributeType::S, ScalarAttributeType::N);
    let made = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("job_id", &text)?)
        .attribute_definitions(attribute("user_id", &text)?)
        .attribute_definitions(attribute("submit_time", &number)?)
        .attribute_definitions(attribute("pending_shard", &text)?)
        .attribute_definitions(attribute("archive_shard", &text)?)
        .attribute_definitions(attribute("archive_due", &number)?)
        .attribute_definitions(attribute("failed_shard", &text)?)
        .attribute_definitions(attribute("complete_time", &number)?)
        .key_schema(key("job_id", KeyType::Hash)?)
        .global_secondary_indexes(index("user_id_index", "user_id", "submit_time")?)
        .global_secondary_indexes(index("pending_index", "pending_shard", "submit_time")?)
        .global_secondary_indexes(index("archive_due_index", "archive_shard", "archive_due")?)
        .global_secondary_indexes(index("failed_index", "failed_shard", "complete_time")?)
        .send()
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => {
            add_failed_index(&client, table).await
        }
        Err(error) => Err(error).with_context(|| format!("make the table {table}")),
    }
}

/// Adds the index that tables of earlier versions lack. DynamoDB fills it by itself, in the background.
async fn add_failed_index(client: &Client, table: &str) -> Result<()> {
    let described = client.describe_table().table_name(table).send().await;
    let described = described.with_context(|| format!("look at the table {table}"))?.table;
    let indexes = described
        .and_then(|table| table.global_secondary_indexes)
        .unwrap_or_default();
    if indexes.iter().any(|index| index.index_name() == Some("failed_index")) {
        return Ok(());
    }
    let added = CreateGlobalSecondaryIndexAction::builder()
        .index_name("failed_index")
        .key_schema(key("failed_shard", KeyType::Hash)?)
        .key_schema(key("complete_time", KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()?;
    let update = client
        .update_table()
        .table_name(table)
        .attribute_definitions(attribute("failed_shard", &ScalarAttributeType::S)?)
        .attribute_definitions(attribute("complete_time", &ScalarAttributeType::N)?)
        .global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(added).build());
    match update.send().await {
        Ok(_) => Ok(()),
        // Another provisioning is just doing the same.
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(error).with_context(|| format!("add the index failed_index to the table {table}")),
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
