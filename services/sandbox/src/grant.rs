//! `sandbox grant USER ROLE`: gives a role in a `cargo dev` that runs.

use std::path::PathBuf;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::settings::DatabaseSettings;
use clap::Args;
use web::Grant;

use crate::aws::{aws_settings, with_keys};
use crate::progress::line;
use crate::running;

/// Who gets which role, and in which system.
#[derive(Debug, Args)]
pub struct GrantArgs {
    #[command(flatten)]
    grant: Grant,
    /// File of the running system's addresses [default: sandbox/endpoints.json in the target folder]
    #[arg(long)]
    endpoints: Option<PathBuf>,
}

/// Gives the role and says what has changed.
pub async fn run(args: GrantArgs) -> Result<()> {
    let endpoints = running::endpoints(args.endpoints)?;
    let accounts = Accounts::connect(&DatabaseSettings::at(endpoints.postgres))?;
    let (id, secret) = (&endpoints.aws_access_key_id, &endpoints.aws_secret_access_key);
    let aws = with_keys(&aws_settings(&endpoints.aws), id, secret).await;
    line(args.grant.give(&accounts, &aws, "plan_changes").await?);
    Ok(())
}
