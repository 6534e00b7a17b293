//! Webhooks: programs of people's that are told how jobs end.

mod inside;
mod pages;
pub mod receiver;
mod troubles;

use std::process::{Command, Stdio};

use backends::jobs::{Claim, Outcome};
use domain::events::JobCompleted;
use domain::{JobId, Timestamp};
use scraper::Selector;
use serde_json::{Value, json};

use crate::api::Program;
use crate::eventually;
use crate::people::{Browser, Person};
use crate::reach::{TURNS, reach, uploaded};
use crate::upload::SAMPLE;
use receiver::{Received, received, receiver};

/// A word that no other test has.
fn a_key() -> String {
    JobId::random().to_string()
}

/// A webhook of this person's, made by the API: its id and its secret.
async fn added(program: &Program, url: &str, events: &[&str]) -> (String, String) {
    let added = program
        .post("/webhooks", &json!({ "url": url, "events": events }), &[])
        .await;
    assert_eq!(added.status, 201, "{}", added.body);
    let added = added.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&added["webhook"]["id"]), text(&added["secret"]))
}

/// The first request of this key, once there is one.
async fn told(key: &str) -> Received {
    eventually("the webhook to be told", || async { received(key).into_iter().next() }).await
}

/// The webhook's deliveries, once they are like this.
async fn deliveries(program: &Program, webhook: &str, are: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    eventually("the deliveries", || async {
        let list = program.get(&format!("/webhooks/{webhook}/deliveries")).await.json();
        let list = list["deliveries"].as_array().unwrap().clone();
        are(&list).then_some(list)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_end_of_a_job_is_told_once_in_the_words_of_the_api_and_signed() {
    let person = Person::new("hooked").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let both = ["job.completed", "job.failed"];
    let (webhook, secret) = added(&program, &receiver("ok", &key), &both).await;
    let id = program.submit("told.vcf", SAMPLE).await;
    let first = told(&key).await;
    assert!(first.is_signed_by(&secret), "{first:?}");
    assert!(first.header("webhook-id").starts_with("msg_"));
    assert_eq!(first.header("content-type"), "application/json");
    let sent: i64 = first.header("webhook-timestamp").parse().unwrap();
    assert!((Timestamp::now().epoch_seconds() - sent).abs() < 120);
    let (message, job) = (first.json(), program.ended(id).await);
    assert_eq!(
        (&message["type"], &message["timestamp"]),
        (&json!("job.completed"), &job["ended_at"])
    );
    for field in [
        "id",
        "status",
        "file_name",
        "name",
        "submitted_at",
        "started_at",
        "ended_at",
        "error",
        "page",
    ] {
        assert_eq!(message["data"][field], job[field], "{field}");
    }
    let address = message["data"]["url"].as_str().unwrap();
    assert!(address.ends_with(&format!("/api/v1/jobs/{id}")), "{address}");

    // The message comes again, by the topic and past it.
    let reach = reach().await;
    reach.job_results.publish(&JobCompleted::new(id)).await.unwrap();
    reach.send_to("webhooks", &JobCompleted::new(id)).await;
    eventually("the queue to be empty", || async {
        (reach.depth("webhooks").await == 0).then_some(())
    })
    .await;
    let failed = program.submit("bad.vcf", "no VCF\n").await;
    program.ended(failed).await;
    let list = deliveries(&program, &webhook, |list| {
        list.len() == 2 && list.iter().all(|delivery| delivery["delivered_at"].is_string())
    })
    .await;
    assert_eq!(received(&key).len(), 2, "{list:?}");
    let second = received(&key).remove(1).json();
    assert_eq!(
        (&second["type"], &second["data"]["status"]),
        (&json!("job.failed"), &json!("FAILED"))
    );
    assert!(second["data"]["error"].is_string());
    let delivery = &list[1];
    assert_eq!(
        (
            &delivery["event"],
            &delivery["status"],
            &delivery["attempts"],
            &delivery["problem"]
        ),
        (&json!("job.completed"), &json!(200), &json!(1), &Value::Null)
    );
    assert_eq!(delivery["message_id"], first.header("webhook-id"));
    assert_eq!(delivery["job"], id.to_string());

    // A job that is deleted leaves no trace here.
    assert_eq!(program.delete(&format!("/jobs/{id}")).await.status, 202);
    deliveries(&program, &webhook, |list| list.len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_page_takes_what_is_ours_and_refuses_what_is_not() {
    let person = Person::new("verifies").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, secret) = added(&program, &receiver("ok", &key), &["job.failed"]).await;
    let test = program
        .post(&format!("/webhooks/{webhook}/test"), &json!({}), &[])
        .await;
    assert_eq!(test.status, 202, "{}", test.body);
    let told = told(&key).await;
    assert_eq!(told.json()["type"], "webhook.test");
    let page = Browser::new().await.get("/api").await.html();
    let example = page.select(&Selector::parse("#verify").unwrap()).next().unwrap();
    let example: String = example.text().collect();
    let verify = |secret: &str, told: &Received| {
        let script = format!(
            "{example}\nimport json, sys\nsecret, headers, body = json.loads(sys.argv[1])\n\
             print(verify(secret, headers, body.encode()).decode(), end='')"
        );
        let headers: Value = ["webhook-id", "webhook-timestamp", "webhook-signature"]
            .map(|name| (name.to_owned(), json!(told.header(name))))
            .into_iter()
            .collect();
        let given = json!([secret, headers, told.body]).to_string();
        let ran = Command::new("python3")
            .args(["-c", &script, &given])
            .stdin(Stdio::null())
            .output();
        let ran = ran.unwrap();
        (
            String::from_utf8(ran.stdout).unwrap(),
            String::from_utf8(ran.stderr).unwrap(),
        )
    };
    assert_eq!(verify(&secret, &told), (told.body.clone(), String::new()));
    let (_, wrong) = verify("whsec_dHdlbnR5LWZvdXIgYnl0ZXMgb2Yga2V5", &told);
    assert!(wrong.contains("the signature is not ours"), "{wrong}");
    let mut changed = told.clone();
    changed.body.push(' ');
    assert!(verify(&secret, &changed).1.contains("the signature is not ours"));
    let mut old = told;
    old.headers.insert("webhook-timestamp", "1600000000".parse().unwrap());
    assert!(verify(&secret, &old).1.contains("too old"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_message_was_lost_is_told_all_the_same() {
    let person = Person::new("unheard").await;
    let (program, key) = (Program::of(&person).await, a_key());
    added(&program, &receiver("ok", &key), &["job.failed"]).await;
    let reach = reach().await;
    let (id, user) = (JobId::random(), reach.user(&person.username).await);
    let upload = uploaded("unheard.vcf");
    reach
        .jobs
        .submit(id, &user, &upload, &TURNS, Timestamp::now())
        .await
        .unwrap();
    let Claim::Granted(job) = reach.jobs.claim(id, Timestamp::now()).await.unwrap() else {
        panic!("somebody else has claimed the job")
    };
    let outcome = Outcome::Failed {
        reason: "Nobody was told.".into(),
        log_key: "log".into(),
        log_size: 3,
    };
    assert!(reach.jobs.end(&job, &outcome, Timestamp::now()).await.unwrap());
    assert_eq!(told(&key).await.json()["data"]["error"], "Nobody was told.");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_has_nothing_told_any_more() {
    let person = Person::new("leaves").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, _) = added(&program, &receiver("ok", &key), &["job.completed"]).await;
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    reach.accounts.leave(user.id, None).await.unwrap();
    assert_eq!(reach.accounts.webhooks(user.id).await.unwrap(), []);
    let webhook = webhook.parse().unwrap();
    assert_eq!(reach.accounts.test_webhook(user.id, webhook).await.unwrap(), None);
    assert!(received(&key).is_empty());
}
