//! Coding sequences, the proteins that they make, and those that they make with an edit in them.

use std::ops::Range;

use crate::genetic_code::{GeneticCode, STANDARD, STOP, UNKNOWN, VERTEBRATE_MITOCHONDRIAL};

/// A coding sequence in its messenger, 5' to 3', and its protein.
#[derive(Debug)]
pub struct Coding {
    /// The accession of the protein, with version; empty if the reference has none.
    pub protein_id: &'static str,
    /// How it is read.
    pub code: &'static GeneticCode,
    /// The messenger as the genome has it. Bases of a first codon whose beginning is not known are `N`.
    messenger: Vec<u8>,
    /// The coding sequence in the messenger, with the stop: 0-based, half-open.
    cds: Range<usize>,
    /// Whether the coding sequence begins with the start codon.
    has_start: bool,
    /// Whether adenines complete the last codon.
    is_completed: bool,
    /// Codons, from 0, that are read otherwise than the code has it, with the letter of the amino acid.
    recoded: Vec<(usize, u8)>,
    /// Its amino acids in one letter each, with the stop.
    pub protein: Vec<u8>,
}

impl Coding {
    /// A coding sequence of the mitochondrial genome, the first `length` of these bases. The first amino acid is
    /// methionine, whichever start codon it has. GenBank notes of six genes that their stop, `T` or `TA` in the genome,
    /// becomes `TAA` when adenines are added to the messenger; the messengers of the others go on.
    pub(crate) fn mitochondrial(protein_id: &'static str, mut bases: Vec<u8>, length: usize) -> Self {
        let is_completed = !length.is_multiple_of(3);
        if is_completed {
            bases.truncate(length);
        }
        let mut coding = Self {
            protein_id,
            code: &VERTEBRATE_MITOCHONDRIAL,
            messenger: bases,
            cds: 0..length,
            has_start: true,
            is_completed,
            recoded: Vec::new(),
            protein: Vec::new(),
        };
        let mut whole = coding.bases().to_vec();
        whole.resize(length.next_multiple_of(3), b'A');
        coding.protein = coding.code.translate(&whole);
        coding.protein[0] = b'M';
        coding
    }

    /// A coding sequence of the nuclear genome. `has_start` is false where its beginning is not known; one that does not
    /// begin as proteins do has no start codon either; `recoded` are the
    /// codons, from 0, that are read otherwise than the code has it, with the letter of the amino acid: TGA as `U`.
    pub fn nuclear(messenger: Vec<u8>, cds: Range<usize>, has_start: bool, recoded: Vec<(usize, u8)>) -> Self {
        let mut protein = STANDARD.translate(&messenger[cds.clone()]);
        for (codon, letter) in &recoded {
            if let Some(amino_acid) = protein.get_mut(*codon) {
                *amino_acid = *letter;
            }
        }
        let begins = STANDARD.is_start(&messenger[cds.clone()][..3.min(cds.len())]) || protein.first() == Some(&b'M');
        Self {
            protein_id: "",
            code: &STANDARD,
            messenger,
            has_start: has_start && begins,
            cds,
            is_completed: false,
            recoded,
            protein,
        }
    }

    /// Bases that are missing of the first codon make an amino acid that is not counted.
    #[inline]
    pub fn uncounted(&self) -> usize {
        usize::from(self.bases().first() == Some(&b'N'))
    }

    /// The bases of the coding sequence.
    #[inline]
    pub fn bases(&self) -> &[u8] {
        &self.messenger[self.cds.clone()]
    }

    /// The messenger as the genome has it; bases of a first codon that are not known are `N`.
    pub fn messenger(&self) -> &[u8] {
        &self.messenger
    }

    /// The coding sequence in the messenger: 0-based, half-open.
    #[inline]
    pub fn cds(&self) -> Range<usize> {
        self.cds.clone()
    }

    /// Whether the coding sequence begins with the start codon.
    #[inline]
    pub fn has_start(&self) -> bool {
        self.has_start
    }

    /// Where the last, incomplete codon begins in the coding sequence; its length if the last codon is complete.
    #[inline]
    pub fn incomplete_from(&self) -> usize {
        self.cds.len() - self.cds.len() % 3
    }

    /// Whether the genome itself has the whole last codon.
    #[inline]
    pub fn has_whole_end(&self) -> bool {
        self.cds.len().is_multiple_of(3)
    }

    /// Whether the coding sequence ends with a stop, all three bases of it.
    #[inline]
    pub fn has_stop(&self) -> bool {
        self.has_whole_end() && self.protein.last() == Some(&STOP)
    }

    /// The amino acid that a codon, from 0, is read as, if that is another than the code has for it.
    #[inline]
    pub fn recoded(&self, codon: usize) -> Option<u8> {
        let mut recoded = self.recoded.iter();
        recoded.find(|(known, _)| *known == codon).map(|(_, letter)| *letter)
    }

