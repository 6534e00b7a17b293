//! The track of transcripts, from UCSC's table refGene (genePredExt with a bin).

use std::collections::HashMap;
use std::io;

use super::chromosomes::Chromosomes;
use super::regions::number;
use super::source::{BuildError, Source};
use super::{BuildProgress, Plan, Told, first_rows, release, tables, track};
use crate::bundle::{
    BROKEN, END_INCOMPLETE, Kind, Manifest, PHASE_SHIFT, PoolBuilder, REPEATED, REVERSE, START_INCOMPLETE, Writer,
    max_ends,
};

struct Transcript {
    chromosome: usize,
    span: (u32, u32),
    cds: (u32, u32),
    flags: u32,
    exons: Vec<(u32, u32)>,
    name: u32,
    symbol: u32,
    order: u32,
}

/// Compiles the table, if it is there.
pub(super) fn build(
    plan: &Plan,
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let Some(file) = tables::find(plan, &["refGene.txt"]) else {
        manifest.missing.push("refGene".to_owned());
        return Ok(());
    };
    let mut source = Source::open(&file)?;
    let (mut transcripts, mut pool, mut maps) = (Vec::new(), PoolBuilder::default(), HashMap::new());
    while let Some(line) = source.next_line()? {
        let line = String::from_utf8_lossy(line).into_owned();
        let order = transcripts.len() as u32;
        match parse(&line, order, chromosomes, &mut pool).map_err(BuildError::reading(&file))? {
            Some(transcript) => {
                *maps.entry(transcript.name).or_insert(0_u32) += 1;
                transcripts.push(transcript);
            }
            None => source.skip(),
        }
    }
    if transcripts.is_empty() {
        return Err(source.error("no row is a transcript of a known chromosome; is this UCSC's table refGene?"));
    }
    for transcript in transcripts.iter_mut().filter(|transcript| maps[&transcript.name] > 1) {
        transcript.flags |= REPEATED;
    }
    transcripts.sort_by_key(|transcript| (transcript.chromosome, transcript.span, transcript.order));
    write(&transcripts, &pool, chromosomes.len(), writer).map_err(BuildError::writing(&file))?;
    let rows = transcripts.len() as u64;
    told(BuildProgress {
        what: "refGene",
        rows,
        done: true,
    });
    let provenance = release::of_table("refGene", &source, &plan.notes);
    let skipped = source.skipped();
    manifest
        .tracks
        .push(track("refGene", Kind::Genes, provenance, rows, skipped));
    Ok(())
}

fn parse(line: &str, order: u32, chromosomes: &Chromosomes, pool: &mut PoolBuilder) -> io::Result<Option<Transcript>> {
    let columns: Vec<&str> = line.split('\t').collect();
    let Some((fields, frames)) = fields(&columns, chromosomes) else {
        return Ok(None);
    };
    let (chromosome, span, cds, exons) = fields;
    let mut flags = if columns[3] == "-" { REVERSE } else { 0 };
    if cds.0 < cds.1 {
        flags |= if columns.get(13) == Some(&"incmpl") {
            START_INCOMPLETE
        } else {
            0
        };
        flags |= if columns.get(14) == Some(&"incmpl") {
            END_INCOMPLETE
        } else {
            0
        };
        flags |= frame_flags(&exons, cds, &frames, flags & REVERSE != 0);
    }
    Ok(Some(Transcript {
        chromosome,
        span,
        cds,
        flags,
        exons,
        name: pool.add(columns[1].as_bytes())?,
        symbol: pool.add(columns.get(12).unwrap_or(&columns[1]).as_bytes())?,
        order,
    }))
}

type Fields = (usize, (u32, u32), (u32, u32), Vec<(u32, u32)>);

