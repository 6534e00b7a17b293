//! Which alleles of one haplotype act together on a codon or on the frame.

use std::ops::Range;

use super::piece::Piece;
use crate::transcript::Transcript;
use reference::coding::Coding;
use reference::genetic_code::STOP;

/// Calls `found` with each group of two pieces and more of a list that act together. `list` has places in `pieces`, in the order
/// of the messenger. Gives how many were left out because they overlap the one before.
pub(super) fn groups(
    transcript: &Transcript<'_>,
    pieces: &[Piece],
    list: &[u32],
    mut found: impl FnMut(&[u32]),
) -> u64 {
    let Some(coding) = &transcript.coding else { return 0 };
    let (mut group, mut walk, mut overlapping) = (Vec::new(), None::<Walk<'_>>, 0);
    let mut end = |group: &mut Vec<u32>| {
        if group.len() > 1 {
            found(group);
        }
        group.clear();
    };
    for at in list {
        let piece = &pieces[*at as usize];
        let Some(place) = &piece.place else {
            // What is spliced there is not known.
            end(&mut group);
            walk = None;
            continue;
        };
        if walk.as_ref().is_some_and(|walk| walk.overlaps(place)) {
            overlapping += 1;
            continue;
        }
        if !walk.as_mut().is_some_and(|walk| walk.reaches(place)) {
            end(&mut group);
            walk = Some(Walk::new(coding, place));
        }
        if let Some(walk) = &mut walk {
            walk.put_in(place, &piece.inserted(transcript));
        }
        group.push(*at);
    }
    end(&mut group);
    overlapping
}

/// A group as it is read, from the first codon that it touches on.
struct Walk<'a> {
    coding: &'a Coding,
    /// What the last piece replaced.
    last: Range<usize>,
    /// Where the codons that were touched end in the messenger.
    codon_end: usize,
    /// Bases that were put in, less those that were taken out.
    grown: i64,
    /// Up to where the messenger was read.
    read: usize,
    codon: [u8; 3],
    /// How many bases of the codon are there.
    bases: usize,
    /// Whether a stop was read.
    has_stopped: bool,
}

impl<'a> Walk<'a> {
    fn new(coding: &'a Coding, place: &Range<usize>) -> Self {
        let start = codon_start(coding, place.start);
        Self {
            coding,
            last: start..start,
            codon_end: start,
            grown: 0,
            read: start,
            codon: [0; 3],
            bases: 0,
            has_stopped: false,
        }
    }

    /// Whether a place has bases of what was replaced last, or is the same place.
    fn overlaps(&self, place: &Range<usize>) -> bool {
        place.start < self.last.end || place.is_empty() && *place == self.last
    }

    /// Whether what was put in acts on the codon at a place.
    fn reaches(&mut self, place: &Range<usize>) -> bool {
        codon_start(self.coding, place.start) < self.codon_end || self.grown % 3 != 0 && self.reads_to(place.start)
    }

    /// Reads on; `false` if there is a stop before.
    fn reads_to(&mut self, to: usize) -> bool {
        while self.read < to && !self.has_stopped {
            self.take(self.coding.messenger()[self.read]);
            self.read += 1;
        }
        !self.has_stopped
    }

    fn put_in(&mut self, place: &Range<usize>, inserted: &[u8]) {
        // A stop in a codon that both touch is one of both.
        let has_stopped = self.has_stopped;
        while self.read < place.start {
            self.take(self.coding.messenger()[self.read]);
            self.read += 1;
        }
        self.has_stopped = has_stopped;
        inserted.iter().for_each(|base| self.take(*base));
        self.grown += inserted.len() as i64 - place.len() as i64;
        self.read = place.end;
        self.codon_end = match place.is_empty() {
            true if codon_start(self.coding, place.start) == place.start => self.codon_end,
            true => codon_start(self.coding, place.start) + 3,
            false => codon_start(self.coding, place.end - 1) + 3,
        };
        self.last = place.clone();
    }

    fn take(&mut self, base: u8) {
        self.codon[self.bases] = base;
        self.bases = (self.bases + 1) % 3;
        self.has_stopped |= self.bases == 0 && self.coding.code.amino_acid(&self.codon) == STOP;
    }
}

/// Where the codon of a base of the coding sequence begins in the messenger.
fn codon_start(coding: &Coding, at: usize) -> usize {
    at - (at - coding.cds().start) % 3
}
