//! How far many jobs are, for all who follow them at once.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::{JobId, JobState};

use super::Jobs;
use super::item::{Item, Row, text};

/// Rows that DynamoDB reads in one request.
const BATCH: usize = 100;
/// What is read of each row.
const ATTRIBUTES: &str = "job_id, user_id, job_status, awaits_turn, progress, submit_time, start_time, complete_time, \
                          deletion_shard";

/// What a look at many jobs has shown.
#[derive(Debug, Default)]
pub struct States {
    /// How far each job is.
    pub of: HashMap<JobId, JobState>,
    /// Jobs of which DynamoDB has said nothing this time, because it had too much to do.
    pub untold: Vec<JobId>,
}

impl Jobs {
    /// How far these jobs are now (strongly consistent reads, a hundred in a request). What is neither told nor untold is
    /// not there.
    pub async fn states(&self, jobs: &[JobId]) -> Result<States> {
        let mut states = States::default();
        for batch in jobs.chunks(BATCH) {
            self.add_states(batch, &mut states).await?;
        }
        Ok(states)
    }

    async fn add_states(&self, batch: &[JobId], states: &mut States) -> Result<()> {
        let keys = batch.iter().map(|id| HashMap::from([("job_id".to_owned(), text(id))]));
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.collect()))
            .projection_expression(ATTRIBUTES)
            .consistent_read(true)
            .build()?;
        let read = self
            .client
            .batch_get_item()
            .request_items(&self.table, wanted)
            .send()
            .await;
        let read = read.context("look at the jobs that are followed")?;
        for item in read
            .responses()
            .and_then(|tables| tables.get(&self.table))
            .into_iter()
            .flatten()
            .filter(|row| !row.contains_key("deletion_shard"))
        {
            let (job, state) = state(item)?;
            states.of.insert(job, state);
        }
        let left_out = read.unprocessed_keys().and_then(|tables| tables.get(&self.table));
        let left_out = left_out.into_iter().flat_map(KeysAndAttributes::keys);
        states
            .untold
            .extend(left_out.filter_map(|key| Row(key).text("job_id")?.parse::<JobId>().ok()));
        Ok(())
    }
}

fn state(item: &Item) -> Result<(JobId, JobState)> {
    let row = Row(item);
    let state = JobState {
        id: row.required("job_id")?.parse()?,
        user_id: row.required("user_id")?.parse()?,
        awaits_turn: item.contains_key("awaits_turn"),
        status: row.required("job_status")?.parse()?,
        progress: row.progress()?,
        submit_time: row.time("submit_time")?.context("submit_time is missing")?,
        start_time: row.time("start_time")?,
        complete_time: row.time("complete_time")?,
    };
    Ok((state.id, state))
}
