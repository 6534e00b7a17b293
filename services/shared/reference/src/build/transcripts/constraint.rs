//! gnomAD's tables of constraint: how well genes bear variants. <https://gnomad.broadinstitute.org/downloads#v4-constraint>
//!
//! - 2.1.1, `gnomad.v2.1.1.lof_metrics.by_gene.txt.bgz`: a row for each gene, `gene transcript … pLI … oe_lof_upper … mis_z … gene_id`
//! - 4.0 and 4.1, `gnomad.v4.1.constraint_metrics.tsv`: one for each transcript of Ensembl and RefSeq,
//!   `gene gene_id transcript canonical mane_select … lof.pLI … lof.oe_ci.upper … mis.z_score …`
//!
//! A gene has the numbers of one row, those that gnomAD's pages show: of its MANE Select transcript, of the canonical one without such
//! a one, or else the first. `NA` is told as nothing, not as another transcript's number.

use std::collections::HashMap;
use std::io;

use super::super::source::{BuildError, Source};
use super::super::{BuildProgress, ExtraTrack, Plan, Told, release, tables};
use super::{Gathering, Read};
use crate::bundle::PoolBuilder;

/// A track of this key is such a table, or refused.
const KEY: &str = "gnomAD_constraint";

/// The longest line.
const MOST_LINE_BYTES: u64 = 1 << 16;

/// What the table must have.
const EXPECTED: &str = "a table of gnomAD's constraint has a first line that names its columns, separated by tabs: gene, transcript and, \
     as in 2.1.1, pLI, oe_lof_upper and mis_z or, as in 4.1, lof.pLI, lof.oe_ci.upper and mis.z_score";

/// The columns of pLI, LOEUF and the Z score of missense variants, by version.
const NUMBERS: [[&str; 3]; 2] = [
    ["pLI", "oe_lof_upper", "mis_z"],
    ["lof.pLI", "lof.oe_ci.upper", "mis.z_score"],
];

/// Where the columns are.
#[derive(Clone, Copy)]
struct Columns {
    symbol: usize,
    gene: Option<usize>,
    canonical: Option<usize>,
    mane_select: Option<usize>,
    numbers: [usize; 3],
}

/// What a gene has: how much its row counts, and the offsets of the numbers in the pool.
#[derive(Clone, Copy)]
struct Row {
    rank: u8,
    numbers: [u32; 3],
}

impl Columns {
    /// Reads the first line; nothing if it is not that of such a table.
    fn read(line: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(line).into_owned();
        let names: Vec<&str> = line.split('\t').map(str::trim).collect();
        let find = |name: &str| names.iter().position(|own| *own == name);
        find("transcript")?;
        let numbers = NUMBERS.iter().find_map(|[pli, loeuf, missense]| {
            let found = [find(pli)?, find(loeuf)?, find(missense)?];
            Some(found)
        });
        Some(Self {
            symbol: find("gene")?,
            gene: find("gene_id"),
            canonical: find("canonical"),
            mane_select: find("mane_select"),
            numbers: numbers?,
        })
    }

    /// How much the row counts of those of a gene.
    fn rank(&self, cells: &[&str]) -> u8 {
        let says = |column: Option<usize>| {
            let cell = column.and_then(|column| cells.get(column));
            cell.is_some_and(|cell| cell.eq_ignore_ascii_case("true"))
        };
        2 * u8::from(says(self.mane_select)) + u8::from(says(self.canonical))
    }
}

/// The table among the tracks of a plan, told from others by its first line.
pub(in super::super) fn find(plan: &Plan) -> Result<Option<&ExtraTrack>, BuildError> {
    let mut found: Option<&ExtraTrack> = None;
    for track in &plan.tracks {
        if !is_in(track)? {
            continue;
        }
        if found.is_some_and(|other| other.key == track.key) {
            return Err(BuildError::SameKey(track.key.clone()));
        }
        if let Some(other) = found {
            return Err(Source::open(&track.file)?.error(format!(
                "{} is a table of gnomAD's constraint, too; a reference has one of them",
                other.file.display()
            )));
        }
        found = Some(track);
    }
    Ok(found)
}

