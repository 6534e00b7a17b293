//! The annotator: turns requested jobs into results, and VCF files into annotated ones on the command line.
//!
//! As a service it drains the queue `job_requests`; each job streams from the object store through [`annotation`]
//! and back. A sweep repeats requests that were lost between the job's row and the queue; a vigil misses annotators
//! that have died and lets their jobs begin anew. Whoever ends a job gives its owner's next one its turn.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod annotate_command;
mod annotator;
mod attempt;
mod bgzip;
mod choices;
mod csq_args;
pub mod download;
pub mod formats;
mod interrupt;
mod limit_args;
mod limits;
pub mod output_args;
mod outputs;
mod pace;
mod parts;
pub mod recipe;
pub mod reference_command;
pub mod reference_objects;
pub mod references;
mod settings;
pub mod severities_command;
mod sweep;
mod vigil;
mod wanted;

use anyhow::Result;
use backends::job_requests::JobRequests;
use backends::queue::Queue;
use chassis::admin::{self, Health};
use chassis::protection::Protection;
use chassis::shutdown;
use chassis::worker::{self, WorkerSettings};

use annotator::Annotator;
pub use settings::Settings;

/// Annotates requested jobs until SIGTERM, then lets jobs in flight finish or gives them back.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let aws = backends::aws::connect(&settings.aws).await;
    reference_objects::fetch_missing(&aws, &settings).await?;
    settings.served().tell()?;
    let queue = Queue::connect(&aws, &settings.job_requests_queue).await?;
    let topic = &settings.job_requests_topic;
    let requests = JobRequests::connect(&aws, &settings.stores, topic, &settings.turns).await?;
    let annotator = Annotator::connect(&aws, requests.clone(), &settings).await?;
    let admin = admin::serve(&settings.admin, Health::new("annotator"), shutdown.clone());
    let sweep = sweep::run(&aws, requests.clone(), &settings, shutdown.clone());
    let vigil = vigil::run(&aws, requests, annotator.pace(), &settings, shutdown.clone());
    // Whoever dies is missed by its row; the message comes back for what the row does not show, such as a lost event.
    let visibility = settings.lease;
    let worker = WorkerSettings {
        visibility,
        concurrency: usize::from(settings.concurrency),
        protection: Protection::of(&settings.protection),
    };
    let jobs = worker::run(queue, annotator, worker, shutdown);
    tokio::try_join!(admin, sweep, vigil, jobs)?;
    Ok(())
}
