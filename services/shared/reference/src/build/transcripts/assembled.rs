//! Puts the parts of a transcript together.

use std::io;

use super::accession::{self, with_version, without_version};
use super::codons;
use super::collector::{Coding, Collector, Node, Place, name_of_id};
use super::facts::Facts;
use super::frames::{UNKNOWN, of_phase};
use super::model::{Span, Texts, Transcript, are_in_order, coding_parts};
use super::{Gathering, biotype};
use crate::bundle::{BROKEN, END_INCOMPLETE, PoolBuilder, REVERSE, START_INCOMPLETE};

/// The transcript that a node with parts is; `None` if they do not fit together, or lie where the assembly has nothing.
pub(super) fn transcript(
    collector: &Collector,
    node: &Node,
    gathering: &mut Gathering<'_>,
) -> io::Result<Option<Transcript>> {
    let Some(mut transcript) = places(node, gathering) else {
        return Ok(None);
    };
    let accession = tell(collector, node, &mut transcript, gathering)?;
    let (alignment, differs) = collector.alignments.of(&transcript, &accession);
    transcript.alignment = alignment;
    transcript.flags |= node.facts.flags | differs;
    transcript.slips = node.facts.slips || transcript.flags & BROKEN != 0 && transcript.alignment.is_empty();
    match transcript.is_coding() {
        true => {
            transcript.recoded = recoded(node, &transcript);
            transcript.exceptions = node.recoded.clone();
        }
        false => transcript.flags &= !(START_INCOMPLETE | END_INCOMPLETE),
    }
    Ok(Some(transcript))
}

/// The codons that are read otherwise, as the bundle has them.
fn recoded(node: &Node, transcript: &Transcript) -> Vec<u32> {
    if node.recoded.is_empty() {
        return Vec::new();
    }
    let is_reverse = transcript.flags & REVERSE != 0;
    let mut parts: Vec<(usize, Span)> = transcript.coding_parts().collect();
    if is_reverse {
        parts.reverse();
    }
    let phase = parts
        .first()
        .map_or(0, |(exon, _)| transcript.frames[*exon].clamp(0, 2)) as u32;
    let parts: Vec<Span> = parts.into_iter().map(|(_, part)| part).collect();
    codons::numbered(&node.recoded, &parts, is_reverse, phase)
}

/// Exons, coding sequence and frames.
fn places(node: &Node, gathering: &Gathering<'_>) -> Option<Transcript> {
    let Place::On(chromosome, is_reverse) = node.place else {
        return None;
    };
    let mut exons = node.exons.clone();
    if exons.is_empty() {
        // A file need not have exons: they are the coding parts and the untranslated regions.
        let coding = node.coding.iter().chain(&node.stops).map(|(span, _)| *span);
        exons = merged(coding.chain(node.untranslated.iter().copied()).collect());
    }
    exons.sort_unstable();
    exons.dedup();
    let span = (exons.first()?.0, exons.last()?.1);
    if !are_in_order(&exons) || span.1 > gathering.chromosomes.list.get(chromosome)?.length {
        return None;
    }
    let mut flags = if is_reverse { REVERSE } else { 0 };
    let (parts, cds) = coding(node, span);
    let is_in_exon = |place: u32| exons.iter().any(|exon| (exon.0..exon.1).contains(&place));
    if cds.0 < cds.1 && !(is_in_exon(cds.0) && is_in_exon(cds.1 - 1)) {
        return None;
    }
    let of_exons: Vec<(usize, Span)> = coding_parts(&exons, cds).collect();
    if !are_whole(&parts, &of_exons) {
        flags |= BROKEN;
    }
    let frames = frames_of(&parts, &of_exons, exons.len(), is_reverse);
    Some(Transcript {
        chromosome,
        span,
        cds,
        flags,
        exons,
        frames,
        ..Transcript::default()
    })
}

/// The parts of the coding sequence by position, and where it lies; at the end of the transcript if there is none. Stop codons
/// are parts of their own beside it in GTF, and lie in it in GFF3.
fn coding(node: &Node, span: Span) -> (Vec<Coding>, Span) {
    if node.coding.is_empty() {
        return (Vec::new(), (span.1, span.1));
    }
    let mut parts = sorted(&node.coding);
    let is_beside = |stop: &Coding| {
        let next = parts.partition_point(|(part, _)| part.0 < stop.0.1);
        next == 0 || parts[next - 1].0.1 <= stop.0.0
    };
    let stops: Vec<Coding> = sorted(&node.stops).into_iter().filter(is_beside).collect();
    parts.extend(stops);
    parts.sort_unstable();
    let end = parts.iter().map(|(part, _)| part.1).max().unwrap_or_default();
    let cds = (parts[0].0.0, end);
    (parts, cds)
}

