//! The record that a variant comes from, as it stands in the results: its own INFO, and all samples. It is found by the tabix
//! index, so that only a few blocks of the results are read.

use anyhow::Context;
use backends::object_store::ObjectStore;
use domain::{Index, Job, User, keys};
use serde::Serialize;
use variants::Selected;
use variants::export::Place;
use variants::record::{Declared, HeaderSearch, Key, Record, RecordIndex, RecordSearch, Sample};

use crate::app::Application;
use crate::error::PageError;
use crate::pages::files::available_key;
use crate::variant_tables::{Opened, Trouble, beside};

/// Samples that the page shows: first those that have the allele.
const SAMPLES_SHOWN: usize = 100;
/// Letters of a value that the page shows.
const VALUE_SHOWN: usize = 300;
/// Keys that the page shows in its own words, above.
const TOLD: [&str; 2] = ["CSQ", "HAPLOTYPE_CSQ"];

/// What the page shows of a record.
#[derive(Serialize)]
pub struct RecordView {
    info: Vec<KeyView>,
    format: Vec<KeyView>,
    samples: Vec<SampleView>,
    /// How many samples there are, and how many of them have the allele.
    all_samples: usize,
    carriers: usize,
}

#[derive(Serialize)]
struct KeyView {
    name: String,
    value: String,
    meaning: String,
}

#[derive(Serialize)]
struct SampleView {
    name: String,
    has_allele: bool,
    values: Vec<String>,
}

/// The record, or why there is none to show: a sentence.
pub async fn own_record(
    app: &Application,
    user: &User,
    job: &Job,
    opened: &Opened,
    row: u64,
) -> Result<Result<RecordView, String>, PageError> {
    let index_size = match job.stored.index {
        Index::Here(size) => size,
        Index::Absent(reason) => {
            return Ok(Err(format!(
                "It can only be found by an index, and there is none, because {}.",
                reason.reason()
            )));
        }
    };
    let size = job.stored.results.context("results with an index have a size")?;
    let (key, _) = available_key(app, user, job)?;
    let index_key = keys::attempt(job.user_id, job.id, job.attempt, &job.input_file_name).index;
    let selected = Selected::one(row, opened.table.rows());
    let places = app.variants.places(&app.objects, opened, selected).await?;
    let place = places.into_iter().next().context("a row of the table has a place")?;
    let alternate = place.alternate.clone();
    let found = found(&app.objects, (key, size), (&index_key, index_size), place).await?;
    Ok(found
        .map(|record| RecordView::of(record, alternate.as_deref()))
        .ok_or_else(|| "The record is not where the index of the results has it.".to_owned()))
}

/// Reads the parts of index and results that it takes.
async fn found(
    objects: &ObjectStore,
    (key, size): (&str, u64),
    (index_key, index_size): (&str, u64),
    place: Place,
) -> Result<Option<Record>, Trouble> {
    let index = read_index(objects, index_key, index_size).await?;
    let mut search = RecordSearch::new(&index, place, size)?;
    let mut etag = None;
    while let Some(range) = search.wants() {
        let part = objects
            .read_range(key, range, etag.as_deref())
            .await?
            .ok_or(Trouble::Gone)?;
        etag = Some(part.etag);
        search = beside(move || search.take(&part.bytes).map(|()| search)).await?;
    }
    let Some(line) = search.finish() else {
        return Ok(None);
    };
    let declared = declared(objects, key, size, etag.as_deref()).await?;
    Ok(Some(Record::read(&line, &declared)))
}

/// The whole index: that of 5 million records has less than a MB.
pub async fn read_index(objects: &ObjectStore, key: &str, size: u64) -> Result<RecordIndex, Trouble> {
    let packed = objects.read_range(key, 0..size, None).await?.ok_or(Trouble::Gone)?;
    beside(move || RecordIndex::read(&packed.bytes)).await
}

async fn declared(objects: &ObjectStore, key: &str, size: u64, etag: Option<&str>) -> Result<Declared, Trouble> {
    let mut search = HeaderSearch::new(size);
    while let Some(range) = search.wants() {
        let part = objects.read_range(key, range, etag).await?.ok_or(Trouble::Gone)?;
        search = beside(move || search.take(&part.bytes).map(|()| search)).await?;
    }
    Ok(search.finish())
}

impl RecordView {
    fn of(record: Record, alternate: Option<&str>) -> Self {
        let allele = alternate.and_then(|alternate| record.alternates.iter().position(|allele| allele == alternate));
        let has = |sample: &Sample| allele.is_some_and(|allele| sample.copies(allele + 1) > 0);
        let all_samples = record.samples.len();
        let (carriers, others): (Vec<Sample>, Vec<Sample>) = record.samples.into_iter().partition(has);
        let carried = carriers.len();
        let samples = carriers.into_iter().map(|sample| (sample, true));
        let samples = samples.chain(others.into_iter().map(|sample| (sample, false)));
        let info = record.info.into_iter().filter(|key| !TOLD.contains(&key.name.as_str()));
        Self {
            info: info.map(KeyView::of).collect(),
            format: record.format.into_iter().map(KeyView::of).collect(),
            samples: samples
                .take(SAMPLES_SHOWN)
                .map(|(sample, has_allele)| SampleView {
                    name: sample.name,
                    has_allele,
                    values: sample.values.iter().map(|value| shortened(value)).collect(),
                })
                .collect(),
            all_samples,
            carriers: carried,
        }
    }
}

impl KeyView {
    fn of(key: Key) -> Self {
        Self {
            name: key.name,
            value: shortened(&key.value.unwrap_or_else(|| "yes".to_owned())),
            meaning: shortened(&key.meaning.unwrap_or_default()),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(VALUE_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
