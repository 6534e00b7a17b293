//! What the API answers when something is wrong: problem details (RFC 9457), with a code that stays the same and a sentence for
//! people.

use std::sync::Arc;

use domain::Scope;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;
use warp::reply::Response;

use super::{ApiError, Code};
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::routes;
use crate::visit::Visit;

/// The media type of RFC 9457.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What is wrong (RFC 9457). Programs go by `code`, people by `detail`.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// An address that explains the code.
    #[schema(format = Uri)]
    r#type: String,
    /// What is wrong, in a few words.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened and what to do, in a sentence or two.
    detail: String,
    /// What is wrong, for programs: a word that stays the same.
    code: Code,
    /// The request's id, for whoever runs the service.
    request_id: String,
}

/// Status, code and words.
struct Said {
    code: Code,
    title: &'static str,
    detail: String,
}

/// The answer, with its problem written out if it carries an error. Nothing that a browser could keep goes along.
pub fn finished(visit: &Visit, response: Response) -> Response {
    let extensions = response.extensions();
    let said = match (extensions.get::<Arc<PageError>>(), extensions.get::<Arc<ApiError>>()) {
        (Some(error), _) => {
            routes::log(visit, error);
            of_page(error)
        }
        (_, Some(error)) => of(error),
        _ => return response,
    };
    let challenge = extensions.get::<Arc<ApiError>>().and_then(|error| challenge(error));
    let mut headers = response.headers().clone();
    headers.extend(challenge);
    written(visit, &said, headers)
}

