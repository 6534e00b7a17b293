//! The record of a subscription: of two answers the older cannot win, and of two requests one may buy.

use backends::payments::{CustomerId, Subscription, SubscriptionId};
use domain::{Plan, Role, SubscriptionStatus, Timestamp};

use super::user;
use crate::people::Person;
use crate::reach::reach;

fn subscription(status: SubscriptionStatus) -> Subscription {
    let unique = uuid::Uuid::new_v4().simple();
    Subscription {
        id: SubscriptionId::parse(&format!("sub_{unique}")).unwrap(),
        status,
        created: Timestamp::from_epoch_seconds(1_795_000_000),
        current_period_end: Some(Timestamp::from_epoch_seconds(4_000_000_000)),
        cancel_at_period_end: false,
        user_id: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_overtaken_is_not_written() {
    let person = Person::new("overtaken").await;
    let (accounts, id) = (reach().await.accounts, user(&person).await.id);
    let customer = CustomerId::parse(&format!("cus_{}", uuid::Uuid::new_v4().simple())).unwrap();
    accounts.keep_customer(id, &customer).await.unwrap();
    let seen = accounts.membership(id).await.unwrap().unwrap();
    let active = subscription(SubscriptionStatus::Active);
    assert!(accounts.record(&seen, &active).await.unwrap());
    let late = subscription(SubscriptionStatus::Canceled);
    assert!(
        !accounts.record(&seen, &late).await.unwrap(),
        "asked before the other was written"
    );
    let now = accounts.membership_of_customer(&customer).await.unwrap().unwrap();
    assert_eq!((now.plan(), now.is_unannounced()), (Plan::Premium, true));
    assert_eq!(user(&person).await.role, Role::PremiumUser);
    accounts.announced(&seen).await.unwrap();
    assert!(accounts.membership(id).await.unwrap().unwrap().is_unannounced());
    accounts.announced(&now).await.unwrap();
    assert!(!accounts.membership(id).await.unwrap().unwrap().is_unannounced());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_administrator_gives_does_not_go_with_an_old_subscription() {
    let person = Person::new("given").await;
    let (accounts, id) = (reach().await.accounts, user(&person).await.id);
    let customer = CustomerId::parse(&format!("cus_{}", uuid::Uuid::new_v4().simple())).unwrap();
    accounts.keep_customer(id, &customer).await.unwrap();
    person.becomes(Role::PremiumUser).await;
    let seen = accounts.membership(id).await.unwrap().unwrap();
    let ended = subscription(SubscriptionStatus::Canceled);
    assert!(accounts.record(&seen, &ended).await.unwrap());
    assert_eq!(user(&person).await.role, Role::PremiumUser);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_requests_has_the_right_to_buy() {
    let person = Person::new("right").await;
    let (accounts, id) = (reach().await.accounts, user(&person).await.id);
    assert!(accounts.begin_checkout(id).await.unwrap().is_some());
    assert!(accounts.begin_checkout(id).await.unwrap().is_none());
    accounts.end_checkout(id).await.unwrap();
    assert!(accounts.begin_checkout(id).await.unwrap().is_some());
}
