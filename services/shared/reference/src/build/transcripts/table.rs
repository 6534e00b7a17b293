//! UCSC's tables of genes: genePredExt (refGene, ncbiRefSeq, wgEncodeGencodeBasic, …) and genePred (knownGene), with or
//! without a column `bin` before. <https://genome.ucsc.edu/FAQ/FAQformat.html#format9>

use std::io;

use super::super::regions::number;
use super::alignment::SHORTEST_INTRON;
use super::companions::Companions;
use super::frames::UNKNOWN;
use super::model::{Span, Transcript, are_in_order};
use super::{Gathering, accession};
use crate::bundle::{END_INCOMPLETE, GENOME_DIFFERS, REVERSE, START_INCOMPLETE};

/// The columns of genePred, counted from the name.
const CHROMOSOME: usize = 1;
const STRAND: usize = 2;
const SPAN: usize = 3;
const CDS: usize = 5;
const EXON_STARTS: usize = 8;
const EXON_ENDS: usize = 9;
/// Those of genePredExt.
const SYMBOL: usize = 11;
const START_STATE: usize = 12;
const END_STATE: usize = 13;
const FRAMES: usize = 14;

/// In which column of a row the name is: the first, or the second after `bin`. `None` if it is no row of such a table.
pub(super) fn name_column(line: &str) -> Option<usize> {
    let columns: Vec<&str> = line.splitn(5, '\t').collect();
    let is_strand = |column: usize| columns.get(column).is_some_and(|text| ["+", "-"].contains(text));
    (0..2).find(|name| is_strand(name + STRAND))
}

/// Reads a row; `None` if it makes no sense, or is on a chromosome that the assembly has not.
pub(super) fn row(line: &str, gathering: &mut Gathering<'_>, beside: &Companions) -> io::Result<Option<Transcript>> {
    let Some(name) = name_column(line) else { return Ok(None) };
    let columns: Vec<&str> = line.split('\t').skip(name).collect();
    let Some(mut transcript) = places(&columns, gathering) else {
        return Ok(None);
    };
    let known = beside.of(columns[0]);
    transcript.flags |= known.flags;
    // UCSC writes gaps of an alignment as introns.
    let is_gap = |pair: &[Span]| pair[1].0 - pair[0].1 < SHORTEST_INTRON;
    if accession::is_refseq(columns[0]) && transcript.exons.windows(2).any(is_gap) {
        transcript.flags |= GENOME_DIFFERS;
    }
    transcript.texts = known.texts;
    transcript.texts.name = gathering.pool.add(accession::plain(columns[0]).as_bytes())?;
    if transcript.texts.symbol == 0 {
        // genePred has no symbol.
        let symbol = if columns.len() > FRAMES {
            columns[SYMBOL]
        } else {
            columns[0]
        };
        transcript.texts.symbol = gathering.pool.add(symbol.as_bytes())?;
    }
    Ok(Some(transcript))
}

/// Whether a row says where its coding sequence is cut off.
pub(super) fn states_ends(line: &str) -> bool {
    name_column(line).is_some_and(|name| line.split('\t').count() > name + FRAMES)
}

/// Where a transcript lies.
fn places(columns: &[&str], gathering: &Gathering<'_>) -> Option<Transcript> {
    let at = |column: usize| columns.get(column).copied();
    let span_at = |column: usize| Some((number(at(column)?.as_bytes())?, number(at(column + 1)?.as_bytes())?));
    let exons: Vec<Span> = list(at(EXON_STARTS)?)?.into_iter().zip(list(at(EXON_ENDS)?)?).collect();
    let (span, cds) = (span_at(SPAN)?, span_at(CDS)?);
    let fits = exons.first()?.0 == span.0 && exons.last()?.1 == span.1 && cds.0 <= cds.1;
    if !fits || !are_in_order(&exons) {
        return None;
    }
    let mut flags = if at(STRAND) == Some("-") { REVERSE } else { 0 };
    if cds.0 < cds.1 {
        // The table's start is the first base on the chromosome, which is the protein's end on the reverse strand.
        let (first, last) = match flags & REVERSE {
            0 => (START_INCOMPLETE, END_INCOMPLETE),
            _ => (END_INCOMPLETE, START_INCOMPLETE),
        };
        for (state, flag) in [(START_STATE, first), (END_STATE, last)] {
            flags |= if at(state) == Some("incmpl") { flag } else { 0 };
        }
    }
    let frames = at(FRAMES).unwrap_or_default().trim_end_matches(',').split(',');
    Some(Transcript {
        chromosome: gathering.chromosomes.place(at(CHROMOSOME)?.as_bytes())?,
        span,
        cds,
        flags,
        exons,
        frames: frames.map(|frame| frame.parse().unwrap_or(UNKNOWN)).collect(),
        ..Transcript::default()
    })
}

/// The numbers of a list, each followed by a comma.
fn list(text: &str) -> Option<Vec<u32>> {
    let numbers = text.trim_end_matches(',').split(',');
    numbers.map(|number| number.parse().ok()).collect()
}
