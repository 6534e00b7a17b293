//! From a file to its results, and to nothing, by a program alone.

use std::io::Read;

use domain::{JobId, Timestamp};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use super::Program;
use crate::eventually;
use crate::people::Person;
use crate::reach::reach;
use crate::upload::SAMPLE;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_submits_waits_downloads_and_deletes() {
    let person = Person::new("program").await;
    let program = Program::of(&person).await;
    let id = program.submit("my exome é.vcf", SAMPLE).await;
    let job = program.ended(id).await;
    assert_eq!(
        (&job["status"], &job["file_name"]),
        (&json!("COMPLETED"), &json!("my exome é.vcf"))
    );
    assert_eq!(job["results"]["access"], "available");
    assert!(job["results"]["available_until"].is_string() && job["summary"]["records"].as_u64().unwrap() > 0);
    let file = async |name: &str| program.get(&format!("/jobs/{id}/{name}")).await;
    assert_eq!(program.download(&file("input").await).await, SAMPLE.as_bytes());
    let packed = program.download(&file("results").await).await;
    assert_eq!(packed.len() as u64, job["results"]["bytes"].as_u64().unwrap());
    let mut unpacked = String::new();
    MultiGzDecoder::new(&*packed).read_to_string(&mut unpacked).unwrap();
    assert!(unpacked.contains("CSQ="));
    let plain = file("plain").await;
    assert_eq!((plain.status.as_u16(), &plain.body), (200, &unpacked));
    let index = program.download(&file("index").await).await;
    assert_eq!(index.len() as u64, job["results"]["index_bytes"].as_u64().unwrap());
    assert_eq!(file("results").await.json()["file_name"], job["results"]["file_name"]);
    let log = program.download(&file("log").await).await;
    assert!(!log.is_empty());
    let events = file("events").await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert!(
        events.body.contains("event:done") && events.body.contains("COMPLETED"),
        "{}",
        events.body
    );
    let page = person.get(&format!("/annotations/{id}")).await;
    assert!(page.says("my exome é.vcf"), "the same job as on the pages");

    let deleted = program.delete(&format!("/jobs/{id}")).await;
    assert_eq!(deleted.status, 202, "{}", deleted.body);
    assert!(
        program
            .get(&format!("/jobs/{id}"))
            .await
            .is_problem(404, "job_not_found")
    );
    let deletion = format!("/deletions/{}", deleted.json()["deletion"].as_str().unwrap());
    let done = eventually("the deletion to be done", || async {
        let deletion = program.get(&deletion).await.json();
        deletion["done_at"].is_string().then_some(deletion)
    });
    assert_eq!(done.await["inputs"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_the_same_job_however_often_and_wherever_a_program_dies() {
    let (person, other) = (Person::new("twice").await, Person::new("other").await);
    let (program, others) = (Program::of(&person).await, Program::of(&other).await);
    let prepare = async |by: &Program, name: &str| by.prepare(name, "sha256-of-the-file").await;
    let first = prepare(&program, "a.vcf").await.json();
    let second = prepare(&program, "a.vcf").await;
    assert_eq!((second.status.as_u16(), &second.json()["id"]), (201, &first["id"]));
    assert_ne!(
        prepare(&others, "a.vcf").await.json()["id"],
        first["id"],
        "a key is its person's"
    );
    let submit = async |upload: &Value| program.post("/jobs", &json!({ "upload": upload }), &[]).await;
    assert!(submit(&first["id"]).await.is_problem(404, "upload_missing"));
    program.upload(&first, SAMPLE).await;
    let (one, another) = (submit(&first["id"]).await, submit(&first["id"]).await);
    assert_eq!((one.status.as_u16(), another.status.as_u16()), (201, 200));
    assert_eq!(
        one.header("location"),
        format!("/api/v1/jobs/{}", first["id"].as_str().unwrap())
    );
    let third = prepare(&program, "a.vcf").await;
    assert_eq!(third.status, 200);
    assert_eq!(
        third.json(),
        json!({ "id": first["id"], "is_submitted": true, "form": null, "parts": null })
    );
    assert!(
        prepare(&program, "b.vcf")
            .await
            .is_problem(422, "idempotency_key_reused")
    );
    let larger = json!({ "file_name": "a.vcf", "bytes": SAMPLE.len() + 1 });
    let larger = program
        .post("/uploads", &larger, &[("idempotency-key", "sha256-of-the-file")])
        .await;
    assert!(larger.is_problem(422, "idempotency_key_reused"));
    let id: JobId = first["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(reach().await.jobs.get(id).await.unwrap().unwrap().attempt.max(1), 1);
    assert_eq!(program.get("/jobs").await.json()["jobs"].as_array().unwrap().len(), 1);

    assert_eq!(program.delete(&format!("/jobs/{id}")).await.status, 202);
    // The form is still good; what is uploaded with it now is nobody's.
    program.upload(&first, SAMPLE).await;
    let late = submit(&first["id"]).await;
    // The archiver may be rid of it already.
    let is_gone = late.is_problem(409, "job_deleted") || late.is_problem(404, "upload_missing");
    assert!(is_gone, "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_where_its_cursor_says() {
    let person = Person::new("lists").await;
    let program = Program::of(&person).await;
    let mut ids = Vec::new();
    for name in ["1.vcf", "2.vcf", "3.vcf"] {
        ids.push(program.submit(name, SAMPLE).await.to_string());
    }
    let mut seen = Vec::new();
    let mut path = "/jobs?limit=2".to_owned();
    loop {
        let page = program.get(&path).await.json();
        let jobs = page["jobs"].as_array().unwrap();
        assert!(jobs.len() <= 2);
        seen.extend(jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/jobs?limit=2&cursor={cursor}");
    }
    seen.sort_unstable();
    ids.sort_unstable();
    assert_eq!(seen, ids);
    let found = async |query: &str| {
        let page = program.get(&format!("/jobs?{query}")).await.json();
        page["jobs"].as_array().unwrap().len()
    };
    assert_eq!((found("search=2.VCF").await, found("search=none").await), (1, 0));
    assert_eq!(found("status=CANCELLED").await, 0);
    for wrong in [
        "status=DELETED",
        "status=",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "cursor=x",
        "cursor=",
    ] {
        assert!(
            program
                .get(&format!("/jobs?{wrong}"))
                .await
                .is_problem(400, "bad_parameter"),
            "{wrong}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn results_leave_a_free_program_after_half_an_hour_as_they_leave_pages() {
    let person = Person::new("late").await;
    let program = Program::of(&person).await;
    let id = program.submit("late.vcf", SAMPLE).await;
    program.ended(id).await;
    let past = Timestamp::from_epoch_seconds(Timestamp::now().epoch_seconds() - 1800);
    reach().await.set_complete_time(id, past).await;
    for file in ["results", "plain", "index"] {
        let refused = program.get(&format!("/jobs/{id}/{file}")).await;
        assert!(refused.is_problem(409, "results_archived"), "{file}: {}", refused.body);
    }
    assert_eq!(
        program.get(&format!("/jobs/{id}")).await.json()["results"]["access"],
        "archived"
    );
    for file in ["input", "log"] {
        assert_eq!(program.get(&format!("/jobs/{id}/{file}")).await.status, 303, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_for_the_plan_is_refused_before_it_is_uploaded() {
    let (free, premium) = (Person::new("small").await, Person::premium("large").await);
    let wanted = json!({ "file_name": "large.vcf", "bytes": 153_601 });
    let refused = Program::of(&free).await.post("/uploads", &wanted, &[]).await;
    assert!(refused.is_problem(413, "too_large"));
    assert!(refused.body.contains("150 KB (153,600 bytes)"), "{}", refused.body);
    assert_eq!(
        Program::of(&premium).await.post("/uploads", &wanted, &[]).await.status,
        201
    );
}
