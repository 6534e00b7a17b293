//! Errors in the API's own shape.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html>

use http::StatusCode;
use serde_json::json;
use warp::reply::{self, Reply, Response};

/// Why a request is not done.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, message }
    }

    /// A parameter is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidParameterValueException", message)
    }

    /// A header or a field is missing.
    pub fn missing(what: &str) -> Self {
        let message = format!("Required parameter missing: {what}");
        Self::new(StatusCode::BAD_REQUEST, "MissingParameterValueException", message)
    }

    /// The body cannot be read.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "SerializationException", message)
    }

    /// There is no such operation.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// A vault, an archive, an upload or a job is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
    }

    /// Nobody has signed the request.
    pub fn unsigned() -> Self {
        let message = "Missing Authentication Token";
        Self::new(StatusCode::BAD_REQUEST, "MissingAuthenticationTokenException", message)
    }

    /// A stranger has signed the request.
    pub fn stranger() -> Self {
        let message = "The security token included in the request is invalid.";
        Self::new(StatusCode::BAD_REQUEST, "UnrecognizedClientException", message)
    }

    /// The signature is not the one of this request.
    pub fn signature(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "InvalidSignatureException", message)
    }

    /// The account of the request is not the one of the vaults.
    pub fn access_denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDeniedException", message)
    }

    /// No room for an expedited retrieval.
    pub fn capacity() -> Self {
        let message = "GlacierExpedited retrievals are currently not available, please try again later";
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "InsufficientCapacityException",
            message,
        )
    }

    /// The service is not well.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ServiceUnavailableException",
            message,
        )
    }

    /// The answer.
    pub fn into_response(self) -> Response {
        let kind = match self.status.is_server_error() {
            true => "Server",
            false => "Client",
        };
        let body = json!({ "code": self.code, "message": self.message, "type": kind });
        let reply = reply::with_status(reply::json(&body), self.status);
        reply::with_header(reply, "x-amzn-ErrorCode", self.code).into_response()
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::unavailable(format!("the emulator's disk: {error}"))
    }
}
