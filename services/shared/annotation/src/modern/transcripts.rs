//! Transcripts as they are needed: decoded once and kept while records stay near them.

use std::rc::Rc;

use crate::genome::Genome;
use crate::transcript::Transcript;

/// How many decoded transcripts are kept at most. One takes about 10 KB.
const MOST_KEPT: usize = 1024;

/// A cache of decoded transcripts.
#[derive(Default)]
pub(crate) struct Transcripts<'b> {
    /// By row.
    kept: Vec<Option<Rc<Transcript<'b>>>>,
    /// The rows that are kept.
    rows: Vec<usize>,
}

impl<'b> Transcripts<'b> {
    /// The transcript of a row, which is on `chromosome`.
    #[inline]
    pub(crate) fn get(&mut self, genome: &Genome<'b>, chromosome: usize, row: usize) -> Option<Rc<Transcript<'b>>> {
        match self.kept.get(row) {
            Some(Some(kept)) => Some(Rc::clone(kept)),
            _ => self.decode(genome, chromosome, row),
        }
    }

    fn decode(&mut self, genome: &Genome<'b>, chromosome: usize, row: usize) -> Option<Rc<Transcript<'b>>> {
        let gene = genome.genes?.row(row);
        let sequence = genome.sequence(chromosome, gene.span.end as usize);
        let transcript = Rc::new(Transcript::new(gene, sequence));
        if self.rows.len() >= MOST_KEPT {
            self.rows.drain(..).for_each(|row| self.kept[row] = None);
        }
        self.kept.resize(self.kept.len().max(row + 1), None);
        self.kept[row] = Some(Rc::clone(&transcript));
        self.rows.push(row);
        Some(transcript)
    }
}
