//! Records of the nuclear genome: their alleles, the transcripts they touch, what the tracks know of them.

use reference::bundle::Cursor;
use reference::{Edit, Genome, Placements, has_foreign_mitochondrion};
use vcf::{Alternate, Extent, Header, Record, drops_first_base};

use super::described::accessions;
use super::locus::Locus;
use super::nearby_transcripts::NearbyTranscripts;
use super::structural::StructuralAllele;
use super::{Transcripts, csq_allele, edit_of};
use crate::consequence::{Beside, Consequence, Consequences, NEAR, escapes_decay, on_transcript};
use crate::error::InputError;
use crate::info::{Entry, Feature, Field, Fields, Key, Schema};
use crate::options::{Limits, TermsAt};
use crate::report::Counts;

/// Annotates records of the nuclear genome.
pub(crate) struct NuclearAnnotator<'c, 'b> {
    pub(super) genome: &'c Genome<'b>,
    /// Whether the file is VCF 3.
    is_old: bool,
    /// Whether it is VCF 4.4 or later, in which SVLEN decides.
    length_decides: bool,
    /// Whether its mitochondrial genome is another than the rCRS.
    pub(super) has_foreign_mitochondrion: bool,
    pub(super) transcripts: Transcripts<'b>,
    /// The transcripts at and near the record at hand.
    pub(super) near: NearbyTranscripts<'b>,
    locus: Locus<'c, 'b>,
    /// The keys of each track of variants, one for each of its fields.
    pub(super) keys: &'c [Vec<Key>],
    /// Where the last look-up in each track of variants ended.
    pub(super) cursors: Vec<Cursor<'b>>,
    pub(super) existing: Vec<u8>,
    /// The value of a track that is being read.
    pub(super) value: Vec<u8>,
    pub(super) hgvs_c: Vec<u8>,
    /// How many effects there were on each transcript, by row.
    pub(super) gene_counts: Vec<u32>,
    hgvs_p: Vec<u8>,
    /// What names on each chromosome begin with, if CSQ has such names.
    pub(super) accessions: Vec<String>,
    pub(super) limits: &'c Limits,
    terms_at: TermsAt,
}

/// A record with its place in the bundle.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'r, 'a> {
    pub(crate) record: &'r Record<'a>,
    pub(crate) chromosome: usize,
    /// 0-based; that of the first base for the telomere before it.
    pub(crate) start: usize,
    /// Whether POS is a telomere, where there is no base.
    pub(crate) is_telomere: bool,
}

impl<'c, 'b> NuclearAnnotator<'c, 'b> {
    pub(crate) fn new(genome: &'c Genome<'b>, schema: &'c Schema, limits: &'c Limits, header: &Header) -> Self {
        Self {
            genome,
            is_old: header.is_old(),
            length_decides: header.length_decides(),
            has_foreign_mitochondrion: has_foreign_mitochondrion(header),
            transcripts: Transcripts::told(schema.layout()),
            near: NearbyTranscripts::new(limits.transcripts),
            locus: Locus::new(genome, schema),
            keys: schema.variant_keys(),
            cursors: genome.variants.iter().map(|_| Cursor::default()).collect(),
            existing: Vec::new(),
            value: Vec::new(),
            hgvs_c: Vec::new(),
            gene_counts: Vec::new(),
            hgvs_p: Vec::new(),
            accessions: accessions(genome, schema),
            limits,
            terms_at: TermsAt::Name,
        }
    }

    /// The same, which tells insertions and deletions at this of their places.
    pub(crate) fn telling_at(mut self, terms_at: TermsAt) -> Self {
        self.terms_at = terms_at;
        self
    }

    /// The ids under which dbSNP has the alleles of the record annotated last, separated by semicolons.
    pub(crate) fn existing(&self) -> &[u8] {
        &self.existing
    }

    /// Fills the fields of a record whose REF is the reference's, as far as that is known, and counts.
    pub(crate) fn annotate(
        &mut self,
        placed: Placed<'_, '_>,
        line: u64,
        fields: &mut Fields,
        counts: &mut Counts,
    ) -> Result<(), InputError> {
        let record = placed.record;
        counts.begin_nuclear();
        self.existing.clear();
        let drops_first = drops_first_base(record.reference, record.alternates);
        self.gather(placed);
        let mut touched = placed.start as u32..placed.start as u32 + 1;
        let (mut extent, length) = (None, self.genome.length(placed.chromosome));
        let mut breakends = 0;
        for (allele, text) in record.alternates().enumerate() {
            let alternate = Alternate::parse_in(text, self.is_old, line)?;
            let structural = match &alternate {
                Alternate::Symbolic(symbol) => {
                    let extent = extent.get_or_insert_with(|| Extent::of(record, self.length_decides));
                    Some(StructuralAllele::symbolic(symbol, allele, extent, length))
                }
                Alternate::Breakend(breakend) => {
                    breakends += 1;
                    Some(StructuralAllele::breakend(breakend, text, record))
                }
                _ => None,
            };
            if let Some(structural) = structural {
                touched.end = touched.end.max(structural.variant.span.end as u32);
                self.structural(placed.chromosome, &structural, fields, counts);
            } else if let Some(edit) =
                edit_of(alternate, placed.start, record.reference).filter(|_| !placed.is_telomere)
            {
                touched.end = touched.end.max(edit.end as u32);
                self.allele(placed, edit, &csq_allele(text, drops_first), fields, counts);
            }
            fields.end_allele();
            if fields.exceeds_limit(Key::CSQ) || record.alternates.len() > 1 && fields.exceed_limit() {
                let limit = self.limits.annotation_bytes;
                return Err(InputError::AnnotationTooLong { line, limit });
            }
        }
        if breakends > 1 {
            fields.merge_entries();
        }
        counts.doubts(extent.map(|extent| extent.doubts()).unwrap_or_default(), line);
        let (genome, near) = (self.genome, &self.near);
        fields.add_block(self.locus.at(genome, near, placed.chromosome, touched, counts));
        counts.in_dbsnp += u64::from(fields.has(Key::DB));
        Ok(())
    }

