//! Against what Ensembl VEP and AnnTools say of real data. Skipped aloud where the data is not here.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reference::Bundle;
use reference::build::{ExtraTrack, Plan};
use tempfile::TempDir;

use super::chr1::name;
use super::files::{shared_data, unpacked};
use super::small::built;
use super::told::plan;
use super::*;
use crate::{Mode, TermsAt};

/// Transcripts whose exon frames are broken in refGene.
const BROKEN: [&str; 2] = ["NM_001305275", "NM_001364727"];

pub(super) fn hg19(data: &Path, with_sequence: bool) -> (TempDir, Arc<Bundle>) {
    let folder = TempDir::new().unwrap();
    let own = plan(data);
    let plan = Plan {
        sequence: own.sequence.clone().filter(|_| with_sequence),
        tracks: vec![ExtraTrack {
            key: "dbSNP".to_owned(),
            file: data.join("variants/dbsnp_common.hg19.vcf.gz"),
            fields: Vec::new(),
        }],
        ..own
    };
    let bundle = built(&plan, folder.path());
    (folder, bundle)
}

/// How many of VEP's consequences, HGVS c. and HGVS p. are ours, of how many it gives.
#[derive(Default)]
struct Agreement {
    same: [usize; 3],
    of: [usize; 3],
    /// Those that differ in a way in which VEP is wrong.
    faults: [usize; 3],
}

impl Agreement {
    fn percent(&self) -> [f64; 3] {
        std::array::from_fn(|index| {
            100.0 * self.same[index] as f64 / (self.of[index] - self.faults[index]).max(1) as f64
        })
    }
}

/// Whether VEP's answer is one of those in which VEP 114 is wrong, each counted from the sequence by hand:
/// - how far reading goes on behind a lost stop, or to the end of a shifted frame in the untranslated region, which it
///   counts as for another transcript with the same end;
/// - `inframe_insertion&stop_retained_variant` for a stop that is put in (ensembl-vep#1710, since VEP 112);
/// - a term for what is put in beside `stop_gained`, of which nothing is read;
/// - immediate stops as insertions, where HGVS has substitutions;
/// - two codons whose amino acids stay, one of which it does not place.
fn is_fault_of_vep(theirs: &str, ours: &str) -> bool {
    let counted = |name: &str| -> Option<String> {
        let (before, count) = name.rsplit_once("Ter")?;
        let is_count = count == "?" || count.parse::<usize>().is_ok();
        (is_count && (before.ends_with("fs") || before.ends_with("ext"))).then(|| before.to_owned())
    };
    let is_same_but_count = counted(theirs).is_some() && counted(theirs) == counted(ours);
    let is_substitution = ours.ends_with("Ter") && !ours.contains("ins") && theirs.ends_with("insTer");
    let is_silent = theirs.ends_with('=') && ours.ends_with('=');
    let stops = ours.split('&').any(|term| term == "stop_gained");
    let with_insertion = ["inframe_insertion", "protein_altering_variant"]
        .iter()
        .any(|term| theirs.contains(term));
    let is_immediate = stops && theirs.split('&').any(|term| term == "frameshift_variant");
    is_same_but_count || is_substitution || is_silent || stops && with_insertion || is_immediate
}

/// Compares with one of VEP's tables, by allele and transcript.
fn compare(bundle: &Arc<Bundle>, table: &str, terms_at: TermsAt) -> Agreement {
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
        terms_at,
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
            let is_same = found.is_some_and(|found| found[index] == expected);
            agreement.of[index] += 1;
            agreement.same[index] += usize::from(is_same);
            let is_fault = !is_same && found.is_some_and(|found| is_fault_of_vep(expected, &found[index]));
            agreement.faults[index] += usize::from(is_fault);
            if !is_same && !is_fault && std::env::var_os("GAS_SHOW_DIFFERENCES").is_some() {
                println!(
                    "{index} {} {transcript} {}: {found:?}",
                    row[1..4].join(" "),
                    row[5..9].join(" ")
                );
            }
        }
    }
    agreement
}

/// Told where the file has it, as VEP does; told at the place of its name, an indel beside a splice site or a codon's end
/// has other terms than VEP's now and then.
#[test]
fn consequences_and_names_are_those_of_vep() {
    let Some(data) = shared_data() else { return };
    let (_folder, bundle) = hg19(&data, true);
    let percent = |table: &str, terms_at: TermsAt| {
        compare(&bundle, &unpacked(&data.join("oracle").join(table)), terms_at).percent()
    };
    assert_eq!(percent("chr1_1M.vep.tsv.gz", TermsAt::Name), [100.0; 3]);
    let [consequences, coding, protein] = percent("chr1_1M_indels.vep.tsv.gz", TermsAt::File);
    assert!(
        consequences >= 99.8 && coding == 100.0 && protein == 100.0,
        "{consequences} {coding} {protein}"
    );
    let [consequences, coding, protein] = percent("chr1_1M_indels.vep.tsv.gz", TermsAt::Name);
    assert!(
        consequences >= 97.0 && coding == 100.0 && protein == 100.0,
        "{consequences} {coding} {protein}"
    );
    assert_eq!(percent("test.vep.tsv.gz", TermsAt::Name), [100.0; 3]);
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
