//! The track of transcripts, as UCSC's refGene has them.

use std::ops::Range;

use super::{Bundle, Intervals, Pool, Rows, U32s};

/// The view of the transcripts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Genes<'b> {
    rows: Rows<'b>,
    intervals: Intervals<'b>,
    cds_starts: U32s<'b>,
    cds_ends: U32s<'b>,
    names: U32s<'b>,
    symbols: U32s<'b>,
    orders: U32s<'b>,
    flags: U32s<'b>,
    /// Where the exons of each transcript begin, and, one past the last, where they end.
    exons: U32s<'b>,
    exon_starts: U32s<'b>,
    exon_ends: U32s<'b>,
    pool: Pool<'b>,
}

/// The bits of the column `flags`.
pub(crate) const REVERSE: u32 = 1;
/// The coding sequence does not begin with a whole codon, or its beginning is not known.
pub(crate) const START_INCOMPLETE: u32 = 2;
/// The end of the coding sequence is not known.
pub(crate) const END_INCOMPLETE: u32 = 4;
/// The exons' reading frames do not continue, or the coding sequence is no multiple of three: do not trust it.
pub(crate) const BROKEN: u32 = 8;
/// The accession is mapped more than once.
pub(crate) const REPEATED: u32 = 16;
/// Where the number of bases (0 to 2) begins that precede the first whole codon.
pub(crate) const PHASE_SHIFT: u32 = 8;

/// One transcript. Spans are 0-based and half-open.
#[derive(Debug, Clone)]
pub(crate) struct GeneRow<'b> {
    /// RefSeq's accession, `NM_152486`.
    pub(crate) name: &'b str,
    /// The gene's symbol.
    pub(crate) symbol: &'b str,
    pub(crate) span: Range<u32>,
    /// Empty if the transcript codes for no protein.
    pub(crate) cds: Range<u32>,
    pub(crate) flags: u32,
    /// Its place in the table that the bundle was made from.
    pub(crate) order: u32,
    exons: Range<usize>,
    exon_starts: U32s<'b>,
    exon_ends: U32s<'b>,
}

impl<'b> Genes<'b> {
    /// The view of the track; `None` if the bundle has no transcripts.
    pub(crate) fn new(bundle: &'b Bundle) -> Option<Self> {
        let column = |name: &str| bundle.column(&format!("refGene.{name}"));
        let has = bundle.manifest().sections.contains_key("refGene.rows");
        has.then(|| Self {
            rows: Rows(column("rows")),
            intervals: Intervals {
                starts: column("start"),
                ends: column("end"),
                max_ends: column("max"),
            },
            cds_starts: column("cds_start"),
            cds_ends: column("cds_end"),
            names: column("name"),
            symbols: column("symbol"),
            orders: column("order"),
            flags: column("flags"),
            exons: column("exons"),
            exon_starts: column("exon_start"),
            exon_ends: column("exon_end"),
            pool: Pool(bundle.section("refGene.pool")),
        })
    }

    /// Calls `found` with the row of each transcript of a chromosome that overlaps `span`, by start.
    pub(crate) fn overlapping(&self, chromosome: usize, span: Range<u32>, found: impl FnMut(usize)) {
        self.intervals.overlapping(self.rows.of(chromosome), span, found);
    }

    /// The transcript of a row.
    pub(crate) fn row(&self, row: usize) -> GeneRow<'b> {
        GeneRow {
            name: self.pool.text(self.names.get(row)),
            symbol: self.pool.text(self.symbols.get(row)),
            span: self.intervals.starts.get(row)..self.intervals.ends.get(row),
            cds: self.cds_starts.get(row)..self.cds_ends.get(row),
            flags: self.flags.get(row),
            order: self.orders.get(row),
            exons: self.exons.get(row) as usize..self.exons.get(row + 1) as usize,
            exon_starts: self.exon_starts,
            exon_ends: self.exon_ends,
        }
    }
}

impl GeneRow<'_> {
    /// The exons by position, 0-based and half-open.
    pub(crate) fn exons(&self) -> impl DoubleEndedIterator<Item = Range<u32>> + ExactSizeIterator + '_ {
        let exons = self.exons.clone();
        exons.map(|exon| self.exon_starts.get(exon)..self.exon_ends.get(exon))
    }

    /// Whether it is read from the reverse complement.
    pub(crate) fn is_reverse(&self) -> bool {
        self.flags & REVERSE != 0
    }

    /// Whether it codes for a protein.
    pub(crate) fn is_coding(&self) -> bool {
        !self.cds.is_empty()
    }
}
