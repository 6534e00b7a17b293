//! What can be wrong with a request of the API, in words that stay the same.

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong, in words for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    TokenMissing,
    TokenMalformed,
    TokenInvalid,
    ScopeMissing,
    Forbidden,
    PremiumNeeded,
    NotFound,
    JobNotFound,
    JobDeleted,
    JobEnded,
    WebhookNotFound,
    UploadMissing,
    NoResults,
    NoLog,
    NoIndex,
    NoVariants,
    ResultsArchived,
    ResultsRestoring,
    BadRequest,
    BadParameter,
    BadJson,
    BadFilter,
    BadWebhook,
    BadValue,
    IdempotencyKeyReused,
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    MethodNotAllowed,
    UnsupportedMediaType,
    TooLarge,
    TooSlow,
    RateLimited,
    TooManyAtOnce,
    Conflict,
    Busy,
    Internal,
}

impl Code {
    /// All of them, in the order of the page that explains them.
    pub const ALL: [Self; 38] = [
        Self::TokenMissing,
        Self::TokenMalformed,
        Self::TokenInvalid,
        Self::ScopeMissing,
        Self::Forbidden,
        Self::PremiumNeeded,
        Self::NotFound,
        Self::JobNotFound,
        Self::JobDeleted,
        Self::JobEnded,
        Self::WebhookNotFound,
        Self::UploadMissing,
        Self::NoResults,
        Self::NoLog,
        Self::NoIndex,
        Self::NoVariants,
        Self::ResultsArchived,
        Self::ResultsRestoring,
        Self::BadRequest,
        Self::BadParameter,
        Self::BadJson,
        Self::BadFilter,
        Self::BadWebhook,
        Self::BadValue,
        Self::IdempotencyKeyReused,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::AccessDenied,
        Self::ExpiredToken,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::TooSlow,
        Self::RateLimited,
        Self::TooManyAtOnce,
        Self::Conflict,
        Self::Busy,
        Self::Internal,
    ];

    /// Its status, its word, and what it means.
    #[must_use]
    pub const fn about(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::TokenMissing => (401, "token_missing", "The header Authorization has no token."),
            Self::TokenMalformed => (
                401,
                "token_malformed",
                "The token is not complete, or has a wrong letter.",
            ),
            Self::TokenInvalid => (
                401,
                "token_invalid",
                "The token has ended, was revoked, or was never made.",
            ),
            Self::ScopeMissing => (403, "scope_missing", "The token may not do this."),
            Self::Forbidden => (403, "forbidden", "The person may not do this."),
            Self::PremiumNeeded => (
                403,
                "premium_needed",
                "The plan does not have this; the detail says what to do instead.",
            ),
            Self::NotFound => (404, "not_found", "Nothing is at this address."),
            Self::JobNotFound => (404, "job_not_found", "The person has no such job."),
            Self::JobDeleted => (
                409,
                "job_deleted",
                "The job was deleted; its upload is not submitted again.",
            ),
            Self::JobEnded => (409, "job_ended", "The job had ended before it was to be cancelled."),
            Self::WebhookNotFound => (404, "webhook_not_found", "The person has no such webhook, or delivery."),
            Self::UploadMissing => (404, "upload_missing", "Nothing was uploaded, or it was cleared away."),
            Self::NoResults => (404, "no_results", "The job has not ended, or has failed."),
            Self::NoLog => (404, "no_log", "The job has not ended."),
            Self::NoIndex => (404, "no_index", "The results have no index; the detail says why."),
            Self::NoVariants => (
                404,
                "no_variants",
                "The results have no table of their variants; the detail says why.",
            ),
            Self::ResultsArchived => (
                409,
                "results_archived",
                "The Free plan's time is over; Premium brings the results back.",
            ),
            Self::ResultsRestoring => (
                409,
                "results_restoring",
                "The results are on their way back from the archive.",
            ),
            Self::BadRequest => (400, "bad_request", "The request makes no sense."),
            Self::BadParameter => (400, "bad_parameter", "A parameter or a header is not as it has to be."),
            Self::BadJson => (400, "bad_json", "What was sent is not the JSON that it has to be."),
            Self::BadFilter => (
                422,
                "bad_filter",
                "No variants can be asked for like that; the detail says which parameter, and why.",
            ),
            Self::BadWebhook => (
                422,
                "bad_webhook",
                "The address, or the events, cannot be taken; the detail says why.",
            ),
            Self::BadValue => (
                422,
                "bad_value",
                "A value is of the right type and cannot be taken all the same; the detail says why.",
            ),
            Self::IdempotencyKeyReused => (
                422,
                "idempotency_key_reused",
                "The key was used for another file or job.",
            ),
            Self::AuthorizationPending => (400, "authorization_pending", "Nobody has decided on the login yet."),
            Self::SlowDown => (
                400,
                "slow_down",
                "The program has asked after its login too soon; it pauses five seconds longer from now on.",
            ),
            Self::AccessDenied => (400, "access_denied", "The person has said no to the login."),
            Self::ExpiredToken => (
                400,
                "expired_token",
                "The login’s time is over, or its token was given already.",
            ),
            Self::MethodNotAllowed => (
                405,
                "method_not_allowed",
                "The address does not take the method; the header Allow says which.",
            ),
            Self::UnsupportedMediaType => (
                415,
                "unsupported_media_type",
                "What is sent has to be application/json, or application/octet-stream where it is a BED file.",
            ),
            Self::TooLarge => (
                413,
                "too_large",
                "The file, or what was sent, is larger than what is taken.",
            ),
            Self::TooSlow => (408, "too_slow", "What was sent did not arrive in time."),
            Self::RateLimited => (
                429,
                "rate_limited",
                "Asked too often; the header Retry-After says when to ask again.",
            ),
            Self::TooManyAtOnce => (
                429,
                "too_many_at_once",
                "As many are open at once as one person may have.",
            ),
            Self::Conflict => (409, "conflict", "Things are not as the request takes them to be."),
            Self::Busy => (
                503,
                "busy",
                "The service has no room for this now; ask again a little later.",
            ),
            Self::Internal => (500, "internal", "Something went wrong on our side."),
        }
    }

    /// The status of an answer with this code.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.about().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_under_the_word_that_answers_carry() {
        for code in Code::ALL {
            let (status, word, _) = code.about();
            assert_eq!(serde_json::to_value(code).unwrap(), word);
            assert!((400..600).contains(&status), "{word}");
        }
    }
}
