//! How a file names its chromosomes, for the `##contig` lines that it lacks.

use crate::bundle::{Bundle, Chromosome};
use crate::detect::Sample;
use crate::reference::{Accession, ucsc_name};

/// The names of a file's first records.
#[derive(Default)]
pub(super) struct Naming {
    /// Chromosomes of the bundle by their place, each as the file names it.
    seen: Vec<(usize, String)>,
    /// The accession of the first record's chromosome, if that is its name.
    accession: Option<Accession>,
    has_prefix: bool,
    /// How the file names the mitochondrial genome.
    pub(super) mitochondrion: Option<String>,
}

impl Naming {
    pub(super) fn of(sample: &Sample<'_>, bundle: Option<&Bundle>) -> Self {
        let names = sample.names();
        let texts = || names.iter().filter_map(|name| std::str::from_utf8(name).ok());
        let place = |name: &str| {
            let place = |name: &str| bundle?.chromosome(name);
            place(name).or_else(|| place(ucsc_name(name)))
        };
        Self {
            seen: texts()
                .filter_map(|name| Some((place(name)?, name.to_owned())))
                .collect(),
            accession: texts().next().and_then(Accession::parse),
            has_prefix: sample.has_prefix(),
            mitochondrion: sample
                .mitochondrion()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
        }
    }

    /// The names that the file has, or would have, for a chromosome. Others than 1 to 22, X and Y have none unless they
    /// were seen.
    pub(super) fn names(&self, place: usize, chromosome: &Chromosome) -> Vec<String> {
        let seen: Vec<_> = self.seen.iter().filter(|(own, _)| *own == place).collect();
        match (seen.is_empty(), chromosome.is_main()) {
            (true, true) => vec![self.like_the_others(&chromosome.name)],
            _ => seen.into_iter().map(|(_, name)| name.clone()).collect(),
        }
    }

    fn like_the_others(&self, ucsc: &str) -> String {
        let short = ucsc.trim_start_matches("chr");
        let index = match short {
            "X" => Some(22),
            "Y" => Some(23),
            number => number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)),
        };
        let accession = self.accession.as_ref().zip(index);
        match accession.and_then(|(accession, index)| accession.of(index)) {
            Some(name) => name,
            None if self.has_prefix => ucsc.to_owned(),
            None => short.to_owned(),
        }
    }
}
