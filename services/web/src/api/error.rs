//! What can go wrong with a request of the API besides what can go wrong with a page.

use std::sync::Arc;

use anyhow::Error;
use domain::{InvalidField, Scope};
use variants::Wrong;
use warp::reply::{Reply, Response};

use crate::error::PageError;
use crate::variant_tables::Trouble;

/// Why there is no answer. `problem` says it.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// As for a page.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Nobody says who asks.
    #[error("no token")]
    TokenMissing,
    /// What stands where the token belongs is none; the sentence says why.
    #[error("no token: {0}")]
    TokenMalformed(InvalidField),
    /// The token has ended, or was never made.
    #[error("the token is not good")]
    TokenInvalid,
    /// The token may not do this.
    #[error("the token lacks a scope")]
    ScopeMissing(Scope),
    /// The job is another person's, or nobody's.
    #[error("no such job")]
    NoSuchJob,
    /// The job was deleted.
    #[error("the job was deleted")]
    JobDeleted,
    /// The job had ended before it was to be cancelled.
    #[error("the job has ended")]
    JobEnded,
    /// The webhook, or what it was told, is another person's, or nobody's.
    #[error("no such webhook")]
    NoSuchWebhook,
    /// A webhook cannot be as it is wanted; the sentences say why.
    #[error("{0}")]
    Webhook(String),
    /// A parameter of the address, or a header, is not as it has to be; the sentence says how.
    #[error("{0}")]
    Parameter(&'static str),
    /// A condition on variants means nothing.
    #[error(transparent)]
    Filter(Wrong),
    /// What was sent is not the JSON that it has to be; the sentence says where.
    #[error("{0}")]
    Json(String),
    /// A value is of the right type and cannot be taken all the same.
    #[error(transparent)]
    Value(InvalidField),
    /// What was sent is not said to be JSON.
    #[error("no JSON")]
    MediaType,
    /// What was sent is not said to be a file.
    #[error("no file")]
    NoFile,
    /// Nobody has decided on the login yet.
    #[error("the login waits")]
    LoginPending,
    /// The program has asked after its login too soon.
    #[error("asked after a login too soon")]
    LoginTooSoon,
    /// The person has said no to the login, or may not log in.
    #[error("the login was denied")]
    LoginDenied,
    /// There is no such login: its time is over, or it was redeemed.
    #[error("the login is over")]
    LoginOver,
    /// Another file was submitted under the same idempotency key.
    #[error("the idempotency key was used for another file")]
    KeyReused,
}

impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Wrong(wrong) => Self::Filter(wrong),
            other => Self::Page(other.into()),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Page(error.into())
    }
}

/// An empty answer that carries the error to `routes`, which knows the request.
impl Reply for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Page(error) => error.into_response(),
            own => {
                let mut response = Response::default();
                response.extensions_mut().insert(Arc::new(own));
                response
            }
        }
    }
}
