//! The table of jobs with its indexes.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};

/// Makes the table if it is missing.
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
        .key_schema(key("job_id", KeyType::Hash)?)
        .global_secondary_indexes(index("user_id_index", "user_id", "submit_time")?)
        .global_secondary_indexes(index("pending_index", "pending_shard", "submit_time")?)
        .global_secondary_indexes(index("archive_due_index", "archive_shard", "archive_due")?)
        .send()
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(error).with_context(|| format!("make the table {table}")),
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
