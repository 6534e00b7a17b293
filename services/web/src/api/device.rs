//! `POST /api/v1/device` begins a login of a program by its person's browser, `POST /api/v1/device/token` asks what has become of
//! it: OAuth's device authorization grant (RFC 8628), in JSON and with our problems. Neither wants a token. The person decides at
//! `/device` (`pages/device.rs`).

use backends::accounts::{DEVICE_LOGIN_LASTS, DEVICE_LOGIN_PAUSE, DevicePoll, Granted, NewDeviceLogin, Token};
use bytes::Buf;
use domain::{Scope, TokenName};
use futures_util::Stream;
use http::StatusCode;
use http::header::USER_AGENT;
use serde::{Deserialize, Serialize};
use tracing::info;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::account::ScopeName;
use super::problem::Problem;
use super::reading::sent;
use super::{ApiError, json};
use crate::app::App;
use crate::pages::{DEVICE_TOKEN_LASTS, tell_of_token};
use crate::visit::{Visit, visit};

/// A login that a program begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLogin {
    /// What the machine is called; the token goes by this name.
    #[schema(min_length = 1, max_length = 60, examples("sequencer-2"))]
    machine: String,
    /// What the token shall be allowed.
    #[schema(min_items = 1)]
    scopes: Vec<ScopeName>,
}

/// A login that waits for its person; the names are those of RFC 8628, 3.2.
#[derive(Serialize, ToSchema)]
pub struct Login {
    /// What the program keeps, and asks with.
    device_code: String,
    /// What the person compares, and types.
    user_code: String,
    /// Where the person types it.
    #[schema(format = Uri)]
    verification_uri: String,
    /// The same address with the code in it.
    #[schema(format = Uri)]
    verification_uri_complete: String,
    /// For how many seconds the person can decide.
    expires_in: u64,
    /// How many seconds the program pauses before each question.
    interval: u64,
}

/// What a program asks with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCode {
    /// The `device_code` of the login.
    #[schema(max_length = 200)]
    device_code: String,
}

/// The token; the names are those of RFC 6749, 5.1.
#[derive(Serialize, ToSchema)]
pub struct NewToken {
    /// The token, this once.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// For how many seconds it is good.
    expires_in: u64,
    /// What it may do, as a list with spaces.
    scope: String,
    /// What it is called in the person's list.
    name: String,
}

/// `POST /device` and `POST /device/token`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(visit(app.clone())).and(warp::body::stream());
    let begun = warp::path!("device").and(post()).then(begin);
    let asked = warp::path!("device" / "token").and(post()).then(redeem);
    begun.or(asked).unify().map(Reply::into_response).boxed()
}

/// Begin to log a program in
///
/// The program shows the `user_code`, and its person says yes to it on a page. It wants no token.
#[utoipa::path(
    post,
    path = "/api/v1/device",
    tag = "Account",
    operation_id = "begin_login",
    request_body = NewLogin,
    responses(
        (status = 200, description = "The login, which waits", body = Login),
        (status = 422, description = "A name that cannot be taken", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn begin<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    visit.app.limits.device_login(visit.address()).await?;
    let wanted: NewLogin = sent(&visit, body).await?;
    let machine = TokenName::choose(&wanted.machine).map_err(ApiError::Value)?;
    let mut scopes: Vec<Scope> = wanted.scopes.into_iter().map(Scope::from).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(ApiError::Json("A token may do something: name a scope.".to_owned()));
    }
    let new = NewDeviceLogin {
        machine,
        program: program(&visit),
        address: visit.origin().address,
        scopes,
    };
    let (device, code) = visit.app.accounts.begin_device_login(&new).await?;
    let verification_uri = format!("{}/device", visit.app.public_url);
    let login = Login {
        device_code: device.reveal().to_owned(),
        verification_uri_complete: format!("{verification_uri}?code={code}"),
        verification_uri,
        user_code: code.to_string(),
        expires_in: DEVICE_LOGIN_LASTS.as_secs(),
        interval: DEVICE_LOGIN_PAUSE.as_secs(),
    };
    Ok(json(StatusCode::OK, &login))
}

/// Ask whether a login was approved
///
/// Again and again, with the `interval` between. While nobody has decided, the code of the problem is `authorization_pending`; whoever
/// asks too soon is told to `slow_down`, and pauses five seconds longer from then on. The token is given once.
#[utoipa::path(
    post,
    path = "/api/v1/device/token",
    tag = "Account",
    operation_id = "redeem_login",
    request_body = DeviceCode,
    responses(
        (status = 200, description = "The token", body = NewToken),
        (status = 400, description = "Not yet, or never", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn redeem<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    visit.app.limits.device_poll(visit.address()).await?;
    let DeviceCode { device_code } = sent(&visit, body).await?;
    let device = Token::from_untrusted(&device_code).ok_or(ApiError::LoginOver)?;
    match visit
        .app
        .accounts
        .poll_device_login(&device, DEVICE_TOKEN_LASTS)
        .await?
    {
        DevicePoll::Pending => Err(ApiError::LoginPending),
        DevicePoll::TooSoon => Err(ApiError::LoginTooSoon),
        DevicePoll::Denied => Err(ApiError::LoginDenied),
        DevicePoll::Gone => Err(ApiError::LoginOver),
        DevicePoll::Granted(granted) => Ok(given(&visit, &granted).await),
    }
}

async fn given(visit: &Visit, granted: &Granted) -> Response {
    let Granted {
        token,
        user,
        name,
        scopes,
    } = granted;
    info!(user.id = %user.id, "A program of user {} logged in", user.id);
    tell_of_token(visit, user, name, scopes).await;
    let answer = NewToken {
        access_token: token.reveal().to_owned(),
        token_type: "Bearer",
        expires_in: DEVICE_TOKEN_LASTS.as_secs(),
        scope: Scope::list(scopes),
        name: name.clone(),
    };
    json(StatusCode::OK, &answer)
}

/// What the program calls itself: the first word of `User-Agent`, `gas/0.2.0`.
fn program(visit: &Visit) -> String {
    let agent = visit.header(USER_AGENT).unwrap_or_default();
    let name: String = agent
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "/.-_".contains(letter);
    match !name.is_empty() && name.chars().all(is_name) {
        true => name,
        false => "a program".to_owned(),
    }
}
