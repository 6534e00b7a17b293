//! VCF text: lines, the header, records. Tolerant of what real files do, exact about where they go wrong.

mod header;
mod lines;
mod record;

pub(crate) use header::{Header, HeaderLine};
pub(crate) use lines::Lines;
pub(crate) use record::Record;
