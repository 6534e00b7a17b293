//! Where archived results are: flags and variables of whoever archives and restores.

use clap::{Args, ValueEnum};

use super::StoreSettings;

/// Where archived results are.
#[derive(Debug, Clone, Args)]
pub struct VaultSettings {
    /// What keeps archived results: a Glacier vault, or S3 objects of the storage class GLACIER
    #[arg(long, env = "GAS_VAULT", default_value = "glacier")]
    pub vault: VaultKind,
    /// Name of the Glacier vault
    #[arg(long, env = "GAS_GLACIER_VAULT", default_value = "gas-archive")]
    pub glacier_vault: String,
    /// Endpoint of a Glacier emulator, for example http://127.0.0.1:4567 (unset in the cloud)
    #[arg(long, env = "GAS_GLACIER_ENDPOINT")]
    pub glacier_endpoint: Option<String>,
    /// SNS topic on which Glacier says that a retrieval job has ended: a name, or an ARN
    #[arg(long, env = "GAS_VAULT_RETRIEVALS_TOPIC", default_value = "vault_retrievals")]
    pub vault_retrievals_topic: String,
    /// S3 bucket of the objects of the storage class GLACIER [default: the bucket of the results]
    #[arg(long, env = "GAS_ARCHIVE_BUCKET")]
    pub archive_bucket: Option<String>,
}

/// The kinds of vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VaultKind {
    /// A vault of Amazon Glacier.
    Glacier,
    /// S3's storage class GLACIER.
    S3,
}

impl VaultKind {
    /// The kind as it is written on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Glacier => "glacier",
            Self::S3 => "s3",
        }
    }
}

impl VaultSettings {
    /// The bucket of the S3 kind.
    #[must_use]
    pub fn archive_bucket<'a>(&'a self, stores: &'a StoreSettings) -> &'a str {
        self.archive_bucket.as_deref().unwrap_or(&stores.results_bucket)
    }
}
