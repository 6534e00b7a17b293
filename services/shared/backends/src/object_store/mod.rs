//! The object store (S3): inputs that people upload, results and logs that annotators write.

mod erase;
mod input;
mod parts;
mod presigned;
mod range;
mod upload;
mod upload_form;
mod uploaded;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, SharedCredentialsProvider};

use crate::calls::Calls;
use crate::settings::{AwsSettings, StoreSettings};

pub use erase::ErasedObjects;
pub use input::Input;
pub use parts::{PutTogether, SignedPart, Unfinished, UploadedPart};
pub use presigned::attachment;
pub use range::Part;
pub use upload::{BINARY, PART_SIZE, TEXT};
pub use upload_form::{FormField, SETTINGS_FIELDS, UploadForm, settings_fields};

/// The two buckets, as services and as browsers reach them.
#[derive(Debug, Clone)]
pub struct ObjectStore {
    client: Client,
    /// Signs URLs for the endpoint that browsers reach, which may differ from ours.
    public: Client,
    public_endpoint: String,
    credentials: Option<SharedCredentialsProvider>,
    region: String,
    inputs_bucket: String,
    results_bucket: String,
}

impl ObjectStore {
    /// A client of both buckets.
    #[must_use]
    pub fn new(config: &SdkConfig, aws: &AwsSettings, stores: &StoreSettings) -> Self {
        let public_endpoint = aws.s3_public_endpoint.clone().or_else(|| aws.endpoint.clone());
        // Emulators have no wildcard DNS, so their buckets are addressed by path.
        let client = |endpoint: Option<&String>| {
            let mut builder = Builder::from(config)
                .force_path_style(endpoint.is_some())
                .interceptor(Calls);
            builder.set_endpoint_url(endpoint.cloned());
            Client::from_conf(builder.build())
        };
        let bucket_url = match &public_endpoint {
            Some(endpoint) => format!("{}/{}", endpoint.trim_end_matches('/'), stores.inputs_bucket),
            None => format!("https://{}.s3.{}.amazonaws.com", stores.inputs_bucket, aws.region),
        };
        Self {
            client: client(aws.endpoint.as_ref()),
            public: client(public_endpoint.as_ref()),
            public_endpoint: bucket_url,
            credentials: config.credentials_provider(),
            region: aws.region.clone(),
            inputs_bucket: stores.inputs_bucket.clone(),
            results_bucket: stores.results_bucket.clone(),
        }
    }

    /// The bucket that uploads go to.
    #[must_use]
    pub fn inputs_bucket(&self) -> &str {
        &self.inputs_bucket
    }

    /// The scheme, host and port that browsers upload to, for the Content-Security-Policy.
    #[must_use]
    pub fn upload_origin(&self) -> String {
        let after_scheme = self.public_endpoint.find("://").map_or(0, |at| at + 3);
        let path = self.public_endpoint[after_scheme..]
            .find('/')
            .map(|at| after_scheme + at);
        self.public_endpoint[..path.unwrap_or(self.public_endpoint.len())].to_owned()
    }
}
