//! How severe terms are.

use annotation::Consequence;
use hashbrown::HashMap;

/// The place of each term of the Sequence Ontology in Ensembl's order, 0 the most severe.
pub(super) struct Ranks {
    by_term: HashMap<&'static [u8], usize>,
    /// The last terms that were asked for: most are those of the entry before.
    last: (Vec<u8>, Option<(&'static [u8], usize)>),
}

impl Ranks {
    pub(super) fn new() -> Self {
        let ranks = Consequence::ALL.iter().enumerate();
        Self {
            by_term: ranks.map(|(rank, own)| (own.term().as_bytes(), rank)).collect(),
            last: (Vec::new(), None),
        }
    }

    /// The first of terms with `&` between, and its place; nothing if that is none of ours.
    #[inline]
    pub(super) fn first(&mut self, terms: &[u8]) -> Option<(&'static [u8], usize)> {
        if self.last.0 != terms {
            let first = terms.split(|byte| *byte == b'&').next().unwrap_or_default();
            let found = self.by_term.get_key_value(first);
            self.last.1 = found.map(|(term, rank)| (*term, *rank));
            terms.clone_into(&mut self.last.0);
        }
        self.last.1
    }
}
