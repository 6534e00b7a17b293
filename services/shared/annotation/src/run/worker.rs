//! One thread's work: records of a batch, one after the other.

use memchr::memchr;
use reference::bundle::Cursor;
use reference::detect::{RefCheck, check};
use reference::{MITOCHONDRIAL_LENGTH, Mismatch, Mitochondrion};
use vcf::{Line, Record, Shown, VcfError, sniff};

use super::batch::Batch;
use super::context::Context;
use super::place::Place;
use super::rewritten::Rewritten;
use crate::anntools::AnnTools;
use crate::error::InputError;
use crate::info::{Fields, Key};
use crate::modern::{MitochondrialAnnotator, NuclearAnnotator, Placed};
use crate::options::Mode;
use crate::report::Findings;

/// Annotates batches.
pub(super) struct Worker<'c, 'b> {
    pub(super) context: &'c Context<'c, 'b>,
    mitochondrial: MitochondrialAnnotator,
    pub(super) nuclear: Option<NuclearAnnotator<'c, 'b>>,
    pub(super) anntools: Option<AnnTools<'c, 'b>>,
    pub(super) fields: Fields,
    pub(super) findings: Findings,
    /// The chromosome of the last record, and what it is.
    last: (Vec<u8>, Place),
    /// Records on it that are not yet counted.
    on_last: u64,
    /// Where the last comparison with common variants ended.
    cursor: Cursor<'b>,
}

/// What becomes of a record.
pub(super) enum Fate {
    /// It is written with our fields; `Some` for another place and other alleles.
    Written(Option<Rewritten>),
    /// It has no place in the output.
    LeftOut,
}

impl<'c, 'b> Worker<'c, 'b> {
    pub(super) fn new(context: &'c Context<'c, 'b>) -> Self {
        let (genome, header) = (context.genome.as_ref(), context.header);
        let anntools = (context.mode == Mode::AnnTools).then(|| AnnTools::new(genome, !context.is_bare));
        Self {
            context,
            mitochondrial: MitochondrialAnnotator::new(header, context.limits.annotation_bytes),
            nuclear: genome.map(|genome| {
                NuclearAnnotator::new(genome, &context.schema, &context.limits, header).telling_at(context.terms_at)
            }),
            anntools,
            fields: Fields::new(&context.schema, context.limits.annotation_bytes),
            findings: Findings::default(),
            last: (Vec::new(), Place::Unknown),
            on_last: 0,
            cursor: Cursor::default(),
        }
    }

    /// Counts what is still to be counted, and gives what was found.
    pub(super) fn finish(mut self) -> Findings {
        if self.on_last > 0 {
            self.findings.counts.chromosome(&self.last.0, self.on_last);
        }
        if let Some(nuclear) = &mut self.nuclear {
            nuclear.count(&mut self.findings.counts);
        }
        self.findings
    }

    /// Appends annotated lines of a batch until `out` has `most` bytes; `true` if some are left for the next call.
    pub(super) fn batch(&mut self, batch: &mut Batch, out: &mut Vec<u8>, most: usize) -> Result<bool, InputError> {
        out.reserve((4 * (batch.bytes.len() - batch.at)).min(most.saturating_sub(out.len())));
        let binary = memchr(0, &batch.bytes[batch.at..]).map(|found| batch.at + found);
        while batch.at < batch.bytes.len() {
            if out.len() >= most {
                return Ok(true);
            }
            let (at, line) = (batch.at, batch.line);
            let end = memchr(b'\n', &batch.bytes[at..]).map_or(batch.bytes.len(), |found| at + found + 1);
            if let Some(binary) = binary.filter(|binary| *binary < end) {
                let column = binary - at + 1;
                sniff::first_line(&batch.bytes[at..end])?;
                return Err(VcfError::Binary { line, column }.into());
            }
            let told = batch.told_of(line);
            self.line(Line::new(&batch.bytes[at..end]), line, told.as_deref(), out)?;
            (batch.at, batch.line) = (end, line + 1);
        }
        Ok(false)
    }

    /// Annotates a line; `told` is what is told of its haplotypes.
    fn line(&mut self, line: Line<'_>, number: u64, told: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), InputError> {
        self.findings.lacks_line_end |= line.ending.is_empty();
        if line.text.is_empty() || line.text[0] == b'#' {
            self.findings.blank_lines += 1;
            self.findings.check_blank_lines(&self.context.limits)?;
            out.extend_from_slice(line.text);
            out.extend_from_slice(line.ending);
            return Ok(());
        }
        let record = Record::parse(line.text, number, self.context.header.columns, line.ending.is_empty())?;
        if line.text.len() > self.context.surely_within {
            record.check(&self.context.limits.reader, number)?;
        }
        self.findings.records += 1;
        self.fields.clear();
        if let Some(told) = told {
            self.fields.next(Key::HAPLOTYPE_CSQ).extend_from_slice(told);
        }
        // AnnTools passed on what VCF 3 has.
        if !self.context.header.is_old() || self.context.is_bare {
            return self.annotated(&record, line.ending, number, out);
        }
        self.line_of_vcf_3(&record, line.ending, number, out)
    }

