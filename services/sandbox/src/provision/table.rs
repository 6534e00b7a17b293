//! A table with its indexes.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, OnDemandThroughput, PointInTimeRecoverySpecification,
    Projection, ProjectionType, ScalarAttributeType, TableDescription,
};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

/// `AWS::DynamoDB::Table`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Table {
    table_name: String,
    billing_mode: String,
    on_demand_throughput: Throughput,
    deletion_protection_enabled: bool,
    point_in_time_recovery_specification: Recovery,
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<Key>,
    global_secondary_indexes: Vec<Index>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Throughput {
    max_read_request_units: i64,
    max_write_request_units: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Recovery {
    point_in_time_recovery_enabled: bool,
    recovery_period_in_days: i32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Key {
    attribute_name: String,
    key_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Index {
    index_name: String,
    key_schema: Vec<Key>,
    projection: Projected,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Projected {
    projection_type: String,
}

/// How long an index may take to be there before the next one is added.
const PATIENCE: Duration = Duration::from_secs(600);

/// Makes the table if it is missing; one of an earlier version gets the indexes that it lacks, and today's limits.
pub async fn make(aws: &SdkConfig, table: &Table) -> Result<()> {
    let client = Client::new(aws);
    let name = &table.table_name;
    match table.create(&client)?.send().await {
        Ok(_) => {}
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => {
            add_missing_indexes(&client, table).await?;
            bring_up_to_date(&client, table).await?;
        }
        Err(error) => return Err(error).with_context(|| format!("make the table {name}")),
    }
    let kept = table.point_in_time_recovery_specification.to_sdk()?;
    let request = client.update_continuous_backups().table_name(name);
    let kept = request.point_in_time_recovery_specification(kept).send().await;
    kept.with_context(|| format!("let the table {name} be recovered"))?;
    Ok(())
}

impl Table {
    fn create(
        &self,
        client: &Client,
    ) -> Result<aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder> {
        let indexes = self.global_secondary_indexes.iter().map(Index::to_sdk);
        Ok(client
            .create_table()
            .table_name(&self.table_name)
            .billing_mode(BillingMode::from(self.billing_mode.as_str()))
            .on_demand_throughput(self.on_demand_throughput.to_sdk())
            .deletion_protection_enabled(self.deletion_protection_enabled)
            .set_attribute_definitions(Some(self.attributes()?))
            .set_key_schema(Some(keys(&self.key_schema)?))
            .set_global_secondary_indexes(Some(indexes.collect::<Result<_>>()?)))
    }

    fn attributes(&self) -> Result<Vec<AttributeDefinition>> {
        let sdk = |attribute: &Attribute| {
            let definition = AttributeDefinition::builder().attribute_name(&attribute.attribute_name);
            let kind = ScalarAttributeType::from(attribute.attribute_type.as_str());
            Ok(definition.attribute_type(kind).build()?)
        };
        self.attribute_definitions.iter().map(sdk).collect()
    }

    /// The attributes of an index: a request to add it may name no others.
    fn attributes_of(&self, index: &Index) -> Result<Vec<AttributeDefinition>> {
        let is_of = |attribute: &AttributeDefinition| {
            let mut keys = index.key_schema.iter();
            keys.any(|key| key.attribute_name == attribute.attribute_name())
        };
        Ok(self.attributes()?.into_iter().filter(is_of).collect())
    }
}

/// Adds the indexes that tables of earlier versions lack, one after the other, as DynamoDB wants it. It fills them by
/// itself, in the background.
async fn add_missing_indexes(client: &Client, table: &Table) -> Result<()> {
    for index in &table.global_secondary_indexes {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(client, table, index).await? && !add(client, table, index).await? {
            let (table, name) = (&table.table_name, &index.index_name);
            ensure!(Instant::now() < deadline, "the table {table} takes no index {name}");
            sleep(Duration::from_secs(1)).await;
        }
    }
    Ok(())
}

async fn describe(client: &Client, name: &str) -> Result<TableDescription> {
    let described = client.describe_table().table_name(name).send().await;
    let described = described.with_context(|| format!("look at the table {name}"))?.table;
    described.with_context(|| format!("the table {name} is not described"))
}

async fn is_there(client: &Client, table: &Table, index: &Index) -> Result<bool> {
    let described = describe(client, &table.table_name).await?;
    let indexes = described.global_secondary_indexes();
    let Some(found) = indexes
        .iter()
        .find(|found| found.index_name() == Some(&index.index_name))
    else {
        return Ok(false);
    };
    ensure!(
        found.key_schema() == keys(&index.key_schema)?,
        "the index {} of the table {} has another key than ecs/data.yaml says, and DynamoDB does not change keys: \
         delete the index, it is made anew",
        index.index_name,
        table.table_name
    );
    Ok(true)
}

/// `false` while another index is being added, by us or by another provisioning.
async fn add(client: &Client, table: &Table, index: &Index) -> Result<bool> {
    let added = CreateGlobalSecondaryIndexAction::builder()
        .index_name(&index.index_name)
        .set_key_schema(Some(keys(&index.key_schema)?))
        .projection(index.projection())
        .build()?;
    let update = client
        .update_table()
        .table_name(&table.table_name)
        .set_attribute_definitions(Some(table.attributes_of(index)?))
        .global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(added).build());
    match update.send().await {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(false),
        Err(SdkError::ServiceError(e)) if e.err().is_limit_exceeded_exception() => Ok(false),
        Err(error) => {
            let (table, name) = (&table.table_name, &index.index_name);
            Err(error).with_context(|| format!("add the index {name} to the table {table}"))
        }
    }
}

/// DynamoDB refuses to change a table into what it is, so it is asked only for what differs.
async fn bring_up_to_date(client: &Client, table: &Table) -> Result<()> {
    let name = &table.table_name;
    let described = describe(client, name).await?;
    ensure!(
        described.key_schema() == keys(&table.key_schema)?,
        "the table {name} has another key than ecs/data.yaml says, and DynamoDB does not change keys"
    );
    let throughput = table.on_demand_throughput.to_sdk();
    if described.on_demand_throughput() != Some(&throughput) {
        let update = client.update_table().table_name(name).on_demand_throughput(throughput);
        update
            .send()
            .await
            .with_context(|| format!("limit the requests of the table {name}"))?;
    }
    let is_protected = table.deletion_protection_enabled;
    if described.deletion_protection_enabled() != Some(is_protected) {
        let update = client
            .update_table()
            .table_name(name)
            .deletion_protection_enabled(is_protected);
        update
            .send()
            .await
            .with_context(|| format!("protect the table {name}"))?;
    }
    Ok(())
}

impl Throughput {
    fn to_sdk(&self) -> OnDemandThroughput {
        let throughput = OnDemandThroughput::builder().max_read_request_units(self.max_read_request_units);
        throughput.max_write_request_units(self.max_write_request_units).build()
    }
}

impl Recovery {
    fn to_sdk(&self) -> Result<PointInTimeRecoverySpecification> {
        let recovery = PointInTimeRecoverySpecification::builder();
        let recovery = recovery.point_in_time_recovery_enabled(self.point_in_time_recovery_enabled);
        Ok(recovery.recovery_period_in_days(self.recovery_period_in_days).build()?)
    }
}

impl Index {
    fn to_sdk(&self) -> Result<GlobalSecondaryIndex> {
        let index = GlobalSecondaryIndex::builder().index_name(&self.index_name);
        let index = index.set_key_schema(Some(keys(&self.key_schema)?));
        Ok(index.projection(self.projection()).build()?)
    }

    fn projection(&self) -> Projection {
        let kind = ProjectionType::from(self.projection.projection_type.as_str());
        Projection::builder().projection_type(kind).build()
    }
}

fn keys(schema: &[Key]) -> Result<Vec<KeySchemaElement>> {
    let sdk = |key: &Key| {
        let element = KeySchemaElement::builder().attribute_name(&key.attribute_name);
        Ok(element.key_type(KeyType::from(key.key_type.as_str())).build()?)
    };
    schema.iter().map(sdk).collect()
}
