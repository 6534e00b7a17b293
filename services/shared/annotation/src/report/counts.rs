//! Counts over a file.

use std::collections::{BTreeMap, HashMap};

use reference::Edit;
use vcf::Doubts;

use super::noticed::Noticed;
use crate::consequence::{Consequence, Consequences, Impact};
use crate::error::InputError;
use crate::info::Key;
use crate::options::Limits;

/// The most genes that are counted one by one; a genome has fewer.
const MOST_GENES: usize = 100_000;

/// Counts of records, alleles, and what was found for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Annotated records.
    pub(crate) records: u64,
    /// Alternate alleles, structural ones among them.
    pub(crate) alleles: u64,
    pub(crate) substitutions: u64,
    pub(crate) insertions: u64,
    pub(crate) deletions: u64,
    pub(crate) other_changes: u64,
    pub(crate) structural: u64,
    /// A<->G and C<->T.
    pub(crate) transitions: u64,
    /// Other exchanges of one base.
    pub(crate) transversions: u64,
    /// Nuclear alleles that were looked up in the tracks of variants, structural ones left out.
    pub(crate) looked_up: u64,
    /// Of each track of variants, how many of them it lists.
    pub(super) listed: Vec<u64>,
    /// Mitochondrial alleles that were looked up in MITOMAP, and those that it lists.
    pub(crate) mitomap: (u64, u64),
    /// Alleles in coding sequence whose bases are not at hand.
    pub(crate) without_codons: u64,
    /// Alleles whose impact is not known for that reason.
    pub(crate) impact_unknown: u64,
    /// Alleles in the control region.
    pub(crate) control_region: u64,
    /// Alleles times genes, by consequence.
    pub(crate) consequences: [u64; Consequence::ALL.len()],
    /// Alleles, by their most severe consequence in any gene.
    pub(crate) most_severe: [u64; Consequence::ALL.len()],
    /// Alleles, by the strongest impact.
    pub(crate) impacts: [u64; Impact::ALL.len()],
    /// Alleles, by gene.
    pub(crate) genes: HashMap<String, u64>,
    /// Records, by chromosome as the file names it.
    pub(crate) chromosomes: BTreeMap<Box<[u8]>, u64>,
    /// Records by place, as AnnTools counted them: once for each gene they touch.
    pub(crate) coding: u64,
    pub(crate) non_coding: u64,
    pub(crate) intergenic: u64,
    pub(crate) utr_5: u64,
    pub(crate) utr_3: u64,
    pub(crate) intronic: u64,
    pub(crate) non_coding_intronic: u64,
    pub(crate) promoters: u64,
    /// Records that dbSNP has.
    pub(crate) in_dbsnp: u64,
    /// Of each fixed key's track, how many rows were found in how many records.
    pub(super) tracks: Vec<(u64, u64)>,
    /// Transcripts of long variants that were not listed.
    pub(crate) unlisted: u64,
    /// Records whose END and SVLEN contradict each other.
    pub(super) contradicting: Noticed,
    /// Records with a structural variant whose length is not known.
    pub(super) without_length: Noticed,
    /// What the record at hand has been counted for.
    seen: Seen,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    genes: Vec<usize>,
    intergenic: bool,
    counts_places: bool,
}

impl Counts {
    pub(crate) fn begin_record(&mut self) {
        self.records += 1;
        self.seen.genes.clear();
        self.seen.intergenic = false;
        self.seen.counts_places = false;
    }

    /// `reference` is the first base of REF, in upper case.
    pub(crate) fn begin_allele(&mut self, edit: &Edit, reference: u8) {
        self.alleles += 1;
        match (edit.deleted(), &edit.inserted[..]) {
            (1, [base]) => {
                self.substitutions += 1;
                match (reference, *base) {
                    (b'A', b'G') | (b'G', b'A') | (b'C', b'T') | (b'T', b'C') => self.transitions += 1,
                    (b'A' | b'C' | b'G' | b'T', b'A' | b'C' | b'G' | b'T') => self.transversions += 1,
                    _ => {}
                }
            }
            (0, _) => self.insertions += 1,
            (_, []) => self.deletions += 1,
            _ => self.other_changes += 1,
        }
    }

    pub(crate) fn begin_structural(&mut self) {
        self.alleles += 1;
        self.structural += 1;
    }

    /// One effect on a gene.
    pub(crate) fn gene(&mut self, symbol: &str, consequences: Consequences) {
        self.consequences(consequences);
        self.add_gene(symbol, 1);
    }

    /// One effect that is one consequence.
    #[inline]
    pub(crate) fn consequence(&mut self, consequence: Consequence) {
        self.consequences[consequence as usize] += 1;
    }

