//! `GET /profile/tokens`: the tokens by which the person's programs use the API; `POST /profile/tokens` makes one, `POST
//! /profile/tokens/revoke` ends one.

use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::accounts::{ApiTokenEntry, MOST_API_TOKENS};
use bytes::Buf;
use domain::{ApiToken, Scope, Timestamp, TokenName, User};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use tracing::info;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::knows_password;
use crate::app::App;
use crate::error::PageError;
use crate::mail;
use crate::views::{TimeView, count};
use crate::visit::{Fields, Page, Visit, reading, see_other, visit};

/// How long a token may be good, in days, the usual one first.
const LASTS: [u64; 4] = [90, 7, 30, 365];
const DAY: u64 = 24 * 60 * 60;

#[derive(Serialize)]
struct Tokens {
    tokens: Vec<Row>,
    most: i64,
    /// Whether the person has as many as one may have.
    is_full: bool,
    revoked: bool,
    form: Form,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    ending: String,
    scopes: String,
    created_at: TimeView,
    expires_at: TimeView,
    used_at: Option<TimeView>,
    has_ended: bool,
}

/// What the form shows: what was typed, and what is wrong with it.
#[derive(Serialize)]
struct Form {
    name: String,
    scopes: Vec<Choice>,
    lasts: Vec<Choice>,
    errors: Errors,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// What the page says is wrong.
#[derive(Serialize, Default)]
struct Errors {
    name: Option<String>,
    scopes: Option<&'static str>,
    password: Option<&'static str>,
}

/// A token that somebody wants.
struct Wanted {
    name: TokenName,
    scopes: Vec<Scope>,
    days: u64,
}

/// Everything at `/profile/tokens`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(visit(app.clone())).and(warp::body::stream());
    let show = warp::path!("profile" / "tokens").and(reading()).and(visit(app.clone()));
    let make = warp::path!("profile" / "tokens").and(post());
    let revoke = warp::path!("profile" / "tokens" / "revoke").and(post());
    let changed = make.then(make_token).or(revoke.then(revoke_token)).unify();
    show.then(show_tokens)
        .or(changed)
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn show_tokens(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let form = Form::of(&Fields::parse(b"read=yes&submit=yes"), Errors::default());
    page(&visit, &user, form).await
}

async fn make_token<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let wanted = match wanted(&visit, &user, &fields).await? {
        Ok(wanted) => wanted,
        Err(errors) => return page(&visit, &user, Form::of(&fields, errors)).await,
    };
    let lasts = Duration::from_secs(wanted.days * DAY);
    let accounts = &visit.app.accounts;
    let made = accounts
        .make_api_token(user.id, &wanted.name, &wanted.scopes, lasts)
        .await?;
    let token = made.ok_or_else(|| {
        let why = format!(
            "You have {MOST_API_TOKENS} access tokens, as many as one may have. Revoke one that you do not need."
        );
        PageError::Conflict("There are enough tokens", why)
    })?;
    info!(user.id = %user.id, "User {} made a token of the API", user.id);
    tell(&visit, &user, wanted.name.as_str(), Some(&wanted.scopes)).await;
    show_once(&visit, &user, &wanted, &token)
}

async fn revoke_token<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    if let Ok(id) = Uuid::try_parse(fields.get("token")) {
        revoke(&visit, &user, id).await?;
    }
    // One that has ended meanwhile is as it was to be.
    see_other("/profile/tokens?notice=revoked")
}

/// Ends a token of the person's, who is told by mail.
pub async fn revoke(visit: &Visit, user: &User, id: Uuid) -> AnyResult<()> {
    if let Some(name) = visit.app.accounts.revoke_api_token(user.id, id).await? {
        info!(user.id = %user.id, "User {} revoked a token of the API", user.id);
        tell(visit, user, &name, None).await;
    }
    Ok(())
}

