//! Several conditional writes that happen together or not at all.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder};
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem, Update};
use tokio::time::sleep;

use super::Jobs;

/// How often a transaction begins anew that met another one, and the first pause before that; each is twice as long.
const MOST_CONFLICTS: u32 = 8;
const PAUSE: Duration = Duration::from_millis(10);

/// What is to be written, in this order, at most a hundred items.
#[derive(Debug, Default)]
pub(super) struct Transaction(Vec<TransactWriteItem>);

/// What came of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Everything is written.
    All,
    /// Nothing is: the condition of the item of this number, counted from 0, did not hold.
    NotThe(usize),
}

impl Transaction {
    pub(super) fn put(self, item: PutBuilder) -> Result<Self> {
        Ok(self.with(TransactWriteItem::builder().put(item.build()?).build()))
    }

    pub(super) fn delete(self, item: DeleteBuilder) -> Result<Self> {
        Ok(self.with(TransactWriteItem::builder().delete(item.build()?).build()))
    }

    /// An update as it would be sent by itself.
    pub(super) fn update(self, alone: &UpdateItemFluentBuilder) -> Result<Self> {
        let update = Update::builder()
            .set_table_name(alone.get_table_name().clone())
            .set_key(alone.get_key().clone())
            .set_update_expression(alone.get_update_expression().clone())
            .set_condition_expression(alone.get_condition_expression().clone())
            .set_expression_attribute_names(alone.get_expression_attribute_names().clone())
            .set_expression_attribute_values(alone.get_expression_attribute_values().clone());
        Ok(self.with(TransactWriteItem::builder().update(update.build()?).build()))
    }

    fn with(mut self, item: TransactWriteItem) -> Self {
        self.0.push(item);
        self
    }
}

impl Jobs {
    /// Writes everything or nothing. One that meets another transaction at the same item begins anew.
    pub(super) async fn commit(&self, transaction: Transaction, what: &str) -> Result<Written> {
        for conflicts in 0..MOST_CONFLICTS {
            let request = self.client.transact_write_items();
            let error = match request.set_transact_items(Some(transaction.0.clone())).send().await {
                Ok(_) => return Ok(Written::All),
                Err(error) => error,
            };
            match cancelled(&error) {
                Some(reasons) if has(reasons, "TransactionConflict") => sleep(PAUSE * (1 << conflicts)).await,
                Some(reasons) => match failed_condition(reasons) {
                    Some(number) => return Ok(Written::NotThe(number)),
                    None => return Err(error).with_context(|| what.to_owned()),
                },
                None => return Err(error).with_context(|| what.to_owned()),
            }
        }
        bail!("{what}: others write the same all the time")
    }
}

type Error = SdkError<aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError>;

fn cancelled(error: &Error) -> Option<&[CancellationReason]> {
    use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException as Cancelled;
    match error.as_service_error()? {
        Cancelled(cancelled) => Some(cancelled.cancellation_reasons()),
        _ => None,
    }
}

/// The number of the first item whose condition did not hold.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
fn failed_condition(reasons: &[CancellationReason]) -> Option<usize> {
    reasons
        .iter()
        .position(|reason| reason.code() == Some("ConditionalCheckFailed"))
}

fn has(reasons: &[CancellationReason], code: &str) -> bool {
    reasons.iter().any(|reason| reason.code() == Some(code))
}
