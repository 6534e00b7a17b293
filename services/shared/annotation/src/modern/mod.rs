//! The modern mode: consequences for each transcript, every track under a declared key.

mod described;
mod genes;
mod known;
mod locus;
mod mitochondrial;
mod named;
mod nearby_transcripts;
mod nuclear;
mod places;
mod regions;
mod structural;
mod tally;
mod transcripts;

pub(crate) use mitochondrial::MitochondrialAnnotator;
use mitochondrial::tell_mitochondrial;
pub(crate) use nearby_transcripts::NearbyTranscripts;
pub(crate) use nuclear::{NuclearAnnotator, Placed};
pub(crate) use places::{exon_name, position_type, same_until, splice_distance};
pub(crate) use transcripts::Transcripts;

use std::borrow::Cow;

use reference::{Edit, Inserted};
use vcf::Alternate;

/// The edit that an allele of bases makes at a position (0-based); `None` for other alleles, or if nothing changes.
fn edit_of(alternate: Alternate<'_>, start: usize, reference: &[u8]) -> Option<Edit> {
    match alternate {
        Alternate::Bases(bases) => Edit::new(start, reference, bases),
        Alternate::InsertedAfter(bases) => Edit::new(start + 1, b"", &bases.to_ascii_uppercase()),
        Alternate::DeletedFrom(count) if count > 0 => Some(Edit {
            start,
            end: start.checked_add(count)?,
            inserted: Inserted::new(),
        }),
        _ => None,
    }
}

/// How CSQ names an allele: without the first base where that is left out, `-` for nothing, and in upper case, whatever the
/// file has, as Ensembl VEP does.
#[inline]
pub(crate) fn csq_allele(text: &[u8], drops_first: bool) -> Cow<'_, [u8]> {
    match text.get(usize::from(drops_first)..) {
        Some(bases @ [_, ..]) if bases.iter().any(u8::is_ascii_lowercase) => bases.to_ascii_uppercase().into(),
        Some(bases @ [_, ..]) => bases.into(),
        _ => b"-".into(),
    }
}
