//! Genotypes of samples, with regard to a row's allele.

use arrow_array::{Array, Int32Array, ListArray};
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
    copies: u32,
    known: u32,
    reference: u32,
    allele: u32,
}

impl Call {
    /// Reads GT with regard to an allele of ALT, from 1; 0 for a record without one, whose alleles are the reference alone.
    pub(super) fn read(text: &str, allele: u32) -> Self {
        let mut call = Self::default();
        // VCF 4.5 lets a phase stand before the first allele.
        let text = text.strip_prefix(['/', '|']).unwrap_or(text);
        for copy in text.split(['/', '|']) {
            call.copies += 1;
            if let Ok(number) = copy.parse::<u32>() {
                call.known += 1;
                call.reference += u32::from(number == 0);
                call.allele += u32::from(number == allele && allele > 0);
            }
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

/// The genotypes of a row group.
pub(super) struct Calls {
    lists: ListArray,
    texts: Texts,
    alleles: Int32Array,
    /// What each value of the dictionary is with regard to the first alleles, from 0.
    read: Vec<[Call; 3]>,
}

impl Calls {
    pub(super) fn new(group: &Group<'_>) -> Result<Self, Error> {
        let (lists, texts) = group.lists(columns::GENOTYPES)?;
        let alleles = group.small_integers(columns::ALLELE)?;
        let read = match &texts {
            Texts::Dictionary(_, values) => {
                let calls = |value: Option<&str>| [0, 1, 2].map(|allele| Call::read(value.unwrap_or("."), allele));
                values.iter().map(calls).collect()
            }
            Texts::Plain(_) => Vec::new(),
        };
        Ok(Self {
            lists,
            texts,
            alleles,
            read,
        })
    }

    /// The genotype of a sample in a row.
    pub(super) fn of(&self, row: usize, sample: usize) -> Call {
        let offsets = self.lists.value_offsets();
        let (start, end) = (offsets[row] as usize, offsets[row + 1] as usize);
        if self.lists.is_null(row) || start + sample >= end {
            return Call::default();
        }
        let allele = u32::try_from(self.alleles.value(row)).unwrap_or_default();
        if let Texts::Dictionary(keys, _) = &self.texts {
            let calls = self.read.get(keys.value(start + sample) as usize);
            if let Some(call) = calls.and_then(|calls| calls.get(allele as usize)) {
                return *call;
            }
        }
        Call::read(self.texts.get(start + sample).unwrap_or("."), allele)
    }
}
