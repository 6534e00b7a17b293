//! One tenant never sees another's data.

use domain::{JobId, Reach, Role, WebhookEvent, WebhookId, WebhookUrl, keys};
use reqwest::Method;

use crate::api::Program;
use crate::people::{Browser, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, post_to_s3, submit};
use crate::webhooks::receiver::{received, receiver};
use crate::{eventually, sandbox, skipped};

/// Each route of the API with a webhook's id in it.
const OF_A_WEBHOOK: [(&str, &str); 7] = [
    ("GET", ""),
    ("GET", "/deliveries"),
    ("POST", "/test"),
    ("POST", "/pause"),
    ("POST", "/resume"),
    ("POST", "/deliveries/{delivery}/again"),
    ("DELETE", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_a_job_or_its_files() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let id = submit(&owner, "sample.vcf", SAMPLE).await;
    ended(id).await;
    for page in [
        "",
        "/input",
        "/results",
        "/plain",
        "/index",
        "/log",
        "/log?download=1",
        "/events",
        "/variants",
        "/variants/charts",
        "/variants/0",
        "/variants.tsv",
        "/variants.jsonl",
        "/variants.parquet",
        "/variants.vcf.gz",
    ] {
        let foreign = stranger.get(&format!("/annotations/{id}{page}")).await;
        let absent = stranger.get(&format!("/annotations/{}{page}", JobId::random())).await;
        assert_eq!((foreign.status.as_u16(), absent.status.as_u16()), (403, 403), "{page}");
        assert!(foreign.says("Not authorized to view this job"), "{page}");
    }
    assert!(!stranger.get("/annotations").await.says(&id.to_string()));
    let visitor = Browser::new().await.get(&format!("/annotations/{id}")).await;
    assert_eq!(
        (visitor.status.as_u16(), visitor.location()),
        (
            303,
            &*format!(
                "/login?redirect_url=%2Fannotations%2F{}",
                id.to_string().replace('-', "%2D")
            )
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reaches_a_webhook_or_what_it_is_told() {
    if sandbox().await.is_attached() {
        return skipped("webhooks of others: services in containers may not call this machine");
    }
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let accounts = reach().await.accounts;
    let user = reach().await.user(&owner.username).await;
    let url = WebhookUrl::parse(&receiver("ok", "isolated"), Reach::Anywhere).unwrap();
    let made = accounts.make_webhook(user.id, &url, &[WebhookEvent::JobFailed]).await;
    let (webhook, _) = made.unwrap().unwrap();
    let delivery = accounts.test_webhook(user.id, webhook.id).await.unwrap().unwrap();
    let before = accounts.webhook(user.id, webhook.id).await.unwrap();
    let arrived = || async { received("isolated").pop() };
    eventually("the test", arrived).await;

    let pages = ["test", "again", "pause", "resume", "delete"];
    for id in [webhook.id, WebhookId::random()] {
        let page = format!("/profile/webhooks/{id}");
        assert_eq!(stranger.get(&page).await.status, 404);
        for action in pages {
            let fields = [("delivery", &*delivery.to_string())];
            let action = format!("{page}/{action}");
            let refused = stranger.browser.submit("/profile/webhooks", &action, &fields).await;
            assert_eq!(refused.status, 404, "{action}");
        }
    }
    assert!(!stranger.get("/profile/webhooks").await.says("isolated"));
    assert!(!stranger.get("/profile/export").await.says("isolated"));
    for role in Role::ALL {
        let stranger = Person::with_role("stranger", role).await;
        let program = Program::scoped(&stranger, &["read", "webhooks"]).await;
        for id in [webhook.id.to_string(), WebhookId::random().to_string(), "none".into()] {
            for (method, path) in OF_A_WEBHOOK {
                let path = path.replace("{delivery}", &delivery.to_string());
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let path = format!("/api/v1/webhooks/{id}{path}");
                let refused = program.ask(method.clone(), &path, None, &[]).await;
                assert!(
                    refused.is_problem(404, "webhook_not_found"),
                    "{method} {path}: {}",
                    refused.body
                );
            }
        }
        assert_eq!(program.get("/webhooks").await.json()["webhooks"], serde_json::json!([]));
    }
    assert_eq!(
        accounts.webhook(user.id, webhook.id).await.unwrap(),
        before,
        "nothing has happened to it"
    );
    assert_eq!(received("isolated").len(), 1, "nor was it called");
    let visitor = Browser::new().await.get("/profile/webhooks").await;
    assert_eq!(visitor.location(), "/login?redirect_url=%2Fprofile%2Fwebhooks");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_can_be_submitted_by_its_owner_only() {
    let (owner, thief) = (Person::new("owner").await, Person::new("thief").await);
    let stored = post_to_s3(&owner, "sample.vcf", SAMPLE.into()).await;
    let address = stored.location().to_owned();
    assert_eq!(thief.get(&address).await.status, 403);
    assert_eq!(
        owner.get(&address.replace("gas-inputs", "gas-results")).await.status,
        400
    );
    assert_eq!(owner.get(&address).await.status, 303);
    let again = owner.get(&address).await;
    assert_eq!(again.status, 303, "a reload is harmless");
    let id: JobId = again.location().rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(ended(id).await.attempt, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_an_upload_is_not_submitted() {
    let person = Person::new("ghost").await;
    let user = reach().await.user(&person.username).await;
    let key = keys::input(user.id, JobId::random());
    let answer = person
        .get(&format!("/annotate/job?bucket=gas-inputs&key={key}&etag=x"))
        .await;
    assert_eq!(answer.status, 404);
    assert!(answer.says("Upload the file again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_page_of_jobs_shows_ones_own_jobs_only() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let id = submit(&owner, "sample.vcf", SAMPLE).await;
    let submitted = ended(id).await.submit_time.epoch_seconds() + 1;
    let forged = stranger
        .get(&format!("/annotations?after={submitted}.{}", JobId::random()))
        .await;
    assert_eq!(forged.status, 200);
    assert!(!forged.says(&id.to_string()));
}
