//! Other formats than VCF: what they tell is what VCF tells.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::{annotator, names, run};

/// A file with what may go wrong on the way: several alleles, one of which nothing is said of, keys of every type, samples that
/// lack values, a CSQ of its own, no ALT.
const FILE: &str = "##fileformat=VCFv4.3
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency, of each\">
##INFO=<ID=ANN,Number=.,Type=String,Description=\"Words\">
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Of the input\">
##INFO=<ID=FOUND,Number=0,Type=Flag,Description=\"Whether\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Depths\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\ttwo \"2\"
MT\t73\trs1;rs2\tA\tG\t3.50\tPASS\tDP=7;AF=5e-1;FOUND\tGT:AD\t0/1:3,4\t./.
MT\t263\t.\tA\tG,T,*\t.\tq10;s50\tDP=.;AF=.5,nan,.;ANN=a%2Cb,c;CSQ=x|y\tGT:AD\t1/2:1,2,.\t.:.
MT\t750\t.\tA\t.\t1e3\t.\tANN=.\tGT\t0/0\t0|0
MT\t3243\t.\tA\tG\t.\tPASS\t.\tGT\t0/1\t1/1
";

pub(super) fn annotated(arguments: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("formats.vcf"), FILE).unwrap();
    run(&folder, &[&["formats.vcf"], arguments].concat());
    folder
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Rows by their columns.
fn table(text: &str) -> Vec<HashMap<String, String>> {
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    let rows = lines.map(|line| {
        let values: Vec<String> = line.collect();
        assert_eq!(values.len(), names.len());
        names.iter().cloned().zip(values).collect()
    });
    rows.collect()
}

fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Entries of our CSQ in a VCF.
fn entries(vcf: &str) -> usize {
    let info = vcf
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').nth(7).unwrap());
    let csq = info.filter_map(|info| info.split(';').find_map(|field| field.strip_prefix("GAS_CSQ=")));
    csq.map(|entries| entries.split(',').count()).sum()
}

#[test]
fn a_table_has_a_line_for_each_allele_and_entry() {
    let folder = annotated(&["--output", "out.vcf", "--output", "out.tsv"]);
    let rows = table(&text(&folder, "out.tsv"));
    let alleles: Vec<_> = rows
        .iter()
        .map(|row| (row["POS"].as_str(), row["ALT"].as_str()))
        .collect();
    for allele in [
        ("73", "G"),
        ("263", "G"),
        ("263", "T"),
        ("263", "*"),
        ("750", ""),
        ("3243", "G"),
    ] {
        assert!(alleles.contains(&allele), "{allele:?} of {alleles:?}");
    }
    let told = rows.iter().filter(|row| !row["Consequence"].is_empty()).count();
    assert_eq!(told, entries(&text(&folder, "out.vcf")));
    let leucine = rows
        .iter()
        .find(|row| row["POS"] == "3243" && row["SYMBOL"] == "MT-TL1")
        .unwrap();
    assert_eq!((leucine["Allele"].as_str(), leucine["STRAND"].as_str()), ("G", "1"));
    assert_eq!(leucine["HGVSm"], "NC_012920.1:m.3243A>G");
    assert!(
        leucine["MITOMAP_DISEASE"].contains(' ') && !leucine["MITOMAP_DISEASE"].contains('%'),
        "{leucine:?}"
    );
    assert!(!rows[0].contains_key("ALLELE_NUM") && rows[0]["ID"] == "rs1;rs2");
}

#[test]
fn columns_are_chosen_and_lines_picked() {
    let folder = annotated(&[
        "--pick-allele",
        "--fields",
        "SYMBOL,Consequence,ALLELE_NUM",
        "--output",
        "out.tsv",
    ]);
    let text = text(&folder, "out.tsv");
    assert!(text.starts_with("CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tSYMBOL\tConsequence\tALLELE_NUM\tHGVSm\t"));
    let rows = table(&text);
    assert_eq!(rows.len(), 6);
    let third = rows.iter().find(|row| row["ALT"] == "T").unwrap();
    assert_eq!(third["ALLELE_NUM"], "2");
}

