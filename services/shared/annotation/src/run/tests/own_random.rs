//! Random transcripts that are not the genome, with random alleles: names of HGVS, applied to the transcript's own sequence, must
//! make what the alleles make, whichever place a file has for them, and names of proteins must tell the translation of it.

use std::ops::Range;

use super::own_columns::{Columns, pick};
use super::own_genes::{OwnGene, Part, reversed};
use super::placements::Random;
use super::translation::{describes, translated};

const GENES: usize = 150;
const ALLELES: usize = 40;

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
        _ if what.starts_with("delins") => what.as_bytes()[6..].to_vec(),
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