fn is_in(track: &ExtraTrack) -> Result<bool, BuildError> {
    if track.key == KEY {
        return Ok(true);
    }
    if !matches!(tables::form_of(&track.file), tables::Form::Table | tables::Form::Spans) {
        return Ok(false);
    }
    let mut source = Source::open(&track.file)?;
    // A line beyond the limit is none of such a table.
    let first = source.next_line_within(MOST_LINE_BYTES).ok().flatten();
    Ok(first.and_then(Columns::read).is_some())
}

/// Reads the table and gives its numbers to the transcripts of its genes: by the gene's id, or by its symbol where the transcripts
/// have ids of another database.
pub(super) fn read(
    plan: &Plan,
    track: &ExtraTrack,
    gathering: &mut Gathering<'_>,
    told: Told<'_>,
) -> Result<Read, BuildError> {
    let mut source = Source::open(&track.file)?;
    let first = source.next_line_within(MOST_LINE_BYTES)?;
    let columns = first.and_then(Columns::read).ok_or_else(|| source.error(EXPECTED))?;
    if !track.fields.is_empty() {
        return Err(source.error(
            "columns of gnomAD's constraint cannot be chosen: pLI, LOEUF and the Z score of missense variants are told",
        ));
    }
    let mut genes: HashMap<String, Row> = HashMap::new();
    while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
        let line = String::from_utf8_lossy(line).into_owned();
        add(&line, columns, &mut gathering.pool, &mut genes).map_err(BuildError::reading(&track.file))?;
    }
    let rows = apply(&genes, gathering);
    if rows == 0 {
        return Err(source.error("no gene of the reference's transcripts is in this table"));
    }
    told(BuildProgress {
        what: &track.key,
        rows,
        done: true,
    });
    let release = release_in_name(source.name());
    Ok(Read {
        key: track.key.clone(),
        provenance: release::provenance(&track.key, &source, &plan.notes, release),
        rows,
        skipped: source.skipped(),
    })
}

/// Adds a row under the gene's id and under its symbol, unless one that counts as much is there.
fn add(line: &str, columns: Columns, pool: &mut PoolBuilder, genes: &mut HashMap<String, Row>) -> io::Result<()> {
    let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
    let mut numbers = [0; 3];
    for (number, column) in numbers.iter_mut().zip(columns.numbers) {
        let known = cells
            .get(column)
            .filter(|cell| cell.parse::<f64>().is_ok_and(f64::is_finite));
        *number = pool.add(known.map_or(b"", |cell| cell.as_bytes()))?;
    }
    let row = Row {
        rank: columns.rank(&cells),
        numbers,
    };
    for column in columns.gene.into_iter().chain([columns.symbol]) {
        let name = cells.get(column).copied().unwrap_or_default();
        let name = name
            .split('.')
            .next()
            .filter(|_| name.starts_with("ENS"))
            .unwrap_or(name);
        if !matches!(name, "" | "NA") && genes.get(name).is_none_or(|other| other.rank < row.rank) {
            genes.insert(name.to_owned(), row);
        }
    }
    Ok(())
}

/// Gives the transcripts their genes' numbers, and says how many have some.
fn apply(genes: &HashMap<String, Row>, gathering: &mut Gathering<'_>) -> u64 {
    let mut count = 0;
    for transcript in &mut gathering.transcripts {
        let texts = &mut transcript.texts;
        let of = |text: u32| genes.get(std::str::from_utf8(gathering.pool.get(text)).ok()?);
        let Some(row) = of(texts.gene).or_else(|| of(texts.symbol)) else {
            continue;
        };
        [texts.pli, texts.loeuf, texts.missense_z] = row.numbers;
        count += u64::from(row.numbers != [0; 3]);
    }
    count
}

/// `v4.1` of `gnomad.v4.1.constraint_metrics.tsv`.
fn release_in_name(file: &str) -> Option<String> {
    let mut parts = file.split('.').skip_while(|part| !is_version(part.strip_prefix('v')));
    let first = parts.next()?.to_owned();
    Some(
        parts
            .take_while(|part| is_version(Some(part)))
            .fold(first, |release, part| release + "." + part),
    )
}

fn is_version(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}
