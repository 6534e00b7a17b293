//! Forms on a job's page: `POST /annotations/<job id>/<action>`.

use bytes::Buf;
use domain::{JobId, User};
use futures_util::Stream;
use warp::{Filter, Rejection};

use crate::app::App;
use crate::error::PageError;
use crate::visit::{Fields, Visit, visit};

/// Where such a form is sent to: gives the job's id as it stands in the address, who comes, and the form's text.
pub fn posted(
    app: App,
    action: &'static str,
) -> impl Filter<Extract = (String, Visit, impl Stream<Item = Result<impl Buf, warp::Error>> + Send), Error = Rejection>
+ Clone {
    warp::path("annotations")
        .and(warp::path::param::<String>())
        .and(warp::path(action))
        .and(warp::path::end())
        .and(warp::post())
        .and(visit(app))
        .and(warp::body::stream())
}

/// Who has sent the form, about which job, and what it says. Whether the job is theirs is decided where it is written to; an
/// unknown job and another person's look the same.
pub async fn sent<B: Buf>(
    visit: &Visit,
    id: &str,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<(User, JobId, Fields), PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    let id = id.parse().map_err(|_| PageError::NotYourJob)?;
    Ok((user, id, form))
}
