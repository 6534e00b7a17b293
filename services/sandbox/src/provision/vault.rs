//! The vault of archived results, of the kind that the settings say.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_glacier::Client;
use aws_sdk_glacier::config::Builder;
use backends::settings::VaultKind;

use super::ProvisionSettings;

/// Makes the vault if it is missing. The bucket of the other kind is one of `ecs/data.yaml`, which has no vault: AWS has
/// no new ones.
///
/// The vault itself tells nobody when a retrieval ends: each request names the topic, and Glacier would tell both.
pub async fn make(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<()> {
    match settings.vault.vault {
        VaultKind::Glacier => make_vault(aws, settings).await,
        VaultKind::S3 => Ok(()),
    }
}

async fn make_vault(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<()> {
    let mut builder = Builder::from(aws);
    if let Some(endpoint) = &settings.vault.glacier_endpoint {
        builder.set_endpoint_url(Some(endpoint.clone()));
    }
    let name = &settings.vault.glacier_vault;
    // A vault that is there stays as it is.
    let request = Client::from_conf(builder.build()).create_vault().vault_name(name);
    let made = request.send().await;
    made.with_context(|| format!("make the vault {name} (AWS has no new ones; GAS_VAULT=s3 needs none)"))?;
    Ok(())
}
