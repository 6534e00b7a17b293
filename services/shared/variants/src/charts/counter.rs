//! Counts for charts, row by row.

use std::collections::BTreeMap;

use arrow_array::Array;
use domain::variants as columns;

use super::{Bar, Charts, Density, Lengths, Substitutions};
use crate::decode::Group;
use crate::error::Error;
use crate::filter::{Impact, Kind};
use crate::shape::{Shape, shape};

/// How many bases a bin of a chromosome has: cytogenetic bands end at multiples of it.
const BIN: i64 = 100_000;
/// What lies behind this place counts as there: VCF has no places beyond 31 bits.
const LAST_BASE: i64 = 1 << 31;
/// The most chromosomes that are counted one by one, in the order of the file.
const MOST_CHROMOSOMES: usize = 4_096;

/// Bounds of the spectrum of frequencies: each bar is from one on and below the next.
const FREQUENCIES: [f64; 8] = [0.0, 0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1.0];
/// The bars of lengths, their ends included.
const LENGTHS: [(i64, i64); 13] = [
    (1, 1),
    (2, 2),
    (3, 3),
    (4, 4),
    (5, 5),
    (6, 6),
    (7, 7),
    (8, 8),
    (9, 9),
    (10, 10),
    (11, 20),
    (21, 50),
    (51, i64::MAX),
];
const BASES: [u8; 4] = *b"ACGT";

/// Counts row by row.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    consequences: BTreeMap<u8, u64>,
    /// High to modifier, and those without.
    impacts: [u64; 5],
    chromosomes: Vec<(String, u64, BTreeMap<i64, u64>)>,
    /// Those without, then as [`FREQUENCIES`].
    frequencies: [u64; 8],
    kinds: [u64; 4],
    /// From, to: as [`BASES`].
    changes: [[u64; 4]; 4],
    insertions: [u64; 13],
    deletions: [u64; 13],
}

impl Counter {
    /// The columns that it reads.
    pub(crate) const PATHS: [&'static str; 8] = [
        columns::CHROMOSOME,
        columns::POSITION,
        columns::END,
        columns::REFERENCE,
        columns::ALTERNATE,
        columns::CONSEQUENCE,
        columns::IMPACT,
        columns::MAX_FREQUENCY,
    ];

    /// Counts the rows `within` a row group.
    pub(crate) fn add(&mut self, group: &Group<'_>, within: &[usize]) -> Result<(), Error> {
        let terms = domain::sequence_ontology::terms();
        let consequences = group.texts(columns::CONSEQUENCE)?.map(u8::MAX, |name| {
            terms
                .iter()
                .position(|term| term.name == name)
                .and_then(|rank| u8::try_from(rank).ok())
                .unwrap_or(u8::MAX)
        });
        let impacts = group
            .texts(columns::IMPACT)?
            .map(4, |name| Impact::named(name).map_or(4, |impact| impact as usize));
        let frequencies = group.numbers(columns::MAX_FREQUENCY)?;
        for row in within {
            *self.consequences.entry(consequences[*row]).or_default() += 1;
            self.impacts[impacts[*row]] += 1;
            let bar = if frequencies.is_valid(*row) {
                spectrum(frequencies.value(*row))
            } else {
                0
            };
            self.frequencies[bar] += 1;
        }
        self.add_places(group, within)?;
        self.add_shapes(group, within)
    }

    fn add_places(&mut self, group: &Group<'_>, within: &[usize]) -> Result<(), Error> {
        let names = group
            .texts(columns::CHROMOSOME)?
            .map(None, |name| self.chromosome(name));
        let positions = group.integers(columns::POSITION)?;
        // Neighbours are in the same bin: how many, of which chromosome and bin.
        let mut run = (0, 0, 0);
        for row in within {
            let Some(at) = names[*row] else { continue };
            let bin = (positions.value(*row).clamp(1, LAST_BASE) - 1) / BIN;
            if (run.1, run.2) != (at, bin) {
                self.add_run(run);
                run = (0, at, bin);
            }
            run.0 += 1;
        }
        self.add_run(run);
        Ok(())
    }

    fn add_run(&mut self, (rows, at, bin): (u64, usize, i64)) {
        if let Some((_, count, bins)) = self.chromosomes.get_mut(at).filter(|_| rows > 0) {
            *count += rows;
            *bins.entry(bin).or_default() += rows;
        }
    }

    fn chromosome(&mut self, name: &str) -> Option<usize> {
        // Neighbours are on the same one.
        let at = self.chromosomes.iter().rposition(|(own, ..)| own == name);
        if at.is_none() && self.chromosomes.len() < MOST_CHROMOSOMES {
            self.chromosomes.push((name.to_owned(), 0, BTreeMap::new()));
            return Some(self.chromosomes.len() - 1);
        }
        at
    }

    fn add_shapes(&mut self, group: &Group<'_>, within: &[usize]) -> Result<(), Error> {
        let (references, alternates) = (group.texts(columns::REFERENCE)?, group.texts(columns::ALTERNATE)?);
        let (positions, ends) = (group.integers(columns::POSITION)?, group.integers(columns::END)?);
        for row in within {
            let span = ends.value(*row).saturating_sub(positions.value(*row));
            let shape = shape(references.get(*row).unwrap_or_default(), alternates.get(*row), span);
            self.add_shape(shape);
        }
        Ok(())
    }

