//! Random transcripts that are not the genome, base by base.

use std::ops::Range;

use super::placements::Random;
use super::translation::translated;

/// A part of an alignment, as [`super::own_genes::Part`].
pub(super) type OwnedPart = (usize, usize, usize, usize, String);

/// A base of an exon: where it is in the transcript, and on the chromosome in its direction.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) own: Option<usize>,
    pub(super) chromosome: Option<usize>,
}

/// A transcript in columns, exon by exon, 5' to 3'; the chromosome is counted in the transcript's direction.
pub(super) struct Columns {
    pub(super) exons: Vec<Vec<Column>>,
    pub(super) own: Vec<u8>,
    pub(super) chromosome: Vec<u8>,
    pub(super) cds: Range<usize>,
}

pub(super) fn pick(random: &mut Random, letters: &[u8], count: usize) -> Vec<u8> {
    (0..count).map(|_| letters[random.below(letters.len())]).collect()
}

impl Columns {
    pub(super) fn random(random: &mut Random) -> Self {
        let letters: &[u8] = if random.below(2) == 0 { b"ACGT" } else { b"AAAAGC" };
        let mut own = pick(random, letters, 8);
        own.extend_from_slice(b"ATG");
        while own.len() < 70 {
            let codon = pick(random, letters, 3);
            if translated(&codon) != "*" {
                own.extend(codon);
            }
        }
        own.extend_from_slice(b"TAA");
        let cds = 8..own.len();
        own.extend(pick(random, letters, 9));
        let cut = 30 + random.below(20);
        let mut chromosome = pick(random, b"ACGT", 40);
        let mut exons = Vec::new();
        for exon in [0..cut, cut..own.len()] {
            let mut columns = Vec::new();
            let gap = exon.start + 6 + random.below(exon.len() - 12);
            let count = 1 + random.below(4);
            let is_extra = random.below(2) == 0;
            for at in exon {
                if at == gap && !is_extra {
                    for base in pick(random, letters, count) {
                        columns.push(Column {
                            own: None,
                            chromosome: Some(chromosome.len()),
                        });
                        chromosome.push(base);
                    }
                }
                let is_lacking = is_extra && (gap..gap + count.min(3)).contains(&at);
                let is_other = random.below(30) == 0;
                columns.push(Column {
                    own: Some(at),
                    chromosome: (!is_lacking).then_some(chromosome.len()),
                });
                if !is_lacking {
                    chromosome.push(if is_other { pick(random, b"ACGT", 1)[0] } else { own[at] });
                }
            }
            exons.push(columns);
            chromosome.extend(pick(random, b"ACGT", 40));
        }
        Self {
            exons,
            own,
            chromosome,
            cds,
        }
    }

    /// The parts of the alignment, and the coding sequence on the chromosome, counted from its left end; `None` if a gap is at
    /// an end of it.
    pub(super) fn parts(&self, is_reverse: bool) -> Option<(Vec<OwnedPart>, (usize, usize))> {
        let place = |at: usize| if is_reverse { self.chromosome.len() - at } else { at + 1 };
        let parts = self.exons.iter().map(|columns| {
            let own: Vec<usize> = columns.iter().filter_map(|column| column.own).collect();
            let there: Vec<usize> = columns.iter().filter_map(|column| column.chromosome).collect();
            let mut runs: Vec<(char, usize)> = Vec::new();
            for column in columns {
                let run = match (column.own, column.chromosome) {
                    (Some(_), Some(_)) => 'M',
                    (Some(_), None) => 'I',
                    _ => 'D',
                };
                match runs.last_mut().filter(|last| last.0 == run) {
                    Some(last) => last.1 += 1,
                    None => runs.push((run, 1)),
                }
            }
            let gap: Vec<String> = runs.iter().map(|(run, count)| format!("{run}{count}")).collect();
            let ends = (place(there[0]), place(there[there.len() - 1]));
            (
                ends.0.min(ends.1),
                ends.0.max(ends.1),
                own[0] + 1,
                own[own.len() - 1] + 1,
                gap.join(" "),
            )
        });
        let parts = parts.collect();
        let all = || self.exons.iter().flatten();
        let on = |at: usize| all().find(|column| column.own == Some(at))?.chromosome;
        let cds = (place(on(self.cds.start)?), place(on(self.cds.end - 1)?));
        Some((parts, (cds.0.min(cds.1), cds.0.max(cds.1))))
    }

    /// What an allele makes of the transcript: bases `edit` of the chromosome, in the transcript's direction, are replaced. With the
    /// gap of its exon, or without.
    pub(super) fn made(&self, exon: usize, edit: &Range<usize>, inserted: &[u8], with_gap: bool) -> Option<Vec<u8>> {
        let columns = &self.exons[exon];
        let gap = columns
            .iter()
            .position(|column| column.own.is_none() || column.chromosome.is_none())?;
        let gap_end = gap
            + columns[gap..]
                .iter()
                .take_while(|column| column.own.is_none() || column.chromosome.is_none())
                .count();
        // Columns of the edit; for an insertion the place before its column.
        let at = |place: usize| columns.iter().position(|column| column.chromosome == Some(place));
        let (mut first, mut last) = (at(edit.start)?, at(edit.start)?);
        if !edit.is_empty() {
            last = at(edit.end - 1)? + 1;
        }
        if with_gap {
            (first, last) = (first.min(gap), last.max(gap_end));
        }
        let mut there = Vec::new();
        let mut is_put_in = false;
        for column in &columns[first..last] {
            let Some(place) = column.chromosome else { continue };
            if place == edit.start && !is_put_in {
                there.extend_from_slice(inserted);
                is_put_in = true;
            }
            if !edit.contains(&place) {
                there.push(self.chromosome[place]);
            }
        }
        if !is_put_in {
            there.extend_from_slice(inserted);
        }
        let own = |columns: &[Column]| -> Vec<u8> {
            columns
                .iter()
                .filter_map(|column| Some(self.own[column.own?]))
                .collect()
        };
        let before: Vec<u8> = self.exons[..exon].iter().flat_map(|columns| own(columns)).collect();
        let after: Vec<u8> = self.exons[exon + 1..].iter().flat_map(|columns| own(columns)).collect();
        Some(
            [
                &before[..],
                &own(&columns[..first]),
                &there,
                &own(&columns[last..]),
                &after,
            ]
            .concat(),
        )
    }

    /// The gap of an exon on the chromosome, in the transcript's direction.
    pub(super) fn gap(&self, exon: usize) -> Range<usize> {
        let columns = &self.exons[exon];
        let gap = columns
            .iter()
            .position(|column| column.own.is_none() || column.chromosome.is_none())
            .unwrap();
        let start = columns[gap - 1].chromosome.unwrap() + 1;
        let count = columns.iter().filter(|column| column.own.is_none()).count();
        start..start + count
    }

    /// All places of an edit.
    pub(super) fn places(&self, edit: &Range<usize>, inserted: &[u8]) -> Vec<(Range<usize>, Vec<u8>)> {
        let made = |edit: &Range<usize>, inserted: &[u8]| {
            [&self.chromosome[..edit.start], inserted, &self.chromosome[edit.end..]].concat()
        };
        let wanted = made(edit, inserted);
        let mut places = vec![(edit.clone(), inserted.to_vec())];
        if edit.is_empty() || inserted.is_empty() {
            for start in 1..self.chromosome.len() - edit.len() {
                let other = start..start + edit.len();
                let put_in = wanted[start..start + inserted.len()].to_vec();
                if other != *edit && made(&other, &put_in) == wanted {
                    places.push((other, put_in));
                }
            }
        }
        places
    }
}
