//! The science: a VCF file in, an annotated VCF file out.
//!
//! [`annotate`] streams: it holds a batch of lines in memory, keeps every byte of the input but INFO, and says in a [`Report`]
//! what it found. It does no I/O of its own and knows no service; the `annotator` calls it, and so may any program.
//!
//! What VCF is as text is told in the crate `vcf`, and what is known of genomes in the crate `reference`: the human
//! mitochondrial genome is built in, every other one is a [`Bundle`](reference::Bundle). Which of them a file was made with is
//! found out and told; a file that fits none is refused.
//!
//! ```
//! use annotation::{Options, annotate};
//!
//! let file = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t3243\t.\tA\tG\t.\t.\t.\n";
//! let mut annotated = Vec::new();
//! // With a bundle among `references`, nuclear records, too.
//! let report = annotate(file.as_bytes(), &mut annotated, &Options::default(), &mut |_| {})?;
//! let annotated = String::from_utf8(annotated)?;
//! assert!(annotated.contains("HGVSm=NC_012920.1:m.3243A>G;"));
//! assert_eq!(report.records, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is added to INFO
//! The output has the version of the input, and 4.2 where that is older than 4.1. In [`Mode::Modern`] the header declares each key
//! with its source and version:
//! `CSQ`, consequences for each allele and transcript in Ensembl VEP's order of fields, with HGVS names, whose fields and
//! entries a caller may choose ([`CsqFields`], [`Pick`]); `DB`, `GMAF`
//! and what else tracks of variants tell, one value for each allele; AnnTools' keys for genes and regions; for
//! mitochondrial records `HGVSm`, `MT_REGION` and MITOMAP's status, diseases and frequency; `ORIGINAL_POSITION` and
//! `STRAND_FLIPPED` for records that were lifted; the flag `CSQ_INCOMPLETE` where a variant touches more transcripts than are
//! listed; the flag `REF_MISMATCH` for records whose REF is not the reference's, which carry nothing else. A key that the
//! input's header declares stays the input's, and ours is written as `GAS_` and its name. A key that a record has without a
//! declaration stays, too, and ours is left out there; but a CSQ that is not declared is replaced by ours.
//!
//! With [`Options::phased`], `HAPLOTYPE_CSQ` tells what alleles do together that share a chromosome copy of a sample: in one codon,
//! or where one shifts the frame of another. Its header line says which genotypes are joined and what its fields are.
//!
//! In [`Mode::AnnTools`] the output is what AnnTools wrote, key for key; where that was random or corrupt, the module
//! `anntools` says what is done instead.
//!
//! # Structural variants
//! SVLEN says how far each symbolic allele reaches, or END, where the file is older than VCF 4.4; `<CN0>` is a deletion, `<CN2>`
//! and more a duplication. Of a breakend both ends are told: `CSQ` names that at POS as a single breakend (`G.`, `.G`) and that of
//! the mate as ALT does, as Ensembl VEP has done since 112. A breakend inside a transcript truncates it.
//!
//! # Lift-over
//! All positions of a record are moved: POS, END, mates of breakends in ALT, and CHR2, END2 and POS2, which callers put into
//! INFO. SVLEN becomes the length of the span in the new assembly where it was that of the span in the old one. A record of
//! which one position has no counterpart is left out, and the log says why.
//!
//! # Coordinates
//! Inside, positions are 0-based and spans half-open; in VCF, HGVS and CSQ they are 1-based and closed. The telomeres of a
//! chromosome are positions of VCF, too: 0, and one beyond the last base.
//!
//! # Sources
//! - AnnTools: V. Makarov et al., Bioinformatics 28, 724, 2012.
//! - Haplotypes: P. Danecek and S. A. McCarthy, BCFtools/csq, Bioinformatics 33, 2037, 2017.
//! - Consequences: <http://www.sequenceontology.org>. Names of variants: <https://hgvs-nomenclature.org>.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod anntools;
mod consequence;
mod error;
mod haplotype;
mod hgvs;
mod info;
mod modern;
mod options;
mod own;
mod refusal;
mod report;
mod run;
mod transcript;

pub use consequence::{Consequence, Impact};
pub use error::InputError;
pub use info::{CsqFields, CsqFieldsError, Others, Pick, PickOf, PickOrder, PickOrderError, Told, ToldKey};
pub use options::{Limits, Mode, Options, TermsAt};
pub use refusal::{AnnotateError, Refusal};
pub use report::Report;
pub use run::{Form, Maker, Output, Piece, Progress, annotate, annotate_to};
