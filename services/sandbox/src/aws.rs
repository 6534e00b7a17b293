//! The emulators of AWS, as our own clients reach them: settings and keys.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use backends::aws::AwsSettings;
use backends::settings::{VaultKind, VaultSettings};

/// Where the emulators say they are.
pub(crate) const REGION: &str = "us-east-1";

/// The emulator, as services and tests reach it.
pub(crate) fn aws_settings(endpoint: &str) -> AwsSettings {
    AwsSettings {
        region: REGION.to_owned(),
        endpoint: Some(endpoint.to_owned()),
        s3_public_endpoint: None,
    }
}

/// The vault that the services have by default.
pub(crate) fn vault_settings(vault: VaultKind, endpoint: &str) -> VaultSettings {
    VaultSettings {
        vault,
        glacier_vault: "gas-archive".to_owned(),
        glacier_endpoint: Some(endpoint.to_owned()),
        vault_retrievals_topic: "vault_retrievals".to_owned(),
        archive_bucket: None,
    }
}

/// A configuration with these keys instead of the environment's.
pub(crate) async fn with_keys(settings: &AwsSettings, id: &str, secret: &str) -> SdkConfig {
    let keys = SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "sandbox"));
    backends::aws::connect(settings)
        .await
        .into_builder()
        .credentials_provider(keys)
        .build()
}
