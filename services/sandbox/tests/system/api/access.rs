//! Every route × another's id × each role × each scope: nobody gets what is another's, or what the token is not for.

use domain::{JobId, Role};
use reqwest::Method;
use serde_json::{Value, json};

use super::Program;
use crate::people::Person;
use crate::upload::SAMPLE;

/// Each route with a job's id in it, the scope it wants, and what is sent.
const OF_A_JOB: [(&str, &str, &str); 13] = [
    ("GET", "", "read"),
    ("GET", "/events", "read"),
    ("GET", "/input", "read"),
    ("GET", "/results", "read"),
    ("GET", "/index", "read"),
    ("GET", "/plain", "read"),
    ("GET", "/log", "read"),
    ("GET", "/variants", "read"),
    ("POST", "/regions", "read"),
    ("PATCH", "", "submit"),
    ("POST", "/cancel", "submit"),
    ("POST", "/rerun", "submit"),
    ("DELETE", "", "delete"),
];

const OTHERS: [(&str, &str, Option<&str>); 19] = [
    ("GET", "/jobs", Some("read")),
    ("GET", "/references", Some("read")),
    ("GET", "/deletions/00000000-0000-4000-8000-000000000000", Some("read")),
    ("POST", "/uploads", Some("submit")),
    ("GET", "/uploads/00000000-0000-4000-8000-000000000000", Some("submit")),
    (
        "POST",
        "/uploads/00000000-0000-4000-8000-000000000000/parts",
        Some("submit"),
    ),
    (
        "POST",
        "/uploads/00000000-0000-4000-8000-000000000000/complete",
        Some("submit"),
    ),
    (
        "DELETE",
        "/uploads/00000000-0000-4000-8000-000000000000",
        Some("submit"),
    ),
    ("POST", "/jobs", Some("submit")),
    ("GET", "/account", None),
    ("GET", "/webhooks", Some("read")),
    ("GET", "/webhooks/00000000-0000-4000-8000-000000000000", Some("read")),
    (
        "GET",
        "/webhooks/00000000-0000-4000-8000-000000000000/deliveries",
        Some("read"),
    ),
    ("POST", "/webhooks", Some("webhooks")),
    (
        "POST",
        "/webhooks/00000000-0000-4000-8000-000000000000/test",
        Some("webhooks"),
    ),
    (
        "POST",
        "/webhooks/00000000-0000-4000-8000-000000000000/pause",
        Some("webhooks"),
    ),
    (
        "POST",
        "/webhooks/00000000-0000-4000-8000-000000000000/resume",
        Some("webhooks"),
    ),
    (
        "POST",
        "/webhooks/00000000-0000-4000-8000-000000000000/deliveries/00000000-0000-4000-8000-000000000000/again",
        Some("webhooks"),
    ),
    (
        "DELETE",
        "/webhooks/00000000-0000-4000-8000-000000000000",
        Some("webhooks"),
    ),
];

const SCOPES: [&str; 4] = ["read", "submit", "webhooks", "delete"];

async fn ask(program: &Program, method: &str, path: &str) -> crate::people::Answer {
    let sent: Option<Value> = match method {
        "POST" => Some(json!({})),
        "PATCH" => Some(json!({ "name": "mine now" })),
        _ => None,
    };
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    program.ask(method, &format!("/api/v1{path}"), sent.as_ref(), &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_any_role_reaches_anothers_job_by_any_route() {
    let owner = Person::new("owner").await;
    let owners = Program::of(&owner).await;
    let id = owners.submit("mine.vcf", SAMPLE).await;
    owners.ended(id).await;
    for role in Role::ALL {
        let stranger = Person::with_role("stranger", role).await;
        let program = Program::of(&stranger).await;
        for (method, path, _) in OF_A_JOB {
            for job in [id.to_string(), JobId::random().to_string(), "none".into()] {
                let refused = ask(&program, method, &format!("/jobs/{job}{path}")).await;
                assert!(
                    refused.is_problem(404, "job_not_found"),
                    "{role:?} {method} {path}: {}",
                    refused.body
                );
            }
        }
        let submitted = program.post("/jobs", &json!({ "upload": id }), &[]).await;
        assert!(submitted.is_problem(404, "upload_missing"), "{role:?}");
        assert_eq!(program.get("/jobs").await.json()["jobs"], json!([]), "{role:?}");
        let forged = format!("/jobs?cursor=4000000000.{id}");
        assert_eq!(program.get(&forged).await.json()["jobs"], json!([]), "{role:?}");
    }
    assert_eq!(
        owners.get(&format!("/jobs/{id}/results")).await.status,
        303,
        "nothing has happened to it"
    );
    assert_eq!(owners.get("/jobs").await.json()["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_scopes_allow_and_nothing_else() {
    let person = Person::new("scoped").await;
    let all = Program::of(&person).await;
    for scope in SCOPES {
        let program = Program::scoped(&person, &[scope]).await;
        let id = all.submit("scoped.vcf", SAMPLE).await;
        all.ended(id).await;
        let of_a_job = OF_A_JOB.map(|(method, path, wanted)| (method, format!("/jobs/{id}{path}"), Some(wanted)));
        let others = OTHERS.map(|(method, path, wanted)| (method, path.to_owned(), wanted));
        for (method, path, wanted) in of_a_job.into_iter().chain(others) {
            let answer = ask(&program, method, &path).await;
            if wanted.is_none_or(|wanted| wanted == scope) {
                assert_ne!(answer.status, 403, "{scope} {method} {path}: {}", answer.body);
                continue;
            }
            assert!(
                answer.is_problem(403, "scope_missing"),
                "{scope} {method} {path}: {}",
                answer.body
            );
            let challenge = format!("error=\"insufficient_scope\", scope=\"{}\"", wanted.unwrap());
            assert!(answer.header("www-authenticate").contains(&challenge));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_is_answered_and_a_cookie_is_none() {
    let person = Person::new("cookie").await;
    let nobody = Program::with(None).await;
    let mistyped = super::make_token(&person, &["read"]).await.replace("gas_", "gas_0");
    let mistyped = Program::with(Some(mistyped)).await;
    let unknown = Program::with(Some(domain::ApiToken::random().reveal().to_owned())).await;
    let of_a_job = OF_A_JOB.map(|(method, path, _)| (method, format!("/jobs/{}{path}", JobId::random())));
    let others = OTHERS.map(|(method, path, _)| (method, path.to_owned()));
    for (method, path) in of_a_job
        .into_iter()
        .chain(others)
        .chain([("DELETE", "/token".to_owned())])
    {
        for (program, code) in [
            (&nobody, "token_missing"),
            (&mistyped, "token_malformed"),
            (&unknown, "token_invalid"),
        ] {
            let refused = ask(program, method, &path).await;
            assert!(refused.is_problem(401, code), "{method} {path}: {}", refused.body);
            assert!(refused.header("www-authenticate").starts_with("Bearer realm=\"GAS\""));
        }
    }
    let by_cookie = person.get("/api/v1/account").await;
    assert!(
        by_cookie.is_problem(401, "token_missing"),
        "a session opens pages, not the API"
    );
    let bearer = Program::with(Some(super::make_token(&person, &["read"]).await)).await;
    let page = bearer.ask(Method::GET, "/profile", None, &[]).await;
    assert_eq!(page.status, 303, "and a token opens no page");
}
