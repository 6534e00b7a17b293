//! The variants of a job in a real browser.

use domain::JobId;

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::{PASSWORD, Person};
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
    visitor.open(&format!("/annotations/{id}")).await;
    visitor
        .fill(&[("username", &person.username), ("password", PASSWORD)])
        .await;
    visitor.press("main button[type=submit]").await;
    visitor.press("#look-at-variants").await;
    visitor.reads("19 of 19 variants").await;
    id
}
