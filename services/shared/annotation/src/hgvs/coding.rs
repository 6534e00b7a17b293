//! Changes of transcripts: `NM_152486:c.76A>C`, `NR_046018:n.53G>A`.

use reference::{Edit, Sequence, Strand, complement};
use vcf::encode::number;

use crate::own::OwnEdit;
use crate::transcript::Transcript;

/// A place in a transcript: a base of the messenger, and how far an intron's base is from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    /// 0-based.
    base: u32,
    /// Negative before the base, positive after it, 0 in an exon.
    offset: i64,
}

/// A change of a transcript.
pub(crate) struct TranscriptChange<'a> {
    pub(crate) transcript: &'a Transcript<'a>,
    /// The chromosome, as far as it is known.
    pub(crate) sequence: Option<&'a Sequence<'a>>,
    /// The edit, shifted in the transcript's direction.
    pub(crate) edit: &'a Edit,
    /// The bases that it replaces, on the chromosome's forward strand.
    pub(crate) reference: &'a [u8],
}

impl TranscriptChange<'_> {
    /// Appends the name, without an accession; `false`, and nothing is appended, if an end lies outside of the
    /// transcript.
    pub(crate) fn append(&self, out: &mut Vec<u8>) -> bool {
        let at = out.len();
        let written = self.write(out);
        if written.is_none() {
            out.truncate(at);
        }
        written.is_some()
    }

    fn write(&self, out: &mut Vec<u8>) -> Option<()> {
        let strand = self.transcript.strand();
        let (start, end) = (self.edit.start as u32, self.edit.end as u32);
        out.extend_from_slice(if self.transcript.cds.is_some() { b"c." } else { b"n." });
        if let Some(own) = &self.transcript.own
            && let Some(edit) = own.edit(self.transcript, self.edit, self.sequence)
        {
            return self.write_own(out, &edit, own.messenger());
        }
        if let ([from], [to]) = (self.reference, &self.edit.inserted[..]) {
            let (from, to) = match strand {
                Strand::Forward => (from.to_ascii_uppercase(), *to),
                Strand::Reverse => (complement(from.to_ascii_uppercase()), complement(*to)),
            };
            self.spot(out, start)?;
            out.extend([from, b'>', to]);
            return Some(());
        }
        let inserted = strand.read(&self.edit.inserted);
        if self.edit.is_insertion() {
            let at = out.len();
            if let Some((first, last)) = self.duplicated()
                && self.range(out, first, last).is_some()
            {
                out.extend_from_slice(b"dup");
                return Some(());
            }
            // What is doubled may begin before the transcript.
            out.truncate(at);
            self.range(out, start.checked_sub(1)?, start)?;
            out.extend_from_slice(b"ins");
            out.extend_from_slice(&inserted);
            return Some(());
        }
        self.range(out, start, end - 1)?;
        let reference = strand.read(&self.reference.to_ascii_uppercase());
        match (&reference[..], &inserted[..]) {
            (_, []) => out.extend_from_slice(b"del"),
            (from, to) if from.len() == to.len() && is_inverted(from, to) => out.extend_from_slice(b"inv"),
            (_, to) => {
                out.extend_from_slice(b"delins");
                out.extend_from_slice(to);
            }
        }
        Some(())
    }

    /// Writes a change of the transcript's own sequence, which is `messenger`.
    fn write_own(&self, out: &mut Vec<u8>, edit: &OwnEdit, messenger: &[u8]) -> Option<()> {
        let (start, end) = (edit.place.start, edit.place.end);
        let reference = &messenger[start as usize..end as usize];
        let bases = |out: &mut Vec<u8>, first: u32, last: u32| {
            self.base(out, first);
            if first != last {
                out.push(b'_');
                self.base(out, last);
            }
        };
        match (reference, &edit.inserted[..]) {
            ([from], [to]) if from != to => {
                self.base(out, start);
                out.extend([*from, b'>', *to]);
            }
            ([], inserted) if messenger[..start as usize].ends_with(inserted) => {
                bases(out, start - inserted.len() as u32, start - 1);
                out.extend_from_slice(b"dup");
            }
            ([], inserted) => {
                messenger.get(end as usize)?;
                bases(out, start.checked_sub(1)?, start);
                out.extend_from_slice(b"ins");
                out.extend_from_slice(inserted);
            }
            (from, to) => {
                bases(out, start, end - 1);
                match to {
                    _ if from == to => out.push(b'='),
                    [] => out.extend_from_slice(b"del"),
                    _ if from.len() == to.len() && is_inverted(from, to) => out.extend_from_slice(b"inv"),
                    _ => {
                        out.extend_from_slice(b"delins");
                        out.extend_from_slice(to);
                    }
                }
            }
        }
        Some(())
    }

    /// Which bases of the chromosome, before the insertion in the transcript's direction, equal it.
    fn duplicated(&self) -> Option<(u32, u32)> {
        let (start, count) = (self.edit.start, self.edit.inserted.len());
        let first = match self.transcript.strand() {
            Strand::Forward => start.checked_sub(count)?,
            Strand::Reverse => start,
        };
        let is_there = self.sequence?.matches_exactly(first, &self.edit.inserted);
        is_there.then(|| (first as u32, (first + count - 1) as u32))
    }

    /// Writes the place of two bases of the chromosome, both included, in the transcript's direction.
    fn range(&self, out: &mut Vec<u8>, first: u32, last: u32) -> Option<()> {
        let (first, last) = match self.transcript.strand() {
            Strand::Forward => (first, last),
            Strand::Reverse => (last, first),
        };
        self.spot(out, first)?;
        if first != last {
            out.push(b'_');
            self.spot(out, last)?;
        }
        Some(())
    }

    fn spot(&self, out: &mut Vec<u8>, position: u32) -> Option<()> {
        let spot = find(self.transcript, position)?;
        self.base(out, spot.base);
        if spot.offset != 0 {
            out.push(if spot.offset < 0 { b'-' } else { b'+' });
            number(out, spot.offset.unsigned_abs() as usize);
        }
        Some(())
    }

    /// Writes the place of a base of the messenger.
    #[inline]
    fn base(&self, out: &mut Vec<u8>, base: u32) {
        match &self.transcript.cds {
            Some(cds) if base < cds.start => {
                out.push(b'-');
                number(out, (cds.start - base) as usize);
            }
            Some(cds) if base >= cds.end => {
                out.push(b'*');
                number(out, (base - cds.end) as usize + 1);
            }
            Some(cds) => number(out, (base - cds.start) as usize + 1),
            None => number(out, base as usize + 1),
        }
    }
}

