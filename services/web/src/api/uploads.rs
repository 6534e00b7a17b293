//! `POST /api/v1/uploads`: the first of two steps to a job, a form for one upload straight to the object store.
//! Or the begin of one in parts, which [`super::parts`] goes on with.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::object_store::settings_fields;
use bytes::Buf;
use domain::{FileName, JobId, JobSettings, Scope, Timestamp, UserId, keys};
use futures_util::Stream;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::idempotency::{idempotency_key, job_of};
use super::parts::Parts;
use super::problem::Problem;
use super::reading::{sent, whole_number};
use super::settings::Settings;
use super::{ApiError, json};
use crate::app::{App, Application};
use crate::pages::check_size;
use crate::part_uploads;

/// How long a form may be used: enough to begin its upload.
const FORM_VALID_FOR: Duration = Duration::from_secs(3600);
/// The longest name of a file; what is longer is cut anyway.
const LONGEST_NAME: usize = 255;
/// The largest number that every reader of JSON reads as it is (RFC 8259, 6).
pub const LARGEST_NUMBER: u64 = (1 << 53) - 1;

/// A file that is to be annotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// What the file is called.
    #[schema(min_length = 1, max_length = 255, examples("exome.vcf.gz"))]
    file_name: String,
    /// How large it is, in bytes, so that a file which is too large is refused before it is uploaded.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    #[serde(default, deserialize_with = "whole_number")]
    bytes: Option<u64>,
    /// How it is to be annotated.
    settings: Option<Settings>,
    /// Whether it is uploaded in parts, which go on where they stopped; for Premium. With an idempotency key, whoever comes again
    /// is told which parts are there. The settings are those of the first time.
    #[serde(default)]
    in_parts: bool,
}

/// Where a file is to be uploaded.
#[derive(Serialize, ToSchema)]
pub struct Upload {
    /// Names the upload, and the job that it becomes.
    #[schema(format = Uuid)]
    id: String,
    /// Whether the file was submitted before, under the same idempotency key: then there is nothing to upload.
    is_submitted: bool,
    /// The form to upload it with.
    form: Option<Form>,
    /// How far it is, if it is uploaded in parts.
    parts: Option<Parts>,
}

/// A form for one upload: POST it as `multipart/form-data`, the fields first, then the file in the field `file`. The object store
/// answers with 201.
#[derive(Serialize, ToSchema)]
#[schema(as = UploadForm)]
pub struct Form {
    /// Where it goes.
    #[schema(format = Uri)]
    url: String,
    /// The fields before the file.
    fields: BTreeMap<String, String>,
    /// The largest file that it takes, in bytes.
    largest_bytes: u64,
    /// Until when the upload has to begin.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// `POST /uploads`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("uploads")
        .and(warp::post())
        .and(caller(app, Some(Scope::Submit)))
        .and(warp::body::stream())
        .then(|caller, body| answered(caller, move |caller| prepare(caller, body)))
        .boxed()
}

