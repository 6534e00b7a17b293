//! What the browser says of a file before it is uploaded (`vcf-check.js` and `vcf-genome.js` of web) is what is said here
//! once it is read. The browser's test has the same cases.

use serde_json::Value;

use super::genomes::bundles;
use super::*;

#[test]
fn a_file_is_told_as_a_first_look_tells_it() {
    let (_folder, references) = bundles();
    let options = Options {
        references,
        ..Options::default()
    };
    let cases: Vec<Value> = serde_json::from_str(include_str!("first_look.json")).unwrap();
    for case in &cases {
        let vcf = case["vcf"].as_str().unwrap();
        let told = annotate(vcf.as_bytes(), std::io::sink(), &options, &mut |_| {});
        assert!(agrees(case, &told), "{case:#}: {told:?}");
    }
}

fn agrees(case: &Value, told: &Result<Report, AnnotateError>) -> bool {
    let text = |key: &str| case[key].as_str();
    match (told, text("genome").zip(text("decided"))) {
        (Ok(report), Some((genome, decided))) => {
            report.genome.starts_with(&format!("human {genome}")) && report.decided.starts_with(decided)
        }
        (Ok(report), None) => case["mitochondrial"] == true && report.genome.starts_with("human mitochondrion"),
        // The file says its genome, and there is no reference of that here.
        (Err(error), Some((genome, decided))) => error.to_string().starts_with(&format!(
            "This file was made with {genome} ({decided}), and there is no reference for it here."
        )),
        (Err(error), None) => match text("refused") {
            Some(refused) => error.to_string() == refused,
            None => {
                case["undecided"] == true && error.to_string().starts_with("Nothing in this file tells which genome")
            }
        },
    }
}
