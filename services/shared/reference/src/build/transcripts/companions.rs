//! What UCSC has in other tables about the transcripts of a table: they are read if they lie beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::super::source::{BuildError, Source};
use super::super::{Plan, release};
use super::model::Texts;
use super::tags::{self, Tag};
use super::{Gathering, Read, accession, biotype};
use crate::bundle::{BASIC, CANONICAL, PoolBuilder};

/// The longest line of such a table: ncbiRefSeqLink has remarks of some thousand letters.
const MOST_LINE_BYTES: u64 = 1 << 24;

/// What is known of transcripts by their names, and of all of them.
#[derive(Debug, Default)]
pub(super) struct Companions {
    known: HashMap<Box<str>, Known>,
    of_all: u32,
}

/// What is known of one.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Known {
    pub(super) texts: Texts,
    pub(super) flags: u32,
}

/// Reads the columns of a row.
type Apply = fn(&[&str], &mut Known, &mut PoolBuilder) -> std::io::Result<()>;

/// A table beside another one: the column of the transcript's name, and what the others say.
struct Companion {
    file: String,
    name: usize,
    apply: Apply,
}

impl Companions {
    /// Reads the tables beside `table`, and adds what they are to `read`.
    pub(super) fn beside(
        plan: &Plan,
        table: &Path,
        gathering: &mut Gathering<'_>,
        read: &mut Vec<Read>,
    ) -> Result<Self, BuildError> {
        let stem = table
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.split('.').next());
        let stem = stem.unwrap_or_default();
        let mut companions = Self {
            of_all: flags_of_all(stem),
            ..Self::default()
        };
        for companion in of_table(stem) {
            if let Some(file) = find(table, &companion.file) {
                read.push(companions.add(plan, &file, &companion, gathering)?);
            }
        }
        Ok(companions)
    }

    /// What is known of the transcript of this name.
    pub(super) fn of(&self, name: &str) -> Known {
        let mut known = self.known.get(name).copied().unwrap_or_default();
        known.flags |= self.of_all;
        known
    }

    fn add(
        &mut self,
        plan: &Plan,
        file: &Path,
        companion: &Companion,
        gathering: &mut Gathering<'_>,
    ) -> Result<Read, BuildError> {
        let (mut source, mut rows) = (Source::open(file)?, 0);
        while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
            let line = String::from_utf8_lossy(line).into_owned();
            let columns: Vec<&str> = line.split('\t').collect();
            let Some(name) = columns.get(companion.name).filter(|name| !name.is_empty()) else {
                source.skip();
                continue;
            };
            let known = self.known.entry((*name).into()).or_default();
            (companion.apply)(&columns, known, &mut gathering.pool).map_err(BuildError::reading(file))?;
            rows += 1;
        }
        let provenance = release::of_table(&companion.file, &source, &plan.notes);
        Ok(Read {
            key: companion.file.clone(),
            provenance,
            rows,
            skipped: source.skipped(),
        })
    }
}

/// What a table says of all of its transcripts by being this table: ncbiRefSeqSelect are RefSeq Select and MANE.
fn flags_of_all(stem: &str) -> u32 {
    match stem {
        "ncbiRefSeqSelect" => CANONICAL,
        _ if stem.starts_with("wgEncodeGencodeBasic") => BASIC,
        _ => 0,
    }
}

/// The tables that belong to one.
fn of_table(stem: &str) -> Vec<Companion> {
    let gencode = ["Basic", "Comp", "PseudoGene"]
        .iter()
        .find_map(|set| stem.strip_prefix("wgEncodeGencode")?.strip_prefix(set));
    match (stem, gencode) {
        ("knownGene", _) => vec![Companion {
            file: "kgXref".to_owned(),
            name: 0,
            apply: xref,
        }],
        (_, Some(version)) => vec![
            Companion {
                file: format!("wgEncodeGencodeAttrs{version}"),
                name: 4,
                apply: attributes,
            },
            Companion {
                file: format!("wgEncodeGencodeTag{version}"),
                name: 0,
                apply: tag,
            },
            Companion {
                file: format!("wgEncodeGencodeTranscriptionSupportLevel{version}"),
                name: 0,
                apply: level,
            },
        ],
        _ if stem.starts_with("ncbiRefSeq") => {
            vec![Companion {
                file: "ncbiRefSeqLink".to_owned(),
                name: 0,
                apply: link,
            }]
        }
        _ => Vec::new(),
    }
}

