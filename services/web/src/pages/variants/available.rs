//! Whether a job's variants can be looked at now, and the page that says why not.

use domain::{Job, JobId, ResultsAccess, ResultsForm, Timestamp, User, keys};
use http::StatusCode;
use serde::Serialize;
use warp::reply::Response;

use super::JobRef;
use crate::app::Application;
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::pages::settings_view::{ChoiceView, OWN, choices};
use crate::variant_tables::Opened;
use crate::visit::{Page, Visit};

/// Why there is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTable {
    /// The Free plan's time for these results is over.
    Archived,
    /// The results are on their way back from the vault.
    Restoring,
    /// The job has not ended.
    NotYet,
    /// The job has no results.
    NoResults,
    /// The results are in AnnTools' form, which has no table.
    AnnTools,
    /// The results were written before there were tables, or came back without theirs.
    Older,
}

#[derive(Serialize)]
struct Unavailable {
    job: AgainView,
    why: &'static str,
    /// Whether running the file again makes a table, and whether Premium brings this one back.
    offers_again: bool,
    offers_premium: bool,
    heading: &'static str,
}

/// The job, and the form that runs its file again.
#[derive(Serialize)]
struct AgainView {
    id: String,
    #[serde(flatten)]
    job: JobRef,
    new_job: String,
    choices: Vec<ChoiceView>,
}

/// The variants of a job, if its owner may have them now and there is a table.
pub async fn opened(app: &Application, user: &User, job: &Job) -> Result<Result<Opened, NoTable>, PageError> {
    match file(app, user, job) {
        Ok((key, size)) => Ok(Ok(app.variants.open(&app.objects, &key, size).await?)),
        Err(why) => Ok(Err(why)),
    }
}

/// Key and size of the file of variants.
fn file(app: &Application, user: &User, job: &Job) -> Result<(String, u64), NoTable> {
    match job.results_access(user, Timestamp::now(), app.retention) {
        ResultsAccess::UpgradeNeeded => Err(NoTable::Archived),
        ResultsAccess::Restoring => Err(NoTable::Restoring),
        ResultsAccess::None if job.status.is_final() => Err(NoTable::NoResults),
        ResultsAccess::None => Err(NoTable::NotYet),
        ResultsAccess::Available { .. } => match job.stored.variants {
            Some(size) => Ok((
                keys::attempt(job.user_id, job.id, job.attempt, &job.input_file_name).variants,
                size,
            )),
            None if job.settings.form == ResultsForm::AnnTools => Err(NoTable::AnnTools),
            None => Err(NoTable::Older),
        },
    }
}

impl NoTable {
    const fn status(self) -> StatusCode {
        match self {
            Self::Archived => StatusCode::FORBIDDEN,
            _ => StatusCode::NOT_FOUND,
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Self::Archived => "The time for looking at these variants is over",
            Self::Restoring => "These results are being restored",
            Self::NotYet => "There are no variants to look at yet",
            Self::NoResults => "This job has no variants to look at",
            Self::AnnTools | Self::Older => "There is no table of these variants",
        }
    }

    const fn why(self) -> &'static str {
        match self {
            Self::Archived => {
                "The Free plan keeps results for a limited time, and the table of variants is one of them. Nothing is lost: \
                 Premium brings the results back, and your file can be annotated again."
            }
            Self::Restoring => {
                "They come back from the archive, usually within 3–5 hours; you get an e-mail when they are here. You can \
                 have your file annotated again meanwhile."
            }
            Self::NotYet => "They are here when the job has ended.",
            Self::NoResults => "It has ended without results. Its page says why.",
            Self::AnnTools => {
                "The results are in AnnTools’ form, which has no consequences to filter by. Annotate the file again in the \
                 modern form, and its variants can be looked at here."
            }
            Self::Older => {
                "These results are kept without a table: they were made before we wrote one, or came back from the archive. \
                 Annotate the file again, and its variants can be looked at here."
            }
        }
    }

    const fn offers_again(self) -> bool {
        !matches!(self, Self::NotYet | Self::NoResults)
    }
}

/// The API says the same without a form.
impl From<NoTable> for PageError {
    fn from(why: NoTable) -> Self {
        Self::NoFile(match why {
            NoTable::Archived => NoFile::Archived,
            NoTable::Restoring => NoFile::Restoring,
            NoTable::NotYet | NoTable::NoResults => NoFile::Results,
            NoTable::AnnTools | NoTable::Older => NoFile::Variants(why.why()),
        })
    }
}

/// The page that says why there is no table.
pub fn unavailable(visit: &Visit, user: &User, job: &Job, why: NoTable) -> Result<Response, PageError> {
    let settings = domain::JobSettings {
        form: ResultsForm::Modern,
        ..job.settings
    };
    let body = Unavailable {
        job: AgainView {
            id: job.id.to_string(),
            job: JobRef::of(job),
            new_job: JobId::random().to_string(),
            choices: choices(settings, OWN),
        },
        why: why.why(),
        heading: why.heading(),
        offers_again: why.offers_again(),
        offers_premium: why == NoTable::Archived,
    };
    let page = Page::new("pages/variants/none.html", why.heading(), body).with_status(why.status());
    visit.render(Some(user), page)
}
