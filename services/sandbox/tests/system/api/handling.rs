//! Jobs that a program names, cancels or runs again.

use reqwest::Method;
use serde_json::{Value, json};

use super::Program;
use crate::people::Person;
use crate::upload::SAMPLE;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_run_again_with_other_settings_once_for_each_key() {
    let person = Person::new("again").await;
    let program = Program::of(&person).await;
    let id = program.submit("again.vcf", SAMPLE).await;
    assert_eq!(program.ended(id).await["settings"]["form"], "modern");
    let rerun = async |settings| {
        let path = format!("/jobs/{id}/rerun");
        program
            .post(&path, &settings, &[("idempotency-key", "other-form")])
            .await
    };
    let first = rerun(json!({ "form": "anntools" })).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let second = rerun(json!({ "form": "anntools" })).await;
    assert_eq!(
        (second.status.as_u16(), &second.json()["id"]),
        (200, &first.json()["id"])
    );
    let new = first.json()["id"].as_str().unwrap().parse().unwrap();
    assert_ne!(new, id);
    let job = program.ended(new).await;
    assert_eq!(
        (&job["status"], &job["settings"]["form"]),
        (&json!("COMPLETED"), &json!("anntools"))
    );
    let key = [("idempotency-key", "other-form")];
    let itself = program.post(&format!("/jobs/{new}/rerun"), &json!({}), &key).await;
    assert!(itself.is_problem(422, "idempotency_key_reused"));
    assert!(rerun(json!({ "form": "vep" })).await.is_problem(400, "bad_json"));
    assert_eq!(
        program.get(&format!("/jobs/{id}/results")).await.status,
        303,
        "the first has its own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_is_cancelled_and_one_that_has_ended_is_not() {
    let person = Person::new("cancels").await;
    let program = Program::of(&person).await;
    let ended = program.submit("first.vcf", SAMPLE).await;
    program.ended(ended).await;
    let refused = program.post(&format!("/jobs/{ended}/cancel"), &json!({}), &[]).await;
    assert!(refused.is_problem(409, "job_ended"));
    // Of many at once some wait for their turn.
    let mut cancelled = None;
    for _ in 0..20 {
        let id = program.submit("many.vcf", SAMPLE).await;
        let answer = program.post(&format!("/jobs/{id}/cancel"), &json!({}), &[]).await;
        if answer.status == 200 {
            cancelled = Some((id, answer));
            break;
        }
    }
    let (id, answer) = cancelled.expect("each had ended before it could be cancelled");
    assert_eq!(answer.json()["status"], "CANCELLED");
    let again = program.post(&format!("/jobs/{id}/cancel"), &json!({}), &[]).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["status"]),
        (200, &json!("CANCELLED"))
    );
    assert!(
        program
            .get(&format!("/jobs/{id}/results"))
            .await
            .is_problem(404, "no_results")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_named_and_what_is_not_said_stays() {
    let person = Person::new("names").await;
    let program = Program::of(&person).await;
    let id = program.submit("named.vcf", SAMPLE).await;
    program.ended(id).await;
    let describe = async |sent: Value| {
        let path = format!("/api/v1/jobs/{id}");
        program.ask(Method::PATCH, &path, Some(&sent), &[]).await
    };
    let named = describe(json!({ "name": " Family 7 ", "notes": "first\r\nsecond" })).await;
    assert_eq!(named.status, 200, "{}", named.body);
    let told = |job: Value| (job["name"].clone(), job["notes"].clone());
    assert_eq!(told(named.json()), (json!("Family 7"), json!("first\nsecond")));
    let other = describe(json!({ "name": "Family 8" })).await.json();
    assert_eq!(told(other), (json!("Family 8"), json!("first\nsecond")));
    let none = describe(json!({ "notes": "" })).await.json();
    assert_eq!(told(none), (json!("Family 8"), json!("")));
    assert_eq!(describe(json!({})).await.status, 200);
    assert!(person.get(&format!("/annotations/{id}")).await.says("Family 8"));
    for wrong in [
        json!({ "name": "x".repeat(101) }),
        json!({ "name": "a\nb" }),
        json!({ "notes": "x".repeat(2001) }),
    ] {
        assert!(describe(wrong.clone()).await.is_problem(422, "bad_value"), "{wrong}");
    }
    for wrong in [json!({ "status": "COMPLETED" }), json!([])] {
        assert!(describe(wrong.clone()).await.is_problem(400, "bad_json"), "{wrong}");
    }
    let listed = program.get("/jobs").await.json();
    assert_eq!(listed["jobs"][0]["name"], "Family 8", "nothing wrong was taken");
}
