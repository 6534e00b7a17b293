//! Why a person does not get a file of a job now: said by pages and by the API in the same words.

use domain::NoIndex;
use http::StatusCode;

/// Why there is no file to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFile {
    /// The Free plan's time for these results is over.
    Archived,
    /// The results are on their way back from the vault.
    Restoring,
    /// The job has no results (yet).
    Results,
    /// The job has not ended, so that there is no log.
    Log,
    /// The results have no index, and why.
    Index(NoIndex),
    /// The results have no table of their variants; the sentence says why.
    Variants(&'static str),
    /// Nothing was uploaded where the job's input belongs.
    Upload,
}

impl NoFile {
    /// The status of the page that says so.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Archived => StatusCode::FORBIDDEN,
            _ => StatusCode::NOT_FOUND,
        }
    }

    /// What is so, in a few words.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Archived => "The time for downloading these results is over",
            Self::Restoring => "These results are being restored",
            Self::Results => "There are no results",
            Self::Log => "There is no log yet",
            Self::Index(_) => "There is no index",
            Self::Variants(_) => "There is no table of these variants",
            Self::Upload => "The upload is not there",
        }
    }

    /// Why, and what to do.
    #[must_use]
    pub fn why(self) -> String {
        match self {
            Self::Archived => {
                "The Free plan keeps results for a limited time. They are not lost: Premium brings them back.".into()
            }
            Self::Restoring => {
                "They come back from the archive, usually within 3–5 hours; you get an e-mail when they are here."
                    .into()
            }
            Self::Results => "This job has not produced any.".into(),
            Self::Log => "The log is written when the job ends.".into(),
            Self::Index(reason) => format!("There is none, because {}.", reason.reason()),
            Self::Variants(why) => why.into(),
            Self::Upload => "Nothing was stored under this address. Upload the file again.".into(),
        }
    }
}
