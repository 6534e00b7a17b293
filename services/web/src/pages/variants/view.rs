//! What the page of variants shows: fields for its templates.

use domain::{Job, with_commas};
use serde::Serialize;
use variants::{Found, Sort};

use super::Answer;
use super::asked::{Asked, PAGE, Pairs};
use super::charts::ChartsView;
use super::export::ExportFormat;
use super::form::{FormView, shown_sample};
use super::row_view::RowView;
use crate::variant_tables::Opened;
use crate::views::{Breakable, breakable};

/// Which of the two views of the same variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A page of rows.
    Table,
    /// Charts of all that match.
    Charts,
}

/// The page: a form, what was found, and the one or the other view of it.
#[derive(Serialize)]
pub struct VariantsView {
    job: JobRef,
    /// Where the form is sent to.
    action: String,
    table_url: String,
    charts_url: String,
    all_url: String,
    /// Where a BED file is sent to, and what else is asked then.
    bed_action: String,
    bed_query: String,
    /// `charts`, or `table`.
    view: &'static str,
    form: FormView,
    parts: Vec<PartView>,
    /// `None` where nothing was looked for, because the question is wrong.
    found: Option<FoundView>,
    rows: Vec<RowView>,
    /// The sample whose genotype is shown.
    sample: Option<String>,
    order: &'static str,
    /// Which of the variants are on the page: `1 to 50`.
    shown: String,
    first_url: String,
    previous_url: Option<String>,
    next_url: Option<String>,
    charts: Option<ChartsView>,
    downloads: Vec<DownloadView>,
}

/// The job whose variants they are.
#[derive(Serialize)]
pub struct JobRef {
    url: String,
    title: String,
    title_parts: Breakable,
}

/// A part of the filter, and the address without it.
#[derive(Serialize)]
pub struct PartView {
    words: String,
    url: String,
}

/// How many were found.
#[derive(Serialize)]
pub struct FoundView {
    matched: String,
    total: String,
    is_all: bool,
    is_none: bool,
}

/// What is shown, as a file.
#[derive(Serialize)]
pub struct DownloadView {
    label: &'static str,
    about: &'static str,
    url: String,
}

impl VariantsView {
    /// What a question has found; the assembly is that of the job.
    pub fn of(job: &Job, asked: &Asked, pairs: &Pairs, opened: &Opened, view: View, answer: (Answer, &str)) -> Self {
        let (Answer { found, rows }, assembly) = answer;
        let samples = opened.table.samples();
        let base = variants_url(job);
        let first = asked.first();
        let form = FormView::of(Ok(asked), pairs, samples);
        let empty = Self::without_answer(job, view, form);
        let own = |query: &str| format!("{}{query}", empty.action);
        let sample = shown_sample(pairs, samples);
        let at = samples.iter().position(|name| *name == sample);
        let row = |variant: &variants::Variant| RowView::of(variant, at, format!("{base}/{}{first}", variant.row));
        let (before, shown) = (asked.offset, rows.len() as u64);
        let page = |offset: u64| own(&asked.behind(offset));
        Self {
            table_url: format!("{base}{first}"),
            charts_url: format!("{base}/charts{first}"),
            first_url: own(&first),
            bed_query: first.trim_start_matches('?').to_owned(),
            parts: parts(&empty.action, asked),
            found: Some(FoundView::of(&found, opened.table.rows())),
            previous_url: (before > 0 && shown > 0).then(|| page(before.saturating_sub(PAGE as u64))),
            next_url: (shown > 0 && before + shown < found.matched).then(|| page(before + shown)),
            shown: format!("{} to {}", with_commas(before + 1), with_commas(before + shown)),
            rows: rows.iter().map(row).collect(),
            sample: at.map(|_| sample),
            order: order(asked.sort),
            charts: found
                .charts
                .as_ref()
                .map(|charts| ChartsView::of(charts, asked, &base, assembly)),
            downloads: downloads(&base, &first, found.matched),
            ..empty
        }
    }

    /// The form alone.
    pub fn without_answer(job: &Job, view: View, form: FormView) -> Self {
        let base = variants_url(job);
        let charts_url = format!("{base}/charts");
        let action = match view {
            View::Table => base.clone(),
            View::Charts => charts_url.clone(),
        };
        Self {
            job: JobRef::of(job),
            all_url: action.clone(),
            first_url: action.clone(),
            action,
            bed_action: format!("{base}/regions"),
            bed_query: String::new(),
            view: match view {
                View::Table => "table",
                View::Charts => "charts",
            },
            table_url: base,
            charts_url,
            form,
            parts: Vec::new(),
            found: None,
            rows: Vec::new(),
            sample: None,
            order: "",
            shown: String::new(),
            previous_url: None,
            next_url: None,
            charts: None,
            downloads: Vec::new(),
        }
    }
}

impl JobRef {
    /// The job, to go back to.
    pub fn of(job: &Job) -> Self {
        Self {
            url: format!("/annotations/{}", job.id),
            title: job.title().to_owned(),
            title_parts: breakable(job.title()),
        }
    }
}

impl FoundView {
    fn of(found: &Found, total: u64) -> Self {
        Self {
            matched: with_commas(found.matched),
            total: with_commas(total),
            is_all: found.matched == total,
            is_none: found.matched == 0,
        }
    }
}

fn parts(action: &str, asked: &Asked) -> Vec<PartView> {
    let part = |part: variants::Part| PartView {
        url: format!("{action}{}", asked.with_filter(part.without)),
        words: part.words,
    };
    asked.filter.describe().into_iter().map(part).collect()
}

const fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Place => "By place",
        Sort::Severity => "Most severe first",
        Sort::Frequency => "Rarest first",
    }
}

/// What is shown, in every form; nothing of nothing.
fn downloads(base: &str, query: &str, matched: u64) -> Vec<DownloadView> {
    let download = |format: ExportFormat| {
        let (label, about) = format.about();
        DownloadView {
            label,
            about,
            url: format!("{base}.{}{query}", format.ending()),
        }
    };
    ExportFormat::ALL
        .into_iter()
        .filter(|_| matched > 0)
        .map(download)
        .collect()
}

/// Where the variants of a job are.
pub fn variants_url(job: &Job) -> String {
    format!("/annotations/{}/variants", job.id)
}
