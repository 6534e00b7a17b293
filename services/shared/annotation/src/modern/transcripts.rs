//! Transcripts as they are needed: decoded once and kept while records stay near them.

use std::rc::Rc;
use std::sync::Arc;

use reference::Genome;

use crate::info::Layout;
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
    /// What CSQ says of them, if it is written.
    layout: Option<Arc<Layout>>,
}

impl<'b> Transcripts<'b> {
    /// An empty cache of transcripts that CSQ tells of.
    pub(crate) fn told(layout: &Arc<Layout>) -> Self {
        Self {
            layout: Some(Arc::clone(layout)),
            ..Self::default()
        }
    }

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
        let mut transcript = Transcript::new(gene, sequence);
        if let Some(layout) = &self.layout {
            transcript.csq = layout.fixed(&transcript);
        }
        let transcript = Rc::new(transcript);
        if self.rows.len() >= MOST_KEPT {
            self.rows.drain(..).for_each(|row| self.kept[row] = None);
        }
        self.kept.resize(self.kept.len().max(row + 1), None);
        self.kept[row] = Some(Rc::clone(&transcript));
        self.rows.push(row);
        Some(transcript)
    }
}
