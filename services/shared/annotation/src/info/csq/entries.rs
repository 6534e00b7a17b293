//! The entries of one record: how each is written, and which of them are picked.

use std::collections::HashSet;
use std::sync::Arc;

use super::field::Field;
use super::layout::{Layout, Usual};
use super::pick::{Others, Pick, PickOf, Standing};
use super::text::append_allele;
use super::{Described, Entry, Feature, append_beside};
use crate::consequence::{Beside, Consequences};
use crate::transcript::Transcript;

/// Writes entries; made once and used for every record.
pub(crate) struct Entries {
    layout: Arc<Layout>,
    usual: Option<Usual>,
    /// What is told of the allele at hand.
    described: Described,
    candidates: Vec<Candidate>,
}

/// An entry that may be picked.
struct Candidate {
    /// The allele, counted from 0; 0 where all alleles compete.
    allele: usize,
    /// The gene's id; empty where all genes compete.
    gene: Box<str>,
    /// Its place among the entries that compete with none; 0 for the others.
    alone: usize,
    standing: Standing,
    /// Where its text begins and ends.
    start: usize,
    end: usize,
    /// Where its PICK goes.
    flag: Option<usize>,
}

impl Entries {
    pub(crate) fn new(layout: &Arc<Layout>) -> Self {
        Self {
            layout: Arc::clone(layout),
            usual: layout.usual,
            described: Described::default(),
            candidates: Vec::new(),
        }
    }

    /// Forgets the last record.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.candidates.clear();
    }

    /// Whether entries have a field.
    #[inline]
    pub(crate) fn has(&self, field: Field) -> bool {
        self.layout.has(field)
    }

    /// What is told of the allele at hand in each of its entries.
    pub(crate) fn describe(&mut self, described: Described) {
        self.described = described;
    }

    /// Appends an entry of an allele (counted from 0) to those of the record.
    #[inline]
    pub(crate) fn append(&mut self, entry: &Entry<'_>, allele: usize, out: &mut Vec<u8>) {
        let start = out.len();
        let flag = match self.usual {
            Some(usual) => entry.append(usual, allele, out),
            None => {
                let flag = self.layout.append(entry, &self.described, allele, out);
                // INFO cannot hold nothing.
                if out.len() == start {
                    out.push(b'.');
                }
                flag
            }
        };
        self.add(&entry.feature, entry.consequences, allele, (start, out.len(), flag));
    }

    /// The same of an allele beside a transcript; `text` is how it is written.
    #[inline]
    pub(crate) fn append_beside(
        &mut self,
        text: &[u8],
        beside: &Beside,
        transcript: &Transcript<'_>,
        existing: &[u8],
        allele: usize,
        out: &mut Vec<u8>,
    ) {
        let Some(usual) = self.usual else {
            return self.append(&Entry::beside(text, beside, transcript, existing), allele, out);
        };
        let start = out.len();
        append_allele(out, text);
        let flag = append_beside(beside, transcript, existing, usual, allele, out);
        let feature = Feature::Transcript(transcript);
        self.add(&feature, beside.consequence.into(), allele, (start, out.len(), flag));
    }

    /// Adds an entry to those that may be picked, if any are.
    #[inline]
    fn add(
        &mut self,
        feature: &Feature<'_>,
        consequences: Consequences,
        allele: usize,
        place: (usize, usize, Option<usize>),
    ) {
        if let Some(pick) = &self.layout.pick {
            let alone = self.candidates.len() + 1;
            let candidate = Candidate::new(pick, feature, consequences, (allele, alone), place);
            self.candidates.push(candidate);
        }
    }

    /// Leaves of equal entries the first. Where entries say which allele they are of, none is equal; where they are picked, each
    /// allele keeps its own.
    pub(crate) fn merge(&self, entries: &mut Vec<u8>) {
        if self.layout.pick.is_some() || self.has(Field::AlleleNum) {
            return;
        }
        let mut seen = HashSet::new();
        let all = entries.split(|byte| *byte == b',');
        let merged: Vec<&[u8]> = all.filter(|entry| seen.insert(*entry)).collect();
        *entries = merged.join(&b',');
    }

    /// Leaves of all entries of a record those that are picked, or flags them.
    #[inline]
    pub(crate) fn pick(&mut self, entries: &mut Vec<u8>) {
        if self.layout.pick.is_some() {
            self.leave_picked(entries);
        }
    }

    fn leave_picked(&mut self, entries: &mut Vec<u8>) {
        let Some(pick) = &self.layout.pick else { return };
        let picked = picked(&self.candidates)
            .into_iter()
            .map(|place| &self.candidates[place]);
        if pick.others == Others::Unflagged {
            // From the end on, so that all others stay where they are.
            return picked
                .rev()
                .for_each(|candidate| candidate.flag(entries, candidate.start));
        }
        let mut text = Vec::with_capacity(entries.len());
        for candidate in picked {
            if !text.is_empty() {
                text.push(b',');
            }
            let moved = text.len();
            text.extend_from_slice(&entries[candidate.start..candidate.end]);
            candidate.flag(&mut text, moved);
        }
        *entries = text;
    }
}

