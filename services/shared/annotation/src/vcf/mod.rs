//! VCF as text: lines read within bounds, columns found, INFO spliced, all else kept byte for byte.
//!
//! Written against VCF 4.0 to 4.5 and 3.3, <https://samtools.github.io/hts-specs/>.

mod allele;
mod bounds;
mod breakend;
mod header;
mod lines;
mod old;
mod record;
mod source;
mod text;
mod upgrade;

pub(crate) use allele::{Alternate, are_bases, drops_first_base};
pub(crate) use bounds::surely_within;
pub(crate) use breakend::{Breakend, Mate};
pub(crate) use header::{Contig, Header};
pub(crate) use lines::{Line, Lines, ReadError};
pub(crate) use old::{Modern, modern};
pub(crate) use record::Record;
pub(crate) use source::Source;
pub use text::Shown;
pub(crate) use upgrade::{has_percent_encoding, upgraded, version_written};
