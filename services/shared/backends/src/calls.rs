//! Which calls of AWS are made, in the log at trace level (`GAS_LOG=info,backends::calls=trace`): what a service does is
//! held against what its role may.
//!
//! A line says service, operation and resource, and nothing of what is sent: `Called S3 GetObject on host/bucket/key`.

use aws_sdk_sqs::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_sqs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sqs::error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use serde_json::Value;
use tracing::{Level, enabled, trace};

/// Every client of an SDK is made with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calls;

/// What one call is about.
#[derive(Debug)]
struct Call(String);

impl Storable for Call {
    type Storer = StoreReplace<Self>;
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "Calls"
    }

    /// After signing, since a request that is signed for a browser comes no further.
    fn read_after_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if !enabled!(Level::TRACE) {
            return Ok(());
        }
        if let Some(metadata) = config.load::<Metadata>() {
            let (service, operation) = (metadata.service(), metadata.name());
            let call = format!("{service} {operation} on {}", resource(service, context.request()));
            trace!("Called {call}");
            config.interceptor_state().store_put(Call(call));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let (Some(Call(call)), Err(error)) = (config.load::<Call>(), context.output_or_error()) {
            let status = context.response().status().as_u16();
            trace!("Answered {status} to {call}: {error:?}");
        }
        Ok(())
    }
}

/// Tells of a signature by which a browser calls, where no SDK makes it.
pub(crate) fn signed(service: &str, operation: &str, url: &str) {
    trace!("Called {service} {operation} on {}", address(url));
}

/// Where a request goes, without what is signed or sent.
fn resource(service: &str, request: &HttpRequest) -> String {
    let body = request.body().bytes().unwrap_or_default();
    match service {
        "DynamoDB" => table(body),
        "SQS" => text(body, &["QueueUrl", "QueueName"]),
        "SNS" => topic(body),
        _ => address(request.uri()),
    }
}

/// Host and path; a version of an object is asked for by another right than the object.
fn address(uri: &str) -> String {
    let uri = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (address, query) = uri.split_once('?').unwrap_or((uri, ""));
    let of_version = query.split('&').any(|parameter| parameter.starts_with("versionId="));
    format!("{address}{}", if of_version { " of a version" } else { "" })
}

fn table(body: &[u8]) -> String {
    if let Some(tables) = batch(body).or_else(|| transaction(body)) {
        return tables;
    }
    match (text(body, &["TableName"]), text(body, &["IndexName"])) {
        (table, index) if index.is_empty() => table,
        (table, index) => format!("{table}/index/{index}"),
    }
}

/// The tables of a request for many rows.
fn batch(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let tables: Vec<&str> = body["RequestItems"].as_object()?.keys().map(String::as_str).collect();
    Some(tables.join(" "))
}

/// What a transaction does to which table: `Put=annotations,Update=turns`.
fn transaction(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let part = |item: &Value| {
        let (does, of) = item.as_object()?.iter().next()?;
        Some(format!("{does}={}", of["TableName"].as_str()?))
    };
    let parts: Option<Vec<String>> = body["TransactItems"].as_array()?.iter().map(part).collect();
    Some(parts?.join(","))
}

fn text(body: &[u8], names: &[&str]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let found = names.iter().find_map(|name| body[*name].as_str());
    found.unwrap_or_default().to_owned()
}

fn topic(body: &[u8]) -> String {
    let topic = form_urlencoded::parse(body).find(|(name, _)| name == "TopicArn");
    topic.map(|(_, arn)| arn.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_neither_signature_nor_version() {
        let presigned = "https://gas-results.s3.amazonaws.com/a/b.vcf?versionId=v1&X-Amz-Signature=secret";
        assert_eq!(address(presigned), "gas-results.s3.amazonaws.com/a/b.vcf of a version");
        assert_eq!(
            address("http://127.0.0.1:4566/gas-inputs/a"),
            "127.0.0.1:4566/gas-inputs/a"
        );
    }

    #[test]
    fn a_body_tells_which_table_index_queue_or_topic() {
        let query = br#"{"TableName":"annotations","IndexName":"user_id_index","Key":{"S":"private"}}"#;
        assert_eq!(table(query), "annotations/index/user_id_index");
        assert_eq!(table(br#"{"TableName":"annotations"}"#), "annotations");
        let rows = br#"{"RequestItems":{"annotations":{"Keys":[{"job_id":{"S":"private"}}]}}}"#;
        assert_eq!(table(rows), "annotations");
        let both =
            br#"{"TransactItems":[{"Put":{"TableName":"annotations"}},{"Update":{"Key":{},"TableName":"turns"}}]}"#;
        assert_eq!(table(both), "Put=annotations,Update=turns");
        let receive = br#"{"QueueUrl":"http://127.0.0.1:4566/000000000000/notices"}"#;
        assert_eq!(
            text(receive, &["QueueUrl", "QueueName"]),
            "http://127.0.0.1:4566/000000000000/notices"
        );
        let publish = b"Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Anotices&Message=private";
        assert_eq!(topic(publish), "arn:aws:sns:us-east-1:000000000000:notices");
    }
}
