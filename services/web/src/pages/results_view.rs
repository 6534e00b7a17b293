//! What a person may have of a job's results, as the job's page and the list of jobs say it.

use domain::{Job, ResultsAccess, Retention, Timestamp, User};
use serde::Serialize;

use crate::views::TimeView;

/// Whether there are results, until when, or what brings them back.
#[derive(Serialize)]
pub struct ResultsView {
    state: &'static str,
    url: Option<String>,
    until: Option<TimeView>,
    minutes_left: Option<u64>,
    /// When what is on its way back was asked for.
    asked: Option<TimeView>,
    /// When what is here came back.
    restored: Option<TimeView>,
}

impl ResultsView {
    /// What the owner may have of the job's results now.
    pub fn of(job: &Job, owner: &User, retention: Retention) -> Self {
        let now = Timestamp::now();
        let access = job.results_access(owner, now, retention);
        let url = || Some(format!("/annotations/{}/results", job.id));
        let minutes_left = |until: Timestamp| until.since(now).as_secs().div_ceil(60);
        let (state, url, until) = match access {
            ResultsAccess::None => ("none", None, None),
            ResultsAccess::Available { until } => ("available", url(), until),
            ResultsAccess::UpgradeNeeded => ("upgrade", None, None),
            ResultsAccess::Restoring => ("restoring", None, None),
        };
        let (archival, restoring) = (&job.archival, access == ResultsAccess::Restoring);
        let asked = archival.restore.as_ref().filter(|_| restoring);
        let restored = archival.restored_at.filter(|_| url.is_some());
        Self {
            state,
            url,
            until: until.map(TimeView::from),
            minutes_left: until.map(minutes_left),
            asked: asked.map(|restore| restore.requested_at.into()),
            restored: restored.map(TimeView::from),
        }
    }
}