    /// Whether a codon may be where this protein begins: a start of the code, or what the annotation has there.
    fn begins_with(&self, codon: &[u8]) -> bool {
        self.code.is_start(codon) || self.bases().get(..3) == Some(codon)
    }
}

/// A messenger with an edit in it.
pub struct Changed<'a> {
    coding: &'a Coding,
    /// What is replaced: 0-based, half-open, in the messenger.
    edit: Range<usize>,
    inserted: &'a [u8],
}

/// What is read of a changed messenger.
pub struct Reading {
    /// Amino acids up to and with the stop, or up to the end.
    pub protein: Vec<u8>,
    /// One past the stop codon in the changed messenger.
    pub stop_end: Option<usize>,
}

impl<'a> Changed<'a> {
    /// `edit` is counted in the messenger, `inserted` reads as the messenger does.
    #[inline]
    pub fn new(coding: &'a Coding, edit: Range<usize>, inserted: &'a [u8]) -> Self {
        Self { coding, edit, inserted }
    }

    #[inline]
    fn len(&self) -> usize {
        self.coding.messenger.len() - self.edit.len() + self.inserted.len()
    }

    #[inline]
    fn base(&self, at: usize) -> Option<u8> {
        let messenger = &self.coding.messenger;
        if at < self.edit.start {
            return messenger.get(at).copied();
        }
        let inserted = self.inserted.get(at - self.edit.start);
        let after = || messenger.get(at + self.edit.len() - self.inserted.len());
        let added = || self.coding.is_completed && at < self.len().next_multiple_of(3);
        inserted.or_else(after).copied().or_else(|| added().then_some(b'A'))
    }

    /// The codon that begins at a place of the changed messenger.
    #[inline]
    pub fn codon(&self, at: usize) -> Option<[u8; 3]> {
        Some([self.base(at)?, self.base(at + 1)?, self.base(at + 2)?])
    }

    /// Whether the coding sequence, and all behind it, is there as it was: the edit is one of what comes before it,
    /// whichever of its equal places it has.
    pub fn keeps_all_from_start(&self) -> bool {
        let cds = &self.coding.cds;
        let Some(kept) = self.edit.end.checked_sub(cds.start) else {
            return true;
        };
        let end = self.edit.start + self.inserted.len();
        let Some(start) = end.checked_sub(kept) else {
            return false;
        };
        (0..kept).all(|at| self.base(start + at) == self.coding.messenger.get(cds.start + at).copied())
    }

    /// Where the protein begins: at a start codon as far from the messenger's 5' end as before, or as far from its 3'
    /// end; `None` if there is none.
    pub fn start(&self) -> Option<usize> {
        let cds = &self.coding.cds;
        let is_start = |at: &usize| self.codon(*at).is_some_and(|codon| self.coding.begins_with(&codon));
        let inserted_end = self.edit.start + self.inserted.len();
        let front = Some(cds.start).filter(|start| self.edit.start >= *start || start + 3 <= inserted_end);
        let back = || inserted_end.checked_sub(self.edit.end.checked_sub(cds.start)?);
        front.filter(is_start).or_else(|| back().filter(is_start))
    }

    /// The protein from a place of the changed messenger on. Stops that were read over before are read over now.
    pub fn read(&self, start: usize) -> Reading {
        let (coding, mut at) = (self.coding, start);
        let mut protein = Vec::with_capacity(coding.protein.len());
        if start == coding.cds.start {
            let same = self.edit.start.saturating_sub(start) / 3;
            protein.extend_from_slice(&coding.protein[..same.min(coding.protein.len() - 1)]);
            at += 3 * protein.len();
        }
        while let Some(codon) = self.codon(at) {
            let mut amino_acid = coding.code.amino_acid(&codon);
            if at == start && coding.has_start && coding.code.is_start(&codon) {
                amino_acid = b'M';
            }
            at += 3;
            let known = self.read_over(at - 3).filter(|_| amino_acid == STOP);
            protein.push(known.unwrap_or(amino_acid));
            if amino_acid == STOP && known.is_none() {
                let stop_end = Some(at);
                return Reading { protein, stop_end };
            }
        }
        // A last codon that was not whole may not be whole now.
        if self.base(at).is_some() && !coding.has_whole_end() {
            protein.push(UNKNOWN);
        }
        let stop_end = None;
        Reading { protein, stop_end }
    }

    /// What the codon at a place is known to be read as, if it is an old one, in frame and not the last.
    #[inline]
    fn read_over(&self, at: usize) -> Option<u8> {
        let inserted_end = self.edit.start + self.inserted.len();
        let before = match at {
            _ if at + 3 <= self.edit.start => at,
            _ if at >= inserted_end => at - inserted_end + self.edit.end,
            _ => return None,
        };
        let own = before.checked_sub(self.coding.cds.start).filter(|own| own % 3 == 0)? / 3;
        let protein = &self.coding.protein;
        protein.get(own).copied().filter(|_| own + 1 < protein.len())
    }
}
