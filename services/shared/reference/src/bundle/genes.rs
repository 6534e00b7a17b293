//! The track of transcripts, of all sources together. Its sections are called `refGene.*` after the first source there was.
//!
//! Columns that bundles of earlier versions do not have are read as empty.

use std::ops::Range;

use super::chosen::is_of;
use super::gene_row::{Constraint, GeneRow, Labels};
use super::{Bundle, Intervals, Pool, Rows, U32s};

/// The view of the transcripts.
#[derive(Debug, Clone, Copy)]
pub struct Genes<'b> {
    rows: Rows<'b>,
    intervals: Intervals<'b>,
    cds_starts: U32s<'b>,
    cds_ends: U32s<'b>,
    names: U32s<'b>,
    symbols: U32s<'b>,
    orders: U32s<'b>,
    flags: U32s<'b>,
    genes: U32s<'b>,
    proteins: U32s<'b>,
    biotypes: U32s<'b>,
    sources: U32s<'b>,
    /// The sources whose transcripts are seen; all if there is none.
    seen: &'b [String],
    mane_select: U32s<'b>,
    mane_plus_clinical: U32s<'b>,
    ccds: U32s<'b>,
    tsl: U32s<'b>,
    appris: U32s<'b>,
    pli: U32s<'b>,
    loeuf: U32s<'b>,
    missense_z: U32s<'b>,
    /// Where the recoded codons of each transcript begin, and, one past the last, where they end.
    recoded: U32s<'b>,
    recoded_codons: U32s<'b>,
    /// Where the differences of each transcript begin, and, one past the last, where they end.
    differences: U32s<'b>,
    each_difference: U32s<'b>,
    /// Where the exons of each transcript begin, and, one past the last, where they end.
    exons: U32s<'b>,
    exon_starts: U32s<'b>,
    exon_ends: U32s<'b>,
    pool: Pool<'b>,
}

/// The source of all transcripts of bundles that do not say it.
pub(super) const FIRST_SOURCE: &str = "RefSeq";

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
            genes: column("gene"),
            proteins: column("protein"),
            biotypes: column("biotype"),
            sources: column("source"),
            seen: bundle.chosen_sources(),
            mane_select: column("mane_select"),
            mane_plus_clinical: column("mane_plus_clinical"),
            ccds: column("ccds"),
            tsl: column("tsl"),
            appris: column("appris"),
            pli: column("pli"),
            loeuf: column("loeuf"),
            missense_z: column("missense_z"),
            recoded: column("recoded"),
            recoded_codons: column("recoded_codon"),
            differences: column("differences"),
            each_difference: column("difference"),
            exons: column("exons"),
            exon_starts: column("exon_start"),
            exon_ends: column("exon_end"),
            pool: Pool(bundle.section("refGene.pool")),
        })
    }

    /// Calls `found` with the row of each transcript of a chromosome that overlaps `span`, by start.
    pub fn overlapping(&self, chromosome: usize, span: Range<u32>, mut found: impl FnMut(usize)) {
        let rows = self.rows.of(chromosome);
        match self.seen {
            [] => self.intervals.overlapping(rows, span, found),
            seen => self.intervals.overlapping(rows, span, |row| {
                if is_of(self.source(row), seen) {
                    found(row);
                }
            }),
        }
    }

    /// The transcript of a row.
    #[inline]
    pub fn row(&self, row: usize) -> GeneRow<'b> {
        let symbol = self.pool.text(self.symbols.get(row));
        GeneRow {
            name: self.pool.text(self.names.get(row)),
            symbol,
            gene: self.optional(self.genes, row).unwrap_or(symbol),
            protein: self.optional(self.proteins, row).unwrap_or_default(),
            biotype: self.optional(self.biotypes, row).unwrap_or_default(),
            source: self.source(row),
            labels: self.labels(row),
            constraint: self.constraint(row),
            span: self.intervals.starts.get(row)..self.intervals.ends.get(row),
            cds: self.cds_starts.get(row)..self.cds_ends.get(row),
            flags: self.flags.get(row),
            order: self.orders.get(row),
            exons: self.exons.get(row) as usize..self.exons.get(row + 1) as usize,
            exon_starts: self.exon_starts,
            exon_ends: self.exon_ends,
            recoded: list(self.recoded, row),
            recoded_codons: self.recoded_codons,
            differences: list(self.differences, row),
            each_difference: self.each_difference,
        }
    }

    #[inline]
    fn source(&self, row: usize) -> &'b str {
        self.optional(self.sources, row).unwrap_or(FIRST_SOURCE)
    }

    fn labels(&self, row: usize) -> Labels<'b> {
        let label = |column| self.optional(column, row).unwrap_or_default();
        Labels {
            mane_select: label(self.mane_select),
            mane_plus_clinical: label(self.mane_plus_clinical),
            ccds: label(self.ccds),
            tsl: label(self.tsl),
            appris: label(self.appris),
        }
    }

    fn constraint(&self, row: usize) -> Constraint<'b> {
        let text = |column| self.optional(column, row).unwrap_or_default();
        Constraint {
            pli: text(self.pli),
            loeuf: text(self.loeuf),
            missense_z: text(self.missense_z),
        }
    }

    /// The text of a column that may be missing, unless it is empty.
    fn optional(&self, column: U32s<'b>, row: usize) -> Option<&'b str> {
        let text = (row < column.len()).then(|| self.pool.text(column.get(row)));
        text.filter(|text| !text.is_empty())
    }
}

