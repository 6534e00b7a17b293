//! Alleles, and what part of a transcript each replaces.

use std::cmp::Reverse;
use std::ops::Range;
use std::rc::Rc;

use crate::modern::csq_allele;
use crate::transcript::Transcript;
use reference::{Edit, Inserted};
use vcf::{Carried, Record};

/// The longest allele that is joined, in bases.
const LONGEST: usize = 10_000;

/// An allele of a record, and who has it.
pub(super) struct Allele {
    pub(super) line: u64,
    /// POS, 1-based.
    pub(super) position: u64,
    /// REF and ALT as the file has them.
    pub(super) reference: Box<[u8]>,
    pub(super) alternate: Box<[u8]>,
    /// How CSQ names it.
    pub(super) name: Box<[u8]>,
    pub(super) edit: Edit,
    pub(super) carriers: Vec<Carried>,
}

impl Allele {
    /// An allele of bases; `None` if it is REF.
    pub(super) fn new(record: &Record<'_>, text: &[u8], start: usize, line: u64, drops_first: bool) -> Option<Self> {
        let is_long = text.len().max(record.reference.len()) > LONGEST;
        let kept = |bases: &[u8]| if is_long { Box::default() } else { bases.into() };
        Some(Self {
            line,
            position: record.position,
            reference: kept(record.reference),
            alternate: kept(text),
            name: kept(&csq_allele(text, drops_first)),
            edit: trimmed(start, record.reference, text)?,
            carriers: Vec::new(),
        })
    }

    /// How many bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let bases = self.reference.len() + self.alternate.len();
        size_of::<Self>() + 2 * bases + self.carriers.capacity() * size_of::<Carried>()
    }

    fn is_long(&self) -> bool {
        self.reference.is_empty()
    }
}

/// The edit of an allele, in its smallest form: behind the base that both begin with, where there is one, as far left as the
/// record has it. Tools write indels so, and records of alleles behind one count on it.
fn trimmed(start: usize, reference: &[u8], alternate: &[u8]) -> Option<Edit> {
    let same = |pair: &(&u8, &u8)| pair.0.eq_ignore_ascii_case(pair.1);
    let is_anchored =
        reference.len() != alternate.len() && reference.iter().zip(alternate).next().is_some_and(|pair| same(&pair));
    let anchor = usize::from(is_anchored);
    let (reference, alternate) = (&reference[anchor..], &alternate[anchor..]);
    let pairs = reference.iter().rev().zip(alternate.iter().rev());
    let suffix = pairs.take_while(same).count();
    let (reference, alternate) = (
        &reference[..reference.len() - suffix],
        &alternate[..alternate.len() - suffix],
    );
    Edit::new(start + anchor, reference, alternate)
}

/// An allele in a transcript.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) allele: Rc<Allele>,
    /// What it replaces in the messenger as [`reference::coding::Coding`] has it: 0-based, half-open; `None` if it reaches out of its
    /// exon or the coding sequence, or is too long.
    pub(super) place: Option<Range<usize>>,
}

impl Piece {
    /// Whether alleles in a span of the chromosome may be in the coding sequence.
    pub(super) fn may_be_in(transcript: &Transcript<'_>, span: &Range<u32>) -> bool {
        let cds = &transcript.row.cds;
        if transcript.coding.is_none() || span.start >= cds.end || span.end <= cds.start {
            return false;
        }
        let next = transcript.exons.get(transcript.exon_from(span.start));
        next.is_some_and(|exon| exon.start < span.end)
    }

    /// What an allele replaces in a transcript; `None` if it has no base of the coding sequence, `Some(None)` if it has others, too,
    /// or is too long.
    pub(super) fn place_in(transcript: &Transcript<'_>, allele: &Allele) -> Option<Option<Range<usize>>> {
        let cds = transcript.cds.as_ref()?;
        let Edit { start, end, .. } = allele.edit;
        // An insertion touches the bases on both of its sides.
        let touched = match start == end {
            true => start.saturating_sub(1) as u32..end as u32 + 1,
            false => start as u32..end as u32,
        };
        if !Self::may_be_in(transcript, &touched) {
            return None;
        }
        let span = start as u32..end as u32;
        // What an allele makes of a gap between chromosome and transcript is told of it alone.
        let is_exchange = span.len() == allele.edit.inserted.len();
        if transcript.own.is_some() && !is_exchange && transcript.touches_gap(&span) {
            return Some(None);
        }
        let Some(place) = transcript.messenger_span(&span) else {
            return Some(None);
        };
        if place.end <= cds.start || place.start >= cds.end {
            return None;
        }
        let is_inside = place.start >= cds.start && place.end <= cds.end && !allele.is_long();
        let own = |at: u32| (at + transcript.phase()) as usize;
        Some(is_inside.then(|| own(place.start)..own(place.end)))
    }

    /// What it puts in, as the messenger reads.
    pub(super) fn inserted(&self, transcript: &Transcript<'_>) -> Inserted {
        Inserted::from_vec(transcript.strand().read(&self.allele.edit.inserted))
    }

    /// The order in which the messenger has them.
    pub(super) fn sort(pieces: &mut [Self], is_reverse: bool) {
        match is_reverse {
            false => pieces.sort_by_key(|piece| (piece.allele.edit.start, piece.allele.edit.end)),
            true => pieces.sort_by_key(|piece| (Reverse(piece.allele.edit.end), Reverse(piece.allele.edit.start))),
        }
    }
}
