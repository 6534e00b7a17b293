//! Regions by which people filter the variants of a job, where these are too many for an address.

use anyhow::{Context, Result};
use domain::{JobId, UserId};
use serde_json::Value;
use uuid::Uuid;

use super::Accounts;

/// Files of regions that are kept of one person; the one that was sent longest ago goes first.
const MOST_OF_A_PERSON: i64 = 100;

impl Accounts {
    /// Keeps regions for a job of this person, under a name that is made of them. Doing it again keeps them for longer.
    pub async fn keep_regions(&self, user: UserId, job: JobId, name: &str, bed: &str) -> Result<()> {
        let keep = "INSERT INTO variant_regions (job_id, name, user_id, bed) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (job_id, name) DO UPDATE SET kept_at = now()";
        let forget = "DELETE FROM variant_regions WHERE (job_id, name) IN (SELECT job_id, name FROM variant_regions \
                      WHERE user_id = $1 ORDER BY kept_at DESC, name OFFSET $2)";
        let connection = self.connection().await?;
        let kept = connection
            .execute(keep, &[&job.as_uuid(), &name, &user.as_uuid(), &bed])
            .await;
        kept.with_context(|| format!("keep regions for job {job}"))?;
        let forgotten = connection.execute(forget, &[&user.as_uuid(), &MOST_OF_A_PERSON]).await;
        forgotten.context("forget the oldest regions of a person")?;
        Ok(())
    }

    /// The regions that this person has sent for the job, by their name, as BED.
    pub async fn regions(&self, user: UserId, job: JobId, name: &str) -> Result<Option<String>> {
        let sql = "SELECT bed FROM variant_regions WHERE job_id = $1 AND name = $2 AND user_id = $3";
        let connection = self.connection().await?;
        let found = connection
            .query_opt(sql, &[&job.as_uuid(), &name, &user.as_uuid()])
            .await;
        let found = found.with_context(|| format!("read regions for job {job}"))?;
        found.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    /// The regions that follow those of this job and name among all that are kept of a person, as `job_id`, `name`, `kept_at` and
    /// `bed`; without those, the first. So they are read one by one: together they may take 100 MB.
    pub async fn exported_regions(&self, user: UserId, after: Option<&Value>) -> Result<Option<Value>> {
        let sql = "SELECT json_build_object('job_id', job_id, 'name', name, 'kept_at', kept_at, 'bed', bed)::text \
                   FROM variant_regions WHERE user_id = $1 AND (job_id, name) > ($2, $3) ORDER BY job_id, name LIMIT 1";
        let place = |key| after.and_then(|regions| regions[key].as_str()).unwrap_or_default();
        let job = Uuid::parse_str(place("job_id")).unwrap_or_default();
        let connection = self.connection().await?;
        let row = connection
            .query_opt(sql, &[&user.as_uuid(), &job, &place("name")])
            .await;
        let Some(row) = row.context("export regions")? else {
            return Ok(None);
        };
        let regions = serde_json::from_str(row.try_get(0)?).context("read exported regions")?;
        Ok(Some(regions))
    }

    /// Forgets the regions that were sent for a job, which is deleted.
    pub async fn forget_regions_of(&self, job: JobId) -> Result<()> {
        let sql = "DELETE FROM variant_regions WHERE job_id = $1";
        let forgotten = self.connection().await?.execute(sql, &[&job.as_uuid()]).await;
        forgotten.with_context(|| format!("forget the regions of job {job}"))?;
        Ok(())
    }
}
