//! The alleles that are found in the files of a track: each becomes a row, as the smallest edit, left-aligned and with the sequence's
//! base first, where the sequence is known.

use std::io;

use super::chromosomes::Chromosomes;
use super::order::Order;
use super::sequence::Bases;
use crate::Sequence;
use crate::bundle::Row;
use crate::edit::{Edit, Inserted};

/// What is found in a file.
pub(super) struct Found<'b, 'w> {
    pub(super) chromosomes: &'b Chromosomes,
    pub(super) bases: Option<&'b Bases>,
    /// Whether rows keep their ids.
    pub(super) has_ids: bool,
    /// How many rows were added.
    pub(super) rows: u64,
    pub(super) order: Order<'w>,
    /// Whether a row came too late. Nothing is added then.
    pub(super) is_unsorted: bool,
}

impl Found<'_, '_> {
    /// Adds an allele that replaces `reference` at `start` (0-based) on the forward strand of a chromosome, unless it is
    /// none of bases. Each of its values follows a tab.
    pub(super) fn add(
        &mut self,
        place: usize,
        start: u32,
        reference: &[u8],
        alternate: &[u8],
        id: &[u8],
        values: &[u8],
    ) -> io::Result<()> {
        let is_allele = |allele: &[u8]| allele.is_empty() || vcf::are_bases(allele);
        let edit = Edit::new(start as usize, reference, alternate);
        let Some(edit) = edit.filter(|_| is_allele(reference) && is_allele(alternate)) else {
            return Ok(());
        };
        let deleted = &reference[edit.start - start as usize..edit.end - start as usize];
        let sequence = || self.bases.and_then(|bases| bases.view(place));
        let (edit, deleted) = aligned(edit, deleted, sequence());
        let (edit, deleted) = oriented(edit, deleted, sequence());
        let (tab, id): (&[u8], _) = if self.has_ids { (b"\t", id) } else { (b"", &b""[..]) };
        let row = Row {
            start: edit.start as u32,
            text: [&deleted[..], b">", &edit.inserted[..], tab, id, values]
                .concat()
                .into(),
        };
        self.is_unsorted |= !self.order.add(place as u32, row)?;
        self.rows += 1;
        Ok(())
    }

    /// Forgets everything; what comes next may come in any order.
    pub(super) fn sort(&mut self) -> io::Result<()> {
        (self.rows, self.is_unsorted) = (0, false);
        self.order.sort()
    }
}

/// The edit as far left as its repeat goes, and the bases that it replaces there.
fn aligned(edit: Edit, deleted: &[u8], bases: Option<crate::bundle::Packed<'_>>) -> (Edit, Vec<u8>) {
    let upper = deleted.to_ascii_uppercase();
    let Some(bases) = bases.filter(|_| edit.moves()) else {
        return (edit, upper);
    };
    let sequence = Sequence::packed(bases);
    let edit = edit.shifted_left(&sequence);
    let there = sequence.bases(edit.start..edit.end);
    match there.len() == edit.deleted() {
        true => (edit, there),
        false => (edit, upper),
    }
}

/// Lists of common variants have ALT first now and then: a substitution whose ALT is the sequence's base is turned round.
fn oriented(edit: Edit, deleted: Vec<u8>, bases: Option<crate::bundle::Packed<'_>>) -> (Edit, Vec<u8>) {
    let there = bases.and_then(|bases| bases.base(edit.start as u32));
    match (&deleted[..], &edit.inserted[..], there) {
        ([from], [to], Some(there)) if *to == there && *from != there => (
            Edit {
                inserted: Inserted::from_slice(&[*from]),
                ..edit
            },
            vec![*to],
        ),
        _ => (edit, deleted),
    }
}
