//! Filters by a BED file that is too long for an address: it is sent once, and the address has its name.

use domain::JobId;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::{places, sample, variants};
use crate::api::Program;
use crate::people::{Answer, Browser, Person};

const FILE: &str = "application/octet-stream";

/// Thousands of regions, of which two have variants of the sample.
fn bed(seed: usize) -> String {
    let line = |at: usize| format!("chr{}\t{}\t{}\tname\n", at % 22 + 1, at * 1_000, at * 1_000 + 500);
    let mut lines: Vec<String> = (0..4_000).map(line).collect();
    lines.extend(["chrM\t3242\t3243\n".to_owned(), "MT\t11777\t11778\n".to_owned()]);
    lines.rotate_left(seed);
    lines.concat()
}

/// Sends a file by the page's form.
pub async fn send(browser: &Browser, id: JobId, query: &str, bed: impl Into<Vec<u8>>) -> Answer {
    let page = browser.get(&format!("/annotations/{id}/variants")).await;
    post(browser, id, &page.csrf_token(), query, bed.into()).await
}

async fn post(browser: &Browser, id: JobId, csrf_token: &str, query: &str, bed: Vec<u8>) -> Answer {
    let form = Form::new()
        .text("csrf_token", csrf_token.to_owned())
        .text("query", query.to_owned())
        .part("bed", Part::bytes(bed).file_name("panel.bed"));
    let address = browser.address(&format!("/annotations/{id}/variants/regions"));
    Answer::of(browser.client.post(address).multipart(form).send().await.unwrap()).await
}

async fn send_file(program: &Program, id: JobId, media_type: &str, bed: String) -> Answer {
    program.post_file(&format!("/jobs/{id}/regions"), media_type, bed).await
}

