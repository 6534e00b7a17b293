//! What AnnTools' keys tell of the genes at POS.

use reference::Genome;
use vcf::encode::number;

use super::tally::Tally;
use super::{NearbyTranscripts, exon_name, position_type, same_until, splice_distance};
use crate::consequence::NEAR;
use crate::info::{Fields, Key};
use crate::transcript::Transcript;

/// How far upstream of a coding transcript a CpG island is a putative promoter, in bases.
const PROMOTER: u32 = 500;

/// Lists the transcripts that a position (0-based) is in, and how AnnTools counted such a record. `near` has the
/// transcripts up to [`NEAR`] bases away. Gives the end of the stretch of bases from the position on of which the same
/// is told.
pub(super) fn list_genes(
    genome: &Genome<'_>,
    near: &NearbyTranscripts<'_>,
    chromosome: usize,
    position: u32,
    fields: &mut Fields,
    tally: &mut Tally,
) -> u32 {
    if genome.genes.is_none() {
        return u32::MAX;
    }
    let (mut is_inside, mut promotes) = (false, false);
    let mut until = position + NEAR - PROMOTER;
    for (_, transcript) in near.found() {
        let (span, is_coding) = (&transcript.row.span, transcript.row.is_coding());
        let reach = if is_coding { PROMOTER } else { 0 };
        let ends = [span.start.saturating_sub(reach), span.start, span.end, span.end + reach];
        until = ends.into_iter().filter(|end| *end > position).fold(until, u32::min);
        if span.contains(&position) {
            is_inside = true;
            until = until.min(list(transcript, position, fields, tally));
        } else if is_coding {
            let is_close = position + PROMOTER >= span.start && position < span.end + PROMOTER;
            promotes |= is_close && (position < span.start) != transcript.row.is_reverse();
        }
    }
    if promotes && let Some(islands) = genome.regions("cpgIslandExt") {
        until = position + 1;
        islands.overlapping(chromosome, position..position + 1, |island| {
            let name: Vec<u8> = island.value.iter().copied().filter(|byte| *byte != b' ').collect();
            fields.push_new(Key::PROMOTER, &name);
            tally.promoters += 1;
        });
    }
    if !is_inside && !fields.has(Key::PROMOTER) {
        fields.next(Key::POSITION_TYPE).extend_from_slice(b"interGenic");
        tally.is_intergenic = true;
    }
    until
}

/// Lists one transcript, and gives the end of the stretch of bases of which the same is told.
fn list(transcript: &Transcript<'_>, position: u32, fields: &mut Fields, tally: &mut Tally) -> u32 {
    fields.push_new(Key::NAME2, transcript.row.symbol.as_bytes());
    fields.next(Key::NAME).extend_from_slice(transcript.accession());
    let strand = if transcript.row.is_reverse() { b'-' } else { b'+' };
    fields.next(Key::STRAND).push(strand);
    let place = position_type(transcript, position);
    fields.next(Key::POSITION_TYPE).extend_from_slice(place.as_bytes());
    exon_name(transcript, position, fields.next(Key::EXON));
    tally.places.push(place);
    let distance = fields.next(Key::SPLICE_DISTANCE);
    match splice_distance(transcript, position) {
        Some(bases) => {
            distance.extend_from_slice(if bases < 0 { b"-" } else { b"" });
            number(distance, bases.unsigned_abs() as usize);
            position + 1
        }
        None => {
            distance.push(b'.');
            same_until(transcript, position)
        }
    }
}
