//! The notifier: one e-mail to the owner of every job that has ended, well or badly.
//!
//! It drains the queue `job_results`, which the annotator fills through the topic of the same name.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod letter;
mod notifier;
mod settings;

use std::time::Duration;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::mailer::Mailer;
use backends::queue::Queue;
use chassis::admin::{self, Health};
use chassis::worker::{self, WorkerSettings};
use chassis::{metrics, shutdown};

use letter::Letters;
use notifier::Notifier;
pub use settings::Settings;

/// Sending a mail takes moments, so a message need not stay hidden for long.
const WORKER: WorkerSettings = WorkerSettings {
    visibility: Duration::from_secs(60),
    concurrency: 4,
};

/// Notifies until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let aws = backends::aws::connect(&settings.aws).await;
    let queue = Queue::connect(&aws, &settings.job_results_queue).await?;
    let accounts = Accounts::connect(&settings.database)?;
    metrics::watch_pool(&accounts);
    let notifier = Notifier {
        jobs: Jobs::new(&aws, &settings.stores),
        accounts,
        mailer: Mailer::new(&aws, &settings.mail),
        letters: Letters::load(&settings.public_url)?,
        retention: settings.retention.rule(),
    };
    let admin = admin::serve(&settings.admin, Health::new("notifier"), shutdown.clone());
    tokio::try_join!(admin, worker::run(queue, notifier, WORKER, shutdown))?;
    Ok(())
}
