//! The alignments of a file, gathered part by part.

use std::collections::HashMap;

use super::alignment::{Alignment, Block};
use super::feature::Feature;
use super::model::Transcript;
use crate::bundle::{GENOME_DIFFERS, REVERSE};

/// Those of each accession with each chromosome.
#[derive(Debug, Default)]
pub(super) struct Alignments(HashMap<(usize, Box<str>), Vec<Alignment>>);

impl Alignments {
    /// Reads a part of an alignment of NCBI: `ID=aln7;Target=NM_000014.6 1 4653 +;Gap=M185 I3 M250`.
    pub(super) fn add(&mut self, feature: &Feature<'_>, chromosome: Option<usize>) {
        let Some((chromosome, is_reverse)) = chromosome.zip(feature.is_reverse) else {
            return;
        };
        let Some(target) = feature.get("Target").map(|target| target.value()) else {
            return;
        };
        let accession = target.split(' ').next().unwrap_or_default();
        let id = feature.get("ID").map(|id| id.value()).unwrap_or_default();
        let block = Block::parse(
            feature.span,
            &target,
            feature.get("Gap").map(|gap| gap.value()).as_deref(),
        );
        let differs = feature.get("num_mismatch").is_some_and(|count| count.value() != "0");
        let all = self.0.entry((chromosome, accession.into())).or_default();
        let own = all
            .iter_mut()
            .rev()
            .find(|one| one.is_reverse == is_reverse && *one.id == *id);
        match own {
            Some(own) => own.add(block, differs),
            None => {
                let mut own = Alignment::new(&id, is_reverse);
                own.add(block, differs);
                all.push(own);
            }
        }
    }

    /// The alignment of a transcript with its chromosome, and the flag of one that is not base by base, or at another place.
    pub(super) fn of(&self, transcript: &Transcript, accession: &str) -> (Vec<Block>, u32) {
        let all = self.0.get(&(transcript.chromosome, accession.into()));
        let Some(all) = all.filter(|all| all.iter().any(Alignment::differs)) else {
            return (Vec::new(), 0);
        };
        let is_reverse = transcript.flags & REVERSE != 0;
        let own = all.iter().find(|one| one.is_of(transcript.span, is_reverse));
        match own {
            Some(own) if !own.differs() => (Vec::new(), 0),
            Some(own) => (own.blocks(), GENOME_DIFFERS),
            None => (Vec::new(), GENOME_DIFFERS),
        }
    }
}
