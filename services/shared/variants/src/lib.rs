//! Questions about the variants of one job: which match a filter, in which order, how many of which kind.
//!
//! The annotator writes a file in Parquet (`domain::variants`); the page of variants, the API and the command line ask it by this
//! crate. It does no I/O: each question says which bytes of the file it needs next ([`Read`]), its caller fetches them, from S3 or a
//! disk, and hands them over ([`Chunks`]). So one cache, with one limit, serves whoever asks.
//!
//! ```no_run
//! # use variants::{Chunks, Columns, Error, Filter, Opening, Query, Table};
//! # fn fetch(_: &[variants::Read]) -> Chunks { Chunks::new() }
//! # fn last_bytes(_: u64) -> Vec<u8> { Vec::new() }
//! # fn main() -> Result<(), Error> {
//! let size = 12_345_678;
//! let table = match Table::open(size, &last_bytes(1 << 16))? {
//!     Opening::Table(table) => table,
//!     Opening::Needs(bytes) => Table::open(size, &last_bytes(bytes))?.table()?,
//! };
//! let mut scan = table.scan(&Query::default())?;
//! while let Some(reads) = scan.wants() {
//!     scan.take(&fetch(&reads))?;
//! }
//! let found = scan.finish();
//! let mut rows = table.rows_of(&found.page, Columns::Shown)?;
//! while let Some(reads) = rows.wants() {
//!     rows.take(&fetch(&reads))?;
//! }
//! for variant in rows.finish() {
//!     println!("{}:{} {:?}", variant.chromosome, variant.position, variant.gene);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Coordinates are 1-based, both ends included.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod charts;
mod chunks;
mod decode;
mod error;
pub mod export;
mod filter;
mod layout;
mod matching;
mod query;
pub mod record;
mod region;
mod region_set;
mod rows;
mod scan;
mod selected;
mod shape;
mod sorting;
mod table;
mod texts;
mod variant;

pub use charts::{Bar, Charts, Density, Lengths, Substitutions};
pub use chunks::{Chunks, Key, Read};
pub use error::{Error, Wrong};
pub use filter::{Filter, FilterIs, FrequencyIs, GenotypeIs, Impact, Inheritance, Kind, LengthIs, Model, Part};
pub use query::{Query, Sort};
pub use region::Region;
pub use region_set::{NamedRegions, RegionSet};
pub use rows::{Columns, Rows};
pub use scan::{Found, Scan};
pub use selected::Selected;
pub use table::{Opening, Table};
pub use variant::{Entry, Frequency, Variant};
