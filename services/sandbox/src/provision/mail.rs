//! The sender of our e-mails, whom SES must know.

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::SdkError;

/// Asks SES to verify the address in `Name <address>`; AWS then sends it a mail, an emulator believes us.
pub async fn verify_sender(aws: &SdkConfig, sender: &str) -> Result<()> {
    let address = sender
        .split_once('<')
        .map_or(sender, |(_, rest)| rest.trim_end_matches('>'))
        .trim();
    match Client::new(aws)
        .create_email_identity()
        .email_identity(address)
        .send()
        .await
    {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e)) if e.err().is_already_exists_exception() => Ok(()),
        Err(error) => Err(error).with_context(|| format!("verify the sender {address}")),
    }
}
