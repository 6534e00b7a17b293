//! A bucket's lifecycle: what S3 clears away by itself, and when.

use anyhow::{Result, bail};
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule,
    LifecycleRuleFilter, NoncurrentVersionExpiration, Tag,
};
use serde::Deserialize;

/// `LifecycleConfiguration` of an `AWS::S3::Bucket`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Lifecycle {
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rule {
    id: String,
    status: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    tag_filters: Vec<TagFilter>,
    abort_incomplete_multipart_upload: Option<Abort>,
    expiration_in_days: Option<i32>,
    noncurrent_version_expiration: Option<Noncurrent>,
    expired_object_delete_marker: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TagFilter {
    key: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Abort {
    days_after_initiation: i32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Noncurrent {
    noncurrent_days: i32,
}

impl Lifecycle {
    /// The same in the SDK's words.
    pub fn to_sdk(&self) -> Result<BucketLifecycleConfiguration> {
        let rules = self.rules.iter().map(Rule::to_sdk).collect::<Result<_>>()?;
        Ok(BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build()?)
    }
}

impl Rule {
    fn to_sdk(&self) -> Result<LifecycleRule> {
        let abort = self.abort_incomplete_multipart_upload.as_ref().map(|after| {
            let abort = AbortIncompleteMultipartUpload::builder();
            abort.days_after_initiation(after.days_after_initiation).build()
        });
        let noncurrent = self.noncurrent_version_expiration.as_ref().map(|after| {
            let expiration = NoncurrentVersionExpiration::builder();
            expiration.noncurrent_days(after.noncurrent_days).build()
        });
        Ok(LifecycleRule::builder()
            .id(&self.id)
            .status(ExpirationStatus::from(self.status.as_str()))
            .filter(self.filter()?)
            .set_abort_incomplete_multipart_upload(abort)
            .set_expiration(self.expiration())
            .set_noncurrent_version_expiration(noncurrent)
            .build()?)
    }

    fn filter(&self) -> Result<LifecycleRuleFilter> {
        let filter = LifecycleRuleFilter::builder();
        match (self.prefix.as_str(), self.tag_filters.as_slice()) {
            (prefix, []) => Ok(filter.prefix(prefix).build()),
            ("", [TagFilter { key, value }]) => Ok(filter.tag(Tag::builder().key(key).value(value).build()?).build()),
            _ => bail!(
                "the sandbox does not know a rule with several filters, such as {}",
                self.id
            ),
        }
    }

    fn expiration(&self) -> Option<LifecycleExpiration> {
        if self.expiration_in_days.is_none() && self.expired_object_delete_marker.is_none() {
            return None;
        }
        let expiration = LifecycleExpiration::builder().set_days(self.expiration_in_days);
        Some(
            expiration
                .set_expired_object_delete_marker(self.expired_object_delete_marker)
                .build(),
        )
    }
}
