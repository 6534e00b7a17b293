//! A reference of the first million bases of hg19's chromosome 1, and what is told with it of single records.

use std::collections::HashMap;

use super::told::hg19;
use super::*;

pub(super) struct Chr1(Options);

/// One entry of CSQ: its fields after the allele.
pub(super) type Told = Vec<String>;

impl Chr1 {
    /// The reference; `None`, aloud, where the tables are not here.
    pub(super) fn here() -> Option<Self> {
        hg19().map(Self)
    }

    /// What is told of each record by transcript. `records` are the lines after the header.
    pub(super) fn told(&self, records: &str) -> Vec<HashMap<String, Told>> {
        let mut input = HEADER.replace("#CHROM", "##contig=<ID=chr1,length=249250621>\n#CHROM");
        input += records;
        let options = Options {
            threads: 2,
            ..self.0.clone()
        };
        let mut output = Vec::new();
        annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        let records = output.lines().filter(|line| !line.starts_with('#'));
        records.map(entries).collect()
    }
}

/// The entries of a record by transcript; what is between genes has an empty name.
fn entries(line: &str) -> HashMap<String, Told> {
    let info = line.split('\t').nth(7).unwrap();
    let csq = info.split(';').find_map(|field| field.strip_prefix("CSQ=")).unwrap();
    csq.split(',')
        .map(|entry| {
            let fields: Told = entry.split('|').skip(1).map(str::to_owned).collect();
            (fields[5].clone(), fields)
        })
        .collect()
}

/// A name as HGVS has it, without its accession and INFO's encoding.
pub(super) fn name(field: &str) -> String {
    field.split(':').next_back().unwrap_or_default().replace("%3D", "=")
}