/// A table in the folder of another one, plain or gzip.
fn find(table: &Path, name: &str) -> Option<PathBuf> {
    let files = [".txt.gz", ".txt"].map(|ending| table.with_file_name(format!("{name}{ending}")));
    files.into_iter().find(|file| file.is_file())
}

/// A column; UCSC writes `n/a` for none in some tables.
fn at<'r>(columns: &[&'r str], column: usize) -> &'r str {
    columns
        .get(column)
        .copied()
        .filter(|text| *text != "n/a")
        .unwrap_or_default()
}

/// The offset of a column's text.
fn text(columns: &[&str], column: usize, pool: &mut PoolBuilder) -> std::io::Result<u32> {
    pool.add(at(columns, column).as_bytes())
}

/// kgXref: `geneSymbol`.
fn xref(columns: &[&str], known: &mut Known, pool: &mut PoolBuilder) -> std::io::Result<()> {
    known.texts.symbol = text(columns, 4, pool)?;
    Ok(())
}

/// ncbiRefSeqLink: `name`, `protAcc`, `locusLinkId`, `pseudo`, `gbkey`, `gene_biotype`, `ncrna_class`.
fn link(columns: &[&str], known: &mut Known, pool: &mut PoolBuilder) -> std::io::Result<()> {
    known.texts.symbol = text(columns, 2, pool)?;
    known.texts.protein = text(columns, 5, pool)?;
    known.texts.gene = text(columns, 6, pool)?;
    let (key, gene, class) = (at(columns, 11), at(columns, 13), at(columns, 15));
    known.texts.biotype = pool.add(biotype::of_refseq(if class.is_empty() { key } else { class }, gene).as_bytes())?;
    Ok(())
}

/// wgEncodeGencodeAttrs: `geneId`, `geneName`, `transcriptType`, `ccdsId`, `proteinId`.
fn attributes(columns: &[&str], known: &mut Known, pool: &mut PoolBuilder) -> std::io::Result<()> {
    known.texts.gene = pool.add(accession::without_version(&accession::plain(at(columns, 0))).as_bytes())?;
    known.texts.symbol = text(columns, 1, pool)?;
    known.texts.biotype = text(columns, 6, pool)?;
    known.texts.ccds = text(columns, 10, pool)?;
    known.texts.protein = pool.add(accession::plain(at(columns, 13)).as_bytes())?;
    Ok(())
}

/// wgEncodeGencodeTag: one row for each tag of a transcript.
fn tag(columns: &[&str], known: &mut Known, pool: &mut PoolBuilder) -> std::io::Result<()> {
    let Some(tag) = Tag::parse(at(columns, 1)) else {
        return Ok(());
    };
    match tag {
        Tag::Flags(flags) => known.flags |= flags,
        Tag::Appris(appris) => known.texts.appris = pool.add(appris.as_bytes())?,
        Tag::ManeSelect => {
            known.flags |= CANONICAL;
            known.texts.mane_select = pool.add(accession::plain(columns[0]).as_bytes())?;
        }
        Tag::ManePlusClinical => known.texts.mane_plus_clinical = pool.add(accession::plain(columns[0]).as_bytes())?,
    }
    Ok(())
}

/// wgEncodeGencodeTranscriptionSupportLevel: 1 to 5, or -1 for none.
fn level(columns: &[&str], known: &mut Known, pool: &mut PoolBuilder) -> std::io::Result<()> {
    known.texts.tsl = pool.add(tags::support_level(at(columns, 1)).as_bytes())?;
    Ok(())
}
