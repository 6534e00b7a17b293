//! VCF as text: lines read within bounds, columns found, INFO read and encoded, all else kept byte for byte.
//!
//! Nothing here knows a genome. [`Source`] unpacks, and makes text of BCF, on a thread of its own by [`Ahead`], [`Lines`] reads line by line within [`Limits`], [`Header`] and [`Record`]
//! find what is in a line without copying it, [`Alternate`], [`Breakend`], [`StructuralKind`] and [`Extent`] say what an
//! allele is, [`encode`] writes values as INFO may hold them. What is wrong with a file is a [`VcfError`], in words for
//! whoever sent it. The crate `reference` decides by these to which genome a file belongs, and `annotation` writes it anew.
//!
//! Written against VCF 4.0 to 4.5 and 3.3, <https://samtools.github.io/hts-specs/>. Positions are 1-based, as in VCF.
//!
//! ```
//! use vcf::{Alternate, Header, Limits, Line, Lines, Record, Source};
//!
//! let file = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t5\t.\tA\t<DEL>\t.\t.\tEND=9\n";
//! let limits = Limits::default();
//! let mut lines = Lines::new(Source::open(file.as_bytes(), &limits)?, &limits);
//! let mut header = Header::default();
//! let mut line = Vec::new();
//! while lines.append_next(&mut line).is_ok_and(|more| more) {
//!     if header.columns == 0 {
//!         header.read_line(&line, lines.number())?;
//!     } else {
//!         let record = Record::parse(Line::new(&line).text, lines.number(), header.columns, false)?;
//!         assert_eq!((record.chromosome, record.position), (&b"chr1"[..], 5));
//!         assert_eq!(Alternate::parse(record.alternates, false), Some(Alternate::Symbolic(b"DEL")));
//!         assert_eq!(record.info(b"END"), Some(&b"9"[..]));
//!     }
//!     line.clear();
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod ahead;
mod allele;
mod bcf;
mod bgzip;
mod bounds;
mod breakend;
pub mod encode;
mod error;
mod extent;
mod genotype;
mod header;
mod header_line;
mod limits;
mod lines;
mod old;
mod record;
pub mod sniff;
mod source;
mod structural;
mod text;
mod upgrade;

pub use ahead::{Ahead, Reader};
pub use allele::{Alternate, are_bases, drops_first_base};
pub use bounds::surely_within;
pub use breakend::{Breakend, Mate};
pub use error::VcfError;
pub use extent::{Doubts, Extent};
pub use genotype::{Carried, Genotypes, PhaseSet};
pub use header::{Contig, Header};
pub use header_line::BYTE_ORDER_MARK;
pub use limits::Limits;
pub use lines::{Line, Lines, ReadError};
pub use old::{Modern, modern};
pub use record::Record;
pub use source::Source;
pub use structural::StructuralKind;
pub use text::{Shown, counted, size};
pub use upgrade::{has_percent_encoding, upgraded, version_written};
