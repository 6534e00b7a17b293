//! One question, row group by row group: what it needs next is on its way while it works on what has come.

use std::slice::from_ref;

use backends::object_store::ObjectStore;
use variants::{Chunks, Error, Read, Rows, Scan};

use super::{Opened, Trouble, VariantTables};

/// Row groups whose bytes are fetched before they are needed, at most, so that a question does not wait for each of them in turn.
const MOST_GROUPS: usize = 8;
/// Bytes of them, unless one row group has more. A question holds twice as many at most.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// A question that reads row groups, one after the other.
pub(super) trait Steps: Send + 'static {
    fn wants(&self) -> Option<Vec<Read>>;
    fn ahead(&self, groups: usize) -> Vec<Read>;
    fn take(&mut self, chunks: &Chunks) -> Result<(), Error>;
}

impl Steps for Scan {
    fn wants(&self) -> Option<Vec<Read>> {
        self.wants()
    }

    fn ahead(&self, groups: usize) -> Vec<Read> {
        self.ahead(groups)
    }

    fn take(&mut self, chunks: &Chunks) -> Result<(), Error> {
        self.take(chunks)
    }
}

impl Steps for Rows {
    fn wants(&self) -> Option<Vec<Read>> {
        self.wants()
    }

    fn ahead(&self, groups: usize) -> Vec<Read> {
        self.ahead(groups)
    }

    fn take(&mut self, chunks: &Chunks) -> Result<(), Error> {
        self.take(chunks)
    }
}

/// Works on a question until it wants nothing more.
pub(super) async fn to_the_end<S: Steps>(
    tables: &VariantTables,
    objects: &ObjectStore,
    opened: &Opened,
    mut steps: S,
) -> Result<S, Trouble> {
    let mut chunks = Chunks::new();
    while let Some(reads) = steps.wants() {
        if !chunks.has(&reads) {
            chunks = tables
                .fetch(objects, opened, &with_next(reads, steps.ahead(MOST_GROUPS)))
                .await?;
        }
        let mut next = steps.ahead(2 * MOST_GROUPS);
        next.retain(|read| !chunks.has(from_ref(read)));
        let next = with_next(Vec::new(), next);
        let worked = tables.work(move || through(steps, &chunks));
        let (worked, fetched) = tokio::join!(worked, tables.fetch(objects, opened, &next));
        (steps, chunks) = (worked?, fetched?);
    }
    Ok(steps)
}

/// Works through what is at hand.
fn through<S: Steps>(mut steps: S, chunks: &Chunks) -> Result<S, Error> {
    while steps.wants().is_some_and(|reads| chunks.has(&reads)) {
        steps.take(chunks)?;
    }
    Ok(steps)
}

/// These reads, and those of the row groups after them for which there is room.
fn with_next(mut reads: Vec<Read>, ahead: Vec<Read>) -> Vec<Read> {
    let mut bytes: u64 = reads.iter().map(Read::size).sum();
    for group in ahead
        .chunk_by(|one, next| one.key.group == next.key.group)
        .take(MOST_GROUPS)
    {
        let more: u64 = group.iter().map(Read::size).sum();
        if !reads.is_empty() && bytes + more > MOST_BYTES {
            break;
        }
        bytes += more;
        reads.extend_from_slice(group);
    }
    reads
}

#[cfg(test)]
mod tests {
    use variants::Key;

    use super::*;

    /// Two columns of each row group, of so many bytes each.
    fn reads(sizes: &[u64]) -> Vec<Read> {
        let of = |(group, size): (u32, &u64)| {
            [0, 1].map(|column| Read {
                key: Key { group, column, part: 1 },
                range: 0..*size,
            })
        };
        (0..).zip(sizes).flat_map(of).collect()
    }

    #[test]
    fn row_groups_come_whole_as_many_as_there_is_room_for() {
        let quarter = MOST_BYTES / 8;
        assert_eq!(
            with_next(Vec::new(), reads(&[quarter; 9])).len(),
            8,
            "four of a quarter"
        );
        assert_eq!(
            with_next(reads(&[quarter]), reads(&[quarter; 9])).len(),
            8,
            "one that is needed, and three"
        );
        assert_eq!(with_next(Vec::new(), reads(&[10; 20])).len(), 2 * MOST_GROUPS);
        assert_eq!(
            with_next(Vec::new(), reads(&[MOST_BYTES; 3])).len(),
            2,
            "one, however large"
        );
        assert_eq!(
            with_next(reads(&[MOST_BYTES]), reads(&[10])).len(),
            2,
            "what is needed, and no more"
        );
    }
}
