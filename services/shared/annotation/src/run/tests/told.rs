//! What is told of the records of `cases/`, on the real beginning of chromosome 1, and of small ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use reference::Bundle;
use reference::build::Plan;
use tempfile::TempDir;

use super::files::shared_data;
use super::small::{Small, built, small};
use super::*;

/// What hg19 is built from: its tables, the beginning of chromosome 1, and the chain from hg18.
pub(super) fn plan(data: &Path) -> Plan {
    Plan {
        name: "hg19".to_owned(),
        assembly: "hg19".to_owned(),
        tables: data.join("goldenPath/hg19"),
        transcripts: Default::default(),
        sequence: Some(data.join("sequence/hg19.chr1_1-1000000.fa.gz")),
        tracks: Vec::new(),
        chains: vec![data.join("goldenPath/hg18/liftOver/hg18ToHg19.over.chain.gz")],
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    }
}

/// hg19; `None`, aloud, without the data.
pub(super) fn hg19() -> Option<Options> {
    static BUNDLE: OnceLock<Arc<Bundle>> = OnceLock::new();
    let data = shared_data()?;
    let bundle = BUNDLE.get_or_init(|| built(&plan(&data), TempDir::new().unwrap().path()));
    Some(Options {
        references: vec![Arc::clone(bundle)],
        ..Options::default()
    })
}

/// A file of `cases/`.
pub(super) fn case(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/run/tests/cases");
    std::fs::read_to_string(folder.join(name).with_extension("vcf")).unwrap()
}

/// The header lines of a case with other records.
pub(super) fn with_records(name: &str, records: &[&str]) -> String {
    let header: String = case(name)
        .split_inclusive('\n')
        .filter(|line| line.starts_with('#'))
        .collect();
    records
        .iter()
        .fold(header, |text, record| text + &record.replace(' ', "\t") + "\n")
}

/// The records of an output by their ID, and what CSQ says of each: allele, consequences, impact, symbol, transcript and
/// distance.
pub(super) struct Told {
    pub(super) output: String,
    pub(super) report: Report,
    pub(super) entries: BTreeMap<String, Vec<String>>,
}

impl Told {
    pub(super) fn new(input: &str, options: &Options) -> Self {
        let mut output = Vec::new();
        let report = annotate(input.as_bytes(), &mut output, options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        let format = output.split("Format: ").nth(1).unwrap_or_default();
        let names: Vec<&str> = format.split('"').next().unwrap().split('|').collect();
        let shown = ["Allele", "Consequence", "IMPACT", "SYMBOL", "Feature", "DISTANCE"];
        let shown = shown.map(|name| names.iter().position(|own| *own == name));
        let mut entries = BTreeMap::new();
        for line in output.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let csq = columns[7].split(';').find_map(|field| field.strip_prefix("CSQ="));
            let told = csq.into_iter().flat_map(|csq| csq.split(',')).map(|entry| {
                let fields: Vec<&str> = entry.split('|').collect();
                let words = shown
                    .iter()
                    .filter_map(|at| Some(fields[(*at)?]))
                    .filter(|word| !word.is_empty());
                words.collect::<Vec<_>>().join(" ")
            });
            entries.insert(columns[2].to_owned(), told.collect());
        }
        Self {
            output,
            report,
            entries,
        }
    }

    /// The entries of a record that name a transcript.
    pub(super) fn of(&self, id: &str, transcript: &str) -> Vec<&str> {
        let entries = self.entries[id].iter().map(String::as_str);
        entries
            .filter(|entry| entry.split(' ').any(|word| word == transcript))
            .collect()
    }

    pub(super) fn line(&self, id: &str) -> &str {
        let is_it = |line: &&str| line.split('\t').nth(2) == Some(id);
        self.output
            .lines()
            .filter(|line| !line.starts_with('#'))
            .find(is_it)
            .unwrap()
    }

    pub(super) fn warns(&self, text: &str) -> bool {
        self.report.warnings.iter().any(|warning| warning.contains(text))
    }
}

/// CSQ of the records of a small genome, without what comes before the allele and after the symbol.
pub(super) fn small_told(records: &[&str]) -> Vec<Vec<String>> {
    static SMALL: OnceLock<Small> = OnceLock::new();
    let options = SMALL.get_or_init(|| small(true)).options();
    let input = records.iter().fold(HEADER.to_owned(), |text, record| {
        text + &record.replace(' ', "\t") + "\n"
    });
    let told = Told::new(&input, &options);
    let lines = told.output.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| told.entries[line.split('\t').nth(2).unwrap()].clone())
        .collect()
}
