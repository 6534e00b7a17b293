//! The archiver: moves free users' results from the object store to the vault, and back after an upgrade; and deletes what
//! people do not want to be kept.
//!
//! What a job needs is one rule ([`step`]), the index of due jobs says when to look at it ([`sweep`]), and three queues
//! make it fast ([`messages`]): jobs that have completed, plans that have changed, retrievals that have ended. A fourth
//! brings what is to be deleted: jobs ([`erase`]) and accounts ([`erase_account`]).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod announce;
mod archive;
mod deletions;
mod erase;
mod erase_account;
mod keeper;
mod lease;
mod messages;
mod restore;
mod retrieve;
mod settings;
mod step;
mod sweep;

use std::sync::Arc;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::aws::SdkConfig;
use backends::jobs::Jobs;
use backends::object_store::ObjectStore;
use backends::queue::Queue;
use backends::settings::VaultKind;
use backends::topic::Topic;
use backends::vault::{GlacierVault, S3ClassVault, Vault};
use chassis::admin::{self, Health};
use chassis::metrics;
use chassis::protection::Protection;
use chassis::shutdown;
use chassis::worker::{self, WorkerSettings};

use deletions::{DeletionSweep, Deletions};
use keeper::Keeper;
use messages::{CompletedJobs, PlanChanges, Retrievals};
pub use settings::Settings;
use sweep::Sweep;

/// Archives and restores until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let aws = backends::aws::connect(&settings.aws).await;
    match settings.vault.vault {
        VaultKind::Glacier => {
            let vault = GlacierVault::connect(&aws, &settings.vault).await?;
            serve(&aws, &settings, vault).await
        }
        VaultKind::S3 => {
            let vault = S3ClassVault::connect(&aws, &settings.aws, &settings.stores, &settings.vault).await?;
            serve(&aws, &settings, vault).await
        }
    }
}

async fn serve<V: Vault>(aws: &SdkConfig, settings: &Settings, vault: V) -> Result<()> {
    let shutdown = shutdown::signal();
    let completed = Queue::connect(aws, &settings.job_archive_queue).await?;
    let plans = Queue::connect(aws, &settings.restore_requests_queue).await?;
    let retrievals = Queue::connect(aws, &settings.vault_retrievals_queue).await?;
    let deletions = Queue::connect(aws, &settings.deletions_queue).await?;
    let accounts = Accounts::connect(&settings.database)?;
    match shutdown.cuts(accounts.await_schema()).await {
        Some(ready) => ready?,
        None => return Ok(()),
    }
    metrics::watch_pool(&accounts);
    let keeper = Arc::new(Keeper {
        jobs: Jobs::new(aws, &settings.stores),
        accounts,
        objects: ObjectStore::new(aws, &settings.aws, &settings.stores),
        vault,
        notices: Topic::connect(aws, &settings.notices_topic).await?,
        retention: settings.retention.rule(),
        lease: settings.lease,
        patience: settings.retrieval_check_interval,
        last_look: settings.deletion_last_look,
    });
    let concurrency = usize::from(settings.concurrency);
    let sweep = Sweep {
        interval: settings.sweep_interval,
        concurrency,
    };
    // The lease ends before the message comes back, so that a redelivery finds a dead archiver's job free.
    let worker = WorkerSettings {
        visibility: settings.lease * 3 / 2,
        concurrency,
        protection: Protection::of(&settings.protection),
    };
    tokio::try_join!(
        admin::serve(&settings.admin, Health::new("archiver"), shutdown.clone()),
        worker::run(
            completed,
            CompletedJobs(keeper.clone()),
            worker.clone(),
            shutdown.clone()
        ),
        worker::run(plans, PlanChanges(keeper.clone()), worker.clone(), shutdown.clone()),
        worker::run(retrievals, Retrievals(keeper.clone()), worker.clone(), shutdown.clone()),
        worker::run(deletions, Deletions(keeper.clone()), worker, shutdown.clone()),
        DeletionSweep(settings.sweep_interval).run(keeper.clone(), shutdown.clone()),
        sweep.run(keeper, shutdown),
    )?;
    Ok(())
}