/// The name that the address has to which a form has led.
fn name(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let behind = answer.location().split_once("regions=").unwrap().1;
    behind.split('&').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_regions_filter_the_page_its_files_and_the_api() {
    let person = Person::new("panel").await;
    let id = sample(&person).await;
    let sent = send(&person.browser, id, "sort=severity&offset=50&regions=x", bed(0)).await;
    let name = self::name(&sent);
    let leads_to = format!("/annotations/{id}/variants?regions={name}&sort=severity");
    assert_eq!((sent.location(), name.len()), (&*leads_to, 32));
    let page = person.get(sent.location()).await;
    assert_eq!(page.texts("#count"), ["2 of 19 variants"]);
    assert!(
        page.texts("a.chip")[0].starts_with("4,002 regions of a BED file"),
        "{}",
        page.body
    );
    assert_eq!(
        page.attributes(".variant-filter input[name=regions]", "value"),
        [&*name]
    );
    let again = send(&person.browser, id, "", bed(1_234)).await;
    assert_eq!(self::name(&again), name, "the same regions in another order");

    let narrowed = variants(&person, id, &format!("?regions={name}&region=MT:1-9000")).await;
    assert_eq!(places(&narrowed), ["MT:3,243"]);
    let charts = variants(&person, id, &format!("/charts?regions={name}")).await;
    assert!(charts.says("2 of 19 variants are in these charts"), "{}", charts.body);
    let links = charts.attributes("svg.chart a", "href");
    assert!(
        !links.is_empty() && links.iter().all(|link| link.contains(&name)),
        "{links:?}"
    );
    let tsv = variants(&person, id, &format!(".tsv?regions={name}")).await;
    assert_eq!(tsv.body.lines().count(), 3, "{}", tsv.body);

    let program = Program::scoped(&person, &["read"]).await;
    let kept = send_file(&program, id, FILE, bed(7)).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    let bases = 4_000 * 500 + 2;
    assert_eq!(kept.json(), json!({ "regions": name, "count": 4_002, "bases": bases }));
    let found = program
        .get(&format!("/jobs/{id}/variants?regions={name}&gene=MT-ND4"))
        .await;
    assert_eq!(found.json()["matched"], 1, "{}", found.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_bed_is_told_at_its_field() {
    let person = Person::new("no-bed").await;
    let id = sample(&person).await;
    for (file, why) in [
        (b"chr1\t10\t20\nchr1\tten\t20\n".to_vec(), "Line 2 of the BED file"),
        (b"".to_vec(), "The BED file has no regions"),
        (vec![0x1f, 0x8b, 8, 0xff], "If it is compressed, unpack it first"),
        (b"chr\x001\t10\t20\n".to_vec(), "Line 1 of the BED file"),
    ] {
        let wrong = send(&person.browser, id, "impact=high", file).await;
        assert_eq!(wrong.status, 400, "{why}");
        assert!(wrong.texts("#regions-error")[0].contains(why), "{}", wrong.body);
        assert_eq!(
            wrong.attributes("#impact, input[value=HIGH]", "checked").len(),
            1,
            "{why}"
        );
    }
    let large = send(&person.browser, id, "", "1\t10\t20\n".repeat(130_000)).await;
    assert!(large.status == 413 && large.says("1,000 KB"), "{}", large.body);
    let program = Program::of(&person).await;
    assert!(
        send_file(&program, id, FILE, "x".into())
            .await
            .is_problem(422, "bad_filter")
    );
    assert!(
        send_file(&program, id, "application/json", bed(0))
            .await
            .is_problem(415, "unsupported_media_type")
    );
    let large = send_file(&program, id, FILE, "1\t10\t20\n".repeat(130_000)).await;
    assert!(large.is_problem(413, "too_large"), "{}", large.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn regions_belong_to_the_job_and_the_person_that_they_were_sent_for() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let (mine, other, theirs) = (sample(&owner).await, sample(&owner).await, sample(&stranger).await);
    let name = name(&send(&owner.browser, mine, "", bed(0)).await);
    for (person, id) in [(&owner, other), (&stranger, theirs)] {
        let unknown = variants(person, id, &format!("?regions={name}")).await;
        assert_eq!(unknown.status, 400);
        assert!(
            unknown.texts("#regions-error")[0].contains("are not kept for this job"),
            "{}",
            unknown.body
        );
        let program = Program::of(person).await;
        let unknown = program.get(&format!("/jobs/{id}/variants?regions={name}")).await;
        assert!(unknown.is_problem(422, "bad_filter"), "{}", unknown.body);
        assert_eq!(variants(person, id, &format!(".tsv?regions={name}")).await.status, 400);
    }
    let token = stranger
        .get(&format!("/annotations/{theirs}/variants"))
        .await
        .csrf_token();
    let foreign = post(&stranger.browser, mine, &token, "", bed(0).into()).await;
    assert!(
        foreign.status == 403 && foreign.says("Not authorized to view this job"),
        "{}",
        foreign.body
    );
    let forged = post(&owner.browser, mine, "forged", "", bed(0).into()).await;
    assert_eq!(forged.status, 403, "{}", forged.body);
    let elsewhere = send(&owner.browser, mine, "https://elsewhere.example/", bed(0)).await;
    assert_eq!(
        elsewhere.location(),
        format!("/annotations/{mine}/variants?regions={name}")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_person_the_files_that_were_sent_last_are_kept() {
    let person = Person::new("many").await;
    let id = sample(&person).await;
    let program = Program::of(&person).await;
    let mut names = Vec::new();
    for at in 0..102 {
        let kept = send_file(&program, id, FILE, format!("MT\t{at}\t16000\n")).await;
        names.push(kept.json()["regions"].as_str().unwrap().to_owned());
    }
    let status = async |name: &str| variants(&person, id, &format!("?regions={name}")).await.status.as_u16();
    assert_eq!((status(&names[0]).await, status(&names[1]).await), (400, 400));
    assert_eq!((status(&names[2]).await, status(&names[101]).await), (200, 200));
}
