//! Against what Ensembl VEP and AnnTools say of real data. Skipped aloud where the data is not here.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::files::shared_data;
use super::*;
use crate::build::{ExtraTrack, Plan, build};
use crate::{Bundle, Mode};

/// Transcripts whose exon frames are broken in refGene.
const BROKEN: [&str; 2] = ["NM_001305275", "NM_001364727"];

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn hg19(data: &Path, with_sequence: bool) -> (TempDir, Arc<Bundle>) {
    let folder = TempDir::new().unwrap();
    let plan = Plan {
        name: "hg19".to_owned(),
        assembly: "hg19".to_owned(),
        tables: data.join("goldenPath/hg19"),
        sequence: with_sequence.then(|| data.join("sequence/hg19.chr1_1-1000000.fa.gz")),
        tracks: vec![ExtraTrack {
            key: "dbSNP".to_owned(),
            file: data.join("variants/dbsnp_common.hg19.vcf.gz"),
            fields: Vec::new(),
        }],
        chains: vec![data.join("goldenPath/hg18/liftOver/hg18ToHg19.over.chain.gz")],
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.path().join("hg19.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let bundle = Arc::new(Bundle::open(&path).unwrap());
    (folder, bundle)
}

/// How many of VEP's consequences, HGVS c. and HGVS p. are ours, of how many it gives.
#[derive(Default)]
struct Agreement {
    same: [usize; 3],
    of: [usize; 3],
}

impl Agreement {
    fn percent(&self) -> [f64; 3] {
        std::array::from_fn(|index| 100.0 * self.same[index] as f64 / self.of[index].max(1) as f64)
    }
}

/// Compares with one of VEP's tables, by allele and transcript.
fn compare(bundle: &Arc<Bundle>, table: &str) -> Agreement {
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let alleles: BTreeMap<(u32, &str, &str), ()> = rows
        .iter()
        .map(|row| ((row[1].parse().unwrap(), row[2], row[3]), ()))
        .collect();
    let mut input = HEADER.replace("#CHROM", "##contig=<ID=1,length=249250621>\n#CHROM");
    for (position, reference, alternate) in alleles.keys() {
        input += &format!("1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\n");
    }
    let options = Options {
        references: vec![Arc::clone(bundle)],
        threads: 2,
        ..Options::default()
    };
    let mut output = Vec::new();
    annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    let output = String::from_utf8(output).unwrap();
    let mut ours: HashMap<(String, String), [String; 3]> = HashMap::new();
    for line in output.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let csq = columns[7]
            .split(';')
            .find_map(|field| field.strip_prefix("CSQ="))
            .unwrap();
        for entry in csq.split(',') {
            let fields: Vec<_> = entry.split('|').collect();
            let name = |field: &str| field.split(':').next_back().unwrap().replace("%3D", "=");
            let allele = [columns[1], columns[3], columns[4]].join(" ");
            ours.entry((allele, fields[6].to_owned())).or_insert([
                fields[1].to_owned(),
                name(fields[10]),
                name(fields[11]),
            ]);
        }
    }
    let mut agreement = Agreement::default();
    for row in rows.iter().filter(|row| !BROKEN.contains(&row[4])) {
        // VEP's input had accessions that are mapped twice under two names.
        let transcript = row[4].split("_dup").next().unwrap();
        let found = ours.get(&([row[1], row[2], row[3]].join(" "), transcript.to_owned()));
        for (index, expected) in [row[5], row[7], row[8]]
            .into_iter()
            .enumerate()
            .filter(|(_, expected)| !expected.is_empty())
        {
            agreement.of[index] += 1;
            agreement.same[index] += usize::from(found.is_some_and(|found| found[index] == expected));
        }
    }
    agreement
}

/// What still differs are VEP's stops in the untranslated region of genes on the reverse strand (checked by hand: they
/// lie further on), its names for two synonymous codons at once, and immediate stops, which HGVS calls substitutions.
#[test]
fn consequences_and_names_are_those_of_vep() {
    let Some(data) = shared_data() else { return };
    let (_folder, bundle) = hg19(&data, true);
    let percent = |table: &str| compare(&bundle, &unpacked(&data.join("oracle").join(table))).percent();
    let [consequences, coding, protein] = percent("chr1_1M.vep.tsv.gz");
    assert!(
        consequences == 100.0 && coding == 100.0 && protein >= 99.9,
        "{consequences} {coding} {protein}"
    );
    let [consequences, coding, protein] = percent("chr1_1M_indels.vep.tsv.gz");
    assert!(
        consequences >= 99.5 && coding >= 99.5 && protein >= 97.0,
        "{consequences} {coding} {protein}"
    );
    assert_eq!(percent("test.vep.tsv.gz"), [100.0; 3]);
}

fn fields(line: &str) -> (Vec<&str>, Vec<&str>) {
    let columns: Vec<_> = line.split('\t').collect();
    let mut info: Vec<_> = columns.get(7).map_or_else(Vec::new, |info| info.split(';').collect());
    info.sort_unstable();
    let others = columns
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != 7)
        .map(|(_, column)| *column);
    (others.collect(), info)
}