/// Prepare an upload
///
/// The first step to a job; `POST /api/v1/jobs` is the second. With an idempotency key, such as a digest of the file, whoever
/// comes again is at the same job, and never makes a second one.
#[utoipa::path(
    post,
    path = "/api/v1/uploads",
    tag = "Submitting",
    operation_id = "prepare_upload",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 200, pattern = "^[!-~]{1,200}$", description = "The same for each try to submit the same file, and for no other")),
    request_body = NewUpload,
    responses(
        (status = 200, description = "The file was submitted before", body = Upload),
        (status = 201, description = "Where the file is to be uploaded", body = Upload),
        (status = 403, description = "The plan has no uploads in parts", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The plan takes no file of this size", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Another file was submitted with this key", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn prepare<B: Buf>(
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&caller)?;
    let wanted: NewUpload = sent(&caller.visit, body).await?;
    if !(1..=LONGEST_NAME).contains(&wanted.file_name.chars().count()) {
        return Err(ApiError::Parameter("The file_name has 1 to 255 characters."));
    }
    let (app, owner) = (&caller.visit.app, caller.user.id);
    if let Some(bytes) = wanted.bytes {
        if !(1..=LARGEST_NUMBER).contains(&bytes) {
            return Err(ApiError::Parameter(
                "The number of bytes is from 1 to 9,007,199,254,740,991.",
            ));
        }
        check_size(bytes, caller.user.role.plan(), &app.input_limits)?;
    }
    let name = FileName::from_untrusted(&wanted.file_name);
    let id = key.map_or_else(JobId::random, |key| job_of(owner, &key));
    if was_submitted(app, owner, id, &name, wanted.bytes).await? {
        return Ok(json(StatusCode::OK, &Upload::submitted(id)));
    }
    let settings = wanted.settings.unwrap_or_default().over(JobSettings::default());
    if wanted.in_parts {
        let begun = part_uploads::begin(app, &caller.user, id, &name, wanted.bytes, settings).await?;
        return Ok(json(StatusCode::CREATED, &Upload::in_parts(id, begun.into())));
    }
    let form = form(&caller, id, &name, settings).await?;
    Ok(json(StatusCode::CREATED, &Upload::by_form(id, form)))
}

/// Whether the job is there, made of this file as far as one can tell.
async fn was_submitted(
    app: &Application,
    owner: UserId,
    id: JobId,
    name: &FileName,
    bytes: Option<u64>,
) -> Result<bool, ApiError> {
    match app.jobs.get(id).await? {
        None => Ok(false),
        Some(job) if job.user_id != owner => Err(ApiError::KeyReused),
        Some(job) => {
            let is_as_large = bytes.zip(job.stored.input).is_none_or(|(said, kept)| said == kept);
            match is_as_large && job.input_file_name == *name {
                true => Ok(true),
                false => Err(ApiError::KeyReused),
            }
        }
    }
}

async fn form(caller: &Caller, id: JobId, name: &FileName, settings: JobSettings) -> AnyResult<Form> {
    let app = &caller.visit.app;
    let limit = app.input_limits.of(caller.user.role.plan()).bytes;
    let key = keys::input(caller.user.id, id);
    let signed = app.objects.upload_form_for_script(&key, limit, FORM_VALID_FOR).await?;
    let fields = signed.fields.into_iter().map(|field| match field.name {
        "x-amz-meta-file-name" => (field.name, encoded(name)),
        _ => (field.name, field.value),
    });
    let chosen = settings_fields(settings).into_iter();
    let fields = fields.chain(chosen).map(|(name, value)| (name.to_owned(), value));
    Ok(Form {
        url: signed.action,
        fields: fields.collect(),
        largest_bytes: limit,
        expires_at: Timestamp::now().plus(FORM_VALID_FOR).to_rfc3339(),
    })
}

/// Metadata of the object store is ASCII.
fn encoded(name: &FileName) -> String {
    utf8_percent_encode(name.as_str(), NON_ALPHANUMERIC).to_string()
}

impl Upload {
    /// One that is a job.
    pub fn submitted(id: JobId) -> Self {
        Self {
            id: id.to_string(),
            is_submitted: true,
            form: None,
            parts: None,
        }
    }

    /// One in parts.
    pub fn in_parts(id: JobId, parts: Parts) -> Self {
        Self {
            is_submitted: false,
            parts: Some(parts),
            ..Self::submitted(id)
        }
    }

    fn by_form(id: JobId, form: Form) -> Self {
        Self {
            is_submitted: false,
            form: Some(form),
            ..Self::submitted(id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_bytes_is_whole_however_it_is_written() {
        let bytes = |json: &str| serde_json::from_str::<NewUpload>(json).map(|upload| upload.bytes).ok();
        assert_eq!(bytes(r#"{"file_name": "a", "bytes": 88009.0}"#), Some(Some(88_009)));
        assert_eq!(bytes(r#"{"file_name": "a", "bytes": null}"#), Some(None));
        assert_eq!(bytes(r#"{"file_name": "a"}"#), Some(None));
        for wrong in ["1.5", "-1", "\"1\""] {
            assert_eq!(
                bytes(&format!(r#"{{"file_name": "a", "bytes": {wrong}}}"#)),
                None,
                "{wrong}"
            );
        }
    }
}
