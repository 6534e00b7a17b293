//! `GET /admin/users`: people, found by the beginning of a name or address; `POST /admin/users/role`: another role; `POST
//! /admin/users/erase`: an account goes as if its owner had deleted it.

use backends::accounts::{Account, Actor, RoleChange};
use bytes::Buf;
use domain::events::PlanChanged;
use domain::{Role, User, Username};
use futures_util::Stream;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::{administrator, done, unknown_person};
use crate::app::App;
use crate::deletions::delete_account;
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, see_other, visit};

/// People on one page.
const PAGE_SIZE: usize = 50;

#[derive(Serialize)]
struct Users {
    done: Option<String>,
    search: String,
    people: Vec<Row>,
    /// The roles to choose from, for whoever may give them.
    roles: Option<[&'static str; 4]>,
    next_url: Option<String>,
    first_url: Option<String>,
}

#[derive(Serialize)]
struct Row {
    username: String,
    name: String,
    email: String,
    plan: &'static str,
    role: &'static str,
    created_at: TimeView,
    premium_ended: Option<TimeView>,
    may_be_erased: bool,
}

/// `GET /admin/users`, `POST /admin/users/role` and `POST /admin/users/erase`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let show = warp::path!("admin" / "users").and(reading()).and(visit(app.clone()));
    let show = show.then(show_people).map(Reply::into_response);
    let change = warp::path!("admin" / "users" / "role")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let change = change.then(change_role).map(Reply::into_response);
    let erase = warp::path!("admin" / "users" / "erase")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let erase = erase.then(erase_account).map(Reply::into_response);
    show.or(change).unify().or(erase).unify().boxed()
}

async fn show_people(visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let query = visit.query();
    let search = query.get("q").trim();
    let after = match query.get("after") {
        "" => None,
        name => Some(Username::parse(name)?),
    };
    let found = visit.app.accounts.people(search, PAGE_SIZE, after.as_ref()).await?;
    let body = Users {
        done: done(&visit, &user).await?,
        search: search.to_owned(),
        people: found.people.iter().map(|account| Row::of(account, &user)).collect(),
        roles: user.role.may_appoint().then(|| Role::ALL.map(Role::as_str)),
        next_url: found.next.map(|last| format!("{}&after={last}", address(search))),
        first_url: after.map(|_| address(search)),
    };
    visit.render(Some(&user), Page::new("pages/admin/users.html", "Users", body))
}

async fn change_role<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let fields = visit.form(body).await?;
    let username = Username::parse(fields.get("username"))?;
    let role: Role = fields.get("role").parse()?;
    let change = visit
        .app
        .accounts
        .change_role(&Actor::of(&user), &username, role)
        .await?;
    if let Some(subject) = change.whose_plan_changed(role) {
        visit.app.plan_changes.publish(&PlanChanged::new(subject)).await?;
    }
    let back = address(fields.get("q"));
    match change {
        RoleChange::Changed {
            user: subject,
            recorded,
            ..
        } => {
            info!(user.id = %user.id, "User {} made user {subject} {}", user.id, role.as_str());
            see_other(&format!("{back}&done={}", recorded.id()))
        }
        RoleChange::Same(_) => see_other(&back),
        RoleChange::NotAllowed => Err(PageError::Forbidden(
            "Not authorized to change roles",
            "Only a super user gives roles.".into(),
        )),
        RoleChange::LastSuperUser => Err(PageError::Conflict(
            "The last super user stays",
            "Nobody would be left who may give roles. Make somebody else super_user first.".into(),
        )),
        RoleChange::Unknown => Err(unknown_person()),
    }
}

/// Whoever asks types the username, so that no click on the wrong row deletes a genome.
async fn erase_account<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let fields = visit.form(body).await?;
    let username = Username::parse(fields.get("username"))?;
    if fields.get("confirm").trim() != username.as_str() {
        return Err(PageError::Conflict(
            "Nothing has been deleted",
            format!("To delete the account, type its username, {username}, beside the button."),
        ));
    }
    let found = visit.app.accounts.credentials(&username).await?;
    let Some((subject, _)) = found else {
        return Err(unknown_person());
    };
    if !may_erase(&user, &subject) {
        return Err(PageError::Forbidden(
            "Not authorized to delete this account",
            "Only a super user deletes the account of somebody who runs the service.".into(),
        ));
    }
    let deletion = delete_account(&visit.app, &subject, Some(&Actor::of(&user))).await?;
    see_other(&format!("/deletions/{deletion}"))
}

/// Admins delete the accounts of people, super users those of admins as well.
pub(super) fn may_erase(user: &User, subject: &User) -> bool {
    !subject.role.may_administer() || (user.role.may_appoint() && !subject.role.may_appoint())
}

fn address(search: &str) -> String {
    format!("/admin/users?q={}", utf8_percent_encode(search, NON_ALPHANUMERIC))
}

impl Row {
    fn of(account: &Account, reader: &User) -> Self {
        let user = &account.user;
        Self {
            may_be_erased: may_erase(reader, user),
            username: user.username.to_string(),
            name: user.name.to_string(),
            email: user.email.to_string(),
            plan: user.role.plan().name(),
            role: user.role.as_str(),
            created_at: account.created_at.into(),
            premium_ended: user.premium_ended.map(TimeView::from),
        }
    }
}
