//! Records of the results of which some allele is asked for, found by the index: where they are few, little of the results is
//! read for them.

use anyhow::{Context, Result, anyhow, ensure};
use bytes::Bytes;
use domain::{Index, Job, keys};
use tokio::sync::mpsc::Sender;
use variants::Selected;
use variants::record::PickedRecords;

use super::export::taken;
use super::own_record::read_index;
use super::records::pack;
use crate::app::Application;
use crate::variant_tables::{Opened, Trouble, beside};

/// The most variants whose records are picked one by one.
const MOST: u64 = 10_000;
/// Bytes packed at once.
const PIECE: usize = 64 * 1024;

/// The records that are asked for, if it is cheaper to pick them than to look through all of the results.
pub async fn picked(
    app: &Application,
    job: &Job,
    opened: &Opened,
    selected: &Selected,
) -> Result<Option<PickedRecords>, Trouble> {
    let (Index::Here(index_size), Some(size)) = (job.stored.index, job.stored.results) else {
        return Ok(None);
    };
    if selected.count() > MOST {
        return Ok(None);
    }
    let places = app.variants.places(&app.objects, opened, selected.clone()).await?;
    let key = keys::attempt(job.user_id, job.id, job.attempt, &job.input_file_name).index;
    let index = read_index(&app.objects, &key, index_size).await?;
    let records = beside(move || PickedRecords::new(&index, places, size)).await?;
    Ok((records.bytes() < size / 2).then_some(records))
}

/// Sends the header and the records.
pub async fn send(
    app: &Application,
    key: &str,
    mut records: PickedRecords,
    wanted: u64,
    sender: &Sender<Option<Bytes>>,
) -> Result<()> {
    let (mut etag, mut lines) = (None, Vec::new());
    while let Some(range) = records.wants() {
        let part = app.objects.read_range(key, range, etag.as_deref()).await?;
        let part = part.context("the results are not there any more")?;
        etag = Some(part.etag);
        let read = beside(move || records.take(&part.bytes, &mut lines).map(|()| (records, lines))).await;
        (records, lines) = read.map_err(|trouble| anyhow!(trouble))?;
        if lines.len() >= PIECE {
            let packed = pack(&lines, false)?;
            lines.clear();
            if !taken(sender, Some(packed.into())).await {
                return Ok(());
            }
        }
    }
    let found = records.found();
    ensure!(
        found == wanted,
        "{found} of {wanted} variants were found by the index of the results"
    );
    if taken(sender, Some(pack(&lines, true)?.into())).await {
        taken(sender, None).await;
    }
    Ok(())
}