/// Finds the base of the messenger that is, or is nearest to, a position of the chromosome.
fn find(transcript: &Transcript<'_>, position: u32) -> Option<Spot> {
    let exons = &transcript.exons;
    let index = transcript.exon_from(position);
    let next = exons.get(index)?;
    if next.contains(&position) {
        return Some(Spot {
            base: transcript.messenger(position)?,
            offset: 0,
        });
    }
    let before = &exons[index.checked_sub(1)?];
    let (from_left, to_right) = (i64::from(position - (before.end - 1)), i64::from(next.start - position));
    let (left, right) = (transcript.messenger(before.end - 1)?, transcript.messenger(next.start)?);
    if transcript.is_gap(index - 1) {
        // What the transcript lacks has no place of its own.
        let (base, offset) = (left.min(right), 0);
        return Some(Spot { base, offset });
    }
    // In the middle of an intron, HGVS counts from the exon before it.
    Some(match transcript.strand() {
        Strand::Forward if from_left <= to_right => Spot {
            base: left,
            offset: from_left,
        },
        Strand::Forward => Spot {
            base: right,
            offset: -to_right,
        },
        Strand::Reverse if to_right <= from_left => Spot {
            base: right,
            offset: to_right,
        },
        Strand::Reverse => Spot {
            base: left,
            offset: -from_left,
        },
    })
}

fn is_inverted(from: &[u8], to: &[u8]) -> bool {
    from.len() > 1 && from.iter().rev().map(|base| complement(*base)).eq(to.iter().copied())
}
