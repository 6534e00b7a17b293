//! The notifier: one e-mail to the owner of every job that has ended, well or badly, and one for every notice; and what the
//! owner's webhooks are told.
//!
//! It drains the queue `job_results`, which the annotator fills, and `notices`, which archiver and billing fill, each
//! through the topic of the same name. What SES reports of mails that did not arrive comes by `mail_events`. `webhooks` has the same
//! messages as `job_results`. A sweep makes up for messages that were lost and notifiers that have died.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod letter;
mod notice_letter;
mod notices;
mod notifier;
mod reports;
mod right;
mod settings;
mod sweep;
mod webhooks;

use std::sync::Arc;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::mailer::Mailer;
use backends::queue::Queue;
use chassis::admin::{self, Health};
use chassis::protection::Protection;
use chassis::worker::{self, WorkerSettings};
use chassis::{metrics, shutdown};
use tokio::sync::Notify;

use letter::Letters;
use notices::{DueNotices, Notices};
use notifier::{EndedJobs, Notifier};
use reports::MailReports;
use right::Sender;
pub use settings::Settings;
use sweep::Sweep;
use webhooks::{Caller, EndedForWebhooks, Webhooks};

/// Mails sent at once, of each kind.
const CONCURRENCY: usize = 4;

/// Notifies until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let aws = backends::aws::connect(&settings.aws).await;
    let job_results = Queue::connect(&aws, &settings.job_results_queue).await?;
    let due_notices = Queue::connect(&aws, &settings.notices_queue).await?;
    let mail_events = Queue::connect(&aws, &settings.mail_events_queue).await?;
    let ended_for_webhooks = Queue::connect(&aws, &settings.webhooks_queue).await?;
    let accounts = Accounts::connect(&settings.database)?;
    match shutdown.cuts(accounts.await_schema()).await {
        Some(ready) => ready?,
        None => return Ok(()),
    }
    metrics::watch_pool(&accounts);
    let sender = || Sender {
        mailer: Mailer::new(&aws, &settings.mail),
        lease: settings.lease,
    };
    let jobs = Jobs::new(&aws, &settings.stores);
    let webhooks = Arc::new(Webhooks {
        accounts: accounts.clone(),
        jobs: jobs.clone(),
        caller: Caller::new(settings.webhooks.reach())?,
        public_url: settings.public_url.trim_end_matches('/').to_owned(),
        due: Notify::new(),
    });
    let notifier = Arc::new(Notifier {
        jobs,
        accounts: accounts.clone(),
        sender: sender(),
        letters: Letters::load(&settings.public_url)?,
        retention: settings.retention.rule(),
        webhooks: Arc::clone(&webhooks),
    });
    let reports = MailReports(accounts.clone());
    let notices = Arc::new(Notices {
        accounts,
        sender: sender(),
        letters: Letters::load(&settings.public_url)?,
        retention: settings.retention.rule(),
    });
    let sweep = Sweep {
        jobs: Arc::clone(&notifier),
        notices: Arc::clone(&notices),
        lease: settings.lease,
    };
    let worker = WorkerSettings {
        visibility: settings.lease,
        concurrency: CONCURRENCY,
        // A mail takes no time worth protecting.
        protection: Protection::none(),
    };
    tokio::try_join!(
        admin::serve(&settings.admin, Health::new("notifier"), shutdown.clone()),
        worker::run(job_results, EndedJobs(notifier), worker.clone(), shutdown.clone()),
        worker::run(due_notices, DueNotices(notices), worker.clone(), shutdown.clone()),
        worker::run(mail_events, reports, worker.clone(), shutdown.clone()),
        worker::run(
            ended_for_webhooks,
            EndedForWebhooks(Arc::clone(&webhooks)),
            worker,
            shutdown.clone()
        ),
        webhooks.run(shutdown.clone()),
        sweep.run(shutdown),
    )?;
    Ok(())
}
