//! The transcripts at a position, as AnnTools' `getGenes` told them.

use std::rc::Rc;

use memchr::{memchr, memmem};
use reference::bundle::GeneRow;
use vcf::Record;
use vcf::encode::number;

use super::{AnnTools, Tally};
use crate::transcript::Transcript;

/// How far beside a transcript a position was still looked at, in bases.
const BESIDE: u32 = 500;

impl AnnTools<'_, '_> {
    /// Appends the transcripts within 500 bases of POS that have a label, and counts.
    pub(super) fn genes(&mut self, record: &Record<'_>, place: Option<usize>, info: &mut Vec<u8>, tally: &mut Tally) {
        let position = u32::try_from(record.position).unwrap_or(u32::MAX - BESIDE - 1);
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        if let (Some(genome), Some(place)) = (self.genome, place) {
            let span = position.saturating_sub(BESIDE + 1)..position + BESIDE + 1;
            self.near.find(genome, &mut self.transcripts, place, span);
            let reaches = |row: &GeneRow<'_>| row.span.start <= position + BESIDE && position <= row.span.end + BESIDE;
            let near = self.near.found().filter(|(_, transcript)| reaches(&transcript.row));
            found.extend(near.map(|(_, transcript)| Rc::clone(transcript)));
        }
        match found.is_empty() {
            true => {
                tally.intergenic += 1;
                info.extend_from_slice(b";positionType=interGenic");
            }
            false => {
                found.sort_by_key(|transcript| transcript.row.order);
                self.labels(&found, place, position, info, tally);
            }
        }
        self.found = found;
    }

    /// Appends the labels of transcripts, and counts.
    fn labels(
        &self,
        found: &[Rc<Transcript<'_>>],
        place: Option<usize>,
        position: u32,
        info: &mut Vec<u8>,
        tally: &mut Tally,
    ) {
        tally.count_places(position_type(info), found.len() as u64);
        info.push(b';');
        let first = info.len();
        for transcript in found {
            let row = &transcript.row;
            let at = info.len();
            info.extend_from_slice(if at > first { b";name2=" } else { b"name2=" });
            info.extend_from_slice(row.symbol.as_bytes());
            info.extend_from_slice(b";name=");
            info.extend_from_slice(row.name.as_bytes());
            info.extend_from_slice(if row.is_reverse() {
                b";transcriptStrand=-"
            } else {
                b";transcriptStrand=+"
            });
            if !self.label(transcript, place, position, info, tally) {
                info.truncate(at);
            }
        }
    }

    /// Appends where POS is in a transcript; `false` in introns, untranslated regions, and beside it without a CpG
    /// island.
    fn label(
        &self,
        transcript: &Transcript<'_>,
        place: Option<usize>,
        position: u32,
        info: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> bool {
        let row = &transcript.row;
        let is_in = |start: u32, end: u32| start <= position && position <= end;
        let is_coding = row.is_coding();
        if !is_coding || is_in(row.cds.start, row.cds.end) {
            let key: &[u8] = if is_coding { b";exon=ex" } else { b";non_coding_exon=ex" };
            let first = transcript.exon_from(position.saturating_sub(1));
            let mut labels = 0;
            for (index, exon) in transcript.exons.iter().enumerate().skip(first) {
                if exon.start > position {
                    break;
                }
                if is_in(exon.start, exon.end) {
                    labels += 1;
                    info.extend_from_slice(key);
                    number(info, transcript.exon_number(index));
                    info.push(b'/');
                    number(info, transcript.exon_count());
                }
            }
            tally.exonic += if is_coding { labels } else { 0 };
            return labels > 0;
        }
        let upstream = match row.is_reverse() {
            false => is_in(row.span.start.saturating_sub(BESIDE), row.span.start),
            true => is_in(row.span.end, row.span.end + BESIDE),
        };
        let Some(name) = upstream.then(|| self.island(place, position)).flatten() else {
            return false;
        };
        tally.promoters += 1;
        info.extend_from_slice(b";putativePromoterRegion=");
        info.extend_from_slice(name.as_bytes());
        true
    }

    /// The first CpG island at a position, without the spaces of its name.
    fn island(&self, place: Option<usize>, position: u32) -> Option<String> {
        let islands = self.genome?.regions("cpgIslandExt")?;
        let mut found = None;
        islands.overlapping(place?, position - 1..position + 1, |island| {
            if found.is_none() && island.start <= position && position <= island.end {
                found = Some(String::from_utf8_lossy(island.value).split_whitespace().collect());
            }
        });
        found
    }
}

/// The value of the first INFO field whose name contains `positionType`.
fn position_type(info: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"positionType";
    // Most records have none: one search says so.
    memmem::find(info, NAME)?;
    let mut fields = info.split(|byte| *byte == b';');
    fields.find_map(|field| {
        let at = memchr(b'=', field)?;
        memmem::find(&field[..at], NAME).map(|_| &field[at + 1..])
    })
}
