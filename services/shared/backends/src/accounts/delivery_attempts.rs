//! Attempts to deliver what webhooks are told.
//!
//! A notifier takes a webhook together with its delivery that is due first, for a while that PostgreSQL's clock measures, and
//! notes what has come of it. Who dies in between leaves the delivery due: it is tried again, under the same id. So one
//! receiver is called by one notifier at a time, and one that is slow holds up nobody else's deliveries.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use domain::events::Notice;
use domain::{JobId, Timestamp, UserId, WebhookEvent, WebhookId, WebhookProblem, WebhookSecret, pause_before_retry};
use uuid::Uuid;

use super::Accounts;
use super::deliveries::job;

/// After how many days in which nothing has arrived a webhook is paused.
const PATIENCE_DAYS: i32 = 5;

/// An attempt that a notifier has taken on.
pub struct TakenDelivery {
    /// The id of the delivery, the same for every attempt.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: UserId,
    /// Which webhook is told.
    pub webhook: WebhookId,
    /// Its address, as it was typed.
    pub url: String,
    /// What signs.
    pub secret: WebhookSecret,
    /// What is told.
    pub event: WebhookEvent,
    /// Of which job.
    pub job: Option<JobId>,
    /// Since when it is to be sent.
    pub created_at: Timestamp,
    turn: i64,
    attempts: i32,
    failures: i32,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempted {
    /// How long it took.
    pub took: Duration,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// What was wrong, if anything was.
    pub problem: Option<WebhookProblem>,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It has arrived.
    Delivered,
    /// It is tried again.
    Again,
    /// It is not tried again, unless its owner asks for it.
    GivenUp,
    /// So is the webhook: nothing is sent there until its owner resumes it, who is told.
    Paused,
    /// Another has taken it over meanwhile, or it is gone.
    NotOurs,
}

impl Accounts {
    /// Takes the delivery that has been due for longest, with its webhook, for `lease`; `None` if nothing is due that nobody
    /// is at.
    pub async fn take_delivery(&self, lease: Duration) -> Result<Option<TakenDelivery>> {
        // Both rows are locked: one that another has just settled is looked at anew, and is due no more.
        let sql = "WITH due AS (SELECT w.id AS webhook, d.id AS delivery FROM webhook_deliveries d \
                   JOIN webhooks w ON w.id = d.webhook_id JOIN users u ON u.id = w.user_id \
                   WHERE d.next_attempt <= now() AND w.taken_until < now() \
                   AND u.deletion_id IS NULL AND u.suspended_at IS NULL \
                   ORDER BY d.next_attempt LIMIT 1 FOR UPDATE OF w, d SKIP LOCKED), \
                   taken AS (UPDATE webhooks w SET taken_until = now() + make_interval(secs => $1), turn = w.turn + 1 \
                   FROM due WHERE w.id = due.webhook RETURNING w.id, w.user_id, w.url, w.secret, w.turn) \
                   UPDATE webhook_deliveries d SET attempts = d.attempts + 1 FROM due JOIN taken ON taken.id = due.webhook \
                   WHERE d.id = due.delivery \
                   RETURNING d.id, d.event, d.job_id, d.created_at, d.attempts, d.failures, \
                   taken.id AS webhook_id, taken.user_id, taken.url, taken.secret, taken.turn";
        let connection = self.connection().await?;
        let statement = connection
            .prepare_cached(sql)
            .await
            .context("prepare to take a delivery")?;
        let row = connection.query_opt(&statement, &[&lease.as_secs_f64()]).await;
        row.context("take a delivery")?.as_ref().map(taken).transpose()
    }

