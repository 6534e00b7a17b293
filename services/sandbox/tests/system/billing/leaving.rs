//! Who deletes an account pays nothing more, and is unknown to Stripe.

use super::stripe::Stripe;
use super::subscriber;
use crate::people::{PASSWORD, Person};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_ends_its_subscription_and_its_customer_at_stripe() {
    let (person, other) = (subscriber("leaves").await, subscriber("stays").await);
    let stripe = Stripe::reach().await;
    let subscription = stripe.subscriptions(&person).await[0]["id"].clone();
    let page = person.get("/profile/delete").await;
    assert!(page.says("Premium ends at once."), "{}", page.body);
    let left = leave(&person).await;
    assert_eq!(left, (303, true));
    let path = format!("/v1/subscriptions/{}", subscription.as_str().unwrap());
    assert_eq!(stripe.get(&path).await["status"], "canceled");
    let customers = stripe.get(&format!("/v1/customers?email={}", person.email)).await;
    assert_eq!(customers["data"].as_array().unwrap().len(), 0, "{customers:#}");
    assert_eq!(stripe.subscriptions(&other).await[0]["status"], "active");
}

/// The status of the answer, and whether it leads to a record.
async fn leave(person: &Person) -> (u16, bool) {
    let fields = [("password", PASSWORD)];
    let left = person
        .browser
        .submit("/profile/delete", "/profile/delete", &fields)
        .await;
    (left.status.as_u16(), left.location().starts_with("/deletions/"))
}
