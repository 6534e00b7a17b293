//! `GET /annotate`: the form that uploads a VCF straight to S3.

use std::time::Duration;

use backends::object_store::{FormField, SETTINGS_FIELDS};
use domain::{IN_PARTS_ABOVE, JobId, JobSettings, Plan, keys};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::pages::settings_view::{ChoiceView, choices};
use crate::views::{LimitsView, SizeView};
use crate::visit::{Page, Visit, reading, visit};

/// How long a form may be used: enough to choose a file and to begin its upload.
const FORM_VALID_FOR: Duration = Duration::from_secs(3600);

#[derive(Serialize)]
struct Annotate {
    upload: Upload,
    /// Where the plan has uploads in parts.
    parts: Option<Parts>,
    plan: &'static str,
    takes: LimitsView,
}

#[derive(Serialize)]
struct Parts {
    /// Larger files go in parts.
    above: u64,
    /// Under whose id the browser keeps what was interrupted.
    owner: String,
}

#[derive(Serialize)]
struct Upload {
    action: String,
    /// Every upload has all of them.
    settings: Vec<ChoiceView>,
    fields: Vec<FormField>,
    script_fields: Vec<FormField>,
    next: &'static str,
    limit_bytes: u64,
    limit_text: String,
    expires_in: u64,
}

/// `GET /annotate`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("annotate")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

/// Each rendering is for one new job: the form fixes the key, the size and where the browser goes next.
async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let plan = user.role.plan();
    let limits = visit.app.input_limits.of(plan);
    let (limit, objects) = (limits.bytes, &visit.app.objects);
    let key = keys::input(user.id, JobId::random());
    let next = format!("{}/annotate/job", visit.app.public_url);
    let plain = objects.upload_form(&key, limit, FORM_VALID_FOR, &next).await?;
    let script = objects.upload_form_for_script(&key, limit, FORM_VALID_FOR).await?;
    let upload = Upload {
        action: plain.action,
        settings: choices(JobSettings::default(), SETTINGS_FIELDS),
        fields: plain.fields,
        script_fields: script.fields,
        next: "/annotate/job",
        limit_bytes: limit,
        limit_text: SizeView::in_full(limit),
        expires_in: FORM_VALID_FOR.as_secs(),
    };
    let parts = (plan == Plan::Premium).then(|| Parts {
        above: IN_PARTS_ABOVE,
        owner: user.id.to_string(),
    });
    let body = Annotate {
        upload,
        parts,
        plan: plan.name(),
        takes: LimitsView::of(limits),
    };
    visit.render(Some(&user), Page::new("pages/annotate.html", "Annotate a VCF", body))
}