#[test]
fn objects_are_as_their_schema_says() {
    let folder = annotated(&["--output", "out.vcf", "--output", "out.jsonl"]);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats/record.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let objects = objects(&text(&folder, "out.jsonl"));
    for object in &objects {
        let errors: Vec<_> = validator.iter_errors(object).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{object}: {errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "chromosome": "MT" })));
    let told = objects.iter().flat_map(|object| object["alleles"].as_array().unwrap());
    let told: usize = told
        .map(|allele| allele["consequences"].as_array().unwrap().len())
        .sum();
    assert_eq!((objects.len(), told), (4, entries(&text(&folder, "out.vcf"))));
}

#[test]
fn objects_tell_what_the_record_has() {
    let folder = annotated(&["--output", "out.jsonl"]);
    let objects = objects(&text(&folder, "out.jsonl"));
    let [first, second, third, fourth] = &objects[..] else {
        panic!()
    };
    assert_eq!(first["ids"], serde_json::json!(["rs1", "rs2"]));
    assert_eq!(
        first["info"],
        serde_json::json!({ "DP": 7, "AF": [0.5], "FOUND": true })
    );
    assert_eq!(
        first["samples"],
        serde_json::json!({ "one": { "GT": "0/1", "AD": [3, 4] }, "two \"2\"": { "GT": "./." } })
    );
    assert_eq!(second["filters"], serde_json::json!(["q10", "s50"]));
    assert_eq!(
        second["info"],
        serde_json::json!({ "DP": null, "AF": [0.5, "nan", null], "ANN": ["a%2Cb", "c"], "CSQ": ["x|y"] })
    );
    assert_eq!(second["alleles"][2]["allele"], "*");
    assert_eq!(
        (&third["quality"], &third["alleles"]),
        (&serde_json::json!(1e3), &serde_json::json!([]))
    );
    let consequence = &fourth["alleles"][0]["consequences"][0];
    assert!(
        consequence["Consequence"][0].is_string() && consequence["ALLELE_NUM"].is_null(),
        "{consequence}"
    );
    assert_eq!(fourth["alleles"][0]["annotation"]["HGVSm"], "NC_012920.1:m.3243A>G");
    assert!(fourth["alleles"][0]["annotation"]["MITOMAP_AF"].is_number());
}

#[test]
fn every_format_can_be_packed_and_named() {
    let folder = annotated(&[
        "--threads",
        "2",
        "--output",
        "out.tsv.gz",
        "--output",
        "out.ndjson.bgz",
        "--output",
        "out.tsv",
    ]);
    let unpacked = |name: &str| {
        let mut text = String::new();
        let file = fs::File::open(folder.path().join(name)).unwrap();
        std::io::Read::read_to_string(&mut noodles_bgzf::io::Reader::new(file), &mut text).unwrap();
        text
    };
    assert_eq!(unpacked("out.tsv.gz"), text(&folder, "out.tsv"));
    assert_eq!(objects(&unpacked("out.ndjson.bgz")).len(), 4);
    run(&folder, &["formats.vcf", "--format", "tsv"]);
    assert_eq!(text(&folder, "formats.annot.tsv"), text(&folder, "out.tsv"));
    let piped = run(&folder, &["formats.vcf", "--format", "jsonl", "--output", "-"]);
    assert_eq!(objects(std::str::from_utf8(&piped.stdout).unwrap()).len(), 4);
    assert!(!names(folder.path()).iter().any(|name| name.ends_with(".tbi")));
}

#[test]
fn what_cannot_be_is_said_in_a_sentence() {
    let folder = TempDir::new().unwrap();
    for (arguments, error) in [
        (
            &["--format", "tsv", "--output", "out.vcf"][..],
            "error: --format tsv is for outputs whose ending does not say what they are, and those of all outputs say otherwise\n",
        ),
        (
            &["--mode", "anntools", "--output", "out.tsv"],
            "error: --mode anntools writes VCF alone: it has no CSQ, of which other formats are made\n",
        ),
    ] {
        let refused = annotator(&folder, &[&["in.vcf"], arguments].concat()).output().unwrap();
        assert!(!refused.status.success());
        assert_eq!(String::from_utf8_lossy(&refused.stderr), error);
        assert_eq!(names(folder.path()), ["in.vcf"]);
    }
}