fn fields(columns: &[&str], chromosomes: &Chromosomes) -> Option<(Fields, Vec<i32>)> {
    let at = |column: usize| columns.get(column).copied();
    let span_at = |column: usize| Some((number(at(column)?.as_bytes())?, number(at(column + 1)?.as_bytes())?));
    let list = |text: &str| -> Option<Vec<u32>> {
        let numbers = text.trim_end_matches(',').split(',');
        numbers.map(|number| number.parse().ok()).collect()
    };
    let exons: Vec<_> = list(at(9)?)?.into_iter().zip(list(at(10)?)?).collect();
    let (span, cds) = (span_at(4)?, span_at(6)?);
    let is_sorted = exons.iter().all(|exon| exon.0 < exon.1) && exons.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    let fits = exons.first()?.0 == span.0 && exons.last()?.1 == span.1 && cds.0 <= cds.1;
    let frames = at(15).unwrap_or_default().trim_end_matches(',').split(',');
    let frames = frames.filter_map(|frame| frame.parse().ok()).collect();
    (is_sorted && fits).then_some(((chromosomes.place(at(2)?.as_bytes())?, span, cds, exons), frames))
}

/// The phase of the first codon, and whether the frames of the exons do not continue.
fn frame_flags(exons: &[(u32, u32)], cds: (u32, u32), frames: &[i32], reverse: bool) -> u32 {
    let mut coding: Vec<(u32, i32)> = exons
        .iter()
        .enumerate()
        .filter_map(|(index, exon)| {
            let (start, end) = (exon.0.max(cds.0), exon.1.min(cds.1));
            (start < end).then(|| (end - start, frames.get(index).copied().unwrap_or(-1)))
        })
        .collect();
    if reverse {
        coding.reverse();
    }
    let phase = coding.first().map_or(0, |(_, frame)| (*frame).clamp(0, 2)) as u32;
    let mut at = phase;
    let mut broken = false;
    for (length, frame) in coding {
        broken |= frame >= 0 && frame as u32 != at % 3;
        at += length;
    }
    phase << PHASE_SHIFT | if broken || !at.is_multiple_of(3) { BROKEN } else { 0 }
}

fn write(transcripts: &[Transcript], pool: &PoolBuilder, chromosomes: usize, writer: &mut Writer) -> io::Result<()> {
    let first = first_rows(chromosomes, transcripts.iter().map(|transcript| transcript.chromosome));
    let max = first.windows(2).flat_map(|pair| {
        let rows = &transcripts[pair[0] as usize..pair[1] as usize];
        max_ends(&rows.iter().map(|transcript| transcript.span.1).collect::<Vec<_>>())
    });
    let mut column =
        |name: &str, numbers: &mut dyn Iterator<Item = u32>| writer.column(format!("refGene.{name}"), numbers);
    column("max", &mut max.into_iter())?;
    column("rows", &mut first.iter().copied())?;
    column("start", &mut transcripts.iter().map(|transcript| transcript.span.0))?;
    column("end", &mut transcripts.iter().map(|transcript| transcript.span.1))?;
    column("cds_start", &mut transcripts.iter().map(|transcript| transcript.cds.0))?;
    column("cds_end", &mut transcripts.iter().map(|transcript| transcript.cds.1))?;
    column("name", &mut transcripts.iter().map(|transcript| transcript.name))?;
    column("symbol", &mut transcripts.iter().map(|transcript| transcript.symbol))?;
    column("order", &mut transcripts.iter().map(|transcript| transcript.order))?;
    column("flags", &mut transcripts.iter().map(|transcript| transcript.flags))?;
    let ends = transcripts.iter().scan(0, |sum, transcript| {
        *sum += transcript.exons.len() as u32;
        Some(*sum)
    });
    column("exons", &mut std::iter::once(0).chain(ends))?;
    let exons = || transcripts.iter().flat_map(|transcript| &transcript.exons);
    column("exon_start", &mut exons().map(|exon| exon.0))?;
    column("exon_end", &mut exons().map(|exon| exon.1))?;
    writer.section("refGene.pool".to_owned(), pool.bytes())
}
