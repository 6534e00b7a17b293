//! `GET /profile/export`: all of one's data, as JSON.

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::export::export;
use crate::visit::{Visit, visit};

/// `GET /profile/export`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("profile" / "export")
        .and(warp::get())
        .and(visit(app.clone()))
        .then(download)
        .map(Reply::into_response)
        .boxed()
}

async fn download(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let place = visit.app.exports.take(user.id).ok_or_else(|| {
        PageError::TooManyAtOnce(
            "Your data is being exported already",
            "Wait until that download has ended, or cancel it.".into(),
        )
    })?;
    let mut response = warp::reply::stream(export(visit.app.clone(), user, place)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let disposition = HeaderValue::from_static("attachment; filename=\"gas-export.json\"");
    headers.insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}
