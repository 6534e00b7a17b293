//! What the name of a record's chromosome means.

use reference::{is_mitochondrial, ucsc_name};

use super::context::Context;

/// What a chromosome's name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Mitochondrial,
    /// In the bundle.
    Nuclear(usize),
    /// In the assembly from which records are lifted.
    Lifted,
    Unknown,
}

impl Context<'_, '_> {
    /// What a chromosome's name means.
    pub(super) fn place(&self, name: &[u8]) -> Place {
        match (&self.genome, std::str::from_utf8(name)) {
            _ if is_mitochondrial(name) => Place::Mitochondrial,
            (Some(_), Ok(_)) if self.chain.is_some() => Place::Lifted,
            (Some(genome), Ok(name)) => {
                let place = genome
                    .bundle
                    .chromosome(name)
                    .or_else(|| genome.bundle.chromosome(ucsc_name(name)));
                place.map_or(Place::Unknown, Place::Nuclear)
            }
            _ => Place::Unknown,
        }
    }
}
