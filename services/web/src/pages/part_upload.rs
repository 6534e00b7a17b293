//! Uploads in parts, as the script of `/annotate` asks for them: forms with the page's token in, JSON out. A problem is told in
//! the words of its page.

use bytes::Buf;
use domain::{FileName, JobId, User, keys};
use futures_util::Stream;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use crate::api::job_of;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::pages::settings_view::chosen;
use crate::part_uploads::{self as parts, Claim, PartUpload};
use crate::routes;
use crate::visit::{Fields, Visit, reading, visit};

/// `POST /annotate/uploads` and what is below it.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let posted = |action: &'static str| posted(app.clone(), action);
    let begin = warp::path!("annotate" / "uploads").and(warp::post());
    let begin = begin.and(visit(app.clone())).and(warp::body::stream());
    let begin = begin.then(|visit: Visit, body| async move { told(&visit, begin_upload(&visit, body).await) });
    let show = warp::path!("annotate" / "uploads" / String).and(reading());
    let show = show.and(visit(app.clone()));
    let show = show.then(|id: String, visit: Visit| async move { told(&visit, show_upload(&visit, &id).await) });
    let part = posted("part")
        .then(|id: String, visit: Visit, body| async move { told(&visit, sign_part(&visit, &id, body).await) });
    let complete = posted("complete")
        .then(|id: String, visit: Visit, body| async move { told(&visit, complete_upload(&visit, &id, body).await) });
    let discard = posted("discard")
        .then(|id: String, visit: Visit, body| async move { told(&visit, discard_upload(&visit, &id, body).await) });
    let of_an_upload = show.or(part).unify().or(complete).unify().or(discard).unify();
    begin.or(of_an_upload).unify().boxed()
}

fn posted(
    app: App,
    action: &'static str,
) -> impl Filter<Extract = (String, Visit, impl Stream<Item = Result<impl Buf, warp::Error>> + Send), Error = Rejection>
+ Clone {
    warp::path("annotate")
        .and(warp::path("uploads"))
        .and(warp::path::param::<String>())
        .and(warp::path(action))
        .and(warp::path::end())
        .and(warp::post())
        .and(visit(app))
        .and(warp::body::stream())
}

async fn begin_upload<B: Buf>(
    visit: &Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Value, PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    let name = FileName::from_untrusted(form.get("file_name"));
    // Whoever asks again, because no answer came, is at the same upload.
    let job = match form.get("key") {
        "" => JobId::random(),
        key => job_of(user.id, &format!("page {key}")),
    };
    let bytes = number(&form, "bytes")?;
    let begun = parts::begin(&visit.app, &user, job, &name, Some(bytes), chosen(&form)).await?;
    Ok(view(&visit.app, &user, job, &begun))
}

async fn show_upload(visit: &Visit, id: &str) -> Result<Value, PageError> {
    let user = visit.signed_in().await?;
    let job = job(id)?;
    if visit.app.jobs.get(job).await?.is_some_and(|job| job.user_id == user.id) {
        return Ok(json!({ "id": job.to_string(), "is_submitted": true, "parts": [] }));
    }
    Ok(view(
        &visit.app,
        &user,
        job,
        &parts::state(&visit.app, &user, job).await?,
    ))
}

async fn sign_part<B: Buf>(
    visit: &Visit,
    id: &str,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Value, PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    let claim = Claim::parse(number(&form, "number")?, number(&form, "bytes")?, form.get("sha256"))?;
    let signed = parts::sign(&visit.app, &user, job(id)?, &[claim]).await?;
    let signed = signed
        .first()
        .map(|part| json!({ "url": part.url, "headers": part.headers }));
    Ok(signed.unwrap_or_default())
}

async fn complete_upload<B: Buf>(
    visit: &Visit,
    id: &str,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Value, PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    let (job, bytes) = (job(id)?, number(&form, "bytes")?);
    parts::complete(&visit.app, &user, job, bytes, Some(form.get("sha256"))).await?;
    Ok(json!({ "next": next(&visit.app, &user, job) }))
}

async fn discard_upload<B: Buf>(
    visit: &Visit,
    id: &str,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Value, PageError> {
    let user = visit.signed_in().await?;
    visit.form(body).await?;
    parts::discard(&visit.app, &user, job(id)?).await?;
    Ok(json!({}))
}

fn job(id: &str) -> Result<JobId, PageError> {
    id.parse().map_err(|_| PageError::NoFile(NoFile::Upload))
}

fn number(form: &Fields, name: &'static str) -> Result<u64, PageError> {
    let number = form.get(name).parse();
    number.map_err(|_| PageError::BadRequest(format!("The field {name} is a number.")))
}

/// The address that submits what was uploaded: where S3 would send the browser that has used the form.
fn next(app: &Application, user: &User, job: JobId) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (bucket, key) = (app.objects.inputs_bucket(), keys::input(user.id, job));
    format!("/annotate/job?bucket={}&key={}", encoded(bucket), encoded(&key))
}

fn view(app: &Application, user: &User, job: JobId, upload: &PartUpload) -> Value {
    let parts = upload
        .parts
        .iter()
        .map(|part| json!({ "number": part.number, "bytes": part.bytes, "sha256": part.sha256 }));
    json!({
        "id": job.to_string(),
        "is_submitted": false,
        "part_bytes": upload.part_bytes,
        "next": upload.is_complete.then(|| next(app, user, job)),
        "parts": parts.collect::<Value>(),
    })
}

/// The answer, or what is wrong, for the script.
fn told(visit: &Visit, answer: Result<Value, PageError>) -> Response {
    let error = match answer {
        Ok(answer) => return warp::reply::json(&answer).into_response(),
        Err(error) => error,
    };
    routes::log(visit, &error);
    let words = error.explain();
    let action = words
        .action
        .map(|(href, label)| json!({ "href": href, "label": label }));
    let told = json!({ "heading": words.heading, "message": words.message, "action": action });
    // A redirect would lead the script to a page that is none of its answers.
    let status = match &error {
        PageError::SignInNeeded => StatusCode::UNAUTHORIZED,
        error => error.status(),
    };
    let headers = error.into_response().headers().clone();
    let mut response = warp::reply::with_status(warp::reply::json(&told), status).into_response();
    response.headers_mut().extend(headers);
    response
}
