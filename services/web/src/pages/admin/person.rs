//! `GET /admin/person/<username>`: one person's account, jobs, storage and subscription; `POST /admin/users/intervene`:
//! suspended, signed out, without a second factor.
//!
//! Jobs are told as everywhere in the administration: never their files' names.

use std::str::FromStr;

use backends::accounts::{AccountDetails, Actor, Intervened, Intervention, Membership};
use backends::jobs::{Asked, ListedJob};
use bytes::Buf;
use domain::{InvalidField, SubscriptionStatus, Username};
use futures_util::Stream;
use serde::Serialize;
use tracing::{info, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::users::may_erase;
use super::{administrator, done, unknown_person};
use crate::app::App;
use crate::error::PageError;
use crate::pages::account::KeptView;
use crate::pages::annotations::after;
use crate::views::{SizeView, TimeView, UserView, count, status_word};
use crate::visit::{Page, Visit, reading, see_other, visit};

/// Jobs on one page.
const PAGE_SIZE: i32 = 50;

#[derive(Serialize)]
struct Person {
    done: Option<String>,
    person: UserView,
    created_at: TimeView,
    suspended_at: Option<TimeView>,
    sessions: String,
    seen_at: Option<TimeView>,
    api_tokens: i64,
    has_second_factor: bool,
    is_oneself: bool,
    may_be_erased: bool,
    subscription: Option<SubscriptionView>,
    /// What the person keeps; none if the rows could not be read.
    kept: Option<KeptView>,
    jobs: Vec<Row>,
    next_url: Option<String>,
    first_url: Option<String>,
}

/// How the subscription stands, in our record.
#[derive(Serialize)]
struct SubscriptionView {
    status: &'static str,
    period_end: Option<TimeView>,
    is_ending: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    submit_time: TimeView,
    complete_time: Option<TimeView>,
    status: &'static str,
    status_word: &'static str,
    input_size: Option<SizeView>,
    results_size: Option<SizeView>,
}

/// What the form asks for.
struct Wanted(Intervention);

impl FromStr for Wanted {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, InvalidField> {
        Ok(Self(match text {
            "suspend" => Intervention::Suspend,
            "resume" => Intervention::Resume,
            "end_sessions" => Intervention::EndSessions,
            "remove_second_factor" => Intervention::RemoveSecondFactor,
            _ => return Err(InvalidField("There is no such action.")),
        }))
    }
}

/// `GET /admin/person/<username>` and `POST /admin/users/intervene`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let show = warp::path!("admin" / "person" / String)
        .and(reading())
        .and(visit(app.clone()));
    let intervene = warp::path!("admin" / "users" / "intervene")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    show.then(show_person)
        .or(intervene.then(act))
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn show_person(username: String, visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let app = &visit.app;
    let account = match Username::parse(&username) {
        Ok(username) => app.accounts.account_details(&username).await?,
        Err(_) => None,
    };
    let account = account.ok_or_else(unknown_person)?;
    let after = after(&visit.query())?;
    let id = account.user.id;
    let newest = Asked::default();
    let (listed, membership) = tokio::try_join!(
        app.jobs.listed(id, &newest, PAGE_SIZE, after),
        app.accounts.membership(id)
    )?;
    let kept = app.jobs.kept(id).await;
    if let Err(failure) = &kept {
        warn!("The page of user {id} goes without what is kept: {failure:#}");
    }
    let address = address(&account.user.username);
    let body = Person {
        done: done(&visit, &user).await?,
        is_oneself: id == user.id,
        may_be_erased: may_erase(&user, &account.user),
        subscription: membership.as_ref().and_then(SubscriptionView::of),
        kept: kept.ok().map(KeptView::of),
        jobs: listed.jobs.iter().map(Row::of).collect(),
        next_url: listed.next.map(|cursor| format!("{address}?after={cursor}")),
        first_url: after.map(|_| address),
        ..Person::of(account)
    };
    visit.render(Some(&user), Page::new("pages/admin/person.html", "User", body))
}

async fn act<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let fields = visit.form(body).await?;
    let username = Username::parse(fields.get("username"))?;
    let Wanted(what) = fields.get("action").parse()?;
    let accounts = &visit.app.accounts;
    match accounts.intervene(&Actor::of(&user), &username, what).await? {
        Intervened::Done(recorded) => {
            info!(user.id = %user.id, "User {} intervened in an account: {what:?}, record {}", user.id, recorded.id());
            see_other(&format!("{}?done={}", address(&username), recorded.id()))
        }
        Intervened::NotAllowed => Err(PageError::Forbidden(
            "Not authorized to do this",
            "Only a super user does this to those who run the service, and nobody does it to themselves.".into(),
        )),
        Intervened::Unknown => Err(unknown_person()),
    }
}

fn address(username: &Username) -> String {
    format!("/admin/person/{username}")
}

impl Person {
    /// What the accounts alone say of a person.
    fn of(account: AccountDetails) -> Self {
        Self {
            done: None,
            person: UserView::of(&account.user),
            created_at: account.created_at.into(),
            suspended_at: account.suspended_at.map(TimeView::from),
            sessions: count(u64::try_from(account.sessions).unwrap_or(0), "browser"),
            seen_at: account.seen_at.map(TimeView::from),
            api_tokens: account.api_tokens,
            has_second_factor: account.has_second_factor,
            is_oneself: false,
            may_be_erased: false,
            subscription: None,
            kept: None,
            jobs: Vec::new(),
            next_url: None,
            first_url: None,
        }
    }
}

impl SubscriptionView {
    /// `None` for who has never had one.
    fn of(membership: &Membership) -> Option<Self> {
        Some(Self {
            status: membership.status.map(SubscriptionStatus::as_str)?,
            period_end: membership.current_period_end.map(TimeView::from),
            is_ending: membership.cancel_at_period_end,
        })
    }
}

impl Row {
    fn of(job: &ListedJob) -> Self {
        Self {
            id: job.id.to_string(),
            submit_time: job.submit_time.into(),
            complete_time: job.ending.complete_time.map(TimeView::from),
            status: job.ending.status.as_str(),
            status_word: status_word(job.ending.status),
            input_size: job.input_size.map(SizeView::of),
            results_size: job.results_size.map(SizeView::of),
        }
    }
}
