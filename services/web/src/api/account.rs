//! `GET /api/v1/account`: whose token it is, and what the plan takes; `DELETE /api/v1/token`: the token ends itself.

use domain::{InputLimits, Plan, Timestamp};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::caller::{Caller, answered, caller};
use super::{ApiError, json};
use crate::app::App;
use crate::pages::revoke_token;
use crate::visit::reading;

/// Whose token it is.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// What the person signs in with.
    username: String,
    /// What the person is called.
    name: String,
    /// Where mails about jobs go.
    email: String,
    /// What the person pays for.
    plan: PlanName,
    /// What the plan takes.
    takes: Takes,
    /// For how many seconds after a job's end its results can be downloaded; for good if nothing is said.
    results_for_seconds: Option<u64>,
    /// The token that asks.
    token: Token,
}

/// What a person pays for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanName {
    /// Small files; results for a limited time.
    Free,
    /// Large files; results for good.
    Premium,
}

/// The largest file that a plan takes.
#[derive(Serialize, ToSchema)]
pub struct Takes {
    /// Bytes, as they are uploaded.
    bytes: u64,
    /// Bytes, once they are unpacked.
    unpacked_bytes: u64,
    /// VCF records.
    records: u64,
}

/// A token, without what makes it a secret.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// What its person calls it.
    name: String,
    /// What it may do.
    scopes: Vec<ScopeName>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// What a token may do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeName {
    /// See the account and the jobs, and download their files.
    Read,
    /// Submit jobs.
    Submit,
    /// Add, change and delete webhooks.
    Webhooks,
    /// Delete jobs.
    Delete,
}

impl From<ScopeName> for domain::Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Read => Self::Read,
            ScopeName::Submit => Self::Submit,
            ScopeName::Webhooks => Self::Webhooks,
            ScopeName::Delete => Self::Delete,
        }
    }
}

/// `GET /account` and `DELETE /token`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let account = warp::path!("account").and(reading()).and(caller(app, None));
    let account = account.then(|caller| answered(caller, show));
    let token = warp::path!("token").and(warp::delete()).and(caller(app, None));
    let token = token.then(|caller| answered(caller, revoke));
    account.or(token).unify().boxed()
}

/// Show the account
///
/// Whose token it is, what the token may do, and what the plan takes. Any token may ask.
#[utoipa::path(
    get,
    path = "/api/v1/account",
    tag = "Account",
    operation_id = "show_account",
    responses((status = 200, description = "The account", body = Account)),
    security(("token" = []))
)]
pub async fn show(caller: Caller) -> Result<Response, ApiError> {
    let app = &caller.visit.app;
    let (user, plan) = (&caller.user, caller.user.role.plan());
    let account = Account {
        username: user.username.to_string(),
        name: user.name.to_string(),
        email: user.email.to_string(),
        plan: match plan {
            Plan::Free => PlanName::Free,
            Plan::Premium => PlanName::Premium,
        },
        takes: Takes::of(app.input_limits.of(plan)),
        results_for_seconds: (plan == Plan::Free).then(|| app.retention.free.as_secs()),
        token: Token::of(&caller),
    };
    Ok(json(StatusCode::OK, &account))
}

/// Revoke the token
///
/// The token that asks ends; its person is told by mail.
#[utoipa::path(
    delete,
    path = "/api/v1/token",
    tag = "Account",
    operation_id = "revoke_token",
    responses((status = 204, description = "The token has ended")),
    security(("token" = []))
)]
pub async fn revoke(caller: Caller) -> Result<Response, ApiError> {
    revoke_token(&caller.visit, &caller.user, caller.token.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl Takes {
    const fn of(limits: InputLimits) -> Self {
        Self {
            bytes: limits.bytes,
            unpacked_bytes: limits.unpacked_bytes,
            records: limits.records,
        }
    }
}

impl Token {
    fn of(caller: &Caller) -> Self {
        let token = &caller.token;
        let name = |scope: &domain::Scope| match scope {
            domain::Scope::Read => ScopeName::Read,
            domain::Scope::Submit => ScopeName::Submit,
            domain::Scope::Webhooks => ScopeName::Webhooks,
            domain::Scope::Delete => ScopeName::Delete,
        };
        Self {
            name: token.name.clone(),
            scopes: token.scopes.iter().map(name).collect(),
            created_at: Timestamp::to_rfc3339(token.created_at),
            expires_at: Timestamp::to_rfc3339(token.expires_at),
        }
    }
}
