//! What Stripe reports: believed only when signed, done once, in whatever order it comes.

use domain::{Role, Timestamp};
use serde_json::json;

use super::stripe::{Stripe, deliver, recorded, report};
use super::{becomes, subscriber, user};
use crate::people::Person;
use crate::{eventually, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_enough_when_the_browser_never_comes_back() {
    let person = Person::new("no-return").await;
    let user = user(&person).await;
    let stripe = Stripe::reach().await;
    let metadata = json!({ "user_id": user.id.to_string() });
    let card = json!({ "number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123" });
    let method = stripe
        .post("/v1/payment_methods", json!({ "type": "card", "card": card }))
        .await;
    let customer = json!({
        "email": person.email, "metadata": metadata, "payment_method": method["id"],
        "invoice_settings": { "default_payment_method": method["id"] },
    });
    let customer = stripe.post("/v1/customers", customer).await;
    let subscribe = json!({
        "customer": customer["id"], "metadata": metadata, "items": [{ "plan": "premium_plan" }],
    });
    stripe.post("/v1/subscriptions", subscribe).await;
    becomes(&person, Role::PremiumUser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_today_are_taken_in_any_order_and_twice() {
    let person = subscriber("events").await;
    let customer = Stripe::reach().await.customer(&person).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for kind in [
        // Late news of an end that has not come: Stripe itself says that the subscription runs.
        "customer.subscription.deleted",
        "invoice.payment_failed",
        "customer.subscription.updated",
        "checkout.session.completed",
        "invoice.paid",
        "climate.order.delivered",
    ] {
        let event = recorded(kind, &customer);
        assert_eq!(report(&event).await, 200, "{kind}");
        assert_eq!(report(&event).await, 200, "{kind} again");
        let (attempts, handled, _) = noted(event["id"].as_str().unwrap()).await;
        assert_eq!((attempts, handled), (2, true), "{kind}");
    }
    assert_eq!(user(&person).await.role, Role::PremiumUser);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_as_it_should_be_is_refused() {
    let endpoints = sandbox().await.endpoints();
    let (secret, now) = (&endpoints.stripe_webhook_secret, Timestamp::now().epoch_seconds());
    let event = recorded("invoice.paid", "cus_nobody");
    let body = event.to_string();
    assert_eq!(deliver(&body, now, "whsec_of_somebody_else").await, 400);
    assert_eq!(deliver(&body, now - 400, secret).await, 400);
    assert_eq!(deliver("not json", now, secret).await, 400);
    assert_eq!(deliver(&" ".repeat(300 * 1024), now, secret).await, 400);
    let billing = endpoints.billing.as_ref().unwrap();
    let unsigned = reqwest::Client::new()
        .post(format!("{billing}/webhooks/stripe"))
        .body(body.clone());
    assert_eq!(unsigned.send().await.unwrap().status(), 400);
    assert!(noted_at_all(event["id"].as_str().unwrap()).await.is_none());
    assert_eq!(deliver(&body, now, secret).await, 200);
    let metrics = reqwest::get(format!("{}/metrics", endpoints.admin["billing"]))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    let rejected = metrics
        .lines()
        .find(|line| line.starts_with(r#"gas_webhooks_total{outcome="rejected"}"#));
    let count: u32 = rejected.unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!(count >= 5, "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_fails_is_kept_with_its_reason_and_taken_again() {
    let person = subscriber("fails").await;
    let user = user(&person).await.id.as_uuid();
    let customer = Stripe::reach().await.customer(&person).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let database = database().await;
    let spoil = "UPDATE subscriptions SET stripe_subscription_id = 'spoilt-' || user_id, version = version + 1 \
                 WHERE user_id = $1";
    database.execute(spoil, &[&user]).await.unwrap();
    let event = recorded("invoice.paid", &customer);
    assert_eq!(report(&event).await, 500);
    let (_, handled, error) = noted(event["id"].as_str().unwrap()).await;
    assert!(!handled && error.unwrap().contains("no id of Stripe's"));
    let mend = "UPDATE subscriptions SET stripe_subscription_id = NULL WHERE user_id = $1";
    database.execute(mend, &[&user]).await.unwrap();
    assert_eq!(report(&event).await, 200);
    assert_eq!(noted(event["id"].as_str().unwrap()).await, (2, true, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_reported_is_found_out() {
    let person = subscriber("unreported").await;
    let user = user(&person).await.id.as_uuid();
    let stripe = Stripe::reach().await;
    let id = stripe.subscriptions(&person).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    stripe.delete(&format!("/v1/subscriptions/{id}")).await;
    becomes(&person, Role::FreeUser).await;
    // As if the report of the end had never come, two hours ago. Reports of other things may still be on their way: the
    // version keeps them from writing what they have read before.
    let database = database().await;
    let unlearn = "UPDATE subscriptions SET status = 'active', current_period_end = now() - interval '2 hours', \
                   updated_at = now() - interval '2 hours', version = version + 1 WHERE user_id = $1";
    database
        .execute("UPDATE users SET role = 'premium_user' WHERE id = $1", &[&user])
        .await
        .unwrap();
    database.execute(unlearn, &[&user]).await.unwrap();
    becomes(&person, Role::FreeUser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_not_told_is_told_later() {
    let person = subscriber("untold").await;
    let user = user(&person).await;
    let plan_changes = super::listener::Listener::to("plan_changes").await;
    // As if the process had died between the role and the message, or in the middle of a checkout.
    let forget = "UPDATE subscriptions SET announced = false, checkout_until = now() - interval '1 minute' \
                  WHERE user_id = $1";
    database().await.execute(forget, &[&user.id.as_uuid()]).await.unwrap();
    plan_changes.hears(user.id).await;
    let settled = || async {
        let sql = "SELECT FROM subscriptions WHERE user_id = $1 AND announced AND checkout_until IS NULL";
        database().await.query_opt(sql, &[&user.id.as_uuid()]).await.unwrap()
    };
    eventually("the row to be settled", settled).await;
}

/// How often an event came, whether it is handled, and why not.
async fn noted(id: &str) -> (i32, bool, Option<String>) {
    noted_at_all(id).await.unwrap()
}

async fn noted_at_all(id: &str) -> Option<(i32, bool, Option<String>)> {
    let sql = "SELECT attempts, handled_at IS NOT NULL, error FROM stripe_events WHERE id = $1";
    let row = database().await.query_opt(sql, &[&id]).await.unwrap()?;
    Some((row.get(0), row.get(1), row.get(2)))
}

async fn database() -> tokio_postgres::Client {
    let url = &sandbox().await.endpoints().postgres;
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