fn written(visit: &Visit, said: &Said, mut headers: HeaderMap) -> Response {
    let (status, code, _) = said.code.about();
    let problem = Problem {
        r#type: format!("{}/api#{code}", visit.app.public_url),
        title: said.title.to_owned(),
        status,
        detail: said.detail.clone(),
        code: said.code,
        request_id: visit.request_id.clone(),
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let mut response = Response::new(serde_json::to_vec(&problem).unwrap_or_default().into());
    *response.status_mut() = said.code.status();
    *response.headers_mut() = headers;
    response
}

/// How to say who asks (RFC 6750, 3).
fn challenge(error: &ApiError) -> Option<(http::HeaderName, HeaderValue)> {
    let challenge = match error {
        ApiError::TokenMissing => r#"Bearer realm="GAS""#.to_owned(),
        ApiError::TokenMalformed(_) | ApiError::TokenInvalid => {
            r#"Bearer realm="GAS", error="invalid_token""#.to_owned()
        }
        ApiError::ScopeMissing(scope) => {
            format!(
                r#"Bearer realm="GAS", error="insufficient_scope", scope="{}""#,
                scope.as_str()
            )
        }
        _ => return None,
    };
    Some((WWW_AUTHENTICATE, HeaderValue::from_str(&challenge).ok()?))
}

fn of(error: &ApiError) -> Said {
    let say = |code, title, detail: &str| Said {
        code,
        title,
        detail: detail.to_owned(),
    };
    match error {
        ApiError::Page(error) => of_page(error),
        ApiError::TokenMissing => say(
            Code::TokenMissing,
            "A token is needed",
            "Send the header “Authorization: Bearer gas_…”. You make a token in My account, Access tokens.",
        ),
        ApiError::TokenMalformed(why) => say(Code::TokenMalformed, "This is no token", &why.to_string()),
        ApiError::TokenInvalid => say(
            Code::TokenInvalid,
            "The token is not good",
            "It has ended, was revoked, or was never made. Make another in My account, Access tokens.",
        ),
        ApiError::ScopeMissing(scope) => Said {
            code: Code::ScopeMissing,
            title: "The token may not do this",
            detail: lacking(*scope),
        },
        ApiError::NoSuchJob => say(
            Code::JobNotFound,
            "There is no such job",
            "You have no job with this ID. Only the person who submitted a job can see it.",
        ),
        ApiError::JobDeleted => say(
            Code::JobDeleted,
            "The job was deleted",
            "You have deleted this job. To annotate the file again, submit it with another idempotency key.",
        ),
        ApiError::JobEnded => say(
            Code::JobEnded,
            "The job has ended",
            "It had ended before it was to be cancelled; nothing is changed.",
        ),
        ApiError::NoSuchWebhook => say(
            Code::WebhookNotFound,
            "There is no such webhook",
            "You have no webhook, or delivery, with this ID.",
        ),
        ApiError::Webhook(why) => say(Code::BadWebhook, "This webhook cannot be made", why),
        ApiError::Filter(wrong) => Said {
            code: Code::BadFilter,
            title: "No variants can be asked for like that",
            detail: format!("{}: {}", wrong.field, wrong.why),
        },
        ApiError::Parameter(why) => say(Code::BadParameter, "A parameter is not as it has to be", why),
        ApiError::Json(why) => say(Code::BadJson, "This JSON cannot be taken", why),
        ApiError::Value(why) => say(Code::BadValue, "This value cannot be taken", &why.to_string()),
        ApiError::MediaType => say(
            Code::UnsupportedMediaType,
            "Send JSON",
            "Send JSON, with the header “Content-Type: application/json”.",
        ),
        ApiError::NoFile => say(
            Code::UnsupportedMediaType,
            "Send a file",
            "Send the BED file as it is, with the header “Content-Type: application/octet-stream”.",
        ),
        ApiError::LoginPending => say(
            Code::AuthorizationPending,
            "The login waits",
            "Nobody has said yes or no to this login yet. Ask again after the interval.",
        ),
        ApiError::LoginTooSoon => say(
            Code::SlowDown,
            "Asked too soon",
            "Nobody has said yes or no to this login yet. Pause five seconds longer before each question from now on.",
        ),
        ApiError::LoginDenied => say(
            Code::AccessDenied,
            "The login was denied",
            "The person has said no to this login, or has as many tokens as one may have.",
        ),
        ApiError::LoginOver => say(
            Code::ExpiredToken,
            "The login is over",
            "Its ten minutes have passed, or its token was given already. Begin another one.",
        ),
        ApiError::KeyReused => say(
            Code::IdempotencyKeyReused,
            "The key belongs to something else",
            "You have used this idempotency key for another file or job. Each needs a key of its own.",
        ),
    }
}

fn lacking(scope: Scope) -> String {
    format!(
        "It lacks the scope “{}”. Make a token that has it in My account, Access tokens.",
        scope.as_str()
    )
}

fn of_page(error: &PageError) -> Said {
    let words = error.explain();
    let (title, detail) = match error {
        PageError::NotFound => (
            "Nothing is here",
            "Check the address: /api lists all of them.".to_owned(),
        ),
        PageError::MethodNotAllowed => (
            "This method is not for this address",
            "The header Allow names the methods that it takes.".to_owned(),
        ),
        PageError::TooOften(_) => ("Asked too often", words.message),
        PageError::Internal(_) => (
            words.heading,
            "Your files and jobs are safe. Try again in a minute; if it keeps happening, tell us the request_id."
                .to_owned(),
        ),
        _ => (words.heading, words.message),
    };
    Said {
        code: code(error),
        title,
        detail,
    }
}

const fn code(error: &PageError) -> Code {
    match error {
        PageError::SignInNeeded => Code::TokenMissing,
        PageError::BadRequest(_) => Code::BadRequest,
        PageError::SecondFactorNeeded | PageError::StaleForm | PageError::Forbidden(..) => Code::Forbidden,
        PageError::PremiumNeeded(_) => Code::PremiumNeeded,
        PageError::NotYourJob => Code::JobNotFound,
        PageError::NotFound | PageError::Missing(..) => Code::NotFound,
        PageError::NoFile(NoFile::Archived) => Code::ResultsArchived,
        PageError::NoFile(NoFile::Restoring) => Code::ResultsRestoring,
        PageError::NoFile(NoFile::Results) => Code::NoResults,
        PageError::NoFile(NoFile::Log) => Code::NoLog,
        PageError::NoFile(NoFile::Index(_)) => Code::NoIndex,
        PageError::NoFile(NoFile::Variants(_)) => Code::NoVariants,
        PageError::NoFile(NoFile::Upload) => Code::UploadMissing,
        PageError::Conflict(..) => Code::Conflict,
        PageError::MethodNotAllowed => Code::MethodNotAllowed,
        PageError::TooLarge(_) => Code::TooLarge,
        PageError::TooSlow => Code::TooSlow,
        PageError::TooOften(_) => Code::RateLimited,
        PageError::TooManyAtOnce(..) => Code::TooManyAtOnce,
        PageError::Busy(..) | PageError::PaymentsDown(_) | PageError::NoConnection(_) => Code::Busy,
        PageError::Internal(_) => Code::Internal,
    }
}
