//! Records as they are written.

use super::rewritten::Rewritten;
use super::worker::Worker;
use crate::info::Key;
use crate::modern::NuclearAnnotator;
use crate::vcf::Record;

impl Worker<'_, '_> {
    /// Appends the record, its own columns as they are but for ID and INFO.
    pub(super) fn write(&mut self, record: &Record<'_>, rewritten: Option<&Rewritten>, out: &mut Vec<u8>) {
        match rewritten {
            None => out.extend_from_slice(record.before_id),
            Some(rewritten) => {
                out.extend_from_slice(&rewritten.chromosome);
                out.push(b'\t');
                crate::info::number(out, rewritten.position as usize);
                out.push(b'\t');
            }
        }
        let known = self.nuclear.as_ref().map_or(&b""[..], NuclearAnnotator::existing);
        match record.id {
            b"." | b"" if !known.is_empty() && self.fields.has(Key::DB) => out.extend_from_slice(known),
            id => out.extend_from_slice(id),
        }
        out.push(b'\t');
        let flipped = rewritten.and_then(|rewritten| rewritten.flipped.as_ref());
        let (reference, alternates) = flipped
            .map_or((record.reference, record.alternates), |(reference, alternates)| {
                (reference, alternates)
            });
        out.extend_from_slice(reference);
        out.push(b'\t');
        out.extend_from_slice(alternates);
        out.extend_from_slice(record.quality);
        self.findings.left_out += u64::from(self.fields.append_info(&self.context.schema, record, out));
        out.extend_from_slice(record.after_info);
    }

    /// Appends the record as AnnTools would have.
    pub(super) fn write_anntools(&mut self, record: &Record<'_>, rewritten: Option<Rewritten>, out: &mut Vec<u8>) {
        let Some(anntools) = &mut self.anntools else { return };
        let text = rewritten
            .as_ref()
            .map(|rewritten| (rewritten.chromosome.as_slice(), rewritten.position));
        let (chromosome, position) = text.unwrap_or((record.chromosome, record.position));
        let flipped = rewritten.as_ref().and_then(|rewritten| rewritten.flipped.as_ref());
        let (reference, alternates) = flipped
            .map_or((record.reference, record.alternates), |(reference, alternates)| {
                (reference, alternates)
            });
        let record = Record {
            chromosome,
            position,
            reference,
            alternates,
            ..*record
        };
        anntools.record(&record, &mut self.findings.tally, out);
    }
}
