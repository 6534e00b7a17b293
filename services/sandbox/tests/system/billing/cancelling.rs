//! Cancelling: Premium lasts as long as it is paid for.

use domain::Role;

use super::listener::Listener;
use super::stripe::{Card, Stripe};
use super::{becomes, pay, subscriber, user};
use crate::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn premium_lasts_until_the_paid_time_ends_and_then_is_free_again() {
    let person = subscriber("cancels").await;
    let (plan_changes, notices) = (Listener::to("plan_changes").await, Listener::to("notices").await);
    let answer = person.browser.submit("/profile", "/unsubscribe", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, "/profile"),
        "{}",
        answer.body
    );
    let account = person.get("/profile").await;
    assert!(
        account.says("You have cancelled Premium") && account.says("It lasts until 20"),
        "{}",
        account.body
    );
    assert!(account.attributes("#unsubscribe", "id").is_empty());
    assert_eq!(user(&person).await.role, Role::PremiumUser);
    let stripe = Stripe::reach().await;
    let subscription = stripe.subscriptions(&person).await.remove(0);
    assert_eq!(
        (&subscription["status"], &subscription["cancel_at_period_end"]),
        (&"active".into(), &true.into())
    );

    let token = account.csrf_token();
    let keep = [("csrf_token", &*token), ("keep", "yes")];
    assert_eq!(person.browser.post("/unsubscribe", &keep).await.location(), "/profile");
    assert!(
        person.get("/profile").await.says("Next charge"),
        "a decision may be taken back"
    );
    person.browser.submit("/profile", "/unsubscribe", &[]).await;
    for subject in ["You have Premium", "You have cancelled Premium"] {
        let mails = eventually(subject, || async {
            Some(person.mails(subject).await).filter(|all| !all.is_empty())
        });
        assert_eq!(mails.await.len(), 1, "{subject}, although the decision was taken twice");
    }

    // The emulator's clock never gets there: its owner ends the subscription.
    let id = subscription["id"].as_str().unwrap();
    stripe.delete(&format!("/v1/subscriptions/{id}")).await;
    let free = becomes(&person, Role::FreeUser).await;
    assert!(free.premium_ended.is_some());
    plan_changes.hears(free.id).await;
    let notice = notices.hears_notice(free.id, "premium_ended").await;
    assert_eq!(notice["key"], format!("premium_ended/{id}"));
    let account = person.get("/profile").await;
    assert!(
        account.says("Upgrade to Premium") && account.says("Paid"),
        "{}",
        account.body
    );

    assert_eq!(pay(&person, Card::Good).await.location(), "/subscribe");
    assert_eq!(becomes(&person, Role::PremiumUser).await.premium_ended, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_nothing_or_twice_changes_nothing() {
    let person = subscriber("cancels-twice").await;
    let token = person.get("/profile").await.csrf_token();
    for _ in 0..2 {
        let answer = person.browser.post("/unsubscribe", &[("csrf_token", &token)]).await;
        assert_eq!(answer.location(), "/profile");
    }
    let free = crate::people::Person::new("cancels-nothing").await;
    assert_eq!(
        free.browser.submit("/profile", "/unsubscribe", &[]).await.location(),
        "/profile"
    );
    let without_token = person.browser.post("/unsubscribe", &[]).await;
    assert_eq!(without_token.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_stays_one_whatever_is_paid_or_cancelled() {
    let person = subscriber("administers").await;
    person.becomes(Role::AdminUser).await;
    let accounts = crate::reach::reach().await.accounts;
    let stripe = Stripe::reach().await;
    let id = stripe.subscriptions(&person).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    stripe.delete(&format!("/v1/subscriptions/{id}")).await;
    let user = user(&person).await;
    let ended = || async {
        let membership = accounts.membership(user.id).await.unwrap().unwrap();
        (membership.plan() == domain::Plan::Free).then_some(())
    };
    eventually("the news of the end", ended).await;
    assert_eq!(super::user(&person).await.role, Role::AdminUser);
}