    fn add_shape(&mut self, shape: Shape) {
        self.kinds[shape.kind as usize] += 1;
        let bar = LENGTHS
            .iter()
            .position(|(from, to)| (*from..=*to).contains(&shape.length));
        match (shape.kind, bar) {
            (Kind::Insertion, Some(bar)) => self.insertions[bar] += 1,
            (Kind::Deletion, Some(bar)) => self.deletions[bar] += 1,
            _ => {}
        }
        let base = |base: u8| BASES.iter().position(|own| *own == base);
        if let Some((from, to)) = shape.change.and_then(|(from, to)| base(from).zip(base(to))) {
            self.changes[from][to] += 1;
        }
    }

    pub(crate) fn finish(mut self) -> Charts {
        // A dictionary has names of rows, too, that do not match.
        self.chromosomes.retain(|(_, count, _)| *count > 0);
        let lengths = Lengths {
            insertions: lengths(Kind::Insertion, &self.insertions),
            deletions: lengths(Kind::Deletion, &self.deletions),
        };
        Charts {
            consequences: self.consequences(),
            impacts: self.impacts(),
            frequencies: self.spectrum(),
            kinds: Kind::ALL
                .map(|kind| bar(kind.words(), self.kinds[kind as usize], &[("kind", kind.name())]))
                .to_vec(),
            substitutions: self.substitutions(),
            lengths,
            chromosomes: self
                .chromosomes
                .iter()
                .map(|(name, count, _)| bar(name, *count, &[("region", name)]))
                .collect(),
            density: self
                .chromosomes
                .into_iter()
                .map(|(chromosome, _, bins)| density(chromosome, bins))
                .collect(),
        }
    }

    fn consequences(&self) -> Vec<Bar> {
        let terms = domain::sequence_ontology::terms();
        let of = |(rank, count): (&u8, &u64)| match terms.get(usize::from(*rank)) {
            Some(term) => bar(term.name, *count, &[("consequence", term.name)]),
            None => bar("unknown", *count, &[]),
        };
        self.consequences.iter().map(of).collect()
    }

    fn impacts(&self) -> Vec<Bar> {
        let name = |impact: Impact| impact.name().to_ascii_lowercase();
        let known = Impact::ALL.map(|impact| {
            bar(
                impact.name(),
                self.impacts[impact as usize],
                &[("impact", name(impact).as_str())],
            )
        });
        let unknown = (self.impacts[4] > 0).then(|| bar("unknown", self.impacts[4], &[]));
        known.into_iter().chain(unknown).collect()
    }

    fn spectrum(&self) -> Vec<Bar> {
        let mut bars = vec![bar("unknown", self.frequencies[0], &[("frequency", "unknown")])];
        for (bounds, count) in FREQUENCIES.windows(2).zip(&self.frequencies[1..]) {
            let bounds = format!("{}-{}", bounds[0], bounds[1]);
            bars.push(bar(&bounds, *count, &[("frequency", &bounds)]));
        }
        bars
    }

    fn substitutions(&self) -> Substitutions {
        let mut all = Substitutions::default();
        let mut add = |from: usize, to: usize| {
            let (count, name) = (self.changes[from][to], name(from, to));
            // A and G have even places among the bases, C and T odd ones.
            match from % 2 == to % 2 {
                true => all.transitions += count,
                false => all.transversions += count,
            }
            all.twelve.push(bar(&name, count, &[("change", &name)]));
            if from % 2 == 1 {
                let (other, count) = (self::name(3 - from, 3 - to), count + self.changes[3 - from][3 - to]);
                all.six
                    .push(bar(&name, count, &[("change", &name), ("change", &other)]));
            }
        };
        (0..4)
            .flat_map(|from| (0..4).map(move |to| (from, to)))
            .filter(|(from, to)| from != to)
            .for_each(|(from, to)| add(from, to));
        all
    }
}

fn bar(name: &str, count: u64, pairs: &[(&str, &str)]) -> Bar {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Bar {
        name: name.to_owned(),
        count,
        pairs,
    }
}

/// `C>T`
fn name(from: usize, to: usize) -> String {
    format!("{}>{}", char::from(BASES[from]), char::from(BASES[to]))
}

/// Which bar of the spectrum has this frequency; 0 is for none.
fn spectrum(frequency: f64) -> usize {
    let bar = FREQUENCIES.iter().rposition(|from| frequency >= *from);
    bar.map_or(1, |bar| bar + 1).min(FREQUENCIES.len() - 1)
}

fn density(chromosome: String, bins: BTreeMap<i64, u64>) -> Density {
    let bins = bins.into_iter().map(|(bin, count)| (bin * BIN + 1, count)).collect();
    Density {
        chromosome,
        bin: BIN,
        bins,
    }
}

fn lengths(kind: Kind, counts: &[u64; 13]) -> Vec<Bar> {
    let of = |((from, to), count): (&(i64, i64), &u64)| {
        let name = match *to {
            i64::MAX => format!("{from}-"),
            to if to == *from => from.to_string(),
            to => format!("{from}-{to}"),
        };
        bar(&name, *count, &[("kind", kind.name()), ("length", &name)])
    };
    LENGTHS.iter().zip(counts).map(of).collect()
}
