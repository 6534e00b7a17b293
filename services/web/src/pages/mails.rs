//! What people are mailed: `POST /mails` says whether a job's end is, and what happens to results; `/mails/stop/<token>` is where a mail leads whoever wants
//! no more of its kind; `/mails/confirm` asks an address that did not take our mail whether it is right.

use backends::accounts::Token;
use bytes::Buf;
use futures_util::Stream;
use http::StatusCode;
use serde_json::json;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::mail;
use crate::visit::{Page, Visit, reading, see_other, visit};

/// Everything below `/mails`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let (get, post) = (
        || reading().and(visit(app.clone())),
        || warp::post().and(visit(app.clone())),
    );
    let choose = warp::path!("mails").and(post()).and(warp::body::stream());
    let ask = warp::path!("mails" / "confirm").and(post()).and(warp::body::stream());
    let offer = warp::path!("mails" / "confirm" / String).and(get());
    let confirm = warp::path!("mails" / "confirm" / String).and(post());
    let show = warp::path!("mails" / "stop" / Uuid).and(get());
    let stop = warp::path!("mails" / "stop" / Uuid).and(post());
    let asked = choose.then(choose_mails).or(ask.then(ask_address)).unify();
    let confirmed = offer.then(offer_confirmation).or(confirm.then(confirm_address)).unify();
    let stopped = show.then(offer_stop).or(stop.then(stop_mails)).unify();
    asked
        .or(confirmed)
        .unify()
        .or(stopped)
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn choose_mails<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    // A box that is not ticked sends nothing.
    let fields = visit.form(body).await?;
    let wants = |mails| fields.get(mails) == "yes";
    visit
        .app
        .accounts
        .choose_mails(user.id, wants("jobs"), wants("archive"))
        .await?;
    see_other("/profile")
}

/// Mails the question to the person's own address, if nothing else is mailed there.
async fn ask_address<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    visit.form(body).await?;
    if let Some(token) = visit.app.accounts.ask_again(&user.email).await? {
        let confirm_url = format!("{}/mails/confirm/{}", visit.app.public_url, token.reveal());
        let context = json!({
            "username": user.username.as_str(), "confirm_url": confirm_url, "public_url": visit.app.public_url,
        });
        mail::send(&visit.app, user.email.clone(), "confirm_again", context).await?;
    }
    outcome(&visit, true, "asked", "Check your e-mail").await
}

/// A page with a button: mail gateways follow links by themselves.
async fn offer_confirmation(token: String, visit: Visit) -> Result<Response, PageError> {
    let is_whole = Token::from_untrusted(&token).is_some();
    outcome(&visit, is_whole, "confirm", "Confirm your e-mail address").await
}

/// Whoever has the link may read what is mailed to the address, and that is the question: no cookie is needed.
async fn confirm_address(token: String, visit: Visit) -> Result<Response, PageError> {
    let is_known = match Token::from_untrusted(&token) {
        Some(token) => visit.app.accounts.confirm_again(&token).await?,
        None => false,
    };
    outcome(&visit, is_known, "confirmed", "Your address is confirmed").await
}

async fn offer_stop(_token: Uuid, visit: Visit) -> Result<Response, PageError> {
    outcome(&visit, true, "stop", "Stop mails about jobs").await
}

/// One click of a mail program, or of the page's button: no cookie comes with it (RFC 8058, 3.2).
async fn stop_mails(token: Uuid, visit: Visit) -> Result<Response, PageError> {
    let is_known = visit.app.accounts.stop_job_mails(token).await?;
    outcome(&visit, is_known, "stopped", "No more mails about jobs").await
}

/// What came of a link, or that we do not know it.
async fn outcome(visit: &Visit, is_known: bool, outcome: &str, title: &'static str) -> Result<Response, PageError> {
    let (outcome, title, status) = match is_known {
        true => (outcome, title, StatusCode::OK),
        false => ("unknown", "This link is not valid", StatusCode::NOT_FOUND),
    };
    let page = Page::new("pages/mails.html", title, json!({ "outcome": outcome })).with_status(status);
    visit.render(visit.user().await?.as_ref(), page)
}
