//! The coding change of a substitution, which AnnTools looked up in its tables `chrom_pos_*`.
//!
//! Those tables were made with GATK's TranscriptToGenomicInfo and hold, for every base of every transcript and each
//! base it may become, the columns below. Here they are computed, and only where the sequence is at hand: without it, it
//! is as if the tables were empty. Columns that are empty or `0` were not written.

use reference::genetic_code::{STOP, three_letters};
use vcf::Record;

use super::AnnTools;
use crate::modern::{position_type, splice_distance};
use crate::transcript::Transcript;

impl AnnTools<'_, '_> {
    /// Appends the change in each transcript that has POS, for substitutions of one base.
    pub(super) fn coding_change(&mut self, record: &Record<'_>, place: Option<usize>, info: &mut Vec<u8>) {
        let (Some(genome), Some(place)) = (self.genome, place) else {
            return;
        };
        let ([from], [to]) = (record.reference, record.alternates) else {
            return;
        };
        let is_base = |base: &u8| b"ACGTacgt".contains(base);
        let Some(position) = u32::try_from(record.position).ok().map(|position| position - 1) else {
            return;
        };
        if !is_base(from) || !is_base(to) || genome.sequence(place, position as usize + 1).is_none() {
            return;
        }
        let Some(genes) = &genome.genes else { return };
        let mut rows = Vec::new();
        genes.overlapping(place, position..position + 1, |row| rows.push(row));
        let mut found: Vec<_> = rows
            .into_iter()
            .filter_map(|row| self.transcripts.get(genome, place, row))
            .collect();
        found.sort_by_key(|transcript| transcript.row.order);
        let changes: Vec<String> = found
            .iter()
            .map(|transcript| change(transcript, position, to.to_ascii_uppercase()))
            .collect();
        if changes.is_empty() {
            return;
        }
        match info.as_slice() {
            b"." => info.clear(),
            _ => info.push(b';'),
        }
        info.extend_from_slice(changes.join(";").as_bytes());
    }
}

/// The columns of one transcript; `to` is the new base on the forward strand. Coordinates count from 1.
fn change(transcript: &Transcript<'_>, position: u32, to: u8) -> String {
    let row = &transcript.row;
    let strand = if row.is_reverse() { '-' } else { '+' };
    let place = position_type(transcript, position);
    let mut columns = vec![
        ("name", row.name.to_owned()),
        ("name2", row.symbol.to_owned()),
        ("transcriptStrand", strand.to_string()),
        ("positionType", place.to_owned()),
    ];
    let messenger = transcript.messenger(position);
    let codon = messenger
        .filter(|_| place == "CDS")
        .and_then(|messenger| Codon::new(transcript, messenger, to));
    if let Some(codon) = &codon {
        columns.push(("frame", (codon.index % 3).to_string()));
    }
    if let Some(messenger) = messenger {
        columns.push(("mrnaCoord", (messenger + 1).to_string()));
    }
    if let Some(codon) = &codon {
        columns.push(("codonCoord", (codon.index / 3 + 1).to_string()));
    }
    if let Some(distance) = splice_distance(transcript, position) {
        columns.push(("spliceDist", distance.to_string()));
    }
    if let Some(codon) = codon {
        columns.extend(codon.columns());
    }
    columns.push(("inCodingRegion", (place == "CDS").to_string()));
    let at_site = |distance: &i32| place == "intron" && (1..=2).contains(&distance.unsigned_abs());
    if let Some(distance) = splice_distance(transcript, position).filter(at_site) {
        let site = if distance > 0 {
            "splice-donor"
        } else {
            "splice-acceptor"
        };
        columns.push(("spliceInfo", format!("{site}_{distance}")));
    }
    let written: Vec<_> = columns
        .into_iter()
        .filter(|(_, value)| value != "0")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    written.join(";")
}

/// A codon and what it becomes.
struct Codon {
    /// The base's place in the coding sequence, from 0.
    index: usize,
    before: [u8; 3],
    after: [u8; 3],
    amino_acids: (u8, u8),
}

impl Codon {
    fn new(transcript: &Transcript<'_>, messenger: u32, to: u8) -> Option<Self> {
        let (coding, cds) = (transcript.coding.as_ref()?, transcript.cds.as_ref()?);
        let index = (messenger - cds.start + transcript.phase()) as usize;
        let before: [u8; 3] = coding
            .bases()
            .get(index - index % 3..index - index % 3 + 3)?
            .try_into()
            .ok()?;
        let mut after = before;
        after[index % 3] = transcript.strand().read(&[to])[0];
        let amino_acids = (coding.code.amino_acid(&before), coding.code.amino_acid(&after));
        Some(Self {
            index,
            before,
            after,
            amino_acids,
        })
    }

    fn columns(&self) -> Vec<(&'static str, String)> {
        let text = |codon: &[u8; 3]| String::from_utf8_lossy(codon).into_owned();
        let name = |amino_acid: u8| {
            if amino_acid == STOP {
                "Stop"
            } else {
                three_letters(amino_acid)
            }
        };
        let (from, to) = self.amino_acids;
        let class = match (from, to) {
            _ if from == to => "silent",
            (STOP, _) => "readthrough",
            (_, STOP) => "nonsense",
            _ => "missense",
        };
        let (at, number) = (self.index % 3, self.index / 3 + 1);
        let letter = |base: u8| char::from(base);
        vec![
            ("referenceCodon", text(&self.before)),
            ("referenceAA", name(from).to_owned()),
            ("variantCodon", text(&self.after)),
            ("variantAA", name(to).to_owned()),
            ("changesAA", (from != to).to_string()),
            ("functionalClass", class.to_owned()),
            (
                "codingCoordStr",
                format!(
                    "c.{}{}>{}",
                    self.index + 1,
                    letter(self.before[at]),
                    letter(self.after[at])
                ),
            ),
            ("proteinCoordStr", format!("p.{}{number}{}", letter(from), letter(to))),
        ]
    }
}
