//! Records of the results, as they stand there: found by their tabix index, with what their header says of their keys.
//!
//! The table has what people look for; a record also has what its file came with: its own INFO, and all samples. As with a
//! table, whoever asks fetches the bytes: a [`RecordSearch`], a [`HeaderSearch`] and [`PickedRecords`] say which part of the results
//! they need next.

mod blocks;
mod columns;
mod header;
mod index;
mod picked;
mod search;
mod stretch;
#[cfg(test)]
mod tests;
mod told;

pub use header::{Declared, HeaderSearch};
pub use index::RecordIndex;
pub use picked::PickedRecords;
pub use search::RecordSearch;
pub use told::{Key, Record, Sample};
