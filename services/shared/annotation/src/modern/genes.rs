//! What AnnTools' keys tell of the genes at POS.

use std::rc::Rc;

use super::{NuclearAnnotator, exon_name, position_type, splice_distance};
use crate::info::{Fields, Key, number};
use crate::report::Counts;
use crate::transcript::Transcript;

/// How far upstream of a coding transcript a CpG island is a putative promoter, in bases.
const PROMOTER: u32 = 500;

impl NuclearAnnotator<'_, '_> {
    /// Lists the transcripts that POS is in, and counts the places as AnnTools did.
    pub(super) fn genes_at(&mut self, chromosome: usize, position: u32, fields: &mut Fields, counts: &mut Counts) {
        if self.genome.genes.is_none() {
            return;
        }
        let (mut is_inside, mut promotes) = (false, false);
        for (_, transcript) in self.near.found() {
            let span = &transcript.row.span;
            if span.contains(&position) {
                is_inside = true;
                list(transcript, position, fields, counts);
            } else if transcript.row.is_coding() {
                let is_close = position + PROMOTER >= span.start && position < span.end + PROMOTER;
                promotes |= is_close && (position < span.start) != transcript.row.is_reverse();
            }
        }
        if promotes && let Some(islands) = self.genome.regions("cpgIslandExt") {
            islands.overlapping(chromosome, position..position + 1, |island| {
                let name: Vec<u8> = island.value.iter().copied().filter(|byte| *byte != b' ').collect();
                fields.push_new(Key::PROMOTER, &name);
                counts.promoter();
            });
        }
        if !is_inside && !fields.has(Key::PROMOTER) {
            fields.next(Key::POSITION_TYPE).extend_from_slice(b"interGenic");
            counts.intergenic();
        }
    }

    /// Counts an effect on the transcript of a row.
    #[inline]
    pub(super) fn count_gene(&mut self, row: usize) {
        if row >= self.gene_counts.len() {
            self.gene_counts.resize(row + 1, 0);
        }
        self.gene_counts[row] += 1;
    }

    /// Adds up the effects on each gene.
    pub(crate) fn count_genes(&self, counts: &mut Counts) {
        let Some(genes) = &self.genome.genes else { return };
        for (row, effects) in self.gene_counts.iter().enumerate().filter(|(_, effects)| **effects > 0) {
            counts.add_gene(genes.row(row).symbol, u64::from(*effects));
        }
    }
}

/// Lists one transcript.
fn list(transcript: &Rc<Transcript<'_>>, position: u32, fields: &mut Fields, counts: &mut Counts) {
    fields.push_new(Key::NAME2, transcript.row.symbol.as_bytes());
    fields.next(Key::NAME).extend_from_slice(transcript.accession());
    let strand = if transcript.row.is_reverse() { b'-' } else { b'+' };
    fields.next(Key::STRAND).push(strand);
    let place = position_type(transcript, position);
    fields.next(Key::POSITION_TYPE).extend_from_slice(place.as_bytes());
    exon_name(transcript, position, fields.next(Key::EXON));
    let distance = fields.next(Key::SPLICE_DISTANCE);
    match splice_distance(transcript, position) {
        Some(bases) => {
            distance.extend_from_slice(if bases < 0 { b"-" } else { b"" });
            number(distance, bases.unsigned_abs() as usize);
        }
        None => distance.push(b'.'),
    }
    counts.place(place);
}
