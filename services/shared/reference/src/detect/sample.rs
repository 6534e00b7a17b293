//! The first records of a file, by which its genome is told.

use vcf::{Limits, Line, Record, Shown};

use super::fit::{Fit, check};
use crate::bundle::{Chain, Cursor};
use crate::genome::Genome;
use crate::liftover::{Unmapped, lift};
use crate::{Assembly, is_mitochondrial, ucsc_name};

/// The most records that are compared.
pub(crate) const MOST_COMPARED: usize = 20_000;

/// The most names of chromosomes that are looked at.
const MOST_NAMES: usize = 200;

/// Nuclear records of the beginning of a file.
pub struct Sample<'a> {
    records: Vec<(u64, Record<'a>)>,
    has_mitochondrial: bool,
    /// Whether these are all records of the file.
    is_whole: bool,
}

impl<'a> Sample<'a> {
    /// Finds the records among lines; lines that cannot be read, or are beyond the limits, are left to the annotation,
    /// which says why.
    pub fn new(text: &'a [u8], first_line: u64, columns: usize, is_whole: bool, limits: &Limits) -> Self {
        let mut has_mitochondrial = false;
        let lines = text
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| Line::new(line).text);
        let records = (first_line..)
            .zip(lines)
            .filter(|(_, line)| !line.is_empty() && line[0] != b'#');
        let parsed =
            records.filter_map(|(number, line)| Some((number, Record::parse(line, number, columns, false).ok()?)));
        let records = parsed
            .filter(|(_, record)| {
                let is_mitochondrial = is_mitochondrial(record.chromosome);
                has_mitochondrial |= is_mitochondrial;
                !is_mitochondrial
            })
            .filter(|(line, record)| record.check(limits, *line).is_ok())
            .take(MOST_COMPARED)
            .collect();
        Self {
            records,
            has_mitochondrial,
            is_whole,
        }
    }

    /// Whether all records of the file are here, and all are mitochondrial.
    pub(crate) fn is_mitochondrial(&self) -> bool {
        self.is_whole && self.has_mitochondrial && self.records.is_empty()
    }

    /// Whether the file has no records.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_whole && !self.has_mitochondrial && self.records.is_empty()
    }

    /// Whether there are records that need a bundle.
    pub(crate) fn has_nuclear(&self) -> bool {
        !self.records.is_empty()
    }

    /// Whether chromosomes are named `chr1`, not `1`.
    pub fn has_prefix(&self) -> bool {
        self.records
            .first()
            .is_some_and(|(_, record)| record.chromosome.starts_with(b"chr"))
    }

    /// Some of the chromosomes of the records, as the file names them.
    pub(crate) fn names(&self) -> Vec<&'a [u8]> {
        let mut names: Vec<&[u8]> = Vec::new();
        for (_, record) in &self.records {
            if names.last() != Some(&record.chromosome)
                && names.len() < MOST_NAMES
                && !names.contains(&record.chromosome)
            {
                names.push(record.chromosome);
            }
        }
        names
    }

    /// A few of them, to be shown.
    pub(crate) fn nuclear_names(&self) -> Vec<Shown> {
        self.names().into_iter().take(8).map(Shown::new).collect()
    }

    /// How well the records fit an assembly, whose bundle `genome` is, or into whose bundle the chain lifts it.
    pub(crate) fn fit(&self, assembly: &Assembly, genome: &Genome<'_>, chain: Option<Chain<'_>>) -> Fit {
        let mut fit = self.fit_lengths(assembly);
        let mut cursor = Cursor::default();
        for (_, record) in &self.records {
            let place = match &chain {
                Some(chain) => match lift(chain, genome, record) {
                    Ok(lifted) => {
                        let reference = lifted
                            .flipped
                            .map_or(record.reference.to_vec(), |(reference, _)| reference);
                        Some((lifted.chromosome, lifted.position as usize - 1, reference))
                    }
                    Err(reason) => {
                        fit.unmapped += u64::from(reason != Unmapped::Chromosome);
                        None
                    }
                },
                None => place(genome, record).and_then(|chromosome| {
                    let start = (record.position as usize).checked_sub(1)?;
                    Some((chromosome, start, record.reference.to_vec()))
                }),
            };
            if let Some((chromosome, start, reference)) = place {
                let (found, from_sequence) = check(genome, chromosome, start, record, &reference, &mut cursor);
                fit.add(found, from_sequence);
            }
        }
        fit
    }

    /// As [`Self::fit`], for an assembly that only the bundle knows.
    pub(crate) fn fit_bundle(&self, genome: &Genome<'_>) -> Fit {
        let (mut fit, mut cursor) = (Fit::new(self.records.len(), None), Cursor::default());
        for (line, record) in &self.records {
            let Some(chromosome) = place(genome, record) else {
                continue;
            };
            let length = genome.length(chromosome) as u64;
            if is_beyond(record, length) {
                fit.beyond_end.get_or_insert((*line, record.position, length));
                continue;
            }
            let Some(start) = (record.position as usize).checked_sub(1) else {
                continue;
            };
            let (found, from_sequence) = check(genome, chromosome, start, record, record.reference, &mut cursor);
            fit.add(found, from_sequence);
        }
        fit
    }

    /// Whether an assembly has the positions of the records.
    pub(crate) fn fit_lengths(&self, assembly: &Assembly) -> Fit {
        let beyond = self.records.iter().find_map(|(line, record)| {
            let name = std::str::from_utf8(record.chromosome).ok()?;
            let length = u64::from(assembly.length(ucsc_name(name))?);
            is_beyond(record, length).then_some((*line, record.position, length))
        });
        Fit::new(self.records.len(), beyond)
    }
}

/// Whether a record lies beyond a chromosome of so many bases. VCF gives telomeres the positions 0 and one beyond the last
/// base.
fn is_beyond(record: &Record<'_>, length: u64) -> bool {
    record.position > length && !(record.position == length + 1 && record.may_be_at_telomere())
}

fn place(genome: &Genome<'_>, record: &Record<'_>) -> Option<usize> {
    let name = std::str::from_utf8(record.chromosome).ok()?;
    genome
        .bundle
        .chromosome(name)
        .or_else(|| genome.bundle.chromosome(ucsc_name(name)))
}
