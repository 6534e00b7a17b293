//! Every setting of the annotator: a flag, a variable, a default.

use std::time::Duration;

use backends::settings::{AwsSettings, StoreSettings, TurnSettings};
use chassis::admin::AdminSettings;
use chassis::input_limits::InputLimitSettings;
use chassis::protection::ProtectionSettings;
use chassis::retention::RetentionSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

use crate::reference_objects::ReferenceObject;
use crate::references::{ReferenceSettings, Served};

/// Settings of `annotator serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// SQS queue of the requested jobs: a name or a URL
    #[arg(long, env = "GAS_JOB_REQUESTS_QUEUE", default_value = "job_requests")]
    pub job_requests_queue: String,
    /// SNS topic on which lost requests are repeated: a name or an ARN
    #[arg(long, env = "GAS_JOB_REQUESTS_TOPIC", default_value = "job_requests")]
    pub job_requests_topic: String,
    /// SNS topic on which ended jobs are announced: a name or an ARN
    #[arg(long, env = "GAS_JOB_RESULTS_TOPIC", default_value = "job_results")]
    pub job_results_topic: String,
    /// Jobs annotated at once
    #[arg(long, env = "GAS_ANNOTATOR_CONCURRENCY", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
    /// How long a job stays ours without a sign of life, by the measure of the others; then it begins anew with another
    #[arg(long, env = "GAS_LEASE", default_value = "12s", value_parser = chassis::duration::parse)]
    pub lease: Duration,
    /// How long a job may wait before its request counts as lost
    #[arg(long, env = "GAS_SWEEP_AFTER", default_value = "60s", value_parser = chassis::duration::parse)]
    pub sweep_after: Duration,
    /// How often lost requests are looked for
    #[arg(long, env = "GAS_SWEEP_INTERVAL", default_value = "30s", value_parser = chassis::duration::parse)]
    pub sweep_interval: Duration,
    /// How long free users have results.
    #[command(flatten)]
    pub retention: RetentionSettings,
    /// How large an input each plan takes.
    #[command(flatten)]
    pub input_limits: InputLimitSettings,
    /// Where references are.
    #[command(flatten)]
    pub references: ReferenceSettings,
    /// References to fetch from S3 at start, once each: NAME=s3://bucket/key#sha256-of-the-file, separated by commas
    #[arg(long, env = "GAS_REFERENCE_OBJECTS", value_delimiter = ',')]
    pub reference_objects: Vec<ReferenceObject>,
    /// Also use scores that are free for non-commercial use only, such as those of CADD, SpliceAI or REVEL, where references have
    /// them; without this they are left out
    #[arg(long, env = "GAS_NON_COMMERCIAL_TRACKS", value_parser = clap::builder::BoolishValueParser::new(), default_value_t = false)]
    pub non_commercial_tracks: bool,
    /// What protects the task while there is work.
    #[command(flatten)]
    pub protection: ProtectionSettings,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
    /// What the stores are called.
    #[command(flatten)]
    pub stores: StoreSettings,
    /// How many of a person's jobs may be requested or running at once.
    #[command(flatten)]
    pub turns: TurnSettings,
    /// Where health and metrics answer.
    #[command(flatten)]
    pub admin: AdminSettings,
    /// How to log.
    #[command(flatten)]
    pub telemetry: TelemetrySettings,
}

impl Settings {
    /// The references that the service has.
    #[must_use]
    pub fn served(&self) -> Served {
        Served {
            folder: self.references.folder(),
            non_commercial: self.non_commercial_tracks,
        }
    }
}
