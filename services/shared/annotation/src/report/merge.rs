//! Counts of the parts of a file together.

use super::counts::Counts;

impl Counts {
    /// These and others.
    pub(crate) fn merge(&mut self, other: Self) {
        for (own, more) in self.numbers().into_iter().zip(other.clone().numbers()) {
            *own += *more;
        }
        self.contradicting.merge(other.contradicting);
        self.without_length.merge(other.without_length);
        self.tracks.resize(self.tracks.len().max(other.tracks.len()), (0, 0));
        for (own, more) in self.tracks.iter_mut().zip(&other.tracks) {
            *own = (own.0 + more.0, own.1 + more.1);
        }
        self.listed.resize(self.listed.len().max(other.listed.len()), 0);
        add(&mut self.listed, &other.listed);
        add(&mut self.consequences, &other.consequences);
        add(&mut self.most_severe, &other.most_severe);
        add(&mut self.impacts, &other.impacts);
        other
            .genes
            .into_iter()
            .for_each(|(gene, more)| *self.genes.entry(gene).or_default() += more);
        other
            .chromosomes
            .into_iter()
            .for_each(|(name, more)| *self.chromosomes.entry(name).or_default() += more);
    }

    fn numbers(&mut self) -> [&mut u64; 25] {
        [
            &mut self.records,
            &mut self.alleles,
            &mut self.substitutions,
            &mut self.insertions,
            &mut self.deletions,
            &mut self.other_changes,
            &mut self.structural,
            &mut self.transitions,
            &mut self.transversions,
            &mut self.looked_up,
            &mut self.mitomap.0,
            &mut self.mitomap.1,
            &mut self.without_codons,
            &mut self.impact_unknown,
            &mut self.control_region,
            &mut self.coding,
            &mut self.non_coding,
            &mut self.intergenic,
            &mut self.utr_5,
            &mut self.utr_3,
            &mut self.intronic,
            &mut self.non_coding_intronic,
            &mut self.promoters,
            &mut self.unlisted,
            &mut self.in_dbsnp,
        ]
    }
}

fn add(own: &mut [u64], more: &[u64]) {
    own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
}
