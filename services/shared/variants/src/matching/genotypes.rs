//! Genotypes of samples, with regard to a row's allele.

use arrow_array::{Array, ListArray};
use domain::variants as columns;

use crate::decode::Group;
use crate::error::Error;
use crate::filter::GenotypeIs;
use crate::texts::Texts;

pub(super) const PATHS: [&str; 2] = [columns::GENOTYPES, columns::ALLELE];

/// A genotype: which allele each chromosome copy has; `None` where that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Call {
    /// How many copies there are, how many are known, how many have the reference, how many the row's allele.
    copies: u8,
    known: u8,
    reference: u8,
    allele: u8,
}

impl Call {
    /// Reads GT with regard to an allele of ALT, from 1; 0 for a record without one, whose alleles are the reference alone.
    pub(super) fn read(text: &str, allele: u32) -> Self {
        let mut call = Self::default();
        // VCF 4.5 lets a phase stand before the first allele.
        let text = text.strip_prefix(['/', '|']).unwrap_or(text);
        for copy in text.split(['/', '|']) {
            let number = copy.parse::<u32>().ok();
            let add = |count: &mut u8, holds: bool| *count = count.saturating_add(u8::from(holds));
            add(&mut call.copies, true);
            add(&mut call.known, number.is_some());
            add(&mut call.reference, number == Some(0));
            add(&mut call.allele, allele > 0 && number == Some(allele));
        }
        call
    }

    pub(super) fn carries(self) -> bool {
        self.allele > 0
    }

    pub(super) fn is_hom(self) -> bool {
        self.allele > 0 && self.allele == self.copies
    }

    pub(super) fn is_het(self) -> bool {
        self.allele > 0 && self.allele < self.copies && self.known == self.copies
    }

    /// Whether all copies are known, and none has the allele.
    pub(super) fn lacks(self) -> bool {
        self.known > 0 && self.known == self.copies && self.allele == 0
    }

    pub(super) fn is(self, wanted: GenotypeIs) -> bool {
        match wanted {
            GenotypeIs::Het => self.is_het(),
            GenotypeIs::HomAlt => self.is_hom(),
            GenotypeIs::HomRef => self.known > 0 && self.reference == self.copies,
            GenotypeIs::Carries => self.carries(),
            GenotypeIs::Missing => self.known == 0,
        }
    }
}

/// The genotypes of some samples in a row group.
pub(super) struct Calls {
    samples: usize,
    /// Row by row.
    calls: Vec<Call>,
}

impl Calls {
    /// Reads those of the rows that are `left`.
    pub(super) fn new(group: &Group<'_>, samples: &[usize], left: &[bool]) -> Result<Self, Error> {
        let alleles = group.small_integers(columns::ALLELE)?;
        let mut calls = Vec::with_capacity(left.len() * samples.len());
        for batch in group.list_batches(columns::GENOTYPES)? {
            let (lists, texts) = batch?;
            let batch = Batch::new(&lists, &texts);
            for row in 0..lists.len() {
                let whole = calls.len() / samples.len().max(1);
                let is_left = left.get(whole).copied().unwrap_or_default();
                let allele = alleles
                    .values()
                    .get(whole)
                    .map_or(0, |allele| u32::try_from(*allele).unwrap_or_default());
                let of = |sample: &usize| {
                    if is_left {
                        batch.of(row, *sample, allele)
                    } else {
                        Call::default()
                    }
                };
                calls.extend(samples.iter().map(of));
            }
        }
        calls.resize(left.len() * samples.len(), Call::default());
        Ok(Self {
            samples: samples.len(),
            calls,
        })
    }

    /// The genotypes in a row, in the order of the samples asked for.
    pub(super) fn of(&self, row: usize) -> &[Call] {
        &self.calls[row * self.samples..(row + 1) * self.samples]
    }
}

/// Some rows of a row group: those of 64 samples together would take a hundred megabytes.
struct Batch<'b> {
    lists: &'b ListArray,
    texts: &'b Texts,
    /// What each value of the dictionary is with regard to the first alleles, from 0.
    read: Vec<[Call; 3]>,
}

impl<'b> Batch<'b> {
    fn new(lists: &'b ListArray, texts: &'b Texts) -> Self {
        let read = match texts {
            Texts::Dictionary(_, values) => {
                let calls = |value: Option<&str>| [0, 1, 2].map(|allele| Call::read(value.unwrap_or("."), allele));
                values.iter().map(calls).collect()
            }
            Texts::Plain(_) => Vec::new(),
        };
        Self { lists, texts, read }
    }

    fn of(&self, row: usize, sample: usize, allele: u32) -> Call {
        let offsets = self.lists.value_offsets();
        let (start, end) = (offsets[row] as usize, offsets[row + 1] as usize);
        if self.lists.is_null(row) || start + sample >= end {
            return Call::default();
        }
        if let Texts::Dictionary(keys, _) = &self.texts {
            let calls = self.read.get(keys.value(start + sample) as usize);
            if let Some(call) = calls.and_then(|calls| calls.get(allele as usize)) {
                return *call;
            }
        }
        Call::read(self.texts.get(start + sample).unwrap_or("."), allele)
    }
}
