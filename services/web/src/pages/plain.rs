//! `GET /annotations/<job id>/plain`: the results as a plain VCF, to their owner. They are kept as bgzip, and unpacked on
//! the way.

use anyhow::Context;
use backends::object_store::{BINARY, attachment};
use domain::{Job, ResultsFormat, User};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::own_job;
use super::files::{self, available_key};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::plain_downloads::unpack;
use crate::visit::{Visit, reading, visit};

/// `GET /annotations/<job id>/plain`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("annotations" / String / "plain").and(reading());
    path.and(visit(app.clone()))
        .then(plain)
        .map(Reply::into_response)
        .boxed()
}

/// Whoever may have the results at the click may have them to their end.
async fn plain(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    match job.stored.format {
        ResultsFormat::Plain => files::results_of(&visit, &user, &job).await,
        ResultsFormat::Bgzip => unpacked(&visit.app, &user, &job).await,
    }
}

/// The results, unpacked while they are sent, if their owner may have them now.
pub async fn unpacked(app: &Application, user: &User, job: &Job) -> Result<Response, PageError> {
    let (key, _) = available_key(app, user, job)?;
    let place = app.plain_downloads.begin(user.id).ok_or_else(|| {
        PageError::Busy(
            "Too many results are being unpacked",
            "We unpack results for a few downloads at once, two for each person. Try again in a minute, or download the \
             .vcf.gz, which is smaller and which most programs read."
                .into(),
        )
    })?;
    let packed = app.objects.open_result(key).await?;
    info!(job.id = %job.id, "Unpacking the results of job {} ({} bytes)", job.id, packed.size);
    let mut response = warp::reply::stream(unpack(packed.reader, place)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(BINARY));
    let disposition = attachment(&job.input_file_name.results(ResultsFormat::Plain));
    let disposition = HeaderValue::from_str(&disposition).context("name a download")?;
    headers.insert(CONTENT_DISPOSITION, disposition);
    // The browser sees how far it is, and that a part is not the whole.
    if let Some(size) = job.stored.unpacked {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
    }
    Ok(response)
}
