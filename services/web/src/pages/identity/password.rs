//! `GET|POST /profile/password`: another password, for whoever knows the one of now.

use bytes::Buf;
use domain::User;
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::knows_password;
use crate::app::App;
use crate::error::PageError;
use crate::pages::forgot;
use crate::password::NewPassword;
use crate::visit::{Fields, Page, Visit, reading, see_other, visit};

/// Why a form was not taken.
#[derive(Serialize, Default)]
struct Errors {
    current: Option<&'static str>,
    password: Option<String>,
}

/// `GET|POST /profile/password`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("profile" / "password");
    let show = path.and(reading()).and(visit(app.clone()));
    let change = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    show.then(show_form)
        .or(change.then(change_password))
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn show_form(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    page(&visit, &user, None)
}

async fn change_password<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let password = match wanted(&visit, &user, &fields).await? {
        Ok(password) => password,
        Err(errors) => return page(&visit, &user, Some(errors)),
    };
    let stays = visit.session_token().ok_or(PageError::SignInNeeded)?;
    let password_hash = password.hash().await?;
    let accounts = &visit.app.accounts;
    accounts.change_password(user.id, &password_hash, &stays).await?;
    info!(user.id = %user.id, "User {} changed the password", user.id);
    forgot::tell_of_change(&visit.app, &user).await;
    see_other("/profile?notice=password-changed")
}

/// The password of the form, if it can be taken.
async fn wanted(visit: &Visit, user: &User, fields: &Fields) -> Result<Result<NewPassword, Errors>, PageError> {
    // A password that cannot be taken is no reason to count a guess.
    let about = [user.username.as_str(), user.email.as_str(), user.name.as_str()];
    let password = match NewPassword::choose(fields.get("password"), &about).await? {
        Ok(password) => password,
        Err(error) => {
            return Ok(Err(Errors {
                password: Some(error.to_string()),
                ..Errors::default()
            }));
        }
    };
    Ok(match knows_password(visit, user, fields.get("current")).await? {
        true => Ok(password),
        false => Err(Errors {
            current: Some("This is not your password."),
            ..Errors::default()
        }),
    })
}

fn page(visit: &Visit, user: &User, errors: Option<Errors>) -> Result<Response, PageError> {
    let status = match errors {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let body = errors.unwrap_or_default();
    let page = Page::new("pages/identity/password.html", "Change your password", body);
    visit.render(Some(user), page.with_status(status))
}
