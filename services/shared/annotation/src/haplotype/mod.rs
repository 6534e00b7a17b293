//! What the alleles of one haplotype do together: `--phased`.
//!
//! Two substitutions in one codon, a frame that one deletion loses and another restores: alone each is told wrongly, because no
//! chromosome has one without the other. Where the genotypes of a sample say which alleles share a copy of the chromosome, those of
//! one transcript are put into its coding sequence together, and what comes out is told at each of their records, beside what
//! each does alone. `run` reads ahead for that, see `run/ahead.rs`.
//!
//! # What is joined
//! Alleles of bases in the coding sequence of one transcript, on one copy of one sample (`vcf/genotype.rs` says what is known of
//! that), if they touch the same codon, or if the frame is shifted between them and no stop is read there. bcftools csq joins the
//! same (<https://doi.org/10.1093/bioinformatics/btx100>), Ensembl's Haplosaurus the whole protein.
//!
//! Not joined are alleles that are not phased, symbolic ones and breakends, and what is beside an allele that reaches out of its
//! exon, because it is not known what is spliced then. Of two that overlap on one copy the first is taken. Introns and untranslated
//! regions have no frame; the mitochondrial genome is left out, of which a cell has many.
//!
//! Alleles are put in where the file has them: a neighbour would be another base if an insertion were moved over it.

mod carriers;
mod entry;
mod frame;
mod joint;
mod names;
mod open;
mod piece;
mod told;

pub(crate) use entry::FORMAT;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::modern::{NearbyTranscripts, Transcripts};
use crate::report::Phased;
use crate::transcript::Transcript;
use open::Open;
use piece::{Allele, Piece};
use reference::Genome;
use reference::bundle::Cursor;
use reference::detect::{RefCheck, check};
use told::Told;
use vcf::{Alternate, Genotypes, Record, drops_first_base};

/// The haplotypes of all samples, seen through the transcripts at the record at hand.
pub(crate) struct Haplotypes<'c, 'b> {
    genome: &'c Genome<'b>,
    samples: Vec<Box<[u8]>>,
    transcripts: Transcripts<'b>,
    near: NearbyTranscripts<'b>,
    chromosome: usize,
    /// The chromosomes that were seen.
    seen: BTreeSet<usize>,
    /// POS of the last record, 0-based.
    position: usize,
    /// Transcripts of which more alleles may come.
    open: Vec<Open<'b>>,
    /// The first end of their coding sequences; 0-based, half-open.
    next_end: u32,
    /// What is told, by line.
    told: Told,
    /// Where the last comparison with common variants ended.
    cursor: Cursor<'b>,
    pub(crate) found: Phased,
}

impl<'c, 'b> Haplotypes<'c, 'b> {
    /// `samples` are the names in the #CHROM line; up to `transcripts` are looked at around a record.
    pub(crate) fn new(genome: &'c Genome<'b>, samples: Vec<Box<[u8]>>, transcripts: usize) -> Self {
        Self {
            genome,
            samples,
            transcripts: Transcripts::default(),
            near: NearbyTranscripts::new(transcripts),
            chromosome: usize::MAX,
            seen: BTreeSet::new(),
            position: 0,
            open: Vec::new(),
            next_end: u32::MAX,
            told: Told::default(),
            cursor: Cursor::default(),
            found: Phased::default(),
        }
    }

    /// Looks at a record on a chromosome of the bundle.
    pub(crate) fn see(&mut self, record: &Record<'_>, chromosome: usize, line: u64) {
        let (start, length) = (record.position.wrapping_sub(1), self.genome.length(chromosome));
        if start >= length as u64 {
            return;
        }
        let start = start as usize;
        if chromosome != self.chromosome || start < self.position {
            let is_behind = match chromosome == self.chromosome {
                true => !self.open.is_empty(),
                false => !self.seen.insert(chromosome),
            };
            self.found.unsorted.add(is_behind, line);
            self.end();
        }
        (self.chromosome, self.position) = (chromosome, start);
        if start as u32 >= self.next_end {
            self.close(|open| open.end() <= start as u32);
        }
        // An insertion after the last base of REF may be in the next exon.
        let touched = start as u32..(start + record.reference.len() + 1) as u32;
        self.near
            .find(self.genome, &mut self.transcripts, chromosome, touched.clone());
        let is_coding = self
            .near
            .found()
            .any(|(_, transcript)| Piece::may_be_in(transcript, &touched));
        if is_coding && self.fits(record, start) {
            self.add(record, start, line);
        }
    }

