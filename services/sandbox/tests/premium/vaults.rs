//! The vault of the sandbox, as a test reaches it: to play an archiver that dies, to look, and to make it misbehave.

use backends::settings::{StoreSettings, VaultKind, VaultSettings};
use backends::vault::{Archive, GlacierVault, S3ClassVault, Tier, Vault, VaultError};
use domain::JobId;
use futures_util::stream;
use serde_json::Value;

use crate::{eventually, sandbox, vault_kind};

/// A vault of either kind.
pub enum AnyVault {
    Glacier(GlacierVault),
    S3(S3ClassVault),
}

pub fn stores() -> StoreSettings {
    StoreSettings {
        inputs_bucket: "gas-inputs".into(),
        results_bucket: "gas-results".into(),
        annotations_table: "annotations".into(),
        turns_table: "turns".into(),
    }
}

impl AnyVault {
    /// Asked again while it answers with errors, as it does for a test at its side.
    pub async fn of_sandbox() -> Self {
        let sandbox = sandbox().await;
        let settings = VaultSettings {
            vault: vault_kind(),
            glacier_vault: "gas-archive".into(),
            glacier_endpoint: sandbox.endpoints().glacier.clone(),
            vault_retrievals_topic: "vault_retrievals".into(),
            archive_bucket: Some("gas-archive".into()),
        };
        let aws = sandbox.aws_config().await;
        match vault_kind() {
            VaultKind::Glacier => {
                let connect = || async { GlacierVault::connect(&aws, &settings).await.ok() };
                Self::Glacier(eventually("the vault", connect).await)
            }
            VaultKind::S3 => {
                let vault = S3ClassVault::connect(&aws, &sandbox.aws_settings(), &stores(), &settings).await;
                Self::S3(vault.unwrap())
            }
        }
    }

    /// An upload that has begun.
    pub async fn begin(&self, job: JobId, size: u64) -> String {
        let begun = || async {
            match self {
                Self::Glacier(vault) => vault.begin(job, size).await.ok(),
                Self::S3(vault) => vault.begin(job, size).await.ok(),
            }
        };
        eventually("the vault to begin an upload", begun).await
    }

    /// What becomes of an upload with this content.
    pub async fn store(&self, upload: &str, content: &[u8]) -> Archive {
        let size = content.len() as u64;
        let stored = || async {
            let content = stream::iter([Ok(content.to_vec().into())]);
            match self {
                Self::Glacier(vault) => vault.store(upload, size, content).await.ok(),
                Self::S3(vault) => vault.store(upload, size, content).await.ok(),
            }
        };
        eventually("the vault to take an archive", stored).await
    }

    pub async fn request(&self, job: JobId, archive: &str) -> Result<String, VaultError> {
        match self {
            Self::Glacier(vault) => vault.request(archive, job, Tier::Expedited).await,
            Self::S3(vault) => vault.request(archive, job, Tier::Expedited).await,
        }
    }

    /// Whether the vault has the archive: another retrieval of it can be asked for.
    pub async fn has(&self, job: JobId, archive: &str) -> bool {
        let known = || async {
            match self.request(job, archive).await {
                Ok(_) => Some(true),
                Err(VaultError::NotFound) => Some(false),
                Err(_) => None,
            }
        };
        eventually("the vault to know", known).await
    }
}

/// Makes the Glacier emulator misbehave for the archives and retrievals of one job.
pub async fn switch(job: JobId, switches: Value) {
    let glacier = sandbox().await.endpoints().glacier.clone().unwrap();
    put(&format!("{glacier}/_emulator/switches/{job}"), switches).await;
}

/// Makes the Glacier emulator misbehave for everything.
pub async fn switch_all(switches: Value) {
    let glacier = sandbox().await.endpoints().glacier.clone().unwrap();
    put(&format!("{glacier}/_emulator/switches"), switches).await;
}

async fn put(address: &str, switches: Value) {
    let put = reqwest::Client::new().put(address).json(&switches);
    let answer = put.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}
