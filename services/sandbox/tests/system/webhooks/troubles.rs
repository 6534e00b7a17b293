//! Receivers that fail, lead elsewhere, or want nothing more.

use serde_json::{Value, json};

use super::receiver::{received, receiver};
use super::{a_key, added, deliveries, told};
use crate::api::Program;
use crate::eventually;
use crate::people::Person;
use crate::reach::reach;

async fn test(program: &Program, webhook: &str) {
    let test = program
        .post(&format!("/webhooks/{webhook}/test"), &json!({}), &[])
        .await;
    assert_eq!(test.status, 202, "{}", test.body);
}

fn is_tried(list: &[Value]) -> bool {
    list.iter().any(|delivery| delivery["attempted_at"].is_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_fails_is_told_again_under_the_same_id_with_another_time() {
    let person = Person::new("fails").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, secret) = added(&program, &receiver("fails-once", &key), &["job.failed"]).await;
    test(&program, &webhook).await;
    let first = deliveries(&program, &webhook, is_tried).await.remove(0);
    if first["delivered_at"].is_null() {
        assert_eq!((&first["status"], &first["problem"]), (&json!(503), &json!("status")));
        assert!(first["next_attempt"].is_string());
        let state = program.get(&format!("/webhooks/{webhook}")).await.json();
        assert!(state["failing_since"].is_string(), "{state}");
    }
    let arrived = |list: &[Value]| list[0]["delivered_at"].is_string();
    let last = deliveries(&program, &webhook, arrived).await.remove(0);
    assert_eq!(
        (&last["status"], &last["attempts"], &last["next_attempt"]),
        (&json!(200), &json!(2), &Value::Null)
    );
    let [one, two] = received(&key).try_into().unwrap();
    assert!(one.is_signed_by(&secret) && two.is_signed_by(&secret));
    assert_eq!(one.header("webhook-id"), two.header("webhook-id"));
    assert_eq!(one.body, two.body);
    assert_ne!(one.header("webhook-timestamp"), two.header("webhook-timestamp"));
    let state = program.get(&format!("/webhooks/{webhook}")).await.json();
    assert!(state["failing_since"].is_null(), "{state}");

    // Its owner has it sent once more, under the same id.
    let again = format!("/webhooks/{webhook}/deliveries/{}/again", last["id"].as_str().unwrap());
    assert_eq!(program.post(&again, &json!({}), &[]).await.status, 202);
    eventually("it to come again", || async {
        (received(&key).len() == 3).then_some(())
    })
    .await;
    assert_eq!(received(&key)[2].header("webhook-id"), one.header("webhook-id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_no_success_and_is_not_followed() {
    let person = Person::new("redirects").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, _) = added(&program, &receiver("redirect", &key), &["job.failed"]).await;
    test(&program, &webhook).await;
    let delivery = deliveries(&program, &webhook, is_tried).await.remove(0);
    assert_eq!(
        (&delivery["status"], &delivery["problem"]),
        (&json!(307), &json!("redirect"))
    );
    assert!(received("elsewhere").is_empty());
    let page = person.get(&format!("/profile/webhooks/{webhook}")).await;
    assert!(page.says("The answer leads to another address; nothing is sent there."));
    assert!(!page.says("A secret of the receiver"), "answers are not shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_paused_its_owner_told_and_it_goes_on_when_resumed() {
    let person = Person::new("gone").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, _) = added(&program, &receiver("gone", &key), &["job.failed"]).await;
    test(&program, &webhook).await;
    let held = |list: &[Value]| list[0]["status"] == 410;
    let delivery = deliveries(&program, &webhook, held).await.remove(0);
    assert_eq!(delivery["next_attempt"], Value::Null, "it waits");
    let state = program.get(&format!("/webhooks/{webhook}")).await.json();
    assert!(state["given_up"] == true && state["paused_at"].is_string(), "{state}");
    let mail = eventually("the mail", || async {
        person.mails("webhook of your GAS account is paused").await.pop()
    })
    .await;

    assert!(
        mail.text.contains(&format!("/profile/webhooks/{webhook}")),
        "{}",
        mail.text
    );
    assert!(person.get("/profile/webhooks").await.says("Paused by us"));

    let resumed = program
        .post(&format!("/webhooks/{webhook}/resume"), &json!({}), &[])
        .await;
    assert!(resumed.json()["paused_at"].is_null(), "{}", resumed.body);
    eventually("what has waited", || async {
        (received(&key).len() == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_at_which_nothing_has_arrived_for_days_is_paused() {
    let person = Person::new("silent").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, _) = added(&program, &receiver("fails", &key), &["job.failed"]).await;
    let days = "UPDATE webhooks SET failing_since = now() - interval";
    let reach = reach().await;
    reach.sql(&format!("{days} '4 days' WHERE id = '{webhook}'")).await;
    test(&program, &webhook).await;
    deliveries(&program, &webhook, is_tried).await;
    let state = program.get(&format!("/webhooks/{webhook}")).await.json();
    assert!(state["paused_at"].is_null(), "{state}");
    reach.sql(&format!("{days} '6 days' WHERE id = '{webhook}'")).await;
    let paused = || async {
        let state = program.get(&format!("/webhooks/{webhook}")).await.json();
        (state["given_up"] == true).then_some(())
    };
    eventually("the webhook to be paused", paused).await;
    eventually("the mail", || async {
        person.mails("webhook of your GAS account is paused").await.pop()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notifier_that_dies_in_the_middle_costs_an_attempt_and_no_delivery() {
    let person = Person::new("dies").await;
    let (program, key) = (Program::of(&person).await, a_key());
    let (webhook, _) = added(&program, &receiver("ok", &key), &["job.failed"]).await;
    // What the row of one looks like that was taken by somebody who has died: the lease is over, the attempt counted.
    let reach = reach().await;
    reach
        .sql(&format!(
            "UPDATE webhooks SET taken_until = now() + interval '4 seconds', turn = 7 WHERE id = '{webhook}'; \
             INSERT INTO webhook_deliveries (id, webhook_id, event, attempts) \
             VALUES (gen_random_uuid(), '{webhook}', 'webhook.test', 1)"
        ))
        .await;
    told(&key).await;
    let arrived = |list: &[Value]| list[0]["delivered_at"].is_string();
    let delivery = deliveries(&program, &webhook, arrived).await.remove(0);
    assert_eq!(delivery["attempts"], 2);
}