/// By position, each once.
fn sorted(parts: &[Coding]) -> Vec<Coding> {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    parts.dedup_by_key(|(span, _)| *span);
    parts
}

/// Whether the coding parts are what the exons have between the first and the last coding base. Where the ribosome slips, a
/// base is read twice or left out.
fn are_whole(parts: &[Coding], of_exons: &[(usize, Span)]) -> bool {
    let length = |part: &Span| u64::from(part.1 - part.0);
    let is_inside = |part: &Span| {
        let at = of_exons.partition_point(|(_, own)| own.1 <= part.0);
        of_exons
            .get(at)
            .is_some_and(|(_, own)| own.0 <= part.0 && part.1 <= own.1)
    };
    let coded: u64 = parts.iter().map(|(part, _)| length(part)).sum();
    let of_exons: u64 = of_exons.iter().map(|(_, part)| length(part)).sum();
    coded == of_exons && parts.iter().all(|(part, _)| is_inside(part))
}

/// Of each exon, the frame of its first coding base: that of the feature that begins with this base.
fn frames_of(parts: &[Coding], of_exons: &[(usize, Span)], exons: usize, is_reverse: bool) -> Vec<i8> {
    let begin = |part: &Span| if is_reverse { part.1 } else { part.0 };
    let mut phases: Vec<(u32, Option<u8>)> = parts.iter().map(|(part, phase)| (begin(part), *phase)).collect();
    phases.sort_unstable();
    let phase = |part: &Span| {
        let at = phases.binary_search_by_key(&begin(part), |(at, _)| *at).ok()?;
        phases[at].1
    };
    let mut frames = vec![UNKNOWN; exons];
    for (exon, part) in of_exons {
        frames[*exon] = phase(part).map_or(UNKNOWN, of_phase);
    }
    frames
}

/// Spans that overlap or touch become one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut().filter(|last| span.0 <= last.1) {
            Some(last) => last.1 = last.1.max(span.1),
            None => merged.push(span),
        }
    }
    merged
}

/// Names, labels and biotype. Gives the accession.
fn tell(
    collector: &Collector,
    node: &Node,
    transcript: &mut Transcript,
    gathering: &mut Gathering<'_>,
) -> io::Result<String> {
    let (own, none) = (&node.facts, Facts::default());
    let gene_node = collector.gene(node);
    let gene = gene_node.map_or(&none, |gene| &gene.facts);
    let pool = &mut gathering.pool;
    let text = |offset: u32, pool: &PoolBuilder| String::from_utf8_lossy(pool.get(offset)).into_owned();
    let (id, version) = (text(own.transcript, pool), text(own.version, pool));
    let accession = match id.is_empty() {
        true => name_of_id(&node.id),
        false => with_version(&accession::plain(&id), &version),
    };
    let gene_id = text(
        Facts::first(&[own.gene_number, gene.gene_number, own.gene, gene.gene]),
        pool,
    );
    let gene_id = match (gene_id.is_empty(), gene_node) {
        (true, Some(gene)) => name_of_id(&gene.id),
        _ => accession::plain(&gene_id),
    };
    let gene_id = without_version(&gene_id);
    let symbol = match Facts::first(&[own.symbol, gene.symbol, gene.name]) {
        0 if gene_id.is_empty() => pool.add(accession.as_bytes())?,
        0 => pool.add(gene_id.as_bytes())?,
        symbol => symbol,
    };
    let kind = Facts::first(&[own.biotype, if own.is_ncbi { node.kind } else { 0 }]);
    let (kind, gene_biotype) = (
        text(kind, pool),
        text(Facts::first(&[own.gene_biotype, gene.gene_biotype]), pool),
    );
    let kind: &str = if own.is_ncbi {
        biotype::of_refseq(&kind, &gene_biotype)
    } else {
        &kind
    };
    let protein = match own.protein {
        0 => String::new(),
        protein => with_version(
            &accession::plain(&text(protein, pool)),
            &text(own.protein_version, pool),
        ),
    };
    let name = pool.add(accession.as_bytes())?;
    let partner = Facts::first(&[own.partner, name]);
    transcript.texts = Texts {
        name,
        symbol,
        gene: pool.add(gene_id.as_bytes())?,
        protein: pool.add(protein.as_bytes())?,
        biotype: pool.add(kind.as_bytes())?,
        mane_select: if own.mane.0 { partner } else { 0 },
        mane_plus_clinical: if own.mane.1 { partner } else { 0 },
        ccds: own.ccds,
        tsl: own.tsl,
        appris: own.appris,
        ..Texts::default()
    };
    Ok(accession)
}
