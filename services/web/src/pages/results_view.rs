//! What a person may have of a job's results, as the job's page says it.

use domain::{Index, Job, ResultsAccess, ResultsFormat, Retention, Timestamp, User};
use serde::Serialize;

use crate::views::{DeadlineView, SizeView, TimeView};

/// Whether there are results, until when, or what brings them back.
#[derive(Serialize)]
pub struct ResultsView {
    state: &'static str,
    url: Option<String>,
    /// Bytes of the results, as they are stored.
    size: Option<SizeView>,
    /// How their name ends.
    ending: &'static str,
    /// The same as plain text, if they are packed.
    plain: Option<FileView>,
    index: Option<FileView>,
    /// Where its variants can be looked at.
    variants_url: Option<String>,
    /// Why there is no index.
    no_index: Option<&'static str>,
    /// Until when they can be downloaded.
    until: Option<DeadlineView>,
    /// When what is on its way back was asked for.
    asked: Option<TimeView>,
    /// When what is here came back.
    restored: Option<TimeView>,
}

/// A file to download besides.
#[derive(Serialize)]
struct FileView {
    url: String,
    size: Option<SizeView>,
}

/// The templates' word for what the person may have.
#[must_use]
pub const fn word(access: ResultsAccess) -> &'static str {
    match access {
        ResultsAccess::None => "none",
        ResultsAccess::Available { .. } => "available",
        ResultsAccess::UpgradeNeeded => "upgrade",
        ResultsAccess::Restoring => "restoring",
    }
}

impl ResultsView {
    /// What the owner may have of the job's results now.
    pub fn of(job: &Job, owner: &User, retention: Retention) -> Self {
        let now = Timestamp::now();
        let access = job.results_access(owner, now, retention);
        let file = |name: &str| format!("/annotations/{}/{name}", job.id);
        let url = || Some(file("results"));
        let (url, until) = match access {
            ResultsAccess::Available { until } => (url(), until),
            _ => (None, None),
        };
        let (archival, restoring) = (&job.archival, access == ResultsAccess::Restoring);
        let asked = archival.restore.as_ref().filter(|_| restoring);
        let restored = archival.restored_at.filter(|_| url.is_some());
        let stored = &job.stored;
        let is_here = url.is_some();
        let plain = (is_here && stored.format == ResultsFormat::Bgzip).then(|| FileView {
            url: file("plain"),
            size: stored.unpacked.map(SizeView::of),
        });
        let (index, no_index) = match stored.index {
            Index::Here(size) => (Some(SizeView::of(size)), None),
            Index::Absent(reason) => (None, Some(reason.reason())),
        };
        let index = index.filter(|_| is_here).map(|size| FileView {
            url: file("index"),
            size: Some(size),
        });
        Self {
            state: word(access),
            url,
            size: stored.results.map(SizeView::of),
            ending: match stored.format {
                ResultsFormat::Plain => ".vcf",
                ResultsFormat::Bgzip => ".vcf.gz",
            },
            plain,
            index,
            variants_url: stored.variants.filter(|_| is_here).map(|_| file("variants")),
            no_index: no_index.filter(|_| is_here),
            until: until.map(|until| DeadlineView::of(until, now)),
            asked: asked.map(|restore| restore.requested_at.into()),
            restored: restored.map(TimeView::from),
        }
    }
}
