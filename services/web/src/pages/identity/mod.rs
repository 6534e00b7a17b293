//! What a person changes of who they are to us, below `/profile`: each a small page with one form.

mod email;
mod name;
mod password;
mod second_factor;
mod sessions;
mod tokens;

use domain::User;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::app::App;
use crate::error::PageError;
use crate::visit::Visit;

pub use second_factor::passes;
pub use tokens::{revoke as revoke_token, tell_of_token};

/// Everything below `/profile`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    name::routes(app)
        .or(email::routes(app))
        .unify()
        .or(password::routes(app))
        .unify()
        .or(sessions::routes(app))
        .unify()
        .or(second_factor::routes(app))
        .unify()
        .or(tokens::routes(app))
        .unify()
        .boxed()
}

/// Whether somebody who is signed in knows the password, too: a browser may have been left open.
pub async fn knows_password(visit: &Visit, user: &User, typed: &str) -> Result<bool, PageError> {
    visit.app.limits.password(user.id).await?;
    let found = visit.app.accounts.credentials(&user.username).await?;
    Ok(crate::password::verify(typed, found.map(|(_, hash)| hash)).await?)
}
