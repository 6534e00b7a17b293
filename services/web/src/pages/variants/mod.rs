//! `GET /annotations/<job id>/variants`: the variants of a completed job as a table, filtered and sorted as the address says.
//!
//! Beside it are its charts (`…/variants/charts`), each variant's own page (`…/variants/<row>`), and what is shown as a file
//! (`…/variants.tsv`). All are results: who may download those may see these, and nobody else.

mod asked;
mod available;
mod bed_file;
mod charts;
mod choices;
mod export;
mod form;
mod links;
mod one;
mod own_record;
mod picked_records;
mod records;
mod row_view;
mod view;

use domain::{Job, JobSummary, User};
use http::StatusCode;
use variants::{Columns, Found, Wrong};
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use super::annotation::own_job_with_summary;
use crate::app::App;
use crate::error::PageError;
use crate::variant_tables::{Opened, Trouble};
use crate::visit::{Page, Visit, reading, see_other, visit};

use asked::{PAGE, Pairs, encoded};
use available::unavailable;
use form::FormView;
use view::{JobRef, VariantsView, View, variants_url};

pub use asked::Asked;
pub use available::opened;
pub use export::{ExportFormat, export};

/// `GET /annotations/<job id>/variants` and what is beside it.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let at = || warp::path("annotations").and(warp::path::param::<String>());
    let asked = || warp::path::end().and(reading()).and(visit(app.clone()));
    let table = at().and(warp::path("variants")).and(asked());
    let table = table
        .then(|id, visit| show(id, visit, View::Table))
        .map(Reply::into_response);
    let charts = at().and(warp::path("variants")).and(warp::path("charts")).and(asked());
    let charts = charts
        .then(|id, visit| show(id, visit, View::Charts))
        .map(Reply::into_response);
    let one = at()
        .and(warp::path("variants"))
        .and(warp::path::param::<String>())
        .and(asked());
    let one = one.then(one::show).map(Reply::into_response);
    let bed = at()
        .and(warp::path("variants"))
        .and(warp::path("regions"))
        .and(warp::path::end())
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let bed = bed.then(bed_file::take).map(Reply::into_response);
    // HEAD would begin a file that nobody takes.
    let file = at()
        .and(file())
        .and(warp::path::end())
        .and(warp::get())
        .and(visit(app.clone()));
    let file = file.then(export::show).map(Reply::into_response);
    let shown = table.or(charts).unify().or(one).unify();
    shown.or(bed).unify().or(file).unify().boxed()
}

/// `variants.tsv` and its like.
fn file() -> impl Filter<Extract = (ExportFormat,), Error = Rejection> + Copy {
    warp::path::param::<String>().and_then(|name: String| async move {
        let ending = name.strip_prefix("variants.");
        ending
            .and_then(ExportFormat::of_ending)
            .ok_or_else(warp::reject::not_found)
    })
}

async fn show(id: String, visit: Visit, view: View) -> Result<Response, PageError> {
    if view == View::Charts && visit.path.ends_with('/') {
        // Links of bands are seen from the address without it.
        return see_other(&visit.path_and_query().replacen("/charts/", "/charts", 1));
    }
    let (user, job, summary) = own_job_with_summary(&visit, &id).await?;
    let opened = match opened(&visit.app, &user, &job).await? {
        Ok(opened) => opened,
        Err(why) => return unavailable(&visit, &user, &job, why),
    };
    let pairs = visit.pairs();
    let (asked, answer) = match Asked::about(&visit.app, &job, &pairs).await {
        Ok(asked) => {
            let answer = answer(&visit, &opened, &asked, view).await;
            (Some(asked), answer)
        }
        Err(trouble) => (None, Err(trouble)),
    };
    match (asked, answer) {
        (Some(asked), Ok(answer)) => {
            let assembly = summary.and_then(|summary| assembly(&summary)).unwrap_or_default();
            let body = VariantsView::of(&job, &asked, &pairs, &opened, view, (answer, &assembly));
            visit.render(Some(&user), Page::new("pages/variants.html", "Variants", body))
        }
        (_, Err(Trouble::Wrong(wrong))) => refuse(&visit, &user, &job, &pairs, &opened, view, &wrong),
        (_, Err(trouble)) => Err(trouble.into()),
        (None, Ok(_)) => unreachable!("nothing was asked"),
    }
}

/// What was found, with the rows of the page if they are shown.
struct Answer {
    found: Found,
    rows: Vec<variants::Variant>,
}

async fn answer(visit: &Visit, opened: &Opened, asked: &Asked, view: View) -> Result<Answer, Trouble> {
    let (tables, objects) = (&visit.app.variants, &visit.app.objects);
    let query = match view {
        View::Table => asked.query(PAGE, false),
        View::Charts => asked.query(0, true),
    };
    let found = tables.find(objects, opened, &query).await?;
    let rows = match found.page.is_empty() {
        true => Vec::new(),
        false => tables.rows(objects, opened, &found.page, Columns::Shown).await?,
    };
    Ok(Answer { found, rows })
}

/// The form again, with what is wrong at its field.
fn refuse(
    visit: &Visit,
    user: &User,
    job: &Job,
    pairs: &Pairs,
    opened: &Opened,
    view: View,
    wrong: &Wrong,
) -> Result<Response, PageError> {
    let form = FormView::of(Err(wrong), pairs, opened.table.samples());
    let body = VariantsView::without_answer(job, view, form);
    let page = Page::new("pages/variants.html", "Variants", body).with_status(StatusCode::BAD_REQUEST);
    visit.render(Some(user), page)
}

/// The assembly that a file was annotated with, as its summary has it.
fn assembly(summary: &str) -> Option<String> {
    let summary: JobSummary = serde_json::from_str(summary).ok()?;
    Some(summary.reference?.assembly)
}

impl From<Trouble> for PageError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Wrong(wrong) => Self::BadRequest(wrong.why),
            Trouble::Gone => Self::Missing(
                "The variants are not here",
                "They were here a moment ago. Load the job's page again: it says what has become of its results."
                    .into(),
            ),
            Trouble::Busy => Self::Busy(
                "Many people look at variants right now",
                "We look through a few files at once, and yours had to wait too long. Try again in a minute.".into(),
            ),
            Trouble::Internal(error) => error.into(),
        }
    }
}
