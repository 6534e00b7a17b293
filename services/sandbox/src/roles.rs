//! Services with rights of their own, for tests: a program that knows the roles of production gives each its credentials.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::aws::REGION;
use crate::plan::Plan;
use crate::services::ServicePlan;

/// What the program prints: variables by service.
type Variables = BTreeMap<String, BTreeMap<String, String>>;

/// Runs the program with the right to everything, and gives the services what it says.
pub async fn hand_out(program: &Path, plan: &Plan, services: &mut [ServicePlan]) -> Result<()> {
    let ran = Command::new(program)
        .env("AWS_ENDPOINT_URL", plan.aws_url())
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", &plan.secrets.aws_access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &plan.secrets.aws_secret_access_key)
        .stdin(Stdio::null())
        .output()
        .await;
    let ran = ran.with_context(|| format!("run {}", program.display()))?;
    ensure!(
        ran.status.success(),
        "{} ended with {}: {}",
        program.display(),
        ran.status,
        String::from_utf8_lossy(&ran.stderr)
    );
    let printed: Variables = serde_json::from_slice(&ran.stdout).context("read the variables of the services")?;
    for service in services {
        let variables = printed.get(service.name.as_str()).into_iter().flatten();
        // What comes later wins.
        service
            .variables
            .extend(variables.map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(())
}
