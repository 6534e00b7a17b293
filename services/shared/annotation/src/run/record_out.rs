//! Records as they are written.

use vcf::Record;

use super::rewritten::Rewritten;
use super::worker::Worker;
use crate::info::Key;
use crate::modern::NuclearAnnotator;

impl Worker<'_, '_> {
    /// Appends the record, its own columns as they are but for ID and INFO.
    #[inline]
    pub(super) fn write(&mut self, record: &Record<'_>, rewritten: Option<&Rewritten>, out: &mut Vec<u8>) {
        let moved;
        let record = match rewritten {
            None => record,
            Some(rewritten) => {
                moved = rewritten.apply(record);
                &moved
            }
        };
        match rewritten {
            None => out.extend_from_slice(record.before_id),
            Some(_) => {
                out.extend_from_slice(record.chromosome);
                out.push(b'\t');
                vcf::encode::number(out, record.position as usize);
                out.push(b'\t');
            }
        }
        let known = self.nuclear.as_ref().map_or(&b""[..], NuclearAnnotator::existing);
        match record.id {
            b"." | b"" if !known.is_empty() && self.fields.has(Key::DB) => out.extend_from_slice(known),
            id => out.extend_from_slice(id),
        }
        out.push(b'\t');
        out.extend_from_slice(record.reference);
        out.push(b'\t');
        out.extend_from_slice(record.alternates);
        out.extend_from_slice(record.quality);
        let undeclared = self.fields.append_info(&self.context.schema, record, out);
        self.findings.replaced += u64::from(undeclared.replaces);
        self.findings.left_out += u64::from(undeclared.leaves_out);
        out.extend_from_slice(record.after_info);
    }

    /// Appends the record as AnnTools would have, or, if its REF is not the reference's, as it came.
    pub(super) fn write_anntools(&mut self, record: &Record<'_>, rewritten: Option<&Rewritten>, out: &mut Vec<u8>) {
        let Some(anntools) = &mut self.anntools else { return };
        let record = rewritten.map_or(*record, |rewritten| rewritten.apply(record));
        match self.fields.has(Key::REF_MISMATCH) {
            true => anntools.pass(&record, &mut self.findings.tally, out),
            false => anntools.record(&record, &mut self.findings.tally, out),
        }
    }
}
