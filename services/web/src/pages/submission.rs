//! `GET /annotate/job?bucket&key&etag`: where S3 sends the browser after an upload, and where the job begins.
//!
//! Nothing in the query is trusted: the key must be one of this person's and the object must be there.

use backends::jobs::Submitted;
use domain::{JobId, Plan, PlanLimits, Timestamp, User, keys};
use tracing::{Span, info, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::views::SizeView;
use crate::visit::{Visit, see_other, visit};

/// `GET /annotate/job`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("annotate" / "job").and(warp::get());
    path.and(visit(app.clone()))
        .then(submit)
        .map(Reply::into_response)
        .boxed()
}

/// Writing the row is conditional, so a reload finds the job instead of making a second one.
async fn submit(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let query = visit.query();
    if query.get("bucket") != visit.app.objects.inputs_bucket() {
        return Err(PageError::BadRequest(
            "This address belongs to an upload, which has gone elsewhere.".into(),
        ));
    }
    let job = keys::job_of_input(user.id, query.get("key")).ok_or(PageError::NotYourJob)?;
    visit.app.limits.submission(user.id).await?;
    Span::current().record("job.id", job.to_string());
    begin(&visit.app, &user, job).await?;
    see_other(&format!("/annotations/{job}"))
}

/// Begins a job with what its owner has uploaded, unless it was begun before.
pub async fn begin(app: &Application, user: &User, job: JobId) -> Result<Submitted, PageError> {
    let key = keys::input(user.id, job);
    let upload = app.objects.uploaded(&key).await?;
    let upload = upload.ok_or(PageError::NoFile(NoFile::Upload))?;
    check_size(upload.size, user.role.plan(), &app.input_limits)?;
    // Before the row is there: an input that stays without its job costs little, a job that loses its input is lost.
    if !app.objects.keep_input(&key, upload.version.as_deref(), job).await? {
        // Somebody deletes it: a job was made of it, and is on its way out.
        return Err(PageError::NoFile(NoFile::Upload));
    }
    let requests = &app.job_requests;
    let submitted = requests.submit(job, user, &upload, Timestamp::now()).await?;
    if submitted != Submitted::Before {
        info!(job.id = %job, user.id = %user.id, "User {} submitted job {job} ({} bytes)", user.id, upload.size);
    }
    // The row is the truth: should this be lost, the sweep does it again.
    if let Err(error) = requests.request_new(job, user.id, submitted).await {
        warn!(job.id = %job, "Could not request job {job}, the sweep will: {error:#}");
    }
    Ok(submitted)
}

/// Whether the plan takes a file of so many bytes.
pub fn check_size(size: u64, plan: Plan, limits: &PlanLimits) -> Result<(), PageError> {
    match size > limits.of(plan).bytes {
        true => Err(too_large(size, plan, limits)),
        false => Ok(()),
    }
}

fn too_large(size: u64, plan: Plan, limits: &PlanLimits) -> PageError {
    let (name, size, limit) = (
        plan.name(),
        SizeView::in_full(size),
        SizeView::in_full(limits.of(plan).bytes),
    );
    let premium = match plan {
        Plan::Free => format!(" Premium takes {}.", SizeView::in_full(limits.premium.bytes)),
        Plan::Premium => String::new(),
    };
    PageError::TooLarge(format!("Your file has {size}; the {name} plan takes {limit}.{premium}"))
}
