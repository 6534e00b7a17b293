//! The vigil: sees which annotators have died, by their rows alone, and requests their jobs again; and says that this one
//! lives, with how many places it has for jobs and how long they took.

use std::sync::Arc;

use anyhow::Result;
use backends::aws::SdkConfig;
use backends::job_requests::JobRequests;
use backends::jobs::{Jobs, Places, Watched};
use chassis::shutdown::Shutdown;
use chassis::watch::{self, LOOKS, Watch};
use domain::{JobId, Timestamp};
use tokio::time::sleep;
use tracing::{Instrument, info_span, warn};
use uuid::Uuid;

use crate::Settings;
use crate::pace::Pace;

/// Looks at the jobs that run, and at the other annotators, until shutdown. Every replica does; a conditional write lets one
/// of them have each job.
pub async fn run(
    aws: &SdkConfig,
    requests: JobRequests,
    pace: Arc<Pace>,
    settings: &Settings,
    shutdown: Shutdown,
) -> Result<()> {
    let jobs = Jobs::new(aws, &settings.stores);
    let me = Uuid::new_v4().to_string();
    let (mut running, mut annotators) = (Watch::default(), Watch::default());
    loop {
        let looked = async {
            look(&jobs, &requests, &mut running).await?;
            jobs.offer_places(&me, settings.concurrency, pace.mean()).await?;
            look_at_annotators(&jobs, &mut annotators).await
        };
        if let Err(error) = looked.await {
            warn!("Could not see whether annotators have died: {error:#}");
        }
        tokio::select! {
            () = sleep(watch::pause(settings.lease)) => {}
            () = shutdown.requested() => return leave(&jobs, &me).await,
        }
    }
}

async fn look_at_annotators(jobs: &Jobs, seen: &mut Watch<String, Places>) -> Result<()> {
    let offered = jobs.offered_places().await?;
    let looks = seen.look(offered.into_iter().map(|places| (places.annotator.clone(), places)));
    for (_, silent, _) in looks.filter(|(.., looks)| *looks >= LOOKS) {
        jobs.withdraw_places(silent).await?;
    }
    Ok(())
}

/// Others miss whoever cannot say that it ends.
async fn leave(jobs: &Jobs, me: &str) -> Result<()> {
    let left = async {
        let offered = jobs.offered_places().await?;
        match offered.iter().find(|places| places.annotator == me) {
            Some(mine) => jobs.withdraw_places(mine).await,
            None => Ok(()),
        }
    };
    if let Err(error) = left.await {
        warn!("Could not withdraw this annotator's places: {error:#}");
    }
    Ok(())
}

async fn look(jobs: &Jobs, requests: &JobRequests, seen: &mut Watch<JobId, Watched>) -> Result<()> {
    let running = jobs.running().await?;
    let looks = seen.look(running.into_iter().map(|job| (job.job_id, job)));
    for (_, silent, _) in looks.filter(|(.., looks)| *looks >= LOOKS) {
        let id = silent.job_id;
        if jobs.take_back(silent, Timestamp::now()).await? {
            warn!(job.id = %id, "The annotator of job {id} gives no sign of life; the job begins anew");
            let span = info_span!("request again", job.id = %id);
            requests.request(id, silent.user_id).instrument(span).await?;
        }
    }
    Ok(())
}
