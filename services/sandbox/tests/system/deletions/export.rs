//! All of one's data in one document, and nobody else's.

use serde_json::Value;

use crate::people::{Browser, Person};
use crate::upload::{SAMPLE, ended, submit};
use crate::variants::regions;

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_the_account_and_every_job_with_links_to_its_files() {
    let (person, other) = (Person::new("exports").await, Person::new("other").await);
    let theirs = submit(&other, "theirs.vcf", SAMPLE).await;
    let mut jobs = Vec::new();
    for name in ["first.vcf", "second.vcf"] {
        let id = submit(&person, name, SAMPLE).await;
        jobs.push(ended(id).await.id.to_string());
    }
    let answer = person.get("/profile/export").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/json")
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"gas-export.json\""
    );
    let export: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(export["account"]["username"], person.username);
    assert_eq!(export["account"]["email"], person.email);
    assert_eq!(export["account"]["sessions"].as_array().unwrap().len(), 1);
    let exported = export["jobs"].as_array().unwrap();
    let mut ids: Vec<&str> = exported
        .iter()
        .map(|job| job["row"]["job_id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    jobs.sort_unstable();
    assert_eq!(ids, jobs);
    assert!(exported[0]["row"]["summary"].is_object(), "{}", exported[0]);
    for file in ["input", "results", "index", "log"] {
        let link = exported[0]["files"][file].as_str().unwrap();
        let fetched = person.browser.client.get(link).send().await.unwrap();
        assert_eq!(fetched.status(), 200, "{file}");
    }
    let input = exported[0]["files"]["input"].as_str().unwrap();
    let input = person.browser.client.get(input).send().await.unwrap();
    assert_eq!(input.text().await.unwrap(), SAMPLE);
    for secret in [
        "$argon2",
        "mail_token",
        "token_hash",
        &theirs.to_string(),
        &other.username,
    ] {
        assert!(!answer.body.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_the_bed_files_that_are_kept_for_jobs() {
    let (person, other) = (Person::new("beds").await, Person::new("other").await);
    let mut sent = Vec::new();
    for (person, count) in [(&person, 2), (&other, 1)] {
        let id = submit(person, "sample.vcf", SAMPLE).await;
        ended(id).await;
        for end in 3_243..3_243 + count {
            let bed = format!("MT\t3242\t{end}\n");
            assert_eq!(regions::send(&person.browser, id, "", bed.clone()).await.status, 303);
            sent.push((id.to_string(), bed.replace("MT", "m")));
        }
    }
    sent.pop();
    let export: Value = serde_json::from_str(&person.get("/profile/export").await.body).unwrap();
    let kept = export["regions"].as_array().unwrap().iter();
    let text = |regions: &Value, key: &str| regions[key].as_str().unwrap().to_owned();
    let mut kept: Vec<_> = kept.map(|kept| (text(kept, "job_id"), text(kept, "bed"))).collect();
    kept.sort_unstable();
    assert_eq!(kept, sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_for_who_is_signed_in() {
    let visitor = Browser::new().await;
    let answer = visitor.get("/profile/export").await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().starts_with("/login?redirect_url="));
}
