//! The containers of a composed system, as its tests reach them. Compose's own variables say which system it is
//! (`COMPOSE_PROJECT_NAME`, `COMPOSE_FILE`).

use std::process::Command;

use anyhow::{Context, Result, bail};

/// The processes, as this host sees them, of a service's containers; those that are being started again have none.
pub fn pids(service: &str) -> Result<Vec<u32>> {
    let containers = compose(&["ps", "--quiet", service])?;
    let containers: Vec<&str> = containers.lines().collect();
    let arguments = [&["inspect", "--format", "{{.State.Pid}}"], containers.as_slice()].concat();
    let pids = docker(&arguments)?;
    let pids = pids.lines().map(|line| line.trim().parse::<u32>());
    let pids = pids
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("find the processes of {service}"))?;
    Ok(pids.into_iter().filter(|pid| *pid != 0).collect())
}

/// Runs `docker compose` with these arguments and gives what it prints.
pub fn compose(arguments: &[&str]) -> Result<String> {
    docker(&[&["compose"], arguments].concat())
}

fn docker(arguments: &[&str]) -> Result<String> {
    let ended = Command::new("docker").args(arguments).output().context("run docker")?;
    if !ended.status.success() {
        bail!(
            "docker {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&ended.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}
