//! An entry of `HAPLOTYPE_CSQ`: what a set of alleles does to a transcript, and who has them.

use std::fmt::Write;
use std::rc::Rc;

use super::carriers::Copy;
use super::joint::Joint;
use super::names;
use super::piece::Piece;
use super::told::Told;
use crate::consequence::Impact;
use crate::info::{amino_acids, encoded_bytes, place};
use crate::transcript::Transcript;
use reference::Sequence;
use vcf::encode::number;

/// The fields of an entry.
pub(crate) const FORMAT: &str = "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature|HGVSc|HGVSp|CDS_position|Protein_position|Amino_acids|\
    Codons|Variants|Copies|Samples";

/// The most alleles of a set that are listed, and the most copies that have them.
const MOST_LISTED: usize = 20;

/// The most amino acids, and codons, that are written out.
const MOST_CODONS: usize = 50;

/// The text of an entry after its allele; the same at each record of the set.
pub(super) struct Entry(Rc<[u8]>);

impl Entry {
    /// `set` is in the messenger's order; `copies` have it.
    pub(super) fn new(
        transcript: &Transcript<'_>,
        set: &[&Piece],
        sequence: &Sequence<'_>,
        copies: &[Copy],
        samples: &[Box<[u8]>],
    ) -> Self {
        let joint = Joint::of(transcript, set, sequence);
        let (row, mut out) = (&transcript.row, vec![b'|']);
        let impact = joint.consequences.impact().map_or("", Impact::name);
        // Writing to a vector cannot fail.
        let _ = std::io::Write::write_fmt(&mut out, format_args!("{}|{impact}|", joint.consequences));
        for text in [row.symbol, row.gene, row.name] {
            encoded_bytes(&mut out, text.as_bytes());
            out.push(b'|');
        }
        // A semicolon separates changes in the name, and keys in INFO.
        encoded_bytes(&mut out, &names::coding(transcript, set, sequence));
        out.push(b'|');
        let mut protein = String::new();
        if let Some(change) = &joint.protein {
            let _ = write!(protein, "{}:{change}", transcript.protein_accession());
        }
        encoded_bytes(&mut out, protein.as_bytes());
        out.push(b'|');
        append_codons(&joint, &mut out);
        append_variants(set, row.is_reverse(), &mut out);
        append_copies(copies, samples, &mut out);
        Self(out.into())
    }

    /// Tells it at the record of one of the set; `false` if that has as many as it may.
    pub(super) fn add(&self, piece: &Piece, told: &mut Told) -> bool {
        let mut name = Vec::new();
        encoded_bytes(&mut name, &piece.allele.name);
        told.add(piece.allele.line, &name, &self.0)
    }
}

/// CDS_position to Codons.
fn append_codons(joint: &Joint, out: &mut Vec<u8>) {
    place(out, joint.cds);
    place(out, joint.codons.as_ref().and_then(|codons| codons.numbers()));
    match joint.codons.as_ref().filter(|codons| codons.most() <= MOST_CODONS) {
        None => out.extend_from_slice(b"||"),
        Some(codons) => {
            amino_acids(out, codons);
            out.push(b'|');
            codons.append(out);
            out.push(b'|');
        }
    }
}

/// Variants: `POSREF>ALT` of each, by position.
fn append_variants(set: &[&Piece], is_reverse: bool, out: &mut Vec<u8>) {
    let mut sorted = set.to_vec();
    if is_reverse {
        sorted.reverse();
    }
    for (at, piece) in sorted.iter().take(MOST_LISTED).enumerate() {
        out.extend_from_slice(if at > 0 { b"&" } else { b"" });
        number(out, piece.allele.position as usize);
        encoded_bytes(out, &piece.allele.reference);
        out.push(b'>');
        encoded_bytes(out, &piece.allele.alternate);
    }
    append_more(set.len(), out);
    out.push(b'|');
}

/// Copies and Samples: how many chromosome copies have the set, and which, `NA12878:2`.
fn append_copies(copies: &[Copy], samples: &[Box<[u8]>], out: &mut Vec<u8>) {
    number(out, copies.len());
    out.push(b'|');
    for (at, (sample, copy)) in copies.iter().take(MOST_LISTED).enumerate() {
        out.extend_from_slice(if at > 0 { b"&" } else { b"" });
        encoded_bytes(out, samples.get(*sample as usize).map_or(&b""[..], |name| name));
        out.push(b':');
        number(out, usize::from(*copy) + 1);
    }
    append_more(copies.len(), out);
}

/// How many are not listed.
fn append_more(all: usize, out: &mut Vec<u8>) {
    if all > MOST_LISTED {
        out.extend_from_slice(b"&+");
        number(out, all - MOST_LISTED);
    }
}
