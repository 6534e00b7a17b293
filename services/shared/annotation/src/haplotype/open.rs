//! A transcript of which more alleles may come.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::carriers::{Copy, haplotypes};
use super::entry::Entry;
use super::frame::groups;
use super::piece::Piece;
use super::told::Told;
use crate::report::Phased;
use crate::transcript::Transcript;
use reference::Sequence;

/// The alleles of a transcript, as the file has them.
pub(super) struct Open<'b> {
    pub(super) row: usize,
    transcript: Rc<Transcript<'b>>,
    pieces: Vec<Piece>,
    /// Those that none can join that comes later.
    settled: Vec<Piece>,
    /// Whether one of `pieces` shifts the frame.
    shifts: bool,
    /// Where the codons that `pieces` touch end in the messenger.
    codon_end: usize,
    bytes: usize,
}

impl<'b> Open<'b> {
    pub(super) fn new(row: usize, transcript: &Rc<Transcript<'b>>) -> Self {
        Self {
            row,
            transcript: Rc::clone(transcript),
            pieces: Vec::new(),
            settled: Vec::new(),
            shifts: false,
            codon_end: 0,
            bytes: 0,
        }
    }

    /// One past the last base of the coding sequence on the chromosome.
    pub(super) fn end(&self) -> u32 {
        self.transcript.row.cds.end
    }

    /// The line of the first allele that waits.
    pub(super) fn first_line(&self) -> Option<u64> {
        self.pieces.first().map(|piece| piece.allele.line)
    }

    /// How many bytes its alleles take, about.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// One more allele.
    pub(super) fn add(&mut self, piece: Piece) {
        let codon = |at: usize| {
            self.transcript
                .coding
                .as_ref()
                .map_or(0, |coding| (at - coding.cds().start) / 3)
        };
        if let Some(place) = &piece.place {
            // On the reverse strand a shift may come that lies before all that is known.
            let is_settled = !self.shifts && !self.transcript.row.is_reverse() && codon(place.start) >= self.codon_end;
            let codon_end = codon(place.end.max(place.start + 1) - 1) + 1;
            if is_settled {
                self.settled.append(&mut self.pieces);
                self.bytes = 0;
            }
            self.codon_end = self.codon_end.max(codon_end);
            self.shifts |= place.len() % 3 != piece.allele.edit.inserted.len() % 3;
        }
        self.bytes += piece.allele.bytes();
        self.pieces.push(piece);
    }

    /// The alleles that none can join that comes later.
    pub(super) fn settled(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.settled)
    }

    /// All that are left.
    pub(super) fn rest(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.pieces)
    }

    /// Tells what those of `pieces` do together that one copy of a sample has.
    pub(super) fn tell(
        &self,
        mut pieces: Vec<Piece>,
        sequence: &Sequence<'_>,
        samples: &[Box<[u8]>],
        told: &mut Told,
        found: &mut Phased,
    ) {
        Piece::sort(&mut pieces, self.transcript.row.is_reverse());
        let mut sets: BTreeMap<Vec<u32>, Vec<Copy>> = BTreeMap::new();
        for (list, copies) in haplotypes(&pieces) {
            let add = |group: &[u32]| sets.entry(group.to_vec()).or_default().extend_from_slice(&copies);
            let overlapping = groups(&self.transcript, &pieces, &list, add);
            found.overlapping += overlapping * copies.len() as u64;
        }
        for (set, mut copies) in sets {
            copies.sort_unstable();
            copies.dedup();
            let set: Vec<&Piece> = set.iter().map(|at| &pieces[*at as usize]).collect();
            let entry = Entry::new(&self.transcript, &set, sequence, &copies, samples);
            found.sets += 1;
            for piece in set {
                found.left_off += u64::from(!entry.add(piece, told));
            }
        }
    }
}
