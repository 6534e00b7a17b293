//! The variants of a job in a real browser.

use domain::JobId;

use super::CHROMIUM;
use super::visitor::{Visitor, file};
use crate::people::Person;
use crate::upload::{SAMPLE, ended, submit};

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_filtered_opened_and_seen_as_charts() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let id = arrives_at_variants(&visitor).await;
    visitor.looks_at("variants").await;
    visitor.fits("variants", &[400, 600, 769, 880, 959, 961, 1100]).await;
    visitor
        .open(&format!(
            "/annotations/{id}/variants?gene=MT-ND4,MT-ND6,MT-ATP6&impact=moderate"
        ))
        .await;
    visitor.reads("4 of 19 variants").await;
    visitor.looks_at("variants-filtered").await;
    visitor.press("#bed-file summary").await;
    visitor.looks_at("variants-bed").await;
    visitor.press("#variant-table tbody tr:first-child a").await;
    visitor.reads("In each transcript").await;
    visitor.looks_at("variant").await;
    visitor
        .open(&format!("/annotations/{id}/variants?frequency=often&kind=snv"))
        .await;
    visitor.reads("not “often”").await;
    visitor.looks_at("variants-wrong").await;
    visitor.open(&format!("/annotations/{id}/variants/charts")).await;
    visitor.reads("Along the chromosomes").await;
    visitor.looks_at("variant-charts").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chromosomes_of_a_genome_are_drawn_with_their_bands() {
    if !crate::references().await {
        return crate::skipped("the_chromosomes_of_a_genome: the references could not be prepared");
    }
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::premium("genome").await;
    let id = submit(&person, "genome.vcf", genome()).await;
    ended(id).await;
    let charts = format!("/annotations/{id}/variants/charts");
    let page = person.get(&charts).await;
    assert_eq!(page.texts("#karyogram .bands title").len(), 862);
    // Without bands it has 106,000 bytes, packed 9,000.
    assert!(page.body.len() < 256_000, "{} bytes", page.body.len());
    visitor.opens_as(&charts, &person.username).await;
    visitor.reads("Along the chromosomes").await;
    visitor.looks_at("variant-karyogram").await;
    visitor.open(&format!("{charts}?region=chr7")).await;
    visitor.reads("Along the chromosomes").await;
    visitor.looks_at("variant-karyogram-chr7").await;
    visitor.leave().await;
}

/// Two variants in about each million bases of every chromosome of hg19, most on chromosome 19.
fn genome() -> String {
    let lengths: [i64; 24] = [
        249, 243, 198, 191, 180, 171, 159, 146, 141, 135, 135, 133, 115, 107, 102, 90, 81, 78, 59, 63, 48, 51, 155, 59,
    ];
    let names = (1..=22)
        .map(|at| at.to_string())
        .chain(["X".to_owned(), "Y".to_owned()]);
    let mut vcf = "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=249250621,assembly=hg19>\n\
                   #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for (name, length) in names.zip(lengths) {
        let step = if name == "19" { 60_000 } else { 400_000 };
        let mut place = 70_000;
        while place < length * 1_000_000 {
            vcf += &format!("chr{name}\t{place}\t.\tA\tG\t.\t.\t.\n");
            place += step + place * 7_919 % step;
        }
    }
    vcf
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_filtered_by_a_bed_file_without_scripts() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    visitor.turn_scripts_off().await;
    arrives_at_variants(&visitor).await;
    let regions = "MT\t3242\t3243\nchrM\t11777\t11778\n".repeat(1_000);
    visitor.press("#bed-file summary").await;
    visitor.choose_at("#bed", &file("browser.bed", regions)).await;
    visitor.press("#bed-file button").await;
    visitor.reads("2 of 19 variants").await;
    visitor.press(".variant-filter input[value=MODERATE]").await;
    visitor.press(".variant-filter button[type=submit]").await;
    visitor.reads("1 of 19 variants").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_filtered_without_scripts() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    visitor.turn_scripts_off().await;
    arrives_at_variants(&visitor).await;
    visitor.fill(&[("gene", "MT-ND4 MT-ND6 MT-ATP6")]).await;
    visitor.press("input[value=MODERATE]").await;
    visitor.press(".variant-filter button[type=submit]").await;
    visitor.reads("4 of 19 variants").await;
    visitor.press(".chips li:first-child a").await;
    visitor.reads("3 of 19 variants").await;
    visitor.press(".tabs a:last-child").await;
    visitor.reads("3 of 19 variants are in these charts").await;
    visitor.leave().await;
}

/// Signs in, has the sample annotated, and goes from the job's page to its variants.
async fn arrives_at_variants(visitor: &Visitor) -> JobId {
    let person = Person::new("variants").await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    visitor.opens_as(&format!("/annotations/{id}"), &person.username).await;
    visitor.press("#look-at-variants").await;
    visitor.reads("19 of 19 variants").await;
    id
}
