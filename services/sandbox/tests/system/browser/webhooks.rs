//! Webhooks in My account, as somebody sees them who adds one.

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::Person;
use crate::reach::reach;
use crate::webhooks::receiver::receiver;
use crate::{sandbox, skipped};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_adds_a_webhook_tests_it_and_sees_what_came_of_it() {
    let _alone = CHROMIUM.lock().await;
    if sandbox().await.is_attached() {
        return skipped("webhooks in a browser: services in containers may not call this machine");
    }
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("adds").await;
    visitor.opens_as("/profile/webhooks", &person.username).await;
    visitor.reads("A webhook is an address of yours").await;
    visitor.looks_at("webhooks-none").await;
    visitor.fill(&[("url", "https://user:word@example.org/hook")]).await;
    visitor.press("#add").await;
    visitor.reads("The address holds a name or password").await;
    visitor.looks_at("webhooks-wrong").await;
    visitor.fill(&[("url", &receiver("fails", &person.username))]).await;
    visitor.press("#add").await;
    visitor.reads("it is shown this one time").await;
    visitor.looks_at("webhook-secret").await;
    visitor.press("#test").await;
    visitor.reads("The test is on its way").await;
    visitor.reloads_until("Next try").await;
    visitor.looks_at("webhook-failing").await;
    let (reach, user) = (reach().await, reach().await.user(&person.username).await);
    let mended = receiver("ok", &person.username);
    reach
        .sql(&format!(
            "UPDATE webhooks SET url = '{mended}' WHERE user_id = '{}'",
            user.id
        ))
        .await;
    visitor.press("#deliveries button").await;
    visitor.reads("It is on its way again").await;
    visitor.reloads_until("Delivered").await;
    visitor.press("#pause").await;
    visitor.reads("Nothing is sent until you resume it").await;
    visitor.looks_at("webhook-paused").await;
    reach
        .sql(&format!(
            "UPDATE webhooks SET is_given_up = true WHERE user_id = '{}'",
            user.id
        ))
        .await;
    visitor.press("#test").await;
    visitor.reads("We have paused this webhook").await;
    visitor.looks_at("webhook-given-up").await;
    visitor.press("main a[href='/profile/webhooks']").await;
    visitor.reads("Paused by us").await;
    visitor.looks_at("webhooks").await;
    visitor.leave().await;
}
