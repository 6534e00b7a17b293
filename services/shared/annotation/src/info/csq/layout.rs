//! How the entries of a run are written: which fields they have, decided once.

use std::ops::Range;

use reference::bundle::{CANONICAL, GeneRow};
use reference::{Gene, Strand};
use vcf::encode;

use super::field::{CsqFields, Field};
use super::flags::flags;
use super::pick::{Others, Pick, Standing};
use super::text::numbers;
use super::{Described, Entry, Feature};
use crate::transcript::Transcript;

/// What entries look like.
#[derive(Debug)]
pub(crate) struct Layout {
    fields: CsqFields,
    /// One bit for each of them.
    bits: u64,
    pieces: Vec<Piece>,
    /// How many runs of fixed fields there are.
    runs: Vec<Range<usize>>,
    pub(super) pick: Option<Pick>,
    /// Whether the fields are those that CSQ has without a choice, or those and the ones that Parquet needs.
    pub(super) usual: Option<Usual>,
}

/// Which fields stand among those that CSQ has without a choice. Nearly all runs have no others: their entries are written without
/// looking at each field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usual {
    /// ALLELE_NUM, after Existing_variation.
    pub(super) has_number: bool,
    /// PICK, after FLAGS.
    pub(super) has_pick: bool,
}

/// A part of an entry.
#[derive(Debug)]
enum Piece {
    /// Fields that a transcript has whatever happens to it: which of the runs.
    Fixed(usize),
    /// One that depends on the allele.
    Told(Field),
}

/// What CSQ says of a transcript whatever happens to it.
#[derive(Debug, Default)]
pub(crate) struct Fixed {
    /// The runs of its fields, each field with the bar after it.
    pub(super) runs: Vec<Vec<u8>>,
    /// Of each exon, in the transcript's direction, the first run and what an entry without a choice of fields has from there up to
    /// HGVSc if only that exon is touched: `SAMD11|…|2/14||`.
    pub(super) exons: Vec<Vec<u8>>,
    /// Where it stands when entries are picked.
    pub(super) standing: Standing,
}

impl Default for Layout {
    fn default() -> Self {
        Self::new(CsqFields::default(), None)
    }
}

impl Layout {
    /// The layout of these fields. With entries that are flagged they have PICK, too.
    pub(crate) fn new(fields: CsqFields, pick: Option<Pick>) -> Self {
        let flags = pick.as_ref().is_some_and(|pick| pick.others == Others::Unflagged);
        let fields = if flags { fields.with_pick() } else { fields };
        let (mut pieces, mut runs): (Vec<Piece>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        for (at, field) in fields.iter().enumerate() {
            match (is_fixed(field), runs.last_mut().filter(|run| run.end == at)) {
                (false, _) => pieces.push(Piece::Told(field)),
                (true, Some(run)) => run.end = at + 1,
                (true, None) => {
                    pieces.push(Piece::Fixed(runs.len()));
                    runs.push(at..at + 1);
                }
            }
        }
        Self {
            usual: Usual::of(&fields),
            bits: fields.iter().fold(0, |bits, field| bits | 1 << field as u32),
            fields,
            pieces,
            runs,
            pick,
        }
    }

    /// The fields, as the header lists them.
    pub(crate) fn format(&self) -> String {
        self.fields.to_string()
    }

    /// Whether entries have a field.
    #[inline]
    pub(crate) fn has(&self, field: Field) -> bool {
        self.bits & 1 << field as u32 != 0
    }

    /// What is said of a transcript whatever happens to it.
    pub(crate) fn fixed(&self, transcript: &Transcript<'_>) -> Fixed {
        let run = |run: &Range<usize>| {
            let mut text = Vec::new();
            for field in self.in_run(run) {
                encode::append_bytes(&mut text, of_transcript(field, &transcript.row).as_bytes());
                text.push(b'|');
            }
            text
        };
        let standing = self.pick.as_ref().map(|pick| {
            let length = (0..transcript.exons.len())
                .map(|exon| transcript.piece(exon).len() as u32)
                .sum();
            let coding = transcript.cds.as_ref().map_or(0, |cds| cds.end - cds.start);
            pick.order.of_transcript(&transcript.row, length, coding)
        });
        let runs: Vec<Vec<u8>> = self.runs.iter().map(run).collect();
        let count = transcript.exon_count();
        let exon = |exon: usize| {
            let mut text = runs.first().cloned().unwrap_or_default();
            numbers(&mut text, Some((exon, exon)), count);
            text.push(b'|');
            text
        };
        let numbered = if self.usual.is_some() { 1..count + 1 } else { 0..0 };
        Fixed {
            exons: numbered.map(exon).collect(),
            runs,
            standing: standing.unwrap_or_default(),
        }
    }

    fn in_run(&self, run: &Range<usize>) -> impl Iterator<Item = Field> + '_ {
        self.fields.iter().skip(run.start).take(run.len())
    }

