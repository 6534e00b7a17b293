//! `POST /api/v1/uploads`: the first of two steps to a job, a form for one upload straight to the object store.
//!
//! An idempotency key makes the job's id, so that whoever comes again with the same key, after a crash say, is at the same job:
//! nothing has to be remembered meanwhile, and nothing is made twice.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::object_store::SETTINGS_FIELDS;
use bytes::Buf;
use domain::{FileName, JobId, JobSettings, Scope, Timestamp, UserId, keys};
use futures_util::Stream;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Builder;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::reading::sent;
use super::settings::Settings;
use super::{ApiError, json};
use crate::app::{App, Application};
use crate::pages::check_size;

/// How long a form may be used: enough to begin its upload.
const FORM_VALID_FOR: Duration = Duration::from_secs(3600);
/// The longest name of a file; what is longer is cut anyway.
const LONGEST_NAME: usize = 255;
const LONGEST_KEY: usize = 200;
/// The largest number that every reader of JSON reads as it is (RFC 8259, 6).
const LARGEST_NUMBER: u64 = (1 << 53) - 1;

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
        return Ok(json(StatusCode::OK, &Upload::of(id, None)));
    }
    let settings = wanted.settings.unwrap_or_default().over(JobSettings::default());
    let form = form(&caller, id, &name, settings).await?;
    Ok(json(StatusCode::CREATED, &Upload::of(id, Some(form))))
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
    let JobSettings {
        reference,
        form,
        fields: csq_fields,
        entries,
        haplotypes,
    } = settings;
    let chosen = [
        reference.as_str(),
        form.as_str(),
        csq_fields.as_str(),
        entries.as_str(),
        haplotypes.as_str(),
    ];
    let chosen = SETTINGS_FIELDS.into_iter().zip(chosen.map(str::to_owned));
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

/// The idempotency key of a request, if it has one.
pub fn idempotency_key(caller: &Caller) -> Result<Option<String>, ApiError> {
    let Some(key) = caller.visit.header("idempotency-key") else {
        return Ok(None);
    };
    match (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(Some(key.to_owned())),
        false => Err(ApiError::Parameter(
            "The header Idempotency-Key has 1 to 200 letters, digits and signs of ASCII, and no space.",
        )),
    }
}

/// The job that a person's key makes: a UUID of version 8 (RFC 9562, 5.8). Nobody else's key makes the same one.
pub fn job_of(owner: UserId, key: &str) -> JobId {
    let mut hash = Sha256::new();
    hash.update(b"idempotency key\0");
    hash.update(owner.as_uuid().as_bytes());
    hash.update(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    JobId::from(Builder::from_custom_bytes(bytes).into_uuid())
}

/// A number of JSON without a fraction, however it is written: JSON Schema takes `2.0` for an integer.
fn whole_number<'de, D: Deserializer<'de>>(read: D) -> Result<Option<u64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(read)? else {
        return Ok(None);
    };
    let written_as_a_fraction = || number.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = number.as_u64().or_else(|| Some(written_as_a_fraction()? as u64));
    whole
        .map(Some)
        .ok_or_else(|| D::Error::custom("bytes is a whole number"))
}

impl Upload {
    fn of(id: JobId, form: Option<Form>) -> Self {
        Self {
            id: id.to_string(),
            is_submitted: form.is_none(),
            form,
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

    #[test]
    fn a_key_makes_the_same_job_each_time_and_another_for_each_person() {
        let (ada, grace) = (UserId::random(), UserId::random());
        assert_eq!(job_of(ada, "sha256-1"), job_of(ada, "sha256-1"));
        assert_ne!(job_of(ada, "sha256-1"), job_of(ada, "sha256-2"));
        assert_ne!(job_of(ada, "sha256-1"), job_of(grace, "sha256-1"));
        assert_eq!(job_of(ada, "k").as_uuid().get_version_num(), 8);
    }
}
