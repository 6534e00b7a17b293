//! The sweep: requests again the jobs whose message was lost between the row and the queue.

use std::time::Duration;

use anyhow::Result;
use backends::aws::SdkConfig;
use backends::jobs::Jobs;
use backends::topic::Topic;
use chassis::shutdown::Shutdown;
use domain::Timestamp;
use domain::events::JobRequested;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::Settings;

/// Looks for lost requests every so often until shutdown. Every replica does; a conditional write lets one of them
/// request each job.
pub async fn run(aws: &SdkConfig, settings: &Settings, shutdown: Shutdown) -> Result<()> {
    let jobs = Jobs::new(aws, &settings.stores);
    let requests = Topic::connect(aws, &settings.job_requests_topic).await?;
    loop {
        tokio::select! {
            () = sleep(settings.sweep_interval) => {}
            () = shutdown.requested() => return Ok(()),
        }
        if let Err(error) = sweep(&jobs, &requests, settings.sweep_after).await {
            warn!("The sweep for lost requests failed, the next one may not: {error:#}");
        }
    }
}

async fn sweep(jobs: &Jobs, requests: &Topic, after: Duration) -> Result<()> {
    let now = Timestamp::now();
    for lost in jobs.lost_requests(now, after).await? {
        if jobs.claim_request(lost, now).await? {
            requests.publish(&JobRequested::new(lost.job_id)).await?;
            info!(job.id = %lost.job_id, "Requested job {} again, it still waits", lost.job_id);
        }
    }
    Ok(())
}
