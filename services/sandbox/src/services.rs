//! The services as child processes: started, kept running, stopped.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chassis::shutdown::Shutdown;
use clap::ValueEnum;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use crate::process::last_lines;
use crate::supervisor::{Pids, Supervisor};

/// The services that the sandbox runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServiceName {
    /// The pages.
    Web,
    /// Jobs into results.
    Annotator,
    /// Results into e-mails.
    Notifier,
    /// Results into the vault and back.
    Archiver,
    /// Stripe's webhooks into plans.
    Billing,
}

impl ServiceName {
    /// Whether several of them can run side by side: the others listen on one port.
    #[must_use]
    pub const fn is_worker(self) -> bool {
        matches!(self, Self::Annotator | Self::Notifier | Self::Archiver)
    }

    /// The service's name, as on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Annotator => "annotator",
            Self::Notifier => "notifier",
            Self::Archiver => "archiver",
            Self::Billing => "billing",
        }
    }
}

/// One service to run: its variables and where its health answers.
#[derive(Clone)]
pub struct ServicePlan {
    /// Which service.
    pub name: ServiceName,
    /// What this replica of it is called: `annotator`, `annotator-2`.
    pub replica: String,
    /// Its settings.
    pub variables: Vec<(String, String)>,
    /// `http://127.0.0.1:port`.
    pub admin: String,
    /// Its log.
    pub log: PathBuf,
}

/// The running services.
pub struct Services {
    admin: BTreeMap<String, String>,
    pids: Pids,
    stop: Shutdown,
    supervisors: Vec<tokio::task::JoinHandle<()>>,
}

impl Services {
    /// Starts every service and keeps it running.
    pub fn start(plans: Vec<ServicePlan>) -> Result<Self> {
        let binary = std::env::current_exe().context("find this program")?;
        let stop = Shutdown::default();
        let pids = Pids::default();
        let supervise = |plan| {
            let supervisor = Supervisor {
                binary: binary.clone(),
                plan,
                pids: pids.clone(),
                stopped: stop.clone(),
            };
            tokio::spawn(supervisor.run())
        };
        let admin = plans
            .iter()
            .map(|plan| (plan.replica.clone(), plan.admin.clone()))
            .collect();
        let supervisors = plans.into_iter().map(supervise).collect();
        Ok(Self {
            admin,
            pids,
            stop,
            supervisors,
        })
    }

    /// Health and metrics of each service.
    #[must_use]
    pub fn admin(&self) -> &BTreeMap<String, String> {
        &self.admin
    }

    /// The process of each service.
    #[must_use]
    pub fn pids(&self) -> BTreeMap<String, u32> {
        self.pids.all()
    }

    /// Waits until a service is another process than before.
    pub async fn changed(&self) {
        self.pids.changed().await;
    }

    /// Stops them all, politely for a while.
    pub async fn stop(self) {
        self.stop.request();
        join_all(self.supervisors).await;
    }
}

/// Waits until every service says that it is healthy.
pub async fn healthy(plans: &[ServicePlan], patience: Duration) -> Result<()> {
    let deadline = Instant::now() + patience;
    for plan in plans {
        let url = format!("{}/healthz", plan.admin);
        while !reqwest::get(&url)
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            if Instant::now() > deadline {
                bail!(
                    "the service {} does not get ready; its log ends with{}",
                    plan.replica,
                    last_lines(&plan.log)
                );
            }
            sleep(Duration::from_millis(30)).await;
        }
    }
    Ok(())
}