    /// Appends an entry of an allele (counted from 0). Gives the place of PICK, if it has one.
    pub(super) fn append(
        &self,
        entry: &Entry<'_>,
        described: &Described,
        allele: usize,
        out: &mut Vec<u8>,
    ) -> Option<usize> {
        let mut pick = None;
        for piece in &self.pieces {
            match (piece, &entry.feature) {
                (Piece::Fixed(run), Feature::Transcript(transcript)) => {
                    out.extend_from_slice(&transcript.csq.runs[*run]);
                }
                (Piece::Fixed(run), feature) => {
                    for field in self.in_run(&self.runs[*run]) {
                        if let Feature::Gene(gene) = feature {
                            encode::append_bytes(out, of_gene(field, gene).as_bytes());
                        }
                        out.push(b'|');
                    }
                }
                (Piece::Told(Field::AlleleNum), _) => {
                    encode::number(out, allele + 1);
                    out.push(b'|');
                }
                (Piece::Told(Field::Pick), _) => {
                    pick = Some(out.len());
                    out.push(b'|');
                }
                (Piece::Told(field), _) => entry.field(*field, described, out),
            }
        }
        // The last bar separates nothing.
        out.pop();
        pick
    }
}

impl Usual {
    fn of(fields: &CsqFields) -> Option<Self> {
        let all = [(false, false), (false, true), (true, false), (true, true)];
        let mut all = all
            .into_iter()
            .map(|(has_number, has_pick)| Self { has_number, has_pick });
        all.find(|usual| {
            let own = CsqFields::default();
            let own = if usual.has_number {
                own.with_allele_number()
            } else {
                own
            };
            let own = if usual.has_pick { own.with_pick() } else { own };
            own == *fields
        })
    }
}

/// Whether a field is the same whatever happens to the transcript.
fn is_fixed(field: Field) -> bool {
    use Field::*;
    matches!(
        field,
        Symbol
            | Gene
            | FeatureType
            | Feature
            | Biotype
            | Strand
            | Flags
            | SymbolSource
            | HgncId
            | Canonical
            | ManeSelect
            | ManePlusClinical
            | Tsl
            | Appris
            | Ccds
            | Ensp
            | Source
            | Pli
            | Loeuf
            | MissenseZ
    )
}

/// A field of a transcript that is the same whatever happens to it.
fn of_transcript<'b>(field: Field, row: &GeneRow<'b>) -> &'b str {
    let labels = &row.labels;
    match field {
        Field::Symbol => row.symbol,
        Field::Gene => row.gene,
        Field::FeatureType => "Transcript",
        Field::Feature => row.name,
        Field::Biotype => match row.biotype {
            "" if row.is_coding() => "protein_coding",
            "" => "misc_RNA",
            biotype => biotype,
        },
        Field::Strand if row.is_reverse() => "-1",
        Field::Strand => "1",
        Field::Flags => flags(row.flags),
        Field::SymbolSource | Field::Source => row.source,
        Field::Canonical if row.flags & CANONICAL != 0 => "YES",
        Field::ManeSelect => labels.mane_select,
        Field::ManePlusClinical => labels.mane_plus_clinical,
        Field::Tsl => labels.tsl,
        Field::Appris => labels.appris,
        Field::Ccds => labels.ccds,
        Field::Ensp => row.protein,
        Field::Pli => row.constraint.pli,
        Field::Loeuf => row.constraint.loeuf,
        Field::MissenseZ => row.constraint.missense_z,
        _ => "",
    }
}

/// The same of a gene of the mitochondrial genome. GenBank gives its transcripts no accession of their own.
fn of_gene(field: Field, gene: &Gene) -> &'static str {
    match field {
        Field::Symbol | Field::Feature => gene.symbol,
        Field::Gene => gene.gene_id,
        Field::FeatureType => "Transcript",
        Field::Biotype => gene.biotype,
        Field::Strand if gene.strand == Strand::Forward => "1",
        Field::Strand => "-1",
        Field::SymbolSource => "HGNC",
        Field::HgncId => gene.hgnc_id,
        Field::Ensp => gene.coding.as_ref().map_or("", |coding| coding.protein_id),
        Field::Source => "RefSeq",
        _ => "",
    }
}
