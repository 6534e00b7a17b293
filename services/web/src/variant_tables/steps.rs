//! One question, row group by row group: what it needs next is on its way while it works on what has come.

use std::slice::from_ref;

use backends::object_store::ObjectStore;
use variants::{Chunks, Error, Read, Rows, Scan};

use super::{Opened, Trouble, VariantTables, beside};

/// Row groups whose bytes are fetched with those that are needed now, so that a question does not wait for each of them in turn. A
/// question holds twice as many at most.
const AHEAD: usize = 2;

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
    while let Some(mut reads) = steps.wants() {
        if !chunks.has(&reads) {
            reads.extend(steps.ahead(AHEAD));
            chunks = tables.fetch(objects, opened, &reads).await?;
        }
        let mut next = steps.ahead(2 * AHEAD + 1);
        next.retain(|read| !chunks.has(from_ref(read)));
        let worked = beside(move || through(steps, &chunks));
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