    /// Notes what came of an attempt and lets others have the webhook. One at which nothing has arrived for days, or whose
    /// receiver says that it is gone (410), is paused, and its owner told by the notice that the same transaction notes.
    pub async fn settle_delivery(&self, taken: &TakenDelivery, attempted: Attempted) -> Result<Settled> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to settle a delivery")?;
        let free = "UPDATE webhooks SET taken_until = '-infinity', \
                    failing_since = CASE WHEN $3 THEN NULL WHEN NOT $3 THEN coalesce(failing_since, now()) ELSE failing_since END \
                    WHERE id = $1 AND turn = $2 \
                    RETURNING paused_at IS NOT NULL AS is_paused, \
                    coalesce(failing_since < now() - make_interval(days => $4), false) AS has_failed_for_days";
        // A job that is gone says nothing of the receiver.
        let arrived = match attempted.problem {
            None => Some(true),
            Some(WebhookProblem::JobGone) => None,
            Some(_) => Some(false),
        };
        let webhook = taken.webhook.as_uuid();
        let freed = transaction
            .query_opt(free, &[&webhook, &taken.turn, &arrived, &PATIENCE_DAYS])
            .await;
        let Some(freed) = freed.context("let others have a webhook")? else {
            return Ok(Settled::NotOurs);
        };
        let (is_paused, has_failed): (bool, bool) = (freed.try_get(0)?, freed.try_get(1)?);
        let is_to_pause = !is_paused && arrived == Some(false) && (has_failed || attempted.status == Some(410));
        let is_held = is_paused || is_to_pause;
        let settled = note(&transaction, taken, attempted, is_held).await?;
        if is_to_pause {
            give_webhook_up(&transaction, taken).await?;
        }
        transaction.commit().await.context("commit what came of a delivery")?;
        Ok(if is_to_pause { Settled::Paused } else { settled })
    }
}

/// Writes the end of an attempt, if nobody has begun another since.
async fn note(
    transaction: &Transaction<'_>,
    taken: &TakenDelivery,
    attempted: Attempted,
    is_held: bool,
) -> Result<Settled> {
    let failures = taken.failures + i32::from(attempted.problem.is_some());
    let pause = attempted
        .problem
        .filter(|problem| *problem != WebhookProblem::JobGone)
        .and_then(|_| pause_before_retry(failures.unsigned_abs()));
    let sql = "UPDATE webhook_deliveries SET attempted_at = now(), took_ms = $3, status = $4, problem = $5, failures = $6, \
               delivered_at = CASE WHEN $5::text IS NULL THEN now() ELSE delivered_at END, \
               next_attempt = CASE WHEN $7::float8 IS NULL THEN NULL WHEN $8 THEN 'infinity'::timestamptz \
               ELSE now() + make_interval(secs => $7) END \
               WHERE id = $1 AND attempts = $2";
    let took = i32::try_from(attempted.took.as_millis()).unwrap_or(i32::MAX);
    let noted = transaction
        .execute(
            sql,
            &[
                &taken.id,
                &taken.attempts,
                &took,
                &attempted.status.map(i32::from),
                &attempted.problem.map(WebhookProblem::as_str),
                &failures,
                &pause.map(|pause| pause.as_secs_f64()),
                &is_held,
            ],
        )
        .await;
    Ok(match (noted.context("note an attempt")?, attempted.problem, pause) {
        (0, ..) => Settled::NotOurs,
        (_, None, _) => Settled::Delivered,
        (_, Some(_), Some(_)) => Settled::Again,
        (_, Some(_), None) => Settled::GivenUp,
    })
}

/// Pauses the webhook and asks for the mail that tells its owner: the sweep over notices sends it.
async fn give_webhook_up(transaction: &Transaction<'_>, taken: &TakenDelivery) -> Result<()> {
    let webhook = taken.webhook;
    for sql in [
        "UPDATE webhooks SET paused_at = now(), is_given_up = true WHERE id = $1",
        "UPDATE webhook_deliveries SET next_attempt = 'infinity' WHERE webhook_id = $1 AND next_attempt IS NOT NULL",
    ] {
        let paused = transaction.execute(sql, &[&webhook.as_uuid()]).await;
        paused.context("pause a webhook")?;
    }
    let notice = serde_json::to_string(&Notice::WebhookPaused { webhook })?;
    let key = format!("webhook/{webhook}/{}", taken.turn);
    let sql = "INSERT INTO notices (key, user_id, notice) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING";
    let asked = transaction
        .execute(sql, &[&key, &taken.user_id.as_uuid(), &notice])
        .await;
    asked.context("ask for the mail about a webhook")?;
    Ok(())
}

fn taken(row: &Row) -> Result<TakenDelivery> {
    Ok(TakenDelivery {
        id: row.try_get("id")?,
        user_id: UserId::from(row.try_get::<_, Uuid>("user_id")?),
        webhook: WebhookId::from(row.try_get::<_, Uuid>("webhook_id")?),
        url: row.try_get("url")?,
        secret: WebhookSecret::from_bytes(row.try_get("secret")?),
        event: row.try_get::<_, &str>("event")?.parse()?,
        job: job(row)?,
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        turn: row.try_get("turn")?,
        attempts: row.try_get("attempts")?,
        failures: row.try_get("failures")?,
    })
}