impl Candidate {
    fn new(
        pick: &Pick,
        feature: &Feature<'_>,
        consequences: Consequences,
        (allele, alone): (usize, usize),
        (start, end, flag): (usize, usize, Option<usize>),
    ) -> Self {
        let (standing, gene) = match feature {
            Feature::Transcript(transcript) => (transcript.csq.standing, Some(transcript.row.gene)),
            Feature::Gene(gene) => (pick.order.of_gene(gene.biotype, gene.span.len()), Some(gene.gene_id)),
            Feature::None => (pick.order.of_nothing(), None),
        };
        let by_gene = matches!(pick.of, PickOf::Gene | PickOf::AlleleAndGene);
        let by_allele = matches!(pick.of, PickOf::Allele | PickOf::AlleleAndGene);
        Self {
            allele: if by_allele { allele } else { 0 },
            gene: gene.filter(|_| by_gene).unwrap_or_default().into(),
            // Of no gene there is no other entry.
            alone: if by_gene && gene.is_none() { alone } else { 0 },
            standing: pick.order.with_rank(standing, consequences),
            start,
            end,
            flag,
        }
    }

    /// Says in the entry itself, which begins at `start` of these, that it is picked, if entries say so.
    fn flag(&self, entries: &mut Vec<u8>, start: usize) {
        let Some(flag) = self.flag else { return };
        let (at, end) = (start + flag - self.start, start + self.end - self.start);
        match entries[at..end] == *b"." {
            true => entries[at] = b'1',
            false => entries.insert(at, b'1'),
        }
    }
}

/// The places of the best of each group, in their order.
fn picked(candidates: &[Candidate]) -> Vec<usize> {
    let group = |place: &usize| {
        let candidate = &candidates[*place];
        // Comparing texts of no length costs more than comparing others: they point nowhere, where the processor may not look.
        let gene = (!candidate.gene.is_empty()).then_some(&*candidate.gene);
        (candidate.allele, gene, candidate.alone)
    };
    let mut places: Vec<usize> = Vec::new();
    // Entries of a group mostly follow one another, and what is left of them is little to sort.
    for (place, candidate) in candidates.iter().enumerate() {
        match places.last_mut().filter(|best| group(best) == group(&place)) {
            Some(best) if candidate.standing < candidates[*best].standing => *best = place,
            Some(_) => {}
            None => places.push(place),
        }
    }
    places.sort_by(|one, other| {
        let standings = candidates[*one].standing.cmp(&candidates[*other].standing);
        group(one).cmp(&group(other)).then(standings)
    });
    places.dedup_by(|next, first| group(next) == group(first));
    places.sort_unstable();
    places
}
