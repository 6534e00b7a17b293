//! Liftover chains. Format: <https://genome.ucsc.edu/goldenPath/help/chain.html>.

use std::collections::HashMap;
use std::path::Path;

use super::chromosomes::Chromosomes;
use super::source::{BuildError, Source};
use super::{BuildProgress, Plan, Told, first_rows, release};
use crate::bundle::{Block, ChainInfo, Manifest, Writer, chain_key};

/// Compiles a chain file, whose name says from where it leads: `hg18ToHg19.over.chain.gz`.
pub(super) fn build(
    plan: &Plan,
    file: &Path,
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let mut source = Source::open(file)?;
    let from = match source.name().split_once("To") {
        Some((from, _)) if !from.is_empty() => from.to_owned(),
        _ => {
            return Err(source.error("the name must say from which assembly the chain leads: hg18ToHg19.over.chain.gz"));
        }
    };
    let mut reader = Reader::default();
    while let Some(line) = source.next_line()? {
        let line = String::from_utf8_lossy(line).into_owned();
        if reader.line(&line, chromosomes).is_none() {
            return Err(source.error("this is not a line of UCSC's chain format"));
        }
    }
    let mut blocks = reader.blocks;
    blocks.sort_by_key(|(chromosome, block)| (*chromosome, block.start));
    let rows = blocks.len() as u64;
    let mut column = |name: &str, numbers: &mut dyn Iterator<Item = u32>| {
        writer
            .column(format!("chain.{from}.{name}"), numbers)
            .map_err(BuildError::writing(file))
    };
    let first = first_rows(reader.sources.len(), blocks.iter().map(|(chromosome, _)| *chromosome));
    column("rows", &mut first.into_iter())?;
    column("start", &mut blocks.iter().map(|(_, block)| block.start))?;
    column("end", &mut blocks.iter().map(|(_, block)| block.end))?;
    column(
        "target",
        &mut blocks
            .iter()
            .map(|(_, block)| (block.target as u32) << 1 | u32::from(block.is_reverse)),
    )?;
    column("target_start", &mut blocks.iter().map(|(_, block)| block.target_start))?;
    told(BuildProgress {
        what: source.name(),
        rows,
        done: true,
    });
    let key = chain_key(source.name());
    manifest.chains.push(ChainInfo {
        from,
        provenance: release::provenance(&key, &source, &plan.notes, None),
        key,
        chromosomes: reader.sources,
    });
    Ok(())
}

#[derive(Default)]
struct Reader {
    sources: Vec<(String, u32)>,
    places: HashMap<String, usize>,
    blocks: Vec<(usize, Block)>,
    /// The chain that is being read; `None` where its chromosome is not of this assembly.
    at: Option<At>,
}

/// Where the next block begins.
struct At {
    chromosome: usize,
    start: u32,
    target: usize,
    /// Counted on the target's own strand.
    target_at: u32,
    target_length: u32,
    is_reverse: bool,
}

impl Reader {
    fn line(&mut self, line: &str, chromosomes: &Chromosomes) -> Option<()> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match words[..] {
            [] => {}
            [comment, ..] if comment.starts_with('#') => {}
            [
                "chain",
                _,
                name,
                size,
                "+",
                start,
                _,
                target,
                target_size,
                strand,
                target_start,
                ..,
            ] => {
                let chromosome = self.source(name, size.parse().ok()?);
                self.at = chromosomes
                    .place(target.as_bytes())
                    .map(|target| {
                        Some(At {
                            chromosome,
                            start: start.parse().ok()?,
                            target,
                            target_at: target_start.parse().ok()?,
                            target_length: target_size.parse().ok()?,
                            is_reverse: strand == "-",
                        })
                    })
                    .unwrap_or(None);
            }
            [size] => self.block(size.parse().ok()?, 0, 0),
            [size, gap, target_gap] => self.block(size.parse().ok()?, gap.parse().ok()?, target_gap.parse().ok()?),
            _ => return None,
        }
        Some(())
    }

    fn source(&mut self, name: &str, size: u32) -> usize {
        *self.places.entry(name.to_owned()).or_insert_with(|| {
            self.sources.push((name.to_owned(), size));
            self.sources.len() - 1
        })
    }

    fn block(&mut self, size: u32, gap: u32, target_gap: u32) {
        let Some(at) = &mut self.at else { return };
        let target_start = match at.is_reverse {
            false => at.target_at,
            true => at.target_length.saturating_sub(at.target_at + size),
        };
        let block = Block {
            start: at.start,
            end: at.start + size,
            target: at.target,
            target_start,
            is_reverse: at.is_reverse,
        };
        self.blocks.push((at.chromosome, block));
        at.start += size + gap;
        at.target_at += size + target_gap;
    }
}
