//! A bundle of which only some is seen: the tracks and the transcripts that somebody has chosen. Its file stays as it is.

use super::genes::FIRST_SOURCE;
use super::{Bundle, Kind, Track};

impl Bundle {
    /// The bundle as if it had no other tracks than those that are kept.
    #[must_use]
    pub fn with_tracks(mut self, keeps: impl Fn(&Track) -> bool) -> Self {
        self.manifest.tracks.retain(keeps);
        self
    }

    /// The bundle as if it had no other transcripts than those of these sources, as SOURCE of CSQ calls them; with no source, all.
    #[must_use]
    pub fn with_transcripts_of(mut self, sources: &[&str]) -> Self {
        if sources.is_empty() {
            return self;
        }
        self.sources = sources.iter().map(|source| (*source).to_owned()).collect();
        let of_others = |track: &mut Track| track.kind == Kind::Genes && !is_of(source_of(&track.key), sources);
        let left_out = self.manifest.tracks.extract_if(.., of_others);
        // What is told of transcripts is no source of them.
        let is_source = |track: &Track| !["MANE", "sequences"].iter().any(|key| track.key.starts_with(key));
        let left_out = left_out.filter(is_source);
        self.sources_there = left_out.map(|track| source_of(&track.key).to_owned()).collect();
        self
    }

    /// The sources whose transcripts are seen, if they were chosen; none otherwise.
    #[must_use]
    pub fn chosen_sources(&self) -> &[String] {
        &self.sources
    }

    /// The sources of its transcripts, if it has none of those that were chosen.
    #[must_use]
    pub fn other_sources(&self) -> Option<&[String]> {
        let has_some = self.manifest.tracks.iter().any(|track| track.kind == Kind::Genes);
        (!has_some && !self.sources_there.is_empty()).then_some(&*self.sources_there)
    }
}

/// What CSQ calls the source of transcripts whose track has this key.
fn source_of(key: &str) -> &str {
    if key == "refGene" { FIRST_SOURCE } else { key }
}

/// Whether a source is one of those that were chosen: whoever built the bundle may have called it `Ensembl 115`, or `RefSeq_2`.
pub(super) fn is_of(source: &str, chosen: &[impl AsRef<str>]) -> bool {
    chosen.iter().any(|chosen| {
        let rest = source.strip_prefix(chosen.as_ref());
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_by_its_first_word() {
        let chosen = ["Ensembl", "GENCODE"];
        for source in ["Ensembl", "Ensembl 115", "Ensembl_2", "GENCODE"] {
            assert!(is_of(source, &chosen), "{source}");
        }
        for source in ["RefSeq", "EnsemblGenomes", "My Ensembl", ""] {
            assert!(!is_of(source, &chosen), "{source}");
        }
        assert!(is_of(source_of("refGene"), &["RefSeq"]));
    }
}
