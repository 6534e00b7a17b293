//! Where a position is in a transcript, in AnnTools' words.

use crate::transcript::Transcript;

/// How far from a splice site `spliceDist` is told, in bases.
const SPLICE_NEAR: u32 = 10;

/// The kind of place: `CDS`, `utr5`, `utr3`, `intron`, `non_coding_exon`, `non_coding_intron`. The position is 0-based
/// and inside the transcript.
pub(crate) fn position_type(transcript: &Transcript<'_>, position: u32) -> &'static str {
    let (cds, is_exonic) = (&transcript.row.cds, transcript.is_exonic(position));
    match (transcript.row.is_coding(), is_exonic) {
        (false, true) => "non_coding_exon",
        (false, false) => "non_coding_intron",
        (true, false) => "intron",
        (true, true) if cds.contains(&position) => "CDS",
        (true, true) => match (position < cds.start) == transcript.row.is_reverse() {
            true => "utr3",
            false => "utr5",
        },
    }
}

/// Appends `ex2/5`, or `.` in an intron.
pub(crate) fn exon_name(transcript: &Transcript<'_>, position: u32, out: &mut Vec<u8>) {
    let index = transcript.exon_from(position);
    match transcript.is_exonic(position) {
        true => {
            out.extend_from_slice(b"ex");
            vcf::encode::number(out, transcript.exon_number(index));
            out.push(b'/');
            vcf::encode::number(out, transcript.exon_count());
        }
        false => out.push(b'.'),
    }
}

/// Bases from the nearest splice site, in the transcript's direction: negative before it, positive after it, never 0;
/// `None` if it is more than [`SPLICE_NEAR`] bases away.
pub(crate) fn splice_distance(transcript: &Transcript<'_>, position: u32) -> Option<i32> {
    // Exons are sorted, so that the sites nearest to a position are those of the exon that it is in or comes before.
    let exons = &transcript.exons;
    let index = transcript.exon_from(position);
    let (mut starts, mut ends) = (
        index.max(1)..(index + 1).min(exons.len()),
        index.saturating_sub(1)..(index + 1).min(exons.len() - 1),
    );
    if transcript.own.is_some() {
        // Beside it, there may be gaps alone.
        (starts, ends) = (1..exons.len(), 0..exons.len() - 1);
    }
    let is_site = |before: &usize| !transcript.is_gap(*before);
    let starts = starts.filter(|exon| is_site(&(exon - 1))).map(|exon| exons[exon].start);
    let ends = ends.filter(is_site).map(|exon| exons[exon].end);
    let signed = |site: u32| match position < site {
        true => (position as i32) - (site as i32),
        false => (position - site) as i32 + 1,
    };
    let nearest = starts
        .chain(ends)
        .map(signed)
        .min_by_key(|distance| distance.unsigned_abs())?;
    let direction = if transcript.row.is_reverse() { -1 } else { 1 };
    (nearest.unsigned_abs() <= SPLICE_NEAR).then_some(nearest * direction)
}

/// One past the last of the positions, from a position inside the transcript and far from its splice sites on, that have
/// the same kind of place and exon name and are as far from splice sites.
pub(crate) fn same_until(transcript: &Transcript<'_>, position: u32) -> u32 {
    if transcript.own.is_some() {
        return position + 1;
    }
    let (exons, cds) = (&transcript.exons, &transcript.row.cds);
    let next = exons.get(transcript.exon_from(position));
    let site = next.map_or(transcript.row.span.end, |exon| match exon.contains(&position) {
        true => exon.end,
        false => exon.start,
    });
    let ends = [site.saturating_sub(SPLICE_NEAR), cds.start, cds.end];
    ends.into_iter()
        .filter(|end| *end > position)
        .min()
        .unwrap_or(position + 1)
}