/// What the form asks for, if it can be had.
async fn wanted(visit: &Visit, user: &User, fields: &Fields) -> Result<Result<Wanted, Errors>, PageError> {
    let scopes = Scope::ALL
        .into_iter()
        .filter(|scope| !fields.get(scope.as_str()).is_empty());
    let scopes: Vec<Scope> = scopes.collect();
    let name = TokenName::choose(fields.get("name"));
    let mut errors = Errors {
        name: name.as_ref().err().map(ToString::to_string),
        scopes: scopes.is_empty().then_some("Choose what the token may do."),
        password: None,
    };
    let days = LASTS.into_iter().find(|days| days.to_string() == fields.get("lasts"));
    let days = days.unwrap_or(LASTS[0]);
    match name {
        // A form that cannot be taken is no reason to count a guess.
        Ok(name) if !scopes.is_empty() => {
            if knows_password(visit, user, fields.get("password")).await? {
                return Ok(Ok(Wanted { name, scopes, days }));
            }
            errors.password = Some("This is not your password.");
        }
        _ => {}
    }
    Ok(Err(errors))
}

async fn page(visit: &Visit, user: &User, form: Form) -> Result<Response, PageError> {
    let tokens = visit.app.accounts.api_tokens(user.id).await?;
    let now = Timestamp::now();
    let status = match form.errors {
        Errors {
            name: None,
            scopes: None,
            password: None,
        } => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let good = tokens.iter().filter(|token| now < token.expires_at).count();
    let body = Tokens {
        is_full: i64::try_from(good).is_ok_and(|good| good >= MOST_API_TOKENS),
        most: MOST_API_TOKENS,
        tokens: tokens.into_iter().map(|token| Row::of(token, now)).collect(),
        revoked: visit.query().get("notice") == "revoked",
        form,
    };
    let page = Page::new("pages/identity/tokens.html", "Access tokens", body);
    visit.render(Some(user), page.with_status(status))
}

fn show_once(visit: &Visit, user: &User, wanted: &Wanted, token: &ApiToken) -> Result<Response, PageError> {
    let body = json!({
        "name": wanted.name.as_str(),
        "token": token.reveal(),
        "public_url": visit.app.public_url,
        "days": wanted.days,
    });
    visit.render(
        Some(user),
        Page::new("pages/identity/token.html", "Your new access token", body),
    )
}

/// Tells of a token that a program has got by its person's yes.
pub async fn tell_of_token(visit: &Visit, user: &User, name: &str, scopes: &[Scope]) {
    tell(visit, user, name, Some(scopes)).await;
}

/// Tells of a token that is new, with what it may do, or that has ended.
async fn tell(visit: &Visit, user: &User, name: &str, scopes: Option<&[Scope]>) {
    let app = &visit.app;
    let may = scopes.map(|scopes| scopes.iter().map(|scope| scope.label()).collect::<Vec<_>>().join("; "));
    let context = json!({
        "username": user.username.as_str(),
        "name": name,
        "may": may,
        "tokens_url": format!("{}/profile/tokens", app.public_url),
        "public_url": app.public_url,
    });
    mail::tell(app, user.email.clone(), "api_token", context).await;
}

impl Row {
    fn of(token: ApiTokenEntry, now: Timestamp) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            ending: token.ending,
            scopes: Scope::list(&token.scopes).replace(' ', ", "),
            created_at: token.created_at.into(),
            has_ended: token.expires_at <= now,
            expires_at: token.expires_at.into(),
            used_at: token.used_at.map(TimeView::from),
        }
    }
}

impl Form {
    fn of(fields: &Fields, errors: Errors) -> Self {
        let scope = |scope: Scope| Choice {
            value: scope.as_str().to_owned(),
            label: scope.label().to_owned(),
            is_chosen: !fields.get(scope.as_str()).is_empty(),
        };
        let lasts = |days: u64| Choice {
            value: days.to_string(),
            label: count(days, "day"),
            is_chosen: fields.get("lasts") == days.to_string(),
        };
        Self {
            name: fields.get("name").trim().to_owned(),
            scopes: Scope::ALL.map(scope).into(),
            lasts: LASTS.map(lasts).into(),
            errors,
        }
    }
}