#[test]
fn anntools_mode_writes_what_anntools_wrote() {
    let Some(data) = shared_data() else { return };
    let (_folder, bundle) = hg19(&data, false);
    for name in ["test", "premium_2"] {
        let input = std::fs::read(data.join(format!("samples/{name}.vcf"))).unwrap();
        let options = Options {
            references: vec![Arc::clone(&bundle)],
            mode: Mode::AnnTools,
            ..Options::default()
        };
        let mut output = Vec::new();
        let report = annotate(&input[..], &mut output, &options, &mut |_| {}).unwrap();
        let (output, expected) = (
            String::from_utf8(output).unwrap(),
            unpacked(&data.join(format!("oracle/anntools.{name}.annot.vcf.gz"))),
        );
        assert_eq!(output.lines().count(), expected.lines().count());
        for (ours, theirs) in output.lines().zip(expected.lines()) {
            assert_eq!(fields(ours), fields(theirs));
        }
        let log = std::fs::read_to_string(data.join(format!("oracle/anntools.{name}.count.log"))).unwrap();
        assert_eq!(report.count_log(), log);
    }
}

#[test]
fn the_samples_have_their_genomes_told() {
    let Some(data) = shared_data() else { return };
    let (_folder, bundle) = hg19(&data, false);
    for (name, records, genome) in [
        ("test", 350, "human mitochondrion"),
        ("free_1", 1141, "human mitochondrion"),
        ("free_2", 2788, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
        ("premium_1", 3000, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
        ("premium_2", 976, "human GRCh37 (hg19)"),
        ("premium_3", 3431, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
    ] {
        let input = std::fs::File::open(data.join(format!("samples/{name}.vcf"))).unwrap();
        let options = Options {
            references: vec![Arc::clone(&bundle)],
            threads: 2,
            ..Options::default()
        };
        let report = annotate(input, std::io::sink(), &options, &mut |_| {}).unwrap();
        assert!(
            report.records == records && report.genome.starts_with(genome),
            "{name}: {report:?}"
        );
    }
}

#[test]
fn genes_that_lie_on_samples_of_the_1000_genomes_are_found() {
    let Some(data) = shared_data() else { return };
    let (_folder, bundle) = hg19(&data, false);
    let path: PathBuf = data.join("samples/1000g_chr22_slice.hg19.vcf.gz");
    let options = Options {
        references: vec![bundle],
        ..Options::default()
    };
    let report = annotate(
        std::fs::File::open(path).unwrap(),
        std::io::sink(),
        &options,
        &mut |_| {},
    )
    .unwrap();
    let json = report.to_json();
    assert_eq!((report.records, &json["chromosomes"]["22"]), (10_376, &10_376.into()));
    assert!(
        json["tracks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|track| track["label"] == "dbSNP, common" && track["listed"].as_u64() > Some(300))
            && json["transition_ratio"].as_f64().unwrap() > 2.0,
        "{json}"
    );
}