/// The entries of a row in a column that may be missing.
#[inline]
fn list(begins: U32s<'_>, row: usize) -> Range<usize> {
    match row + 1 < begins.len() {
        true => begins.get(row) as usize..begins.get(row + 1) as usize,
        false => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{END_INCOMPLETE, Manifest, PoolBuilder, Writer};

    #[test]
    fn a_bundle_of_an_earlier_version_has_transcripts_of_refseq_without_labels() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.gasref");
        let mut writer = Writer::create(&path).unwrap();
        let mut pool = PoolBuilder::default();
        let (name, symbol) = (pool.add(b"NM_152486").unwrap(), pool.add(b"SAMD11").unwrap());
        let columns: [(&str, &[u32]); 13] = [
            ("rows", &[0, 1]),
            ("start", &[20]),
            ("end", &[110]),
            ("max", &[110]),
            ("cds_start", &[30]),
            ("cds_end", &[89]),
            ("name", &[name]),
            ("symbol", &[symbol]),
            ("order", &[0]),
            ("flags", &[END_INCOMPLETE]),
            ("exons", &[0, 2]),
            ("exon_start", &[20, 80]),
            ("exon_end", &[60, 110]),
        ];
        for (column, numbers) in columns {
            writer
                .column(format!("refGene.{column}"), numbers.iter().copied())
                .unwrap();
        }
        writer.section("refGene.pool".to_owned(), pool.bytes()).unwrap();
        let manifest = r#"{"name":"old","assembly":"hg19","built":"","program":"0.1.0","chromosomes":[],"tracks":[],"missing":[],
            "chains":[],"sections":{}}"#;
        writer
            .finish(serde_json::from_str::<Manifest>(manifest).unwrap())
            .unwrap();
        let bundle = Bundle::open(&path).unwrap();
        let row = Genes::new(&bundle).unwrap().row(0);
        let told = (row.name, row.symbol, row.gene, row.source);
        assert_eq!(told, ("NM_152486", "SAMD11", "SAMD11", "RefSeq"));
        assert_eq!((row.protein, row.biotype, row.labels), ("", "", Labels::default()));
        assert_eq!((row.recoded().len(), row.exons().len(), row.flags), (0, 2, 4));
        assert_eq!(row.differences().len(), 0);
    }
}
