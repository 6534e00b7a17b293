//! CSQ: one entry for each allele and transcript, its fields as Ensembl VEP has them, so that `bcftools +split-vep`
//! and vcf2maf read it.

use super::encode;
use crate::consequence::{Beside, Codons, Consequences, Impact};
use crate::gene::{Gene, Strand};
use crate::transcript::Transcript;

/// The fields in their order.
pub(crate) const FORMAT: &str = "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|\
    cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|SYMBOL_SOURCE|HGNC_ID";

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
    pub(crate) hgvs_p: &'a str,
    /// Places, counted from 1, first and last.
    pub(crate) messenger: Option<(usize, usize)>,
    pub(crate) cds: Option<(usize, usize)>,
    pub(crate) codons: Option<&'a Codons>,
    /// Ids of known variants.
    pub(crate) existing: &'a [u8],
}

impl Entry<'_> {
    /// Appends the entry.
    pub(crate) fn append(&self, out: &mut Vec<u8>) {
        append_allele(out, self.allele);
        match self.consequences.only() {
            Some(one) => out.extend_from_slice(one.csq().as_bytes()),
            None => {
                for (index, consequence) in self.consequences.iter().enumerate() {
                    if index > 0 {
                        out.push(b'&');
                    }
                    out.extend_from_slice(consequence.term().as_bytes());
                }
                out.push(b'|');
                plain(out, self.consequences.impact().map_or("", Impact::name));
            }
        }
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
                out.extend_from_slice(&transcript.csq.0);
                transcript.exons.len()
            }
        };
        self.inside(exon_count, out);
        append_existing(out, self.existing);
        // DISTANCE
        out.push(b'|');
        match self.feature {
            Feature::None => out.extend_from_slice(b"|||"),
            Feature::Gene(gene) => {
                plain(out, if gene.strand == Strand::Forward { "1" } else { "-1" });
                out.extend_from_slice(b"|HGNC|");
                out.extend_from_slice(gene.hgnc_id.as_bytes());
            }
            Feature::Transcript(transcript) => out.extend_from_slice(&transcript.csq.1),
        }
    }

    /// EXON to Codons.
    fn inside(&self, exon_count: usize, out: &mut Vec<u8>) {
        numbers(out, self.exons, exon_count);
        numbers(out, self.introns, exon_count.saturating_sub(1));
        // Names of transcripts and their places have no character with a meaning in INFO.
        out.extend_from_slice(self.hgvs_c);
        out.push(b'|');
        if !self.hgvs_p.is_empty() {
            encode::append_bytes(out, self.hgvs_p.as_bytes());
        }
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
        place(
            out,
            Some(match codons.span.is_empty() {
                true => (codons.span.start / 3, codons.span.start / 3 + 1),
                false => (codons.span.start / 3 + 1, codons.span.end.div_ceil(3)),
            }),
        );
        let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
        let letters = |out: &mut Vec<u8>, letters: &[u8]| {
            out.extend_from_slice(if letters.is_empty() { b"-" } else { letters });
        };
        letters(out, before);
        if before != after {
            out.push(b'/');
            letters(out, after);
        }
        out.push(b'|');
        codons.append(out);
        out.push(b'|');
    }
}

/// Appends the entry of an allele beside a transcript, where there is nothing to say from EXON to Codons.
pub(crate) fn append_beside(
    out: &mut Vec<u8>,
    allele: &[u8],
    beside: &Beside,
    transcript: &Transcript<'_>,
    existing: &[u8],
) {
    append_allele(out, allele);
    out.extend_from_slice(beside.consequence.csq().as_bytes());
    out.extend_from_slice(&transcript.csq.0);
    out.extend_from_slice(b"|||||||||");
    append_existing(out, existing);
    number(out, beside.distance as usize);
    out.push(b'|');
    out.extend_from_slice(&transcript.csq.1);
}

/// Allele.
#[inline]
fn append_allele(out: &mut Vec<u8>, allele: &[u8]) {
    match allele {
        [base] => out.push(*base),
        more => encode::append_bytes(out, more),
    }
    out.push(b'|');
}

/// Existing_variation, of ids separated by semicolons.
#[inline]
fn append_existing(out: &mut Vec<u8>, ids: &[u8]) {
    if !ids.is_empty() {
        for (index, id) in ids.split(|byte| *byte == b';').enumerate() {
            if index > 0 {
                out.push(b'&');
            }
            encode::append_bytes(out, id);
        }
    }
    out.push(b'|');
}

/// A field that is known to need no encoding.
fn plain(out: &mut Vec<u8>, value: &str) {
    out.extend_from_slice(value.as_bytes());
    out.push(b'|');
}

/// `2/5` or `2-3/5`.
fn numbers(out: &mut Vec<u8>, numbers: Option<(usize, usize)>, count: usize) {
    if let Some((first, last)) = numbers {
        range(out, first, last);
        out.push(b'/');
        number(out, count);
    }
    out.push(b'|');
}

/// `12` or `12-14`.
fn place(out: &mut Vec<u8>, place: Option<(usize, usize)>) {
    if let Some((first, last)) = place {
        range(out, first, last);
    }
    out.push(b'|');
}

fn range(out: &mut Vec<u8>, first: usize, last: usize) {
    number(out, first);
    if last != first {
        out.push(b'-');
        number(out, last);
    }
}

/// Appends a number in decimal digits.
#[inline]
pub(crate) fn number(out: &mut Vec<u8>, number: usize) {
    if number < 10 {
        out.push(b'0' + number as u8);
        return;
    }
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
