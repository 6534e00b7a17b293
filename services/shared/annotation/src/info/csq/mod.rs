//! CSQ: one entry for each allele and transcript, its fields as Ensembl VEP has them, so that `bcftools +split-vep`
//! and vcf2maf read it.
//!
//! Without a choice of fields, and with those that Parquet needs beside, an entry is written by [`Entry::append`], straight on; every
//! other layout is put together field by field.

mod class;
mod entries;
mod field;
mod flags;
mod layout;
mod pick;
mod text;

pub(crate) use class::{class_of_edit, class_of_symbol};
pub(crate) use entries::Entries;
pub(crate) use field::Field;
pub use field::{CsqFields, CsqFieldsError};
pub(crate) use layout::{Fixed, Layout};
pub use pick::{Others, Pick, PickOf, PickOrder, PickOrderError};
pub(crate) use text::{amino_acids, place};

use layout::Usual;
use reference::{Gene, Strand};
use vcf::encode::{self, number};

use crate::consequence::{Beside, Codons, Consequences, Impact};
use crate::transcript::Transcript;
use text::{append_allele, append_existing, numbers, plain, signed};

/// What an entry is about.
#[derive(Default)]
pub(crate) enum Feature<'a> {
    /// Nothing: the allele is between genes.
    #[default]
    None,
    /// A gene of the mitochondrial genome.
    Gene(&'a Gene),
    /// A transcript.
    Transcript(&'a Transcript<'a>),
}

/// One entry. What is empty or `None` is written as an empty field.
#[derive(Default)]
pub(crate) struct Entry<'a> {
    /// The allele as VEP names it.
    pub(crate) allele: &'a [u8],
    pub(crate) consequences: Consequences,
    pub(crate) feature: Feature<'a>,
    /// First and last exon.
    pub(crate) exons: Option<(usize, usize)>,
    pub(crate) introns: Option<(usize, usize)>,
    pub(crate) hgvs_c: &'a [u8],
    /// As INFO may hold it.
    pub(crate) hgvs_p: &'a [u8],
    /// Places, counted from 1, first and last.
    pub(crate) messenger: Option<(usize, usize)>,
    pub(crate) cds: Option<(usize, usize)>,
    pub(crate) codons: Option<&'a Codons>,
    /// Ids of known variants.
    pub(crate) existing: &'a [u8],
    /// How far the allele is from the transcript, in bases, if it is beside it.
    pub(crate) distance: Option<u32>,
    /// How many bases further right on the chromosome the allele stands in `hgvs_c` than in the file.
    pub(crate) hgvs_offset: i64,
    /// Whether the messenger has a new stop and still escapes decay.
    pub(crate) escapes_decay: bool,
}

/// What is told of an allele whatever the transcript.
#[derive(Default)]
pub(crate) struct Described {
    /// A term of the Sequence Ontology.
    pub(crate) class: &'static str,
    /// Its name on the chromosome; empty if it has none.
    pub(crate) hgvs_g: String,
}

impl<'a> Entry<'a> {
    /// The entry of an allele beside a transcript.
    pub(crate) fn beside(
        allele: &'a [u8],
        beside: &Beside,
        transcript: &'a Transcript<'a>,
        existing: &'a [u8],
    ) -> Self {
        Self {
            allele,
            consequences: beside.consequence.into(),
            feature: Feature::Transcript(transcript),
            distance: Some(beside.distance),
            existing,
            ..Self::default()
        }
    }

    /// Appends the entry of an allele (counted from 0) with the usual fields. Gives the place of PICK, if it has one.
    fn append(&self, usual: Usual, allele: usize, out: &mut Vec<u8>) -> Option<usize> {
        append_allele(out, self.allele);
        match self.consequences.only() {
            Some(one) => out.extend_from_slice(one.csq().as_bytes()),
            None => {
                self.terms(out);
                out.push(b'|');
                plain(out, self.consequences.impact().map_or("", Impact::name));
            }
        }
        match self.exon_text() {
            Some(text) => out.extend_from_slice(text),
            None => self.append_place(out),
        }
        self.inside(out);
        append_known(self.existing, usual, allele, out);
        if let Some(distance) = self.distance {
            number(out, distance as usize);
        }
        out.push(b'|');
        match self.feature {
            Feature::None => {
                out.extend_from_slice(b"||");
                let pick = append_pick(usual, out);
                out.push(b'|');
                pick
            }
            Feature::Gene(gene) => {
                plain(out, if gene.strand == Strand::Forward { "1" } else { "-1" });
                out.push(b'|');
                let pick = append_pick(usual, out);
                out.extend_from_slice(b"HGNC|");
                out.extend_from_slice(gene.hgnc_id.as_bytes());
                pick
            }
            Feature::Transcript(transcript) => append_last(transcript, usual, out),
        }
    }

    /// SYMBOL to INTRON of an allele in one exon of a transcript.
    #[inline]
    fn exon_text(&self) -> Option<&[u8]> {
        match (&self.feature, self.exons, self.introns) {
            (Feature::Transcript(transcript), Some((first, last)), None) if first == last => {
                transcript.csq.exons.get(first - 1).map(Vec::as_slice)
            }
            _ => None,
        }
    }