    /// Whether REF is the reference's.
    fn fits(&mut self, record: &Record<'_>, start: usize) -> bool {
        let (genome, reference) = (self.genome, record.reference);
        start + reference.len() <= genome.length(self.chromosome)
            && check(genome, self.chromosome, start, record, reference, &mut self.cursor).0 == RefCheck::Fits
    }

    fn add(&mut self, record: &Record<'_>, start: usize, line: u64) {
        let Some(genotypes) = Genotypes::of(record) else { return };
        let drops_first = drops_first_base(record.reference, record.alternates);
        let mut alleles: Vec<Option<Allele>> = record
            .alternates()
            .map(|text| match Alternate::parse(text, false)? {
                Alternate::Bases(_) => Allele::new(record, text, start, line, drops_first),
                _ => None,
            })
            .collect();
        let near: Vec<_> = self.near.found().cloned().collect();
        for allele in &mut alleles {
            let is_in = |told: &Allele| near.iter().any(|(_, own)| Piece::place_in(own, told).is_some());
            if !allele.as_ref().is_some_and(is_in) {
                *allele = None;
            }
        }
        let at = |allele: u32| (allele as usize).checked_sub(1);
        let mut unphased = 0;
        let is_told: Vec<bool> = alleles.iter().map(Option::is_some).collect();
        genotypes.each(
            |allele, carried| {
                if let Some(Some(allele)) = at(allele).and_then(|at| alleles.get_mut(at)) {
                    allele.carriers.push(carried);
                }
            },
            |allele| unphased += u64::from(at(allele).and_then(|at| is_told.get(at)) == Some(&true)),
        );
        self.found.unphased += unphased;
        self.found.unphased_records.add(unphased > 0, line);
        for allele in alleles
            .into_iter()
            .flatten()
            .filter(|allele| !allele.carriers.is_empty())
        {
            let allele = Rc::new(allele);
            for (row, transcript) in &near {
                if let Some(place) = Piece::place_in(transcript, &allele) {
                    let allele = Rc::clone(&allele);
                    self.open(*row, transcript).add(Piece { allele, place });
                }
            }
        }
        self.tell_settled();
    }

    fn open(&mut self, row: usize, transcript: &Rc<Transcript<'b>>) -> &mut Open<'b> {
        let at = self.open.iter().position(|open| open.row == row).unwrap_or_else(|| {
            self.open.push(Open::new(row, transcript));
            self.open.len() - 1
        });
        self.next_end = self.next_end.min(self.open[at].end());
        &mut self.open[at]
    }

    /// Tells alleles that none can join that comes later.
    fn tell_settled(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        for transcript in &mut open {
            let settled = transcript.settled();
            self.tell(transcript, settled);
        }
        self.open = open;
    }

    fn close(&mut self, is_done: impl Fn(&Open<'b>) -> bool) {
        let open = std::mem::take(&mut self.open);
        let (done, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(is_done);
        for mut transcript in done {
            let pieces = transcript.rest();
            self.tell(&transcript, pieces);
        }
        self.next_end = rest.iter().map(Open::end).min().unwrap_or(u32::MAX);
        self.open = rest;
    }

    fn tell(&mut self, open: &Open<'b>, pieces: Vec<Piece>) {
        let Some(sequence) = self.genome.sequence(self.chromosome, 0).filter(|_| pieces.len() > 1) else {
            return;
        };
        open.tell(pieces, sequence, &self.samples, &mut self.told, &mut self.found);
    }

    /// There are no more records, or those that come are not near.
    pub(crate) fn end(&mut self) {
        self.close(|_| true);
    }

    /// No more can be remembered: what was seen is told as far as it is known.
    pub(crate) fn cut(&mut self) {
        self.found.cut += self.open.iter().filter(|open| open.first_line().is_some()).count() as u64;
        self.end();
    }

    /// The first line of which not all is known.
    pub(crate) fn first_open(&self) -> u64 {
        self.open.iter().filter_map(Open::first_line).min().unwrap_or(u64::MAX)
    }

    /// What is told of lines before this one.
    pub(crate) fn take_before(&mut self, line: u64) -> Vec<(u64, Vec<u8>)> {
        self.told.take_before(line)
    }

    /// How many bytes are remembered, about.
    pub(crate) fn bytes(&self) -> usize {
        self.open.iter().map(Open::bytes).sum()
    }
}
