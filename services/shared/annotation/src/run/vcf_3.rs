//! Records of VCF 3, which become records of VCF 4 before anything else is made of them.

use std::ops::Range;

use reference::Mitochondrion;
use vcf::{Modern, Record, Shown};

use super::place::Place;
use super::worker::Worker;
use crate::error::InputError;
use crate::report::WithoutBases;

impl Worker<'_, '_> {
    /// Annotates and writes a record of VCF 3; one that deletes bases which are not known is counted instead.
    pub(super) fn line_of_vcf_3(
        &mut self,
        record: &Record<'_>,
        ending: &[u8],
        number: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), InputError> {
        if let Some(modern) = self.modern(record) {
            return self.annotated(&modern.record(record), ending, number, out);
        }
        self.findings.without_bases(|| WithoutBases {
            line: number,
            chromosome: Shown::new(record.chromosome),
            position: record.position,
            alleles: Shown::new(&[record.reference, b">", record.alternates].concat()),
        });
        Ok(())
    }

    /// The record as VCF 4 has it; `None` if the bases that it deletes are not at hand. Those of an assembly from which
    /// records are lifted never are.
    fn modern(&self, record: &Record<'_>) -> Option<Modern> {
        let context = self.context;
        let bases = |span: Range<usize>| {
            let sequence = match context.place(record.chromosome) {
                Place::Mitochondrial if !context.has_foreign_mitochondrion => &Mitochondrion::rcrs().sequence,
                Place::Nuclear(chromosome) => context.genome.as_ref()?.sequence(chromosome, span.end)?,
                _ => return None,
            };
            (span.end <= sequence.len()).then(|| sequence.bases(span))
        };
        vcf::modern(record, context.limits.reader.allele_bytes, bases)
    }
}
