//! `GET /admin/maintenance`: what is told to everybody ahead of time; `POST /admin/maintenance` tells something more, `POST
//! /admin/maintenance/withdraw` something no more.

use backends::accounts::Actor;
use bytes::Buf;
use domain::{Maintenance, Timestamp};
use futures_util::Stream;
use serde::Serialize;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::{administrator, done};
use crate::app::App;
use crate::error::PageError;
use crate::pages::status::MaintenanceView;
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, see_other, visit};

#[derive(Serialize)]
struct Announcements {
    done: Option<String>,
    maintenance: Vec<MaintenanceView>,
    now: TimeView,
}

/// `GET` and `POST /admin/maintenance`, and `POST /admin/maintenance/withdraw`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let page = warp::path!("admin" / "maintenance");
    let show = page.and(reading()).and(visit(app.clone())).then(show);
    let announce = page.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    let announce = announce.then(announce_one).map(Reply::into_response);
    let withdraw = warp::path!("admin" / "maintenance" / "withdraw")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let withdraw = withdraw.then(withdraw_one).map(Reply::into_response);
    let show = show.map(Reply::into_response);
    show.or(announce).unify().or(withdraw).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let all = visit.app.accounts.maintenance().await?;
    let body = Announcements {
        done: done(&visit, &user).await?,
        maintenance: all.into_iter().map(MaintenanceView::of).collect(),
        now: Timestamp::now().into(),
    };
    visit.render(
        Some(&user),
        Page::new("pages/admin/maintenance.html", "Maintenance", body),
    )
}

async fn announce_one<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let form = visit.form(body).await?;
    let maintenance = Maintenance::parse(form.get("words"), form.get("begins"), form.get("ends"))?;
    let recorded = visit.app.accounts.announce(&Actor::of(&user), &maintenance).await?;
    see_other(&format!("/admin/maintenance?done={}", recorded.id()))
}

async fn withdraw_one<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let form = visit.form(body).await?;
    let gone = || {
        PageError::Missing(
            "It is not announced",
            "Somebody else may have withdrawn it, or it is over.".into(),
        )
    };
    let id: Uuid = form.get("id").parse().map_err(|_| gone())?;
    let withdrawn = visit.app.accounts.withdraw_maintenance(&Actor::of(&user), id).await?;
    let recorded = withdrawn.ok_or_else(gone)?;
    see_other(&format!("/admin/maintenance?done={}", recorded.id()))
}
