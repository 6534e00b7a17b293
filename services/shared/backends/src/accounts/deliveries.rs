//! What webhooks are told: each event once for each webhook, tried until it arrives or is given up.
//!
//! Here is what is noted, and what owners see of it; how notifiers go about it is in [`super::delivery_attempts`].

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{JobId, Timestamp, UserId, WebhookEvent, WebhookId, WebhookProblem};
use uuid::Uuid;

use super::Accounts;

/// How long deliveries are kept, in days.
const KEPT_DAYS: i32 = 30;
/// Deliveries that are listed.
const LISTED: i64 = 100;

/// One delivery, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same for every attempt.
    pub id: Uuid,
    /// What is told.
    pub event: WebhookEvent,
    /// Of which job.
    pub job: Option<JobId>,
    /// Since when it is to be sent.
    pub created_at: Timestamp,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was last tried to an end.
    pub attempted_at: Option<Timestamp>,
    /// How long that took.
    pub took: Option<Duration>,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// What was wrong, if it has not arrived.
    pub problem: Option<WebhookProblem>,
    /// When it is tried next.
    pub next_attempt: Option<Timestamp>,
    /// Whether it waits for the webhook to be resumed.
    pub is_held: bool,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

const COLUMNS: &str = "d.id, d.event, d.job_id, d.created_at, d.attempts, d.attempted_at, d.took_ms, d.status, d.problem, \
                       nullif(d.next_attempt, 'infinity') AS next_attempt, \
                       coalesce(d.next_attempt = 'infinity', false) AS is_held, d.delivered_at";

impl Accounts {
    /// Notes that each webhook of a person that wants to know is to be told of this end of a job. Doing it again changes
    /// nothing. Gives how many deliveries are new.
    pub async fn tell_webhooks(&self, user: UserId, job: JobId, attempt: u32, event: WebhookEvent) -> Result<u64> {
        let sql = "INSERT INTO webhook_deliveries (id, webhook_id, event, job_id) \
                   SELECT encode(substring(sha256(convert_to(concat_ws('/', w.id, $2::uuid, $3::bigint, $4::text), 'UTF8')) \
                   FROM 1 FOR 16), 'hex')::uuid, w.id, $4, $2 \
                   FROM webhooks w JOIN users u ON u.id = w.user_id \
                   WHERE w.user_id = $1 AND $4 = ANY (w.events) AND w.paused_at IS NULL AND u.deletion_id IS NULL \
                   ON CONFLICT (id) DO NOTHING";
        let connection = self.connection().await?;
        let told = connection
            .execute(
                sql,
                &[&user.as_uuid(), &job.as_uuid(), &i64::from(attempt), &event.as_str()],
            )
            .await;
        told.with_context(|| format!("note the deliveries of job {job}"))
    }

    /// Notes a test of a webhook; `None` if the person has no such webhook.
    pub async fn test_webhook(&self, user: UserId, webhook: WebhookId) -> Result<Option<Uuid>> {
        let sql = "INSERT INTO webhook_deliveries (id, webhook_id, event) \
                   SELECT gen_random_uuid(), id, $3 FROM webhooks WHERE user_id = $1 AND id = $2 RETURNING id";
        let event = WebhookEvent::Test.as_str();
        let connection = self.connection().await?;
        let made = connection
            .query_opt(sql, &[&user.as_uuid(), &webhook.as_uuid(), &event])
            .await;
        made.context("note a test")?.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    /// Begins a delivery anew, under its id, unless it is due anyway; `false` if there is none, or it is not the person's.
    pub async fn send_again(&self, user: UserId, webhook: WebhookId, delivery: Uuid) -> Result<bool> {
        let sql = "WITH own AS (SELECT d.id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id \
                   WHERE w.user_id = $1 AND w.id = $2 AND d.id = $3), \
                   begun AS (UPDATE webhook_deliveries d SET next_attempt = now(), failures = 0 FROM own WHERE d.id = own.id \
                   AND (d.next_attempt IS NULL OR d.next_attempt > now())) SELECT count(*) FROM own";
        let connection = self.connection().await?;
        let begun = connection
            .query_one(sql, &[&user.as_uuid(), &webhook.as_uuid(), &delivery])
            .await;
        let found: i64 = begun.context("begin a delivery anew")?.try_get(0)?;
        Ok(found > 0)
    }

    /// The last hundred deliveries of a webhook, the newest first; none if it is not the person's.
    pub async fn deliveries(&self, user: UserId, webhook: WebhookId) -> Result<Vec<Delivery>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id \
             WHERE w.user_id = $1 AND w.id = $2 ORDER BY d.created_at DESC, d.id LIMIT {LISTED}"
        );
        let connection = self.connection().await?;
        let rows = connection.query(&sql, &[&user.as_uuid(), &webhook.as_uuid()]).await;
        rows.context("list deliveries")?.iter().map(delivery).collect()
    }

    /// Forgets deliveries that are older than a month, a thousand at a time; gives how many went.
    pub async fn forget_old_deliveries(&self) -> Result<u64> {
        let sql = "DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries \
                   WHERE created_at < now() - make_interval(days => $1) LIMIT 1000)";
        let connection = self.connection().await?;
        let gone = connection.execute(sql, &[&KEPT_DAYS]).await;
        gone.context("forget old deliveries")
    }

    /// Forgets what was told, or was to be told, of a job that is deleted.
    pub async fn forget_deliveries_of(&self, job: JobId) -> Result<()> {
        let sql = "DELETE FROM webhook_deliveries WHERE job_id = $1";
        let connection = self.connection().await?;
        let gone = connection.execute(sql, &[&job.as_uuid()]).await;
        gone.with_context(|| format!("forget the deliveries of job {job}"))?;
        Ok(())
    }
}

fn time(row: &Row, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<_, Option<SystemTime>>(column)?.map(Timestamp::from))
}

/// The job that a row is about.
pub(super) fn job(row: &Row) -> Result<Option<JobId>> {
    Ok(row.try_get::<_, Option<Uuid>>("job_id")?.map(JobId::from))
}

fn delivery(row: &Row) -> Result<Delivery> {
    let whole = |column| -> Result<Option<u64>> {
        Ok(row
            .try_get::<_, Option<i32>>(column)?
            .and_then(|number| u64::try_from(number).ok()))
    };
    let status = row.try_get::<_, Option<i32>>("status")?;
    let problem = row.try_get::<_, Option<&str>>("problem")?;
    Ok(Delivery {
        id: row.try_get("id")?,
        event: row.try_get::<_, &str>("event")?.parse()?,
        job: job(row)?,
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        attempts: row.try_get::<_, i32>("attempts")?.unsigned_abs(),
        attempted_at: time(row, "attempted_at")?,
        took: whole("took_ms")?.map(Duration::from_millis),
        status: status.and_then(|status| u16::try_from(status).ok()),
        problem: problem.map(str::parse).transpose()?,
        next_attempt: time(row, "next_attempt")?,
        is_held: row.try_get("is_held")?,
        delivered_at: time(row, "delivered_at")?,
    })
}
