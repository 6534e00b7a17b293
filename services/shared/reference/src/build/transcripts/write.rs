//! Writes the track.

use std::io;

use super::super::first_rows;
use super::TABLE;
use super::model::{Texts, Transcript};
use crate::bundle::{PoolBuilder, Writer, max_ends};

/// The name of a column of texts, and where its offsets are.
type Column = (&'static str, fn(&Texts) -> u32);

/// The columns of texts.
const TEXTS: [Column; 11] = [
    ("name", |texts| texts.name),
    ("symbol", |texts| texts.symbol),
    ("gene", |texts| texts.gene),
    ("protein", |texts| texts.protein),
    ("biotype", |texts| texts.biotype),
    ("source", |texts| texts.source),
    ("mane_select", |texts| texts.mane_select),
    ("mane_plus_clinical", |texts| texts.mane_plus_clinical),
    ("ccds", |texts| texts.ccds),
    ("tsl", |texts| texts.tsl),
    ("appris", |texts| texts.appris),
];

/// Writes transcripts that are sorted by chromosome and span.
pub(super) fn write(
    transcripts: &[Transcript],
    pool: &PoolBuilder,
    chromosomes: usize,
    writer: &mut Writer,
) -> io::Result<()> {
    let first = first_rows(chromosomes, transcripts.iter().map(|transcript| transcript.chromosome));
    let max = first.windows(2).flat_map(|pair| {
        let rows = &transcripts[pair[0] as usize..pair[1] as usize];
        max_ends(&rows.iter().map(|transcript| transcript.span.1).collect::<Vec<_>>())
    });
    let mut column =
        |name: &str, numbers: &mut dyn Iterator<Item = u32>| writer.column(format!("{TABLE}.{name}"), numbers);
    column("max", &mut max.into_iter())?;
    column("rows", &mut first.iter().copied())?;
    column("start", &mut transcripts.iter().map(|transcript| transcript.span.0))?;
    column("end", &mut transcripts.iter().map(|transcript| transcript.span.1))?;
    column("cds_start", &mut transcripts.iter().map(|transcript| transcript.cds.0))?;
    column("cds_end", &mut transcripts.iter().map(|transcript| transcript.cds.1))?;
    column("order", &mut transcripts.iter().map(|transcript| transcript.order))?;
    column("flags", &mut transcripts.iter().map(|transcript| transcript.flags))?;
    for (name, text) in TEXTS {
        column(name, &mut transcripts.iter().map(|transcript| text(&transcript.texts)))?;
    }
    column("exons", &mut begins(transcripts, |transcript| transcript.exons.len()))?;
    let exons = || transcripts.iter().flat_map(|transcript| &transcript.exons);
    column("exon_start", &mut exons().map(|exon| exon.0))?;
    column("exon_end", &mut exons().map(|exon| exon.1))?;
    column(
        "recoded",
        &mut begins(transcripts, |transcript| transcript.recoded.len()),
    )?;
    let recoded = transcripts.iter().flat_map(|transcript| &transcript.recoded);
    column("recoded_codon", &mut recoded.copied())?;
    let differences = transcripts.iter().flat_map(|transcript| &transcript.differences);
    if differences.clone().next().is_some() {
        column(
            "differences",
            &mut begins(transcripts, |transcript| transcript.differences.len()),
        )?;
        column("difference", &mut differences.copied())?;
    }
    let constraint: [Column; 3] = [
        ("pli", |texts| texts.pli),
        ("loeuf", |texts| texts.loeuf),
        ("missense_z", |texts| texts.missense_z),
    ];
    let is_known = |transcript: &Transcript| constraint.iter().any(|(_, text)| text(&transcript.texts) > 0);
    if transcripts.iter().any(is_known) {
        for (name, text) in constraint {
            column(name, &mut transcripts.iter().map(|transcript| text(&transcript.texts)))?;
        }
    }
    writer.section(format!("{TABLE}.pool"), pool.bytes())
}

/// Where the entries of each transcript begin, and, one past the last, where they end.
fn begins(transcripts: &[Transcript], count: impl Fn(&Transcript) -> usize) -> impl Iterator<Item = u32> {
    let ends = transcripts.iter().scan(0_u32, move |sum, transcript| {
        *sum += count(transcript) as u32;
        Some(*sum)
    });
    std::iter::once(0).chain(ends)
}
