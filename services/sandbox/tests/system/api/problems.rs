//! Whatever is wrong, the answer says it in the same form.

use reqwest::Method;
use serde_json::json;

use super::{Program, make_token};
use crate::people::Person;
use crate::reach::reach;

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_with_its_code() {
    let person = Person::new("problems").await;
    let program = Program::of(&person).await;
    assert!(program.get("/nothing").await.is_problem(404, "not_found"));
    assert!(
        program
            .ask(Method::GET, "/api/v2/jobs", None, &[])
            .await
            .is_problem(404, "not_found")
    );
    assert!(program.get("/jobs/x/y/z").await.is_problem(404, "not_found"));
    let put = program.ask(Method::PUT, "/api/v1/jobs", None, &[]).await;
    assert!(put.is_problem(405, "method_not_allowed"));
    assert_eq!(put.header("allow"), "GET, HEAD, POST");
    let by_get = program.get("/token").await;
    assert!(by_get.is_problem(405, "method_not_allowed"), "nothing changes by GET");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let as_form = program.ask(Method::POST, "/api/v1/jobs", None, &form).await;
    assert!(as_form.is_problem(415, "unsupported_media_type"));
    for (sent, words) in [
        (json!({ "upload": 7 }), "expected"),
        (json!({ "upload": "x" }), "UUID"),
        (
            json!({ "uplaod": "00000000-0000-4000-8000-000000000000" }),
            "unknown field `uplaod`",
        ),
        (json!([]), "invalid"),
    ] {
        let refused = program.post("/jobs", &sent, &[]).await;
        assert!(refused.is_problem(400, "bad_json"), "{sent}: {}", refused.body);
        assert!(
            refused.json()["detail"].as_str().unwrap().contains(words),
            "{sent}: {}",
            refused.body
        );
    }
    let long = json!({ "file_name": "x".repeat(40_000) });
    assert!(program.post("/uploads", &long, &[]).await.is_problem(413, "too_large"));
    let name = json!({ "file_name": "" });
    assert!(
        program
            .post("/uploads", &name, &[])
            .await
            .is_problem(400, "bad_parameter")
    );
    let key = program
        .post("/uploads", &json!({ "file_name": "a" }), &[("idempotency-key", "a b")])
        .await;
    assert!(key.is_problem(400, "bad_parameter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_too_often_is_told_when_to_come_back_and_others_go_on() {
    let person = Person::new("often").await;
    let (eager, calm) = (
        make_token(&person, &["read"]).await,
        Program::scoped(&person, &["read"]).await,
    );
    let ending = eager[eager.len() - 4..].to_owned();
    let eager = Program::with(Some(eager)).await;
    let first = eager.get("/account").await;
    assert_eq!(first.header("ratelimit-policy"), "\"token\";q=600;w=60");
    assert_eq!(first.header("ratelimit"), "\"token\";r=599;t=1");
    // As if it had come more often than it may, by five seconds' worth: what takes a while here must not be enough.
    let sql = format!(
        "UPDATE limits SET due = now() + interval '65 seconds' WHERE key = (SELECT sha256( \
         'request'::bytea || '\\x00' || t.id::text::bytea || '\\x00') FROM api_tokens t \
         JOIN users u ON u.id = t.user_id WHERE u.username = '{}' AND t.ending = '{ending}')",
        person.username
    );
    reach().await.sql(&sql).await;
    let refused = eager.get("/account").await;
    assert!(refused.is_problem(429, "rate_limited"), "{}", refused.body);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 60);
    assert_eq!(calm.get("/account").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_elsewhere_may_ask_in_a_persons_name() {
    let program = Program::with(None).await;
    let origin = [
        ("origin", "https://elsewhere.example"),
        ("access-control-request-method", "POST"),
    ];
    let preflight = program.ask(Method::OPTIONS, "/api/v1/jobs", None, &origin).await;
    assert!(preflight.is_problem(405, "method_not_allowed"));
    let answer = program.ask(Method::GET, "/api/v1/openapi.json", None, &origin).await;
    assert_eq!(answer.status, 200);
    for answer in [preflight, answer] {
        assert!(
            answer
                .headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control"))
        );
    }
}
