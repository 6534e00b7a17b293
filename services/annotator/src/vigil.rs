//! The vigil: sees which annotators have died with a job, by their rows alone, and requests their jobs again.

use anyhow::Result;
use backends::aws::SdkConfig;
use backends::jobs::{Jobs, Watched};
use backends::topic::Topic;
use chassis::shutdown::Shutdown;
use chassis::watch::{self, LOOKS, Watch};
use domain::events::JobRequested;
use domain::{JobId, Timestamp};
use tokio::time::sleep;
use tracing::{Instrument, info_span, warn};

use crate::Settings;

/// Looks at the jobs that run until shutdown. Every replica does; a conditional write lets one of them have each job.
pub async fn run(aws: &SdkConfig, settings: &Settings, shutdown: Shutdown) -> Result<()> {
    let jobs = Jobs::new(aws, &settings.stores);
    let requests = Topic::connect(aws, &settings.job_requests_topic).await?;
    let mut seen = Watch::default();
    loop {
        tokio::select! {
            () = sleep(watch::pause(settings.lease)) => {}
            () = shutdown.requested() => return Ok(()),
        }
        if let Err(error) = look(&jobs, &requests, &mut seen).await {
            warn!("Could not see whether annotators have died: {error:#}");
        }
    }
}

async fn look(jobs: &Jobs, requests: &Topic, seen: &mut Watch<JobId, Watched>) -> Result<()> {
    let running = jobs.running().await?;
    let looks = seen.look(running.into_iter().map(|job| (job.job_id, job)));
    for (_, silent, _) in looks.filter(|(.., looks)| *looks >= LOOKS) {
        let id = silent.job_id;
        if jobs.take_back(silent, Timestamp::now()).await? {
            warn!(job.id = %id, "The annotator of job {id} gives no sign of life; the job begins anew");
            let span = info_span!("request again", job.id = %id);
            requests.publish(&JobRequested::new(id)).instrument(span).await?;
        }
    }
    Ok(())
}
