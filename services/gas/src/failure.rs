//! What goes wrong, with the exit code that says so to scripts.

use domain::InvalidField;
use serde::Deserialize;
use serde_json::json;

/// Why a command did not do what it was to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no token.
    #[error("You are not logged in: gas login")]
    NotLoggedIn,
    /// What stands where the token belongs is none.
    #[error("{0}")]
    BadToken(InvalidField),
    /// The service has said no.
    #[error("{}", .0.detail)]
    Problem(Problem),
    /// The service cannot be reached.
    #[error("{0} does not answer: {1}")]
    Unreachable(String, String),
    /// The command makes no sense.
    #[error("{0}")]
    Usage(String),
    /// Jobs have failed, or files are not fit; each was told.
    #[error("{0}")]
    Jobs(String),
    /// Anything else.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// A problem as the API tells it (RFC 9457).
#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, for programs.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// The request's id.
    #[serde(default)]
    pub request_id: String,
}

/// What exit codes mean, for the help.
pub const EXIT_CODES: &str = "Exit codes:
  0  done
  1  something else went wrong
  2  the command line makes no sense
  3  no token, or one that is not good or may not do this
  4  there is no such job or file
  5  a job has failed, or a file is not fit
  6  the results are archived, or being restored
  7  the service refuses for now: too often, too large, too much at once, or it does not answer";

impl Failure {
    /// The exit code, as [`EXIT_CODES`] explains it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NotLoggedIn | Self::BadToken(_) => 3,
            Self::Jobs(_) => 5,
            Self::Unreachable(..) => 7,
            Self::Problem(problem) => problem.exit_code(),
            Self::Other(_) => 1,
        }
    }

    /// Says it on standard error, in words or as JSON.
    pub fn tell(&self, as_json: bool) {
        let code = match self {
            Self::Problem(problem) => problem.code.as_str(),
            Self::NotLoggedIn | Self::BadToken(_) => "not_logged_in",
            Self::Unreachable(..) => "unreachable",
            Self::Usage(_) => "usage",
            Self::Jobs(_) => "jobs",
            Self::Other(_) => "other",
        };
        if as_json {
            eprintln!("{}", json!({ "code": code, "detail": self.to_string() }));
            return;
        }
        eprintln!("error: {self}");
        if let Self::Problem(problem) = self
            && problem.status >= 500
            && !problem.request_id.is_empty()
        {
            eprintln!("request id: {}", problem.request_id);
        }
    }
}

impl Problem {
    fn exit_code(&self) -> u8 {
        match (self.code.as_str(), self.status) {
            ("results_archived" | "results_restoring", _) => 6,
            ("access_denied" | "expired_token", _) | (_, 401 | 403) => 3,
            (_, 404) => 4,
            (_, 408 | 413 | 429 | 502..=504) => 7,
            _ => 1,
        }
    }

    /// Whether it passes by itself.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self.status, 408 | 429 | 502..=504)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_its_exit_code() {
        let exit = |status, code: &str| {
            let problem = Problem {
                status,
                code: code.into(),
                detail: String::new(),
                request_id: String::new(),
            };
            Failure::Problem(problem).exit_code()
        };
        assert_eq!(exit(401, "token_invalid"), 3);
        assert_eq!(exit(404, "job_not_found"), 4);
        assert_eq!(exit(409, "results_archived"), 6);
        assert_eq!(exit(429, "rate_limited"), 7);
        assert_eq!(exit(400, "bad_json"), 1);
    }
}
