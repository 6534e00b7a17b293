//! `GET /deletions/<deletion id>`: what was deleted, when, and how much of it in which store. For whoever has the address:
//! it tells of nobody, and who has deleted an account cannot sign in to read it.

use backends::accounts::DeletionRecord;
use domain::{AskedBy, DeletionId, DeletionKind};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::{TimeView, count};
use crate::visit::{Page, Visit, reading, visit};

#[derive(Serialize)]
struct Deletion {
    id: String,
    is_account: bool,
    by_operator: bool,
    asked_at: TimeView,
    done_at: Option<TimeView>,
    inputs: String,
    results: String,
    archives: String,
    jobs: String,
}

/// `GET /deletions/<deletion id>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("deletions" / String)
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(id: String, visit: Visit) -> Result<Response, PageError> {
    let id: DeletionId = id.parse().map_err(|_| PageError::NotFound)?;
    let record = visit.app.accounts.deletion(id).await?.ok_or(PageError::NotFound)?;
    let user = visit.user().await?;
    let page = Page::new("pages/deletion.html", "Deletion", Deletion::of(id, &record));
    visit.render(user.as_ref(), page)
}

impl Deletion {
    fn of(id: DeletionId, record: &DeletionRecord) -> Self {
        let deleted = record.deleted;
        Self {
            id: id.to_string(),
            is_account: record.kind == DeletionKind::Account,
            by_operator: record.asked_by == AskedBy::Operator,
            asked_at: record.asked_at.into(),
            done_at: record.done_at.map(TimeView::from),
            inputs: count(deleted.inputs, "file"),
            results: count(deleted.results, "file"),
            archives: count(deleted.archives, "archive"),
            jobs: count(deleted.jobs, "job"),
        }
    }
}
