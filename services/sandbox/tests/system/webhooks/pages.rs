//! Webhooks in My account.

use super::receiver::{received, receiver};
use super::{a_key, told};
use crate::eventually;
use crate::people::Person;
use crate::reach::reach;

const PATH: &str = "/profile/webhooks";

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_added_tested_paused_resumed_and_deleted_and_its_secret_shown_once() {
    let (person, key) = (Person::new("adds").await, a_key());
    for (fields, words) in [
        (
            vec![("url", "example.org"), ("job.failed", "yes")],
            "Enter the whole address",
        ),
        (
            vec![("url", "ftp://example.org"), ("job.failed", "yes")],
            "begins with https://",
        ),
        (
            vec![("url", "https://example.org/hook")],
            "Choose what the webhook is told of",
        ),
    ] {
        let refused = person.browser.submit(PATH, PATH, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says(words), "{words}");
    }
    let url = receiver("ok", &key);
    let added = person
        .browser
        .submit(PATH, PATH, &[("url", &url), ("job.failed", "yes")])
        .await;
    assert_eq!(added.status, 200, "{}", added.body);
    let secret = added.texts("#secret").remove(0);
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let mail = person.mails("has a new webhook").await.remove(0);
    assert!(
        mail.text.contains("127.0.0.1") && !mail.text.contains(&key),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains(&secret) && !mail.html.contains(&secret));
    let action = added.attributes("main form", "action").remove(0);
    let page = action.strip_suffix("/test").unwrap();

    let tested = person.browser.submit(page, &action, &[]).await;
    assert_eq!(tested.location(), format!("{page}?notice=test"));
    assert!(told(&key).await.is_signed_by(&secret));
    eventually("the page to say so", || async {
        let shown = person.get(page).await;
        (shown.says("Delivered") && shown.says("200")).then_some(())
    })
    .await;
    for shown in [PATH, page, "/profile/export"] {
        let shown = person.get(shown).await;
        assert!(
            shown.body.contains(&key) && !shown.body.contains(&secret),
            "it is shown once"
        );
    }

    let press = async |what: &str| person.browser.submit(page, &format!("{page}/{what}"), &[]).await;
    assert_eq!(press("pause").await.location(), format!("{page}?notice=paused"));
    assert!(person.get(page).await.says("Paused"));
    assert_eq!(press("resume").await.location(), format!("{page}?notice=resumed"));
    assert!(person.get(page).await.says("Active"));
    let delivery = person
        .get(page)
        .await
        .attributes("input[name=delivery]", "value")
        .remove(0);
    let again = person
        .browser
        .submit(page, &format!("{page}/again"), &[("delivery", &delivery)])
        .await;
    assert_eq!(again.location(), format!("{page}?notice=again"));
    eventually("it to come again", || async {
        (received(&key).len() == 2).then_some(())
    })
    .await;
    assert_eq!(press("delete").await.location(), "/profile/webhooks?notice=deleted");
    assert_eq!(person.get(page).await.status, 404);
    assert!(!person.get(PATH).await.says(&key));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_ten_webhooks() {
    let (person, key) = (Person::new("many").await, a_key());
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let url = domain::WebhookUrl::parse(&receiver("ok", &key), domain::Reach::Anywhere).unwrap();
    let make = async || {
        let events = [domain::WebhookEvent::JobFailed];
        reach.accounts.make_webhook(user.id, &url, &events).await.unwrap()
    };
    // Those that come at once are counted, too.
    let made = futures_util::future::join_all((0..14).map(|_| make())).await;
    assert_eq!(made.iter().flatten().count(), 10);
    assert!(person.get(PATH).await.says("as many as one may have"));
    let token = person.get("/profile").await.csrf_token();
    let fields = [
        ("url", "https://example.org/"),
        ("job.failed", "yes"),
        ("csrf_token", &token),
    ];
    assert_eq!(person.browser.post(PATH, &fields).await.status, 409);
}
