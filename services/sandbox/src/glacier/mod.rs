//! An emulator of Amazon Glacier's vaults: as strict as the API, as slow as it is told to be. The AWS emulator has none.
//!
//! `cargo dev` runs it as a child process, compose in a container. It keeps what it is given in a folder, verifies
//! signatures and tree hashes, and tells the ends of retrieval jobs by the SNS of the AWS emulator. What of the API GAS
//! and its tests have no use for (inventories, select, locks, tags, policies) it refuses.
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/amazon-glacier-api.html>

mod archives;
mod call;
mod child;
mod emulator;
mod jobs;
mod listing;
mod notifications;
mod output;
mod payload;
mod range;
mod refusal;
mod server;
mod signature;
mod state;
mod switches;
mod uploads;
mod vaults;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use backends::aws::AwsSettings;
use chassis::shutdown;
use clap::Args;
use tokio::net::TcpListener;

pub use child::start;

use self::emulator::Emulator;

/// How to run the emulator.
#[derive(Clone, Args)]
pub struct GlacierSettings {
    /// Address of the API, plain HTTP
    #[arg(long, env = "GAS_GLACIER_LISTEN", default_value = "127.0.0.1:4567")]
    pub listen: SocketAddr,
    /// Folder that keeps vaults, archives and jobs
    #[arg(long, env = "GAS_GLACIER_DATA")]
    pub data: PathBuf,
    /// The one access key that is accepted; notifications are published with it too
    #[arg(long, env = "AWS_ACCESS_KEY_ID", hide_env_values = true)]
    pub access_key_id: String,
    /// Its secret, or file:/path of one
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true, value_parser = backends::settings::secret)]
    pub secret_access_key: String,
    /// The account that owns every vault
    #[arg(long, env = "GAS_GLACIER_ACCOUNT", default_value = "000000000000")]
    pub account: String,
    /// How long an expedited retrieval takes
    #[arg(long, env = "GAS_GLACIER_EXPEDITED_DELAY", default_value = "2s", value_parser = chassis::duration::parse)]
    pub expedited_delay: Duration,
    /// How long a standard retrieval takes
    #[arg(long, env = "GAS_GLACIER_STANDARD_DELAY", default_value = "5s", value_parser = chassis::duration::parse)]
    pub standard_delay: Duration,
    /// How long a bulk retrieval takes
    #[arg(long, env = "GAS_GLACIER_BULK_DELAY", default_value = "8s", value_parser = chassis::duration::parse)]
    pub bulk_delay: Duration,
    /// How long the output of a completed job can be read
    #[arg(long, env = "GAS_GLACIER_JOB_LIFETIME", default_value = "24h", value_parser = chassis::duration::parse)]
    pub job_lifetime: Duration,
    /// Where SNS is.
    #[command(flatten)]
    pub aws: AwsSettings,
}

/// `sandbox glacier`: serves until SIGTERM. Every change is on disk before it is answered, so it may also be killed.
pub async fn run(settings: GlacierSettings) -> Result<()> {
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.with_context(|| format!("listen on {}", settings.listen))?;
    let emulator = Emulator::open(settings).await?;
    let shutdown = shutdown::signal();
    tokio::select! {
        () = server::serve(emulator, listener) => {}
        () = shutdown.requested() => {}
    }
    Ok(())
}
