//! Deletions, as the pages of a job, of the account and of the administration ask for them. What is asked for is marked
//! here; the archiver deletes it.

use anyhow::{Context, Result, bail};
use backends::accounts::{Actor, Leave};
use backends::jobs::Marked;
use domain::events::{Deletable, DeletionRequested};
use domain::{AskedBy, DeletionId, JobId, Timestamp, User, UserId};
use tracing::{info, warn};

use crate::app::Application;
use crate::error::PageError;
use crate::pages::payments;

/// Marks a job of `owner` to be deleted: it is gone from every page at once. `None` if the person has no such job. Asking
/// again gives the same deletion.
pub async fn delete_job(app: &Application, owner: UserId, job: JobId) -> Result<Option<DeletionId>> {
    let new = DeletionId::random();
    let deletion = match app.jobs.delete(owner, job, new, Timestamp::now()).await? {
        Marked::Now => new,
        Marked::Before(deletion) => deletion,
        Marked::Unknown => return Ok(None),
    };
    info!(job.id = %job, "Job {job} is to be deleted, under deletion {deletion}");
    if let Err(error) = tell_of_job(app, owner, job, deletion).await {
        warn!("Could not tell that job {job} is to be deleted, the sweeps will see it: {error:#}");
    }
    Ok(Some(deletion))
}

async fn tell_of_job(app: &Application, owner: UserId, job: JobId, deletion: DeletionId) -> Result<()> {
    app.accounts.record_deletion(deletion, AskedBy::Owner).await?;
    let asked = DeletionRequested::new(Deletable::Job(job));
    app.deletions.publish(&asked).await?;
    app.job_requests.give_turns(owner).await
}

/// Ends a person's subscription at Stripe and marks the account to be deleted: nobody is signed in to it any more. By its
/// owner's wish or, with a record in the audit, by that of `actor`.
///
/// # Errors
/// If Stripe does not answer: nothing else has happened then. If a payment is underway, or the person is a super user.
pub async fn delete_account(app: &Application, user: &User, actor: Option<&Actor>) -> Result<DeletionId, PageError> {
    if user.role.may_appoint() {
        return Err(PageError::Conflict(
            "A super user’s account stays",
            "Another super user takes the role away first; then the account can be deleted.".into(),
        ));
    }
    // Nobody can subscribe the person meanwhile.
    let Some(membership) = app.accounts.begin_checkout(user.id).await? else {
        return Err(PageError::Conflict(
            "A payment is underway",
            "Nothing has been deleted. Try again in two minutes.".into(),
        ));
    };
    let asked = async {
        let forgotten = app.payments.forget(user, membership.customer.as_ref()).await;
        forgotten.context("end what a person has at Stripe")?;
        mark(app, user, actor).await
    };
    let asked = asked.await;
    app.accounts.end_checkout(user.id).await?;
    let deletion = asked.map_err(payments)?;
    info!(user.id = %user.id, "The account of user {} is to be deleted, under deletion {deletion}", user.id);
    let message = DeletionRequested::new(Deletable::Account(user.id));
    if let Err(error) = app.deletions.publish(&message).await {
        warn!("Could not tell that an account is to be deleted, the sweep will see it: {error:#}");
    }
    Ok(deletion)
}

async fn mark(app: &Application, user: &User, actor: Option<&Actor>) -> Result<DeletionId> {
    match app.accounts.leave(user.id, actor).await? {
        Leave::Asked(deletion) => Ok(deletion),
        Leave::LastSuperUser => bail!("user {} has become the last super user", user.id),
        Leave::Unknown => bail!("user {} is gone", user.id),
    }
}
