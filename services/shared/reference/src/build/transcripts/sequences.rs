//! Transcripts' own sequences: FASTA, such as NCBI's `GCF_000001405.40_GRCh38.p14_rna.fna.gz`.
//!
//! Each is compared with the chromosome when it was read, and then let go.

use std::collections::HashMap;
use std::path::Path;

use super::super::sequence::Bases;
use super::super::source::{BuildError, Source};
use super::super::{BuildProgress, Plan, Told};
use super::own;
use super::release::{self, Said};
use super::{Gathering, Read, free_key};
use crate::Sequence;

/// The key of transcripts' own sequences among the bundle's sources; a second file is `sequences_2`.
pub const SEQUENCES: &str = "sequences";

/// The longest line: some write a sequence on one.
const MOST_LINE_BYTES: u64 = 1 << 26;

/// Whether a file is FASTA: its first line that is not empty has a title.
pub(super) fn are_in(file: &Path) -> Result<bool, BuildError> {
    let mut source = Source::open(file)?;
    while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
        if !line.trim_ascii().is_empty() {
            return Ok(line.starts_with(b">"));
        }
    }
    Ok(false)
}

/// The sequences of a file, and the transcripts that they are of.
struct Sequences<'s, 'g> {
    gathering: &'s mut Gathering<'g>,
    bases: &'s Bases,
    /// The transcripts by accession.
    places: HashMap<Vec<u8>, Vec<usize>>,
    /// The accession at hand, if a transcript has it.
    name: Option<Vec<u8>>,
    sequence: Vec<u8>,
    taken: u64,
    /// Sequences of transcripts that do not fit.
    left: u64,
}

/// Reads a file of sequences.
pub(super) fn read(
    plan: &Plan,
    file: &Path,
    gathering: &mut Gathering<'_>,
    bases: Option<&Bases>,
    read: &[Read],
    told: Told<'_>,
) -> Result<Read, BuildError> {
    let mut source = Source::open(file)?;
    let Some(bases) = bases else {
        return Err(source.error(
            "these are sequences of transcripts, which are compared with the genome's; there is no sequence of the genome: give \
             --sequence, too",
        ));
    };
    let key = free_key(SEQUENCES, read);
    let mut sequences = Sequences::new(gathering, bases);
    while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
        sequences.line(line);
        if source.number().is_multiple_of(1_000_000) {
            told(BuildProgress {
                what: &key,
                rows: sequences.taken,
                done: false,
            });
        }
    }
    sequences.end();
    let (taken, left) = (sequences.taken, sequences.left);
    if taken + left == 0 {
        return Err(source.error(
            "no transcript of the reference is in this file of sequences; they are found by accession with version, such as \
             NM_152486.4, which UCSC's table refGene has not",
        ));
    }
    told(BuildProgress {
        what: &key,
        rows: taken,
        done: true,
    });
    let provenance = release::provenance(&key, "Sequences of", &source, &plan.notes, Said::default());
    Ok(Read {
        key,
        provenance,
        rows: taken,
        skipped: left,
    })
}

impl<'s, 'g> Sequences<'s, 'g> {
    fn new(gathering: &'s mut Gathering<'g>, bases: &'s Bases) -> Self {
        let mut places: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (index, transcript) in gathering.transcripts.iter().enumerate() {
            let name = gathering.pool.get(transcript.texts.name);
            places.entry(name.to_vec()).or_default().push(index);
        }
        Self {
            gathering,
            bases,
            places,
            name: None,
            sequence: Vec::new(),
            taken: 0,
            left: 0,
        }
    }

    fn line(&mut self, line: &[u8]) {
        if let Some(title) = line.strip_prefix(b">") {
            self.end();
            self.name = Some(accession(title).to_vec()).filter(|name| self.places.contains_key(name));
        } else if self.name.is_some() && self.sequence.len() <= own::MOST_BASES {
            let bases = line.iter().filter(|base| base.is_ascii_alphabetic());
            self.sequence.extend(bases.map(|base| match base.to_ascii_uppercase() {
                b'U' => b'T',
                base => base,
            }));
        }
    }

    /// Ends the sequence at hand: each place of its transcript is compared.
    fn end(&mut self) {
        let name = self.name.take();
        for index in name.and_then(|name| self.places.get(&name)).into_iter().flatten() {
            let transcript = &mut self.gathering.transcripts[*index];
            let chromosome = self.bases.view(transcript.chromosome).map(Sequence::packed);
            let is_taken = chromosome.is_some_and(|chromosome| own::take(transcript, &self.sequence, &chromosome));
            match is_taken {
                true => self.taken += 1,
                false => self.left += 1,
            }
        }
        self.sequence.clear();
    }
}

/// The accession in a title: the first word of `NM_000014.6 Homo sapiens …`, the first part of GENCODE's
/// `ENST00000456328.2|ENSG00000290825.1|…`, and, as NCBI wrote titles once, the part after `ref` of `gi|66932946|ref|NM_000014.4|`.
fn accession(title: &[u8]) -> &[u8] {
    let word = title.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let mut parts = word.split(|byte| *byte == b'|');
    match parts.next() {
        Some(b"gi") => parts.nth(2).unwrap_or_default(),
        Some(b"ref") => parts.next().unwrap_or_default(),
        first => first.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::accession;

    #[test]
    fn titles_have_the_accession_where_their_makers_put_it() {
        for (title, expected) in [
            (
                "NM_000014.6 Homo sapiens alpha-2-macroglobulin (A2M), mRNA",
                "NM_000014.6",
            ),
            (
                "ENST00000456328.2|ENSG00000290825.1|OTTHUMG00000002860.3|",
                "ENST00000456328.2",
            ),
            (
                "ENST00000641515.2 cdna chromosome:GRCh38:1:65419:71585:1",
                "ENST00000641515.2",
            ),
            ("gi|66932946|ref|NM_000014.4| Homo sapiens", "NM_000014.4"),
            ("ref|NM_000014.6|", "NM_000014.6"),
            ("", ""),
        ] {
            assert_eq!(accession(title.as_bytes()), expected.as_bytes());
        }
    }
}
