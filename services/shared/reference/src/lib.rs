//! Reference genomes: what is known of each, to which of them a VCF file belongs, and the way from one to another.
//!
//! The human mitochondrial genome is built in ([`Mitochondrion`]): the rCRS, NC_012920.1, with its 37 genes, the genetic code
//! of vertebrate mitochondria, and what MITOMAP knows of its variants ([`tracks`]). Every other genome is a [`Bundle`]: a file
//! that [`mod@build`] compiles from UCSC's tables, transcripts, a sequence, tracks and chains, and that is memory-mapped;
//! [`Genome`] has the views of one run. [`detect`] finds out which of them a file was made with, [`liftover`] takes records
//! from an older assembly into that of a bundle. An [`Edit`] is what an allele does to a [`Sequence`], and [`Placements`] are
//! the places at which it can be written. What an edit does to a gene is told in the crate `annotation`.
//!
//! Positions are 0-based and spans half-open; where VCF's own are meant, it says so.
//!
//! ```
//! use reference::{Edit, Mitochondrion};
//!
//! let rcrs = Mitochondrion::rcrs();
//! // VCF's POS is 1-based; the longest of m.303 to m.309, a run of C, grows by one.
//! let edit = Edit::new(302 - 1, b"A", b"AC").ok_or("no change")?;
//! assert_eq!(edit.shifted_right(&rcrs.sequence).start, 309);
//! let genes: Vec<_> = rcrs.genes(&Edit::new(3243 - 1, b"A", b"G").ok_or("no change")?).map(|(gene, _)| gene.symbol).collect();
//! assert_eq!(genes, ["MT-TL1"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Sources
//! - Tables: UCSC, <https://hgdownload.soe.ucsc.edu/goldenPath/>; what each column means,
//!   <https://genome.ucsc.edu/cgi-bin/hgTables>. Chains: <https://genome.ucsc.edu/goldenPath/help/chain.html>.
//! - Mitochondrial sequence and genes: GenBank record [NC_012920.1](https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1).
//! - Mitochondrial variants: MITOMAP, <https://www.mitomap.org>, CC BY 3.0 (see `data/mito/README.md`).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accession;
mod assembly;
pub mod build;
pub mod bundle;
mod chromosomes;
pub mod coding;
pub mod detect;
pub mod draft;
mod edit;
mod evidence;
mod gene;
pub mod genetic_code;
mod genome;
pub mod liftover;
mod mitochondrion;
mod placement;
mod sequence;
mod spelling;
pub mod tracks;

pub use accession::{Accession, refseq_accession};
pub(crate) use assembly::{ASSEMBLIES, assembly};
pub use assembly::{Assembly, ucsc_name};
pub use bundle::Bundle;
pub use chromosomes::{Chromosomes, ForeignChromosomes, is_mitochondrial, natural_key};
pub use edit::{Edit, Inserted};
pub use evidence::{Evidence, Mismatch, MismatchedReference, has_foreign_mitochondrion, mitochondrial_contig};
pub use gene::{Gene, Strand};
pub use genome::{Genome, VariantTrack};
pub use mitochondrion::{HGVS_PREFIX, LENGTH as MITOCHONDRIAL_LENGTH, LENGTH, Mitochondrion};
pub use placement::Placements;
pub use sequence::{Sequence, complement};
pub use spelling::Spelling;