    /// Annotates and writes a record.
    #[inline]
    pub(super) fn annotated(
        &mut self,
        record: &Record<'_>,
        ending: &[u8],
        number: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), InputError> {
        match self.record(record, number)? {
            Fate::LeftOut => {}
            Fate::Written(rewritten) if self.anntools.is_some() => {
                self.write_anntools(record, rewritten.as_ref(), out);
            }
            Fate::Written(rewritten) => {
                self.write(record, rewritten.as_ref(), out);
                out.extend_from_slice(ending);
            }
        }
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>, number: u64) -> Result<Fate, InputError> {
        match self.place(record.chromosome)? {
            Place::Mitochondrial if self.context.chain.is_some() => return self.beside_lifted(record, number),
            Place::Mitochondrial => self.mitochondrial_record(record, number)?,
            Place::Nuclear(chromosome) => self.nuclear_record(record, chromosome, number)?,
            Place::Lifted => return self.lifted_record(record, number),
            Place::Unknown => self.findings.unplaced.add(record.chromosome, number),
        }
        Ok(Fate::Written(None))
    }

    fn place(&mut self, name: &[u8]) -> Result<Place, InputError> {
        if self.last.0 == name {
            self.on_last += 1;
            return Ok(self.last.1);
        }
        let before = std::mem::replace(&mut self.on_last, 1);
        if before > 0 {
            self.findings.counts.chromosome(&self.last.0, before);
            self.findings.counts.check(&self.context.limits)?;
        }
        let found = self.context.place(name);
        self.last = (name.to_vec(), found);
        Ok(found)
    }

    pub(super) fn mitochondrial_record(&mut self, record: &Record<'_>, number: u64) -> Result<(), InputError> {
        if self.context.has_foreign_mitochondrion {
            self.findings.foreign_mitochondrial += 1;
            return Ok(());
        }
        // A circle has no telomeres: of a record at the place of one nothing can be told.
        let is_end = record.position == MITOCHONDRIAL_LENGTH as u64 + 1;
        if record.position == 0 || is_end && record.may_be_at_telomere() {
            return Ok(());
        }
        match self
            .findings
            .mitochondrial
            .add(record, number, &Mitochondrion::rcrs().sequence)
        {
            true => self.mitochondrial.annotate(
                record,
                number,
                self.nuclear.as_mut(),
                &mut self.fields,
                &mut self.findings.counts,
            ),
            false => {
                self.fields.flag(Key::REF_MISMATCH);
                Ok(())
            }
        }
    }

    /// A record with its place in the bundle.
    pub(super) fn nuclear_record(
        &mut self,
        record: &Record<'_>,
        chromosome: usize,
        number: u64,
    ) -> Result<(), InputError> {
        let (Some(genome), Some(nuclear)) = (&self.context.genome, &mut self.nuclear) else {
            return Ok(());
        };
        let findings = &mut self.findings;
        findings.nuclear.records += 1;
        let (position, length) = (record.position, genome.length(chromosome));
        // VCF puts telomeres before the first base and after the last.
        let is_end = position == length as u64 + 1 && record.reference.len() == 1;
        let is_telomere = position == 0 || is_end && record.may_be_at_telomere();
        let start = (position as usize).saturating_sub(1);
        if !is_telomere && start.saturating_add(record.reference.len()) > length {
            findings
                .nuclear
                .beyond_end
                .get_or_insert((number, position, length as u64));
            return Ok(());
        }
        let (found, from_sequence) = match is_telomere {
            true => (RefCheck::Unknown, false),
            false => check(genome, chromosome, start, record, record.reference, &mut self.cursor),
        };
        findings.nuclear.add(found, from_sequence);
        if found == RefCheck::Differs {
            self.fields.flag(Key::REF_MISMATCH);
            findings.mismatch(|| Mismatch {
                line: number,
                place: format!("{}:{position}", genome.bundle.manifest().chromosomes[chromosome].name),
                reference: Shown::new(record.reference),
                expected: Shown::new(&genome.sequences[chromosome].as_ref().map_or(Vec::new(), |sequence| {
                    sequence.bases(start..start + record.reference.len().min(64))
                })),
            });
            return Ok(());
        }
        if self.anntools.is_none() {
            let placed = Placed {
                record,
                chromosome,
                start,
                is_telomere,
            };
            nuclear.annotate(placed, number, &mut self.fields, &mut findings.counts)?;
        }
        Ok(())
    }
}
