//! Random transcripts that are not the genome, with random alleles: names of HGVS, applied to the transcript's own sequence, must
//! make what the alleles make, whichever place a file has for them, and names of proteins must tell the translation of it.

use std::ops::Range;

use super::own_genes::{OwnGene, Part, reversed};
use super::placements::Random;
use super::translation::{describes, translated};

const GENES: usize = 150;
const ALLELES: usize = 40;

/// A base of an exon: where it is in the transcript, and on the chromosome in its direction.
#[derive(Clone, Copy)]
struct Column {
    own: Option<usize>,
    chromosome: Option<usize>,
}

/// A transcript in columns, exon by exon, 5' to 3'; the chromosome is counted in the transcript's direction.
struct Columns {
    exons: Vec<Vec<Column>>,
    own: Vec<u8>,
    chromosome: Vec<u8>,
    cds: Range<usize>,
}

fn pick(random: &mut Random, letters: &[u8], count: usize) -> Vec<u8> {
    (0..count).map(|_| letters[random.below(letters.len())]).collect()
}

impl Columns {
    fn random(random: &mut Random) -> Self {
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
    fn parts(&self, is_reverse: bool) -> Option<(Vec<(usize, usize, usize, usize, String)>, (usize, usize))> {
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
    fn made(&self, exon: usize, edit: &Range<usize>, inserted: &[u8], with_gap: bool) -> Option<Vec<u8>> {
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
    fn gap(&self, exon: usize) -> Range<usize> {
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
    fn places(&self, edit: &Range<usize>, inserted: &[u8]) -> Vec<(Range<usize>, Vec<u8>)> {
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

/// The place of a base that a name has, from 0.
fn base(text: &str, cds: &Range<usize>) -> usize {
    match text.as_bytes()[0] {
        b'-' => cds.start - text[1..].parse::<usize>().unwrap(),
        b'*' => cds.end + text[1..].parse::<usize>().unwrap() - 1,
        _ => cds.start + text.parse::<usize>().unwrap() - 1,
    }
}

/// A transcript with the change that a name tells.
fn applied(name: &str, own: &[u8], cds: &Range<usize>) -> Vec<u8> {
    let change = name.strip_prefix("c.").unwrap();
    let end = change
        .find(|letter: char| letter.is_ascii_alphabetic() || letter == '=')
        .unwrap();
    let (place, what) = change.split_at(end);
    let mut ends = place.split('_').map(|place| base(place, cds));
    let first = ends.next().unwrap();
    let last = ends.next().unwrap_or(first);
    let (before, there, after) = (&own[..first], &own[first..=last], &own[last + 1..]);
    let made = match what {
        "=" => there.to_vec(),
        "del" => Vec::new(),
        "dup" => [there, there].concat(),
        "inv" => reversed(there),
        _ if what.starts_with("delins") => what[6..].as_bytes().to_vec(),
        _ if what.starts_with("ins") => [&there[..1], &what.as_bytes()[3..], &there[1..]].concat(),
        _ => {
            assert_eq!((what.as_bytes()[0], what.as_bytes()[1]), (there[0], b'>'), "{name}");
            vec![what.as_bytes()[2]]
        }
    };
    [before, &made, after].concat()
}

#[test]
fn names_tell_of_the_transcripts_own_sequence_what_alleles_make_of_it() {
    let mut random = Random(20_261_129);
    let (mut names, mut with_gaps, mut proteins) = (0, 0, 0);
    for number in 0..GENES {
        let columns = Columns::random(&mut random);
        let is_reverse = number % 2 == 1;
        let Some((parts, cds)) = columns.parts(is_reverse) else {
            continue;
        };
        let parts: Vec<Part<'_>> = parts
            .iter()
            .map(|part| (part.0, part.1, part.2, part.3, Some(&part.4[..])))
            .collect();
        let whole = match is_reverse {
            false => columns.chromosome.clone(),
            true => reversed(&columns.chromosome),
        };
        let others: Vec<(usize, u8)> = whole.iter().enumerate().map(|(at, base)| (at + 1, *base)).collect();
        let gene = OwnGene {
            is_reverse,
            parts: &parts,
            exons: &[],
            cds: Some(cds),
            own: columns.own.clone(),
            others: &others,
        };
        let built = gene.built();
        let length = columns.chromosome.len();
        let mut tried = Vec::new();
        let mut alleles = Vec::new();
        while tried.len() < ALLELES {
            let exon = random.below(2);
            let there: Vec<usize> = columns.exons[exon]
                .iter()
                .filter_map(|column| column.chromosome)
                .collect();
            let (first, last) = (there[2], there[there.len() - 3]);
            let start = first + random.below(last - first);
            let (deleted, count) = [(1, 1), (0, 1), (0, 3), (1, 0), (3, 0), (2, 2), (4, 1), (1, 2)][random.below(8)];
            let edit = start..start + deleted;
            let inserted = pick(&mut random, b"ACGT", count);
            let there = &columns.chromosome[edit.clone()];
            let is_smallest = edit.end <= last
                && (edit.is_empty()
                    || inserted.is_empty()
                    || there[0] != inserted[0] && there.last() != inserted.last());
            let places = columns.places(&edit, &inserted);
            let is_inside = places.iter().all(|(place, _)| place.start > first && place.end < last);
            if !is_smallest || !is_inside {
                continue;
            }
            for (place, inserted) in &places {
                let (position, inserted) = match is_reverse {
                    false => (place.start + 1, inserted.clone()),
                    true => (length - place.end + 1, reversed(inserted)),
                };
                alleles.push(built.allele(position, place.len(), std::str::from_utf8(&inserted).unwrap()));
            }
            tried.push((exon, edit, inserted, places));
        }
        let mut told = built.annotated(&alleles).into_iter();
        for (exon, edit, inserted, places) in tried {
            let gap = columns.gap(exon);
            let reach = places.iter().map(|place| place.0.start).min().unwrap()
                ..places.iter().map(|place| place.0.end).max().unwrap();
            let touches = match places.len() > 1 {
                true => reach.start <= gap.end && reach.end >= gap.start,
                false => edit.start < gap.end && edit.end > gap.start || edit == gap,
            };
            let made: Vec<Vec<u8>> = places
                .iter()
                .filter_map(|(place, inserted)| columns.made(exon, place, inserted, touches))
                .collect();
            let entries: Vec<Vec<String>> = told.by_ref().take(places.len()).collect();
            let name = |field: usize| entries[0][field].split(':').next_back().unwrap().replace("%3D", "=");
            let what = format!(
                "{number} {exon} {edit:?} {} {}",
                String::from_utf8_lossy(&inserted),
                entries[0].join("|")
            );
            assert!(entries.iter().all(|entry| entry[1..22] == entries[0][1..22]), "{what}");
            let seen = applied(&name(10), &columns.own, &columns.cds);
            let text = |bases: &[u8]| String::from_utf8_lossy(bases).into_owned();
            let shown = || made.iter().map(|made| text(made)).collect::<Vec<_>>().join(" or ");
            assert!(
                made.contains(&seen),
                "{what}: {} becomes {}, not {}; gap {gap:?}, {touches}",
                text(&columns.own),
                text(&seen),
                shown()
            );
            (names, with_gaps) = (names + 1, with_gaps + usize::from(touches));
            assert!(
                !entries[0][1].contains("splice") || edit.start < 45 || !touches,
                "{what}"
            );
            let (protein, start) = (translated(&columns.own[columns.cds.start..]), columns.cds.start);
            let is_behind = seen
                .iter()
                .zip(&columns.own)
                .take(start + 3)
                .all(|(seen, own)| seen == own);
            if is_behind && !["", "p.?"].contains(&&name(11)[..]) {
                assert!(
                    describes(&name(11), &protein, &translated(&seen[start..])),
                    "{what}: {protein}"
                );
                proteins += 1;
            }
        }
    }
    println!("{names} names, {with_gaps} with a gap, {proteins} proteins");
    assert!(
        names > GENES * ALLELES / 2 && with_gaps > 300 && proteins > names / 3,
        "{names} {with_gaps} {proteins}"
    );
}
