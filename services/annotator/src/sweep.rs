//! The sweep: requests again the jobs whose message was lost between the row and the queue, gives turns that nobody gave,
//! and counts for operators what has not ended.

use std::time::Duration;

use anyhow::Result;
use backends::aws::SdkConfig;
use backends::job_requests::JobRequests;
use backends::jobs::Jobs;
use chassis::metrics;
use chassis::shutdown::Shutdown;
use domain::Timestamp;
use tokio::time::sleep;
use tracing::{Instrument, info, info_span, warn};

use crate::Settings;

/// Looks for lost requests every so often until shutdown. Every replica does; a conditional write lets one of them
/// request each job.
pub async fn run(aws: &SdkConfig, requests: JobRequests, settings: &Settings, shutdown: Shutdown) -> Result<()> {
    let jobs = Jobs::new(aws, &settings.stores);
    loop {
        tokio::select! {
            () = sleep(settings.sweep_interval) => {}
            () = shutdown.requested() => return Ok(()),
        }
        if let Err(error) = sweep(&jobs, &requests, settings.sweep_after).await {
            warn!("The sweep for lost requests failed, the next one may not: {error:#}");
        }
        if let Err(error) = give_turns(&jobs, &requests).await {
            warn!("Could not give turns to jobs that wait for one, the next sweep may: {error:#}");
        }
        if let Err(error) = jobs.adopt_running().await {
            warn!("Could not look for jobs that an earlier version has begun: {error:#}");
        }
        match jobs.unfinished_now(Timestamp::now()).await {
            Ok(unfinished) => metrics::unfinished_jobs(&unfinished),
            Err(error) => warn!("Could not count the jobs that have not ended: {error:#}"),
        }
    }
}

async fn sweep(jobs: &Jobs, requests: &JobRequests, after: Duration) -> Result<()> {
    let now = Timestamp::now();
    for lost in jobs.lost_requests(now, after).await? {
        if jobs.claim_request(lost, now).await? {
            // What became of the first request's trace is not known, so another begins here.
            let span = info_span!("request again", job.id = %lost.job_id);
            requests.request(lost.job_id, lost.user_id).instrument(span).await?;
            info!(job.id = %lost.job_id, "Requested job {} again, it still waits", lost.job_id);
        }
    }
    Ok(())
}

/// Whoever ends a job gives its turn to the owner's next. This makes up for those who died before that, and for turns that
/// have come with more annotators.
async fn give_turns(jobs: &Jobs, requests: &JobRequests) -> Result<()> {
    for person in jobs.people_who_wait().await? {
        jobs.take_ended_turns(person).await?;
        requests.give_turns(person).await?;
    }
    Ok(())
}
