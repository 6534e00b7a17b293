//! `/admin`: the service as whoever runs it sees it. No page of it shows or links anybody's files.

mod audit;
mod jobs;
mod maintenance;
mod overview;
mod person;
mod queues;
mod users;

use backends::accounts::AuditRecord;
use domain::User;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::app::App;
use crate::error::PageError;
use crate::visit::Visit;

/// Every page and action of `/admin`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    overview::routes(app)
        .or(queues::routes(app))
        .unify()
        .or(users::routes(app))
        .unify()
        .or(person::routes(app))
        .unify()
        .or(jobs::routes(app))
        .unify()
        .or(maintenance::routes(app))
        .unify()
        .or(audit::routes(app))
        .unify()
        .boxed()
}

/// The signed-in person, who must be one of those who run the service, and log in with a second factor: sessions of before
/// there was one have ended then. Others learn nothing more.
async fn administrator(visit: &Visit) -> Result<User, PageError> {
    let user = visit.signed_in().await?;
    if !user.role.may_administer() {
        return Err(PageError::Forbidden(
            "Not authorized to view this page",
            "Your account does not include it.".into(),
        ));
    }
    match visit.app.accounts.second_factor(user.id).await? {
        Some(_) => Ok(user),
        None => Err(PageError::SecondFactorNeeded),
    }
}

/// For an action on somebody who is not there.
fn unknown_person() -> PageError {
    PageError::Missing(
        "There is no such person",
        "The account may have been removed. Search for it again.".into(),
    )
}

/// What the person has just done, for the page that follows an action: `?done=<record>`. It comes from the audit, so
/// that no address can claim what was not done.
async fn done(visit: &Visit, user: &User) -> Result<Option<String>, PageError> {
    let Ok(id) = visit.query().get("done").parse() else {
        return Ok(None);
    };
    let record: Option<AuditRecord> = visit.app.accounts.record_of(user.id, id).await?;
    Ok(record.map(|record| audit::notice(&record.action)))
}
