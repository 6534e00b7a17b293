//! NCBI's summary of MANE: which transcripts of RefSeq and Ensembl are the same, and the ones to report.
//! <https://ftp.ncbi.nlm.nih.gov/refseq/MANE/MANE_human/>

use std::collections::HashMap;
use std::path::Path;

use super::super::source::{BuildError, Source};
use super::super::{BuildProgress, Plan, Told};
use super::release::{self, Said};
use super::{Gathering, Read};
use crate::bundle::{CANONICAL, PoolBuilder};

/// The key of the summary among the bundle's sources.
const KEY: &str = "MANE";

/// The longest line.
const MOST_LINE_BYTES: u64 = 1 << 16;

/// The columns that are read, by their names in the first line: both transcripts, both proteins, and what they are.
const COLUMNS: [&str; 5] = [
    "RefSeq_nuc",
    "Ensembl_nuc",
    "RefSeq_prot",
    "Ensembl_prot",
    "MANE_status",
];

/// What the summary says of one transcript: offsets of texts in the pool.
struct Row {
    partner: u32,
    protein: u32,
    is_select: bool,
}

/// Reads the summary and labels the transcripts that it has, by accession with version.
pub(super) fn read(
    plan: &Plan,
    file: &Path,
    gathering: &mut Gathering<'_>,
    told: Told<'_>,
) -> Result<Read, BuildError> {
    let mut source = Source::open(file)?;
    let mut columns = None;
    let mut rows: HashMap<u32, Row> = HashMap::new();
    while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
        let line = String::from_utf8_lossy(line).into_owned();
        let cells: Vec<&str> = line.split('\t').collect();
        let Some(columns) = columns else {
            let found = COLUMNS.map(|name| cells.iter().position(|cell| cell.trim_start_matches('#') == name));
            let is_whole = found.iter().all(Option::is_some);
            columns = is_whole.then(|| found.map(Option::unwrap_or_default));
            if !is_whole {
                return Err(source.error(format!(
                    "this is not NCBI's summary of MANE: its first line has no columns {}",
                    COLUMNS.join(", ")
                )));
            }
            continue;
        };
        let at = columns.map(|column: usize| cells.get(column).copied().unwrap_or_default());
        add(at, &mut gathering.pool, &mut rows).map_err(BuildError::reading(file))?;
    }
    let labelled = apply(&rows, gathering);
    if labelled == 0 {
        return Err(source.error(
            "no transcript of the reference is in this summary of MANE, which is of GRCh38 and of accessions with versions, such \
             as ncbiRefSeq and the files of NCBI, Ensembl and GENCODE have them",
        ));
    }
    told(BuildProgress {
        what: KEY,
        rows: labelled,
        done: true,
    });
    let provenance = release::provenance(KEY, KEY, &source, &plan.notes, Said::default());
    Ok(Read {
        key: KEY.to_owned(),
        provenance,
        rows: labelled,
        skipped: 0,
    })
}

/// Adds a row for each of the two transcripts.
fn add(row: [&str; 5], pool: &mut PoolBuilder, rows: &mut HashMap<u32, Row>) -> std::io::Result<()> {
    let [refseq, ensembl, refseq_protein, ensembl_protein, status] = row;
    if refseq.is_empty() || ensembl.is_empty() {
        return Ok(());
    }
    let is_select = status == "MANE Select";
    for (own, other, protein) in [(refseq, ensembl, refseq_protein), (ensembl, refseq, ensembl_protein)] {
        let partner = pool.add(other.as_bytes())?;
        let row = Row {
            partner,
            protein: pool.add(protein.as_bytes())?,
            is_select,
        };
        rows.insert(pool.add(own.as_bytes())?, row);
    }
    Ok(())
}

/// Labels the transcripts, and says how many have rows.
fn apply(rows: &HashMap<u32, Row>, gathering: &mut Gathering<'_>) -> u64 {
    let mut labelled = 0;
    for transcript in &mut gathering.transcripts {
        let Some(row) = rows.get(&transcript.texts.name) else {
            continue;
        };
        labelled += 1;
        let texts = &mut transcript.texts;
        match row.is_select {
            true => texts.mane_select = row.partner,
            false => texts.mane_plus_clinical = row.partner,
        }
        if row.is_select {
            transcript.flags |= CANONICAL;
        }
        if texts.protein == 0 {
            texts.protein = row.protein;
        }
    }
    labelled
}