    /// SYMBOL to INTRON.
    fn append_place(&self, out: &mut Vec<u8>) {
        let exon_count = match self.feature {
            Feature::None => {
                out.extend_from_slice(b"|||||");
                0
            }
            Feature::Gene(gene) => {
                // GenBank gives mitochondrial transcripts no accession of their own.
                for field in [gene.symbol, gene.gene_id, "Transcript", gene.symbol, gene.biotype] {
                    plain(out, field);
                }
                1
            }
            Feature::Transcript(transcript) => {
                out.extend_from_slice(&transcript.csq.runs[0]);
                transcript.exon_count()
            }
        };
        numbers(out, self.exons, exon_count);
        numbers(out, self.introns, exon_count.saturating_sub(1));
    }

    /// HGVSc to Codons.
    #[inline]
    fn inside(&self, out: &mut Vec<u8>) {
        // Names of transcripts and their places have no character with a meaning in INFO.
        out.extend_from_slice(self.hgvs_c);
        out.push(b'|');
        out.extend_from_slice(self.hgvs_p);
        out.push(b'|');
        place(out, self.messenger);
        place(out, self.cds);
        self.protein(out);
    }

    /// Protein_position, Amino_acids and Codons.
    fn protein(&self, out: &mut Vec<u8>) {
        let Some(codons) = self.codons else {
            out.extend_from_slice(b"|||");
            return;
        };
        place(out, codons.numbers());
        amino_acids(out, codons);
        out.push(b'|');
        codons.append(out);
        out.push(b'|');
    }

    /// Appends one of the fields that depend on the allele, and a bar.
    fn field(&self, field: Field, described: &Described, out: &mut Vec<u8>) {
        let exon_count = match self.feature {
            Feature::None => 0,
            Feature::Gene(_) => 1,
            Feature::Transcript(transcript) => transcript.exon_count(),
        };
        match field {
            Field::Allele => return append_allele(out, self.allele),
            Field::Consequence => self.terms(out),
            Field::Impact => return plain(out, self.consequences.impact().map_or("", Impact::name)),
            Field::Exon => return numbers(out, self.exons, exon_count),
            Field::Intron => return numbers(out, self.introns, exon_count.saturating_sub(1)),
            Field::HgvsC => out.extend_from_slice(self.hgvs_c),
            Field::HgvsP => out.extend_from_slice(self.hgvs_p),
            Field::CdnaPosition => return place(out, self.messenger),
            Field::CdsPosition => return place(out, self.cds),
            Field::ProteinPosition => return place(out, self.codons.and_then(Codons::numbers)),
            Field::AminoAcids => self.codons.map_or((), |codons| amino_acids(out, codons)),
            Field::Codons => self.codons.map_or((), |codons| codons.append(out)),
            Field::ExistingVariation => return append_existing(out, self.existing),
            Field::Distance => self.distance.map_or((), |distance| number(out, distance as usize)),
            Field::VariantClass => out.extend_from_slice(described.class.as_bytes()),
            Field::HgvsOffset => signed(out, self.hgvs_offset),
            Field::HgvsG => encode::append_bytes(out, described.hgvs_g.as_bytes()),
            Field::Nmd if self.escapes_decay => out.extend_from_slice(b"NMD_escaping_variant"),
            // The others depend on the transcript alone, or are empty.
            _ => {}
        }
        out.push(b'|');
    }

    /// The terms, most severe first.
    fn terms(&self, out: &mut Vec<u8>) {
        for (index, consequence) in self.consequences.iter().enumerate() {
            if index > 0 {
                out.push(b'&');
            }
            out.extend_from_slice(consequence.term().as_bytes());
        }
    }
}

/// As [`Entry::append`], of an allele beside a transcript and without the first field: there is nothing to say from EXON to Codons.
#[inline]
fn append_beside(
    beside: &Beside,
    transcript: &Transcript<'_>,
    existing: &[u8],
    usual: Usual,
    allele: usize,
    out: &mut Vec<u8>,
) -> Option<usize> {
    out.extend_from_slice(beside.consequence.csq().as_bytes());
    out.extend_from_slice(&transcript.csq.runs[0]);
    out.extend_from_slice(b"|||||||||");
    append_known(existing, usual, allele, out);
    number(out, beside.distance as usize);
    out.push(b'|');
    append_last(transcript, usual, out)
}

/// Existing_variation and, if entries have it, ALLELE_NUM.
#[inline]
fn append_known(existing: &[u8], usual: Usual, allele: usize, out: &mut Vec<u8>) {
    append_existing(out, existing);
    if usual.has_number {
        number(out, allele + 1);
        out.push(b'|');
    }
}

/// PICK, which is said later, and its place, if entries have it.
#[inline]
fn append_pick(usual: Usual, out: &mut Vec<u8>) -> Option<usize> {
    let place = usual.has_pick.then_some(out.len());
    out.extend(place.map(|_| b'|'));
    place
}

/// The fields at the end of an entry, without the bar after them: those of a transcript, and PICK, which divides these.
#[inline]
fn append_last(transcript: &Transcript<'_>, usual: Usual, out: &mut Vec<u8>) -> Option<usize> {
    let runs = &transcript.csq.runs;
    let mut pick = None;
    if usual.has_pick {
        out.extend_from_slice(&runs[1]);
        pick = append_pick(usual, out);
    }
    out.extend_from_slice(&runs[1 + usize::from(usual.has_pick)]);
    out.pop();
    pick
}
