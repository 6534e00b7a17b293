//! The notifier: one e-mail to the owner of every job that has ended, well or badly, and one for every notice.
//!
//! It drains the queue `job_results`, which the annotator fills, and `notices`, which archiver and billing fill, each
//! through the topic of the same name.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod letter;
mod notice_letter;
mod notices;
mod notifier;
mod settings;

use std::time::Duration;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::mailer::Mailer;
use backends::queue::Queue;
use chassis::admin::{self, Health};
use chassis::protection::Protection;
use chassis::worker::{self, WorkerSettings};
use chassis::{metrics, shutdown};

use letter::Letters;
use notices::Notices;
use notifier::Notifier;
pub use settings::Settings;

/// Sending a mail takes moments, so a message need not stay hidden for long.
const WORKER: WorkerSettings = WorkerSettings {
    visibility: Duration::from_secs(60),
    concurrency: 4,
    // A mail takes no time worth protecting.
    protection: Protection::none(),
};

/// Notifies until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let aws = backends::aws::connect(&settings.aws).await;
    let job_results = Queue::connect(&aws, &settings.job_results_queue).await?;
    let due_notices = Queue::connect(&aws, &settings.notices_queue).await?;
    let accounts = Accounts::connect(&settings.database)?;
    if shutdown.cuts(accounts.await_schema()).await.is_none() {
        return Ok(());
    }
    metrics::watch_pool(&accounts);
    let notifier = Notifier {
        jobs: Jobs::new(&aws, &settings.stores),
        accounts: accounts.clone(),
        mailer: Mailer::new(&aws, &settings.mail),
        letters: Letters::load(&settings.public_url)?,
        retention: settings.retention.rule(),
    };
    let notices = Notices {
        accounts,
        mailer: Mailer::new(&aws, &settings.mail),
        letters: Letters::load(&settings.public_url)?,
        retention: settings.retention.rule(),
    };
    tokio::try_join!(
        admin::serve(&settings.admin, Health::new("notifier"), shutdown.clone()),
        worker::run(job_results, notifier, WORKER, shutdown.clone()),
        worker::run(due_notices, notices, WORKER, shutdown),
    )?;
    Ok(())
}
