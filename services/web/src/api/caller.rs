//! Who asks: a person's program, by a token. Cookies count for nothing here, so that no page of anybody's can ask in a person's
//! name.

use std::convert::Infallible;

use backends::accounts::ApiTokenEntry;
use domain::{ApiToken, Job, JobId, Scope, User};
use http::header::AUTHORIZATION;
use warp::Filter;
use warp::reply::{Reply, Response};

use super::ApiError;
use super::quota::Quota;
use crate::app::App;
use crate::visit::{Visit, visit};

/// A request with a good token.
#[derive(Clone)]
pub struct Caller {
    /// The request.
    pub visit: Visit,
    /// In whose name.
    pub user: User,
    /// By which token.
    pub token: ApiTokenEntry,
    quota: Option<Quota>,
}

/// Whoever asks, if the token has the scope; without a scope any token will do.
pub fn caller(
    app: &App,
    scope: Option<Scope>,
) -> impl Filter<Extract = (Result<Caller, ApiError>,), Error = Infallible> + Clone + use<> {
    visit(app.clone()).then(move |visit| Caller::of(visit, scope))
}

/// Answers whoever asks, and tells how much more they may ask for.
pub async fn answered<F>(caller: Result<Caller, ApiError>, answer: impl FnOnce(Caller) -> F) -> Response
where
    F: Future<Output = Result<Response, ApiError>>,
{
    let caller = match caller {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let quota = caller.quota;
    let mut response = answer(caller).await.into_response();
    if let Some(quota) = quota {
        quota.tell(&mut response);
    }
    response
}

impl Caller {
    async fn of(visit: Visit, scope: Option<Scope>) -> Result<Self, ApiError> {
        let token = bearer(&visit)?;
        let found = visit.app.accounts.api_token(&token).await?;
        let (user, token) = found.ok_or(ApiError::TokenInvalid)?;
        let quota = Quota::count(&visit.app.limits, token.id).await?;
        if let Some(scope) = scope.filter(|scope| !token.scopes.contains(scope)) {
            return Err(ApiError::ScopeMissing(scope));
        }
        Ok(Self {
            visit,
            user,
            token,
            quota,
        })
    }

    /// The caller's own job; an unknown job and another person's look the same.
    pub async fn job(&self, id: &str) -> Result<(Job, Option<String>), ApiError> {
        let id: JobId = id.parse().map_err(|_| ApiError::NoSuchJob)?;
        match self.visit.app.jobs.get_unread(id).await? {
            Some((job, summary)) if job.user_id == self.user.id => Ok((job, summary)),
            _ => Err(ApiError::NoSuchJob),
        }
    }
}

/// The token of the header `Authorization` (RFC 6750, 2.1).
fn bearer(visit: &Visit) -> Result<ApiToken, ApiError> {
    let header = visit.header(AUTHORIZATION).ok_or(ApiError::TokenMissing)?;
    let (scheme, token) = header.split_once(' ').ok_or(ApiError::TokenMissing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::TokenMissing);
    }
    ApiToken::parse(token).map_err(ApiError::TokenMalformed)
}
