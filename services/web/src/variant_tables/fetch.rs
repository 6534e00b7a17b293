//! Fetches the bytes of a file of variants that a question needs: those that are not kept, neighbours at once, a few at a time.

use std::ops::Range;

use backends::object_store::ObjectStore;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use variants::{Chunks, Read};

use super::opened::Opened;
use super::{Trouble, VariantTables};

/// Requests of one question at once.
const AT_ONCE: usize = 8;
/// Bytes that are on their way at once, of all questions together, in KiB.
pub const ON_THEIR_WAY: u32 = 12 * 1024;
/// Asking for bytes that nobody needs is cheaper than asking twice, up to so many.
const GAP: u64 = 64 * 1024;
/// The most bytes of a request, unless one piece has more.
const MOST: u64 = 4 * 1024 * 1024;

/// Pieces that one request brings.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    range: Range<u64>,
    reads: Vec<Read>,
}

/// All that was asked for.
pub async fn fetch(
    tables: &VariantTables,
    objects: &ObjectStore,
    opened: &Opened,
    reads: &[Read],
) -> Result<Chunks, Trouble> {
    let kept = &tables.kept;
    let mut chunks = Chunks::new();
    let mut missing = Vec::new();
    for read in reads {
        match kept.bytes(&opened.object, read.key) {
            Some(bytes) => chunks.insert(read, bytes),
            None => missing.push(read.clone()),
        }
    }
    let fetched = stream::iter(runs(missing)).map(|run| fetch_run(tables, objects, opened, run));
    let mut fetched = fetched.buffer_unordered(AT_ONCE);
    while let Some(pieces) = fetched.try_next().await? {
        for (read, bytes) in pieces {
            kept.keep_bytes(&opened.object, read.key, bytes.clone());
            chunks.insert(&read, bytes);
        }
    }
    Ok(chunks)
}

async fn fetch_run(
    tables: &VariantTables,
    objects: &ObjectStore,
    opened: &Opened,
    run: Run,
) -> Result<Vec<(Read, Bytes)>, Trouble> {
    let size = u32::try_from((run.range.end - run.range.start) / 1024).unwrap_or(ON_THEIR_WAY);
    let room = tables.on_their_way.acquire_many(size.min(ON_THEIR_WAY)).await;
    let _room = room.map_err(|_| Trouble::Busy)?;
    let part = objects
        .read_range(&opened.key, run.range.clone(), Some(&opened.etag))
        .await?;
    let part = part.ok_or(Trouble::Gone)?;
    let piece = |read: Read| {
        let from = usize::try_from(read.range.start - run.range.start).unwrap_or(usize::MAX);
        let length = usize::try_from(read.size()).unwrap_or(usize::MAX);
        // Copied, so that what is kept keeps neither the whole run nor the buffer in which it came.
        (read, Bytes::copy_from_slice(&part.bytes[from..from + length]))
    };
    Ok(run.reads.into_iter().map(piece).collect())
}

/// The requests that bring these pieces.
fn runs(mut reads: Vec<Read>) -> Vec<Run> {
    reads.sort_by_key(|read| read.range.start);
    let mut runs: Vec<Run> = Vec::new();
    for read in reads {
        match runs.last_mut() {
            Some(run) if joins(&run.range, &read.range) => {
                run.range.end = read.range.end;
                run.reads.push(read);
            }
            _ => runs.push(Run {
                range: read.range.clone(),
                reads: vec![read],
            }),
        }
    }
    runs
}

const fn joins(run: &Range<u64>, next: &Range<u64>) -> bool {
    next.start.saturating_sub(run.end) <= GAP && next.end - run.start <= MOST
}

#[cfg(test)]
mod tests {
    use variants::Key;

    use super::*;

    fn read(column: u32, range: Range<u64>) -> Read {
        let key = Key {
            group: 0,
            column,
            part: 1,
        };
        Read { key, range }
    }

    #[test]
    fn neighbours_come_with_one_request_and_what_is_far_or_much_with_its_own() {
        let far = 1_000_000;
        let reads = vec![
            read(2, 300..400),
            read(0, 0..100),
            read(1, 100..200),
            read(3, far..far + MOST),
            read(4, far + MOST..far + MOST + 1),
        ];
        let runs: Vec<_> = runs(reads)
            .into_iter()
            .map(|run| (run.range, run.reads.len()))
            .collect();
        assert_eq!(
            runs,
            [(0..400, 3), (far..far + MOST, 1), (far + MOST..far + MOST + 1, 1)]
        );
    }
}
