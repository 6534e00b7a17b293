//! What the browser says of a file before it is uploaded, on the cases of the reader that annotates it.

use serde_json::Value;

use super::CHROMIUM;
use super::visitor::{Visitor, file};
use crate::people::Person;

const CASES: &str = include_str!("../../../../shared/annotation/src/run/tests/first_look.json");

/// How a line of what the browser says begins.
fn expected(case: &Value) -> String {
    let text = |key: &str| case[key].as_str();
    match (text("refused"), text("genome").zip(text("decided"))) {
        (Some(refused), _) => refused.to_owned(),
        (None, Some((genome, decided))) => format!("Genome: human {genome} ({decided})"),
        (None, None) if case["mitochondrial"] == true => "Genome: human mitochondrion".to_owned(),
        (None, None) => "The file does not say its genome.".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_look_tells_a_file_as_the_reader_does() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    visitor.open("/").await;
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let (told, expected) = (visitor.first_look(case["vcf"].as_str().unwrap()).await, expected(case));
        assert!(
            told.iter().any(|line| line.starts_with(&expected)),
            "{case:#}: {told:#?}"
        );
    }
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_that_is_no_number_is_told_before_the_upload() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("typo").await;
    visitor.opens_as("/annotate", &person.username).await;
    visitor.reads("Annotate a VCF file").await;
    let typo = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\tx\t.\tA\tG\t.\t.\t.\n";
    visitor.choose(&file("typo.vcf", typo)).await;
    visitor.reads("Line 3, column 2 (POS) is \"x\"").await;
    assert!(!visitor.is_enabled("#upload-button").await);
    visitor.looks_at("annotate-failed").await;
    visitor.leave().await;
}