    /// One effect.
    pub(crate) fn consequences(&mut self, consequences: Consequences) {
        consequences
            .iter()
            .for_each(|consequence| self.consequence(consequence));
    }

    /// So many effects on a gene.
    pub(crate) fn add_gene(&mut self, symbol: &str, effects: u64) {
        let has_room = self.genes.len() < MOST_GENES;
        match self.genes.get_mut(symbol) {
            Some(count) => *count += effects,
            None if has_room => drop(self.genes.insert(symbol.to_owned(), effects)),
            None => {}
        }
    }

    /// A gene that the record touches, as AnnTools counted them: once for each record.
    pub(crate) fn anntools_gene(&mut self, gene: usize, is_coding: bool) {
        if !self.seen.genes.contains(&gene) {
            self.seen.genes.push(gene);
            *if is_coding {
                &mut self.coding
            } else {
                &mut self.non_coding
            } += 1;
        }
    }

    /// An allele that touches no transcript.
    pub(crate) fn between_genes(&mut self) {
        self.consequence(Consequence::IntergenicVariant);
        if !self.seen.counts_places {
            self.intergenic();
        }
    }

    /// A record that is in no transcript.
    fn intergenic(&mut self) {
        self.intergenic += u64::from(!self.seen.intergenic);
        self.seen.intergenic = true;
    }

    /// The place of so many records in one transcript.
    pub(crate) fn place(&mut self, place: &str, records: u64) {
        *match place {
            "CDS" => &mut self.coding,
            "utr5" => &mut self.utr_5,
            "utr3" => &mut self.utr_3,
            "intron" => &mut self.intronic,
            "non_coding_exon" => &mut self.non_coding,
            _ => &mut self.non_coding_intronic,
        } += records;
    }

    /// Places are counted by [`Self::place`] and by who looks at positions, not with the alleles.
    pub(crate) fn begin_nuclear(&mut self) {
        self.begin_record();
        self.seen.counts_places = true;
    }

    /// Rows of a track that were found for each of so many records.
    pub(crate) fn found(&mut self, key: Key, rows: usize, records: u64) {
        if rows > 0 && records > 0 {
            self.tracks.resize(self.tracks.len().max(key.0 + 1), (0, 0));
            self.tracks[key.0].0 += rows as u64 * records;
            self.tracks[key.0].1 += records;
        }
    }

    /// How many rows of a key's track were found, and in how many records.
    pub(crate) fn track(&self, key: Key) -> (u64, u64) {
        self.tracks.get(key.0).copied().unwrap_or_default()
    }

    pub(crate) fn unlisted(&mut self, transcripts: usize) {
        self.unlisted += transcripts as u64;
    }

    /// What is doubtful about the lengths of the record at hand.
    pub(crate) fn doubts(&mut self, doubts: Doubts, line: u64) {
        self.contradicting.add(doubts.contradict, line);
        self.without_length.add(doubts.lack, line);
    }

    /// So many records on a chromosome.
    pub(crate) fn chromosome(&mut self, name: &[u8], records: u64) {
        match self.chromosomes.get_mut(name) {
            Some(count) => *count += records,
            None => drop(self.chromosomes.insert(name.into(), records)),
        }
    }

    /// Refuses a file with records on more chromosomes than the limit.
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), InputError> {
        let limit = limits.chromosomes;
        match self.chromosomes.len() > limit {
            true => Err(InputError::TooManyChromosomes { limit }),
            false => Ok(()),
        }
    }

    pub(crate) fn control_region(&mut self) {
        self.control_region += 1;
    }

    /// An allele, and all its consequences in all genes.
    pub(crate) fn end_allele(&mut self, consequences: Consequences) {
        if let Some(most_severe) = consequences.iter().next() {
            self.most_severe[most_severe as usize] += 1;
        }
        self.without_codons += u64::from(consequences.lacks_codons());
        match consequences.impact() {
            Some(impact) => self.impacts[impact as usize] += 1,
            None => self.impact_unknown += 1,
        }
    }

    /// An allele that a track of variants lists.
    pub(crate) fn listed(&mut self, track: usize) {
        self.listed.resize(self.listed.len().max(track + 1), 0);
        self.listed[track] += 1;
    }

    /// How many alleles a track of variants lists.
    pub(crate) fn listed_in(&self, track: usize) -> u64 {
        self.listed.get(track).copied().unwrap_or_default()
    }

    /// An allele that was looked up in MITOMAP.
    pub(crate) fn in_mitomap(&mut self, is_listed: bool) {
        self.mitomap.0 += 1;
        self.mitomap.1 += u64::from(is_listed);
    }

    /// Transitions per transversion; nothing without a transversion.
    pub(crate) fn transition_ratio(&self) -> Option<f64> {
        (self.transversions > 0).then(|| self.transitions as f64 / self.transversions as f64)
    }
}
