//! What can go wrong with a page, and the page that says so.

use std::time::Duration;

use backends::accounts::NoConnection;
use domain::InvalidField;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use warp::reply::{Reply, Response};

use crate::no_file::NoFile;

/// After how many seconds to ask again for whom there was no connection: longer than a request waits for one, so that those
/// who wait are fewer by then.
const CONNECTION_RETRY: u64 = 10;

/// Why there is no page. Each has a status and words for the person; `routes` renders them.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The person must sign in first, and then comes back here.
    #[error("sign-in needed")]
    SignInNeeded,
    /// Who runs the service logs in with a second factor, and this person has none yet.
    #[error("second factor needed")]
    SecondFactorNeeded,
    /// The request makes no sense; the sentence says why.
    #[error("{0}")]
    BadRequest(String),
    /// The form was made for another browser or an ended session.
    #[error("the form is out of date")]
    StaleForm,
    /// The job is another person's, or nobody's.
    #[error("not authorized to view this job")]
    NotYourJob,
    /// The person may not have this; heading and sentence say why.
    #[error("{0}")]
    Forbidden(&'static str, String),
    /// The plan does not have this; the sentence says what to do instead.
    #[error("{0}")]
    PremiumNeeded(&'static str),
    /// Things are not as the request takes them to be; heading and sentence say how they are.
    #[error("{0}")]
    Conflict(&'static str, String),
    /// There is no such page.
    #[error("no such page")]
    NotFound,
    /// What the page is about is not there (yet); heading and sentence say what.
    #[error("{0}")]
    Missing(&'static str, String),
    /// There is no file to give, or not now.
    #[error("{}", .0.heading())]
    NoFile(NoFile),
    /// The page exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// More was sent than we take; the sentence says how much.
    #[error("{0}")]
    TooLarge(String),
    /// The body did not arrive in time.
    #[error("the request took too long")]
    TooSlow,
    /// Asked too often.
    #[error("asked too often")]
    TooOften(Duration),
    /// The person has as many of something at once as one may; heading and sentence say of what, and what to do.
    #[error("{0}")]
    TooManyAtOnce(&'static str, String),
    /// All places are taken; heading and sentence say of what, and what to do meanwhile.
    #[error("{0}")]
    Busy(&'static str, String),
    /// Stripe does not answer; the chain goes to the log.
    #[error("payments are not available")]
    PaymentsDown(#[source] anyhow::Error),
    /// The accounts database gave no connection in time; the chain goes to the log.
    #[error("no connection to the accounts database")]
    NoConnection(#[source] anyhow::Error),
    /// Our fault; the chain goes to the log, never to the page.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

/// The words of an error page.
pub struct Explanation {
    /// The page's heading.
    pub heading: &'static str,
    /// What happened and what to do.
    pub message: String,
    /// Where to go from here: address and label.
    pub action: Option<(&'static str, &'static str)>,
}

impl PageError {
    /// The answer's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignInNeeded => StatusCode::SEE_OTHER,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::StaleForm
            | Self::NotYourJob
            | Self::Forbidden(..)
            | Self::PremiumNeeded(_)
            | Self::SecondFactorNeeded => StatusCode::FORBIDDEN,
            Self::NoFile(no) => no.status(),
            Self::NotFound | Self::Missing(..) => StatusCode::NOT_FOUND,
            Self::Conflict(..) => StatusCode::CONFLICT,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooOften(_) | Self::TooManyAtOnce(..) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(..) | Self::PaymentsDown(_) | Self::NoConnection(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the page says.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let say = |heading, message: &str, action| Explanation {
            heading,
            message: message.to_owned(),
            action,
        };
        let jobs = Some(("/annotations", "My annotations"));
        match self {
            Self::SignInNeeded => say(
                "Log in first",
                "This page is for people who are logged in.",
                Some(("/login", "Log in")),
            ),
            Self::SecondFactorNeeded => say(
                "Set up a second factor first",
                "Who runs the service logs in with a code beside the password. It takes a minute and an authenticator app.",
                Some(("/profile/second-factor", "Set it up")),
            ),
            Self::BadRequest(why) => say("This request cannot be answered", why, None),
            Self::StaleForm => say(
                "This form is out of date",
                "It was made before you logged in or out, or in another browser. Go back, reload the page and try again.",
                None,
            ),
            Self::NotYourJob => say(
                "Not authorized to view this job",
                "Only the person who submitted a job can see it.",
                jobs,
            ),
            Self::Forbidden(heading, why) => say(heading, why, jobs),
            Self::PremiumNeeded(why) => say(
                "This is for Premium",
                why,
                Some(("/subscribe", "See what Premium offers")),
            ),
            Self::Conflict(heading, why) => say(heading, why, None),
            Self::NotFound => say(
                "There is no such page",
                "Check the address, or start from the home page.",
                Some(("/", "Home")),
            ),
            Self::Missing(heading, why) => say(heading, why, jobs),
            Self::NoFile(no) => say(no.heading(), &no.why(), jobs),
            Self::MethodNotAllowed => say(
                "This page does not do that",
                "It was asked with a method that it does not know.",
                None,
            ),
            Self::TooLarge(why) => say("This is too large", why, None),
            Self::TooSlow => say(
                "This took too long",
                "The request did not arrive in time. Check your connection and try again.",
                None,
            ),
            Self::TooOften(after) => {
                let seconds = after.as_secs() + 1;
                say(
                    "Too many attempts",
                    &format!("Please wait {} and try again.", wait(seconds)),
                    None,
                )
            }
            Self::Busy(heading, why) | Self::TooManyAtOnce(heading, why) => say(heading, why, jobs),
            Self::PaymentsDown(_) => say(
                "Payments are not available right now",
                "Our payment provider does not answer. If a payment was under way, your account shows it within minutes, \
                 and you are not charged twice. Everything else works; try again a little later.",
                Some(("/profile", "My account")),
            ),
            Self::NoConnection(_) => say(
                "The service is busy right now",
                "It could not look into its accounts in time. Your files and jobs are safe; try again in a few seconds.",
                None,
            ),
            Self::Internal(_) => say(
                "Something went wrong on our side",
                "Your files and jobs are safe. Try again in a minute; if it keeps happening, tell us the request id below.",
                None,
            ),
        }
    }
}

impl From<anyhow::Error> for PageError {
    fn from(error: anyhow::Error) -> Self {
        match error.is::<NoConnection>() {
            true => Self::NoConnection(error),
            false => Self::Internal(error),
        }
    }
}

impl From<InvalidField> for PageError {
    fn from(field: InvalidField) -> Self {
        Self::BadRequest(field.to_string())
    }
}

/// An empty answer that carries the error to `routes`, which knows the person and the request.
impl Reply for PageError {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = self.status();
        let retry_after = match &self {
            Self::TooOften(after) => Some(after.as_secs() + 1),
            Self::Busy(..) | Self::TooManyAtOnce(..) => Some(60),
            Self::NoConnection(_) => Some(CONNECTION_RETRY),
            _ => None,
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

fn wait(seconds: u64) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;
    use backends::accounts::Accounts;
    use backends::settings::DatabaseSettings;
    use tokio::net::TcpListener;

    /// Status and `Retry-After` of the answer.
    fn answer(error: anyhow::Error) -> (u16, Option<String>) {
        let answer = PageError::from(error).into_response();
        let retry_after = answer.headers().get(RETRY_AFTER);
        let retry_after = retry_after.map(|seconds| seconds.to_str().unwrap().to_owned());
        (answer.status().as_u16(), retry_after)
    }

    #[tokio::test]
    async fn who_gets_no_connection_in_time_is_told_when_to_come_back() {
        // It takes the one connection of the pool, and never says a word.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://gas:gas@{}/gas", silent.local_addr().unwrap());
        let settings = DatabaseSettings {
            database_connections: 1,
            database_patience: Duration::from_millis(100),
            ..DatabaseSettings::at(url)
        };
        let accounts = Accounts::connect(&settings).unwrap();
        let (first, second) = tokio::join!(accounts.ping(), accounts.ping());
        for failure in [first.unwrap_err(), second.unwrap_err()] {
            assert_eq!(answer(failure.context("read a session")), (503, Some("10".to_owned())));
        }
        assert_eq!(answer(anyhow!("a fault")), (500, None));
    }
}
