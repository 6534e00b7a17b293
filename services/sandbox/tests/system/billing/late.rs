//! A later charge that fails: Premium goes on while Stripe tries again, and its owner is told once.

use domain::Role;
use serde_json::json;

use super::listener::Listener;
use super::stripe::{Card, Stripe, recorded, report};
use super::{Form, subscriber, user};
use crate::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn premium_goes_on_while_stripe_tries_to_charge_again() {
    let person = subscriber("late").await;
    let user = user(&person).await;
    let notices = Listener::to("notices").await;
    let stripe = Stripe::reach().await;
    let customer = stripe.customer(&person).await["id"].as_str().unwrap().to_owned();
    let subscription = stripe.subscriptions(&person).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    charge_a_bad_card(&stripe, &customer, &subscription).await;
    // The emulator does not report what fails while a request is under way.
    assert_eq!(report(&recorded("invoice.payment_failed", &customer)).await, 200);

    let notice = notices.hears_notice(user.id, "payment_failed").await;
    assert_eq!(notice["key"], "payment_failed/in_TestOfAda000002");
    assert_eq!(super::user(&person).await.role, Role::PremiumUser);
    let account = person.get("/profile").await;
    assert!(
        account.says("The last charge failed") && account.says("Pay with another card"),
        "{}",
        account.body
    );

    let form = Form::open(&person).await;
    stripe.enter(&form.setup_secret, Card::Good).await;
    assert_eq!(form.submit(&person).await.location(), "/subscribe");
    let account = || async { Some(person.get("/profile").await).filter(|page| page.says("Visa ending in 4242")) };
    eventually("the new card", account).await;
    assert_eq!(stripe.subscriptions(&person).await.len(), 1);
}

/// The emulator charges again only when the interval of the plan changes.
async fn charge_a_bad_card(stripe: &Stripe, customer: &str, subscription: &str) {
    let card = json!({ "number": Card::DeclinedWhenCharged.number(), "exp_month": 12, "exp_year": 2040, "cvc": "123" });
    let method = stripe
        .post("/v1/payment_methods", json!({ "type": "card", "card": card }))
        .await;
    let id = method["id"].as_str().unwrap();
    stripe
        .post(
            &format!("/v1/payment_methods/{id}/attach"),
            json!({ "customer": customer }),
        )
        .await;
    let settings = json!({ "invoice_settings": { "default_payment_method": id } });
    stripe.post(&format!("/v1/customers/{customer}"), settings).await;
    let monthly = format!("monthly-{}", uuid::Uuid::new_v4().simple());
    let plan = json!({
        "id": monthly, "product": { "name": "Monthly" }, "amount": 399_999, "currency": "usd", "interval": "month",
    });
    stripe.post("/v1/plans", plan).await;
    let items = json!({ "items": [{ "plan": monthly }] });
    stripe.post(&format!("/v1/subscriptions/{subscription}"), items).await;
}
