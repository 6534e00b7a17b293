//! Uploads: a form that lets one browser put one object of a limited size straight into the inputs bucket.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html>

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::JobSettings;
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::ObjectStore;
use crate::calls;

/// A form to render: where it goes and what it carries besides the file.
#[derive(Debug, Clone, Serialize)]
pub struct UploadForm {
    /// The form's `action`.
    pub action: String,
    /// Hidden fields; the file must be the last field of all and is called `file`.
    pub fields: Vec<FormField>,
}

/// One hidden field of a form.
#[derive(Debug, Clone, Serialize)]
pub struct FormField {
    /// The field's `name`.
    pub name: &'static str,
    /// The field's `value`.
    pub value: String,
}

/// The fields of the form by which the owner chooses the settings, in the order of [`domain::JobSettings::NAMES`]. An upload
/// has each of them: S3 refuses one that lacks a field of its policy.
pub const SETTINGS_FIELDS: [&str; 7] = [
    "x-amz-meta-reference",
    "x-amz-meta-form",
    "x-amz-meta-fields",
    "x-amz-meta-entries",
    "x-amz-meta-haplotypes",
    "x-amz-meta-transcripts",
    "x-amz-meta-tracks",
];

/// The tag of what was uploaded and is not submitted yet. A rule of the bucket deletes what keeps it for days.
const NO_JOB: &str = "<Tagging><TagSet><Tag><Key>job</Key><Value>none</Value></Tag></TagSet></Tagging>";

/// Each of these fields with the word that says what was chosen.
#[must_use]
pub fn settings_fields(settings: JobSettings) -> Vec<(&'static str, String)> {
    SETTINGS_FIELDS.into_iter().zip(settings.words()).collect()
}

/// What the browser is to do after the upload.
enum Success {
    Redirect(String),
    Created,
}

impl ObjectStore {
    /// A form whose upload S3 answers with a redirect to `then`, which gets `bucket`, `key` and `etag` as a query.
    pub async fn upload_form(&self, key: &str, limit: u64, valid: Duration, then: &str) -> Result<UploadForm> {
        self.sign_form(key, limit, valid, Success::Redirect(then.to_owned()))
            .await
    }

    /// A form for a script: S3 answers the upload with 201 and an XML document that names bucket, key and ETag.
    pub async fn upload_form_for_script(&self, key: &str, limit: u64, valid: Duration) -> Result<UploadForm> {
        self.sign_form(key, limit, valid, Success::Created).await
    }

    async fn sign_form(&self, key: &str, limit: u64, valid: Duration, success: Success) -> Result<UploadForm> {
        let provider = self
            .credentials
            .as_ref()
            .context("there are no AWS credentials to sign an upload with")?;
        let credentials = provider.provide_credentials().await.context("get AWS credentials")?;
        calls::signed("S3", "PostObject", &format!("{}/{key}", self.public_endpoint));
        let now = SystemTime::now();
        let mut fields = self.signed_fields(key, success, &credentials, now)?;
        let policy = BASE64_STANDARD.encode(self.policy(&fields, limit, now + valid)?.to_string());
        let signing_key = generate_signing_key(credentials.secret_access_key(), now, &self.region, "s3");
        let signature = calculate_signature(signing_key, policy.as_bytes());
        fields.push(FormField {
            name: "policy",
            value: policy,
        });
        fields.push(FormField {
            name: "x-amz-signature",
            value: signature,
        });
        Ok(UploadForm {
            action: self.public_endpoint.clone(),
            fields,
        })
    }

    /// Every field whose value the policy fixes. S3 replaces `${filename}` by the name of the browser's file in any field.
    fn signed_fields(&self, key: &str, success: Success, by: &Credentials, now: SystemTime) -> Result<Vec<FormField>> {
        let now = OffsetDateTime::from(now);
        let date = now.format(format_description!("[year][month][day]"))?;
        let instant = now.format(format_description!("[year][month][day]T[hour][minute][second]Z"))?;
        let field = |name, value| FormField { name, value };
        let mut fields = vec![
            field("key", key.to_owned()),
            field("x-amz-meta-file-name", "${filename}".to_owned()),
            field("tagging", NO_JOB.to_owned()),
            field("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            field(
                "x-amz-credential",
                format!("{}/{date}/{}/s3/aws4_request", by.access_key_id(), self.region),
            ),
            field("x-amz-date", instant),
        ];
        if let Some(token) = by.session_token() {
            fields.push(field("x-amz-security-token", token.to_owned()));
        }
        fields.push(match success {
            Success::Redirect(url) => field("success_action_redirect", url),
            Success::Created => field("success_action_status", "201".to_owned()),
        });
        Ok(fields)
    }

    fn policy(&self, fields: &[FormField], limit: u64, expires: SystemTime) -> Result<Value> {
        let expiry = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
        let mut conditions = vec![
            json!({ "bucket": self.inputs_bucket }),
            json!(["content-length-range", 1, limit]),
        ];
        // The owner chooses them on the page; whatever arrives is read as one of a few words.
        let chosen = SETTINGS_FIELDS.map(|field| json!(["starts-with", format!("${field}"), ""]));
        conditions.extend(chosen);
        conditions.extend(fields.iter().map(|field| match field.name {
            "x-amz-meta-file-name" => json!(["starts-with", "$x-amz-meta-file-name", ""]),
            name => json!({ name: field.value }),
        }));
        Ok(json!({ "expiration": OffsetDateTime::from(expires).format(expiry)?, "conditions": conditions }))
    }
}
