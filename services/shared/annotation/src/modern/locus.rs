//! What is told of a position whatever the allele: its genes as AnnTools listed them, and the regions it is in.
//!
//! Records are mostly sorted, and most bases are told of as their neighbours are; so the text is kept until something
//! begins or ends.

use std::ops::Range;
use std::rc::Rc;

use reference::Genome;

use super::NearbyTranscripts;
use super::genes::list_genes;
use super::regions::RegionTracks;
use super::tally::Tally;
use crate::info::{Block, Fields, Schema};
use crate::report::Counts;

/// The text of the last position, and where it holds.
pub(super) struct Locus<'c, 'b> {
    schema: &'c Schema,
    regions: RegionTracks<'b>,
    chromosome: usize,
    /// The positions (0-based) that have this text.
    span: Range<u32>,
    text: Rc<Block>,
    tally: Tally,
    /// Records that had this text and are not yet counted.
    records: u64,
    /// To put the text together.
    fields: Fields,
}

impl<'c, 'b> Locus<'c, 'b> {
    pub(super) fn new(genome: &Genome<'b>, schema: &'c Schema) -> Self {
        Self {
            schema,
            regions: RegionTracks::new(genome, schema),
            chromosome: 0,
            span: 0..0,
            text: Rc::default(),
            tally: Tally::default(),
            records: 0,
            fields: Fields::new(schema, usize::MAX),
        }
    }

    /// The text for a record that touches the bases `touched` (0-based, half-open) from POS on, and counts it. `near`
    /// has the transcripts around it.
    #[inline]
    pub(super) fn at(
        &mut self,
        genome: &Genome<'b>,
        near: &NearbyTranscripts<'b>,
        chromosome: usize,
        touched: Range<u32>,
        counts: &mut Counts,
    ) -> &Rc<Block> {
        if self.chromosome != chromosome || touched.start < self.span.start || touched.end > self.span.end {
            self.count(counts);
            self.tell(genome, near, chromosome, touched);
        }
        self.records += 1;
        &self.text
    }

    fn tell(&mut self, genome: &Genome<'b>, near: &NearbyTranscripts<'b>, chromosome: usize, touched: Range<u32>) {
        let start = touched.start;
        self.tally.clear();
        let fields = &mut self.fields;
        fields.clear();
        let same_genes = list_genes(genome, near, chromosome, start, fields, &mut self.tally);
        let same_regions = self.regions.list(chromosome, touched, fields, &mut self.tally.regions);
        self.chromosome = chromosome;
        self.span = start..same_genes.min(same_regions);
        // The last record is done with the text, so that it is seldom in use still.
        if Rc::get_mut(&mut self.text).is_none() {
            self.text = Rc::default();
        }
        if let Some(text) = Rc::get_mut(&mut self.text) {
            text.fill(self.schema, fields);
        }
    }

    /// Counts the records that are not yet counted.
    pub(super) fn count(&mut self, counts: &mut Counts) {
        self.tally.count(std::mem::take(&mut self.records), counts);
    }
}