    /// Counts what is still to be counted.
    pub(crate) fn count(&mut self, counts: &mut Counts) {
        self.locus.count(counts);
        let Some(genes) = &self.genome.genes else { return };
        for (row, effects) in self.gene_counts.iter().enumerate().filter(|(_, effects)| **effects > 0) {
            counts.add_gene(genes.row(row).symbol, u64::from(*effects));
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

    fn allele(&mut self, placed: Placed<'_, '_>, edit: Edit, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        let genome = self.genome;
        let sequence = genome.sequence(placed.chromosome, edit.end + 1);
        let ids = self.existing.len();
        let start = edit.start;
        let written = (self.terms_at == TermsAt::File && edit.moves()).then(|| edit.clone());
        let placements = Placements::new(edit, sequence);
        self.widen(placed, &placements);
        self.known(placed, &placements, sequence, fields, counts);
        self.describe(placed, &placements, sequence, fields);
        counts.begin_allele(placements.first(), placed.record.reference[0].to_ascii_uppercase());
        let mut worst = Consequences::default();
        let near = std::mem::replace(&mut self.near, NearbyTranscripts::new(0));
        counts.unlisted(near.unlisted);
        if near.unlisted > 0 {
            fields.flag(Key::CSQ_INCOMPLETE);
        }
        for (row, transcript) in near.found() {
            if fields.exceeds_limit(Key::CSQ) {
                break;
            }
            let span = &transcript.row.span;
            let named = placements.in_feature(span.start as usize..span.end as usize, transcript.strand());
            let edit = written.as_ref().unwrap_or(&named);
            if let Some(beside) = Beside::new(transcript, edit) {
                if beside.distance <= NEAR {
                    worst.add(beside.consequence);
                    counts.consequence(beside.consequence);
                    self.count_gene(*row);
                    fields.tell_beside(name, &beside, transcript, &self.existing[ids..]);
                }
                continue;
            }
            let effect = on_transcript(transcript, edit, sequence);
            worst = worst.or(effect.consequences);
            counts.consequences(effect.consequences);
            self.count_gene(*row);
            self.hgvs_c.clear();
            self.hgvs_p.clear();
            self.name(placed, &named, sequence, transcript);
            let of_name = || on_transcript(transcript, &named, sequence).protein;
            let protein = if written.is_some() { of_name() } else { effect.protein };
            if let Some(change) = &protein {
                self.hgvs_p.extend_from_slice(transcript.protein_prefix());
                change.append_encoded(&mut self.hgvs_p);
            }
            let entry = Entry {
                allele: name,
                consequences: effect.consequences,
                exons: effect.exons,
                introns: effect.introns,
                hgvs_c: &self.hgvs_c,
                hgvs_p: &self.hgvs_p,
                messenger: effect.messenger,
                cds: effect.cds,
                codons: effect.codons.as_ref(),
                existing: &self.existing[ids..],
                feature: Feature::Transcript(transcript),
                distance: None,
                hgvs_offset: match self.hgvs_c.is_empty() {
                    true => 0,
                    false => named.start as i64 - start as i64,
                },
                escapes_decay: fields.csq_has(Field::Nmd)
                    && escapes_decay(transcript, effect.consequences, protein.as_ref(), &named),
            };
            fields.tell(&entry);
        }
        self.near = near;
        if worst.is_empty() {
            worst = Consequence::IntergenicVariant.into();
            counts.between_genes();
            let existing = &self.existing[ids..];
            let entry = Entry {
                allele: name,
                consequences: worst,
                existing,
                ..Entry::default()
            };
            fields.tell(&entry);
        }
        counts.end_allele(worst);
    }

    /// Finds the transcripts at and near REF. VCF 3 writes deletions without their bases, up to a thousand of which
    /// are seen.
    fn gather(&mut self, placed: Placed<'_, '_>) {
        let start = placed.start as u32;
        let length = placed.record.reference.len() as u32 + if self.is_old { 1000 } else { 0 };
        let span = start.saturating_sub(NEAR)..start + length + NEAR;
        self.near
            .find(self.genome, &mut self.transcripts, placed.chromosome, span);
    }

    /// Finds the transcripts near all places of an edit, some of which may lie further on than REF.
    #[inline]
    fn widen(&mut self, placed: Placed<'_, '_>, placements: &Placements) {
        let (span, end) = (placements.span(), placed.start + placed.record.reference.len());
        if span.start < placed.start || span.end > end {
            let first = span.start.min(placed.start) as u32;
            let around = first.saturating_sub(NEAR)..span.end.max(end) as u32 + NEAR;
            self.near
                .find(self.genome, &mut self.transcripts, placed.chromosome, around);
        }
    }
}

/// The bases of REF that an edit replaces.
pub(super) fn replaced<'a>(placed: Placed<'_, 'a>, edit: &Edit) -> &'a [u8] {
    let from = edit.start.saturating_sub(placed.start);
    let reference = placed.record.reference;
    reference
        .get(from..(from + edit.deleted()).min(reference.len()))
        .unwrap_or_default()
}
