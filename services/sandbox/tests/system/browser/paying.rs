//! Premium, bought in a browser: the card is typed into Stripe's own field.

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::Person;

const GOOD: &str = "4242424242424242";
const DECLINED_AT_ONCE: &str = "4000000000000002";
const DECLINED_WHEN_CHARGED: &str = "4000000000000341";
const BANK_ASKS: &str = "4000002760003184";
/// The button of the emulator's stand-in for a bank.
const COMPLETE: &str = "body > div > button";

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_buys_premium_after_two_cards_that_fail_and_cancels_it() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = customer("pays-by-card").await else {
        return;
    };
    visitor.open("/profile").await;
    visitor.reads("Upgrade to Premium").await;
    visitor.looks_at("profile").await;
    visitor.press("a[href='/subscribe']").await;
    visitor.reads("Pay $999.99 and upgrade").await;
    visitor.sees("#card-element input").await;
    visitor.looks_at("subscribe").await;

    visitor.pay_with(DECLINED_AT_ONCE).await;
    visitor.reads("Your card was declined.").await;
    assert!(visitor.is_enabled("#bill-me").await);
    visitor.looks_at("subscribe-declined").await;
    visitor.pay_with(DECLINED_WHEN_CHARGED).await;
    visitor.reads("Nothing was charged.").await;
    visitor.sees("#card-element input").await;
    visitor.looks_at("subscribe-failed").await;

    visitor.pay_with(GOOD).await;
    visitor.reads("You have Premium").await;
    visitor.looks_at("subscribe-premium").await;
    visitor.press("main a[href='/profile']").await;
    visitor.reads("Visa ending in 4242").await;
    visitor.looks_at("profile-premium").await;
    visitor.press("#cancel summary").await;
    visitor.reads("nothing more is charged").await;
    visitor.looks_at("profile-cancel").await;
    visitor.press("#unsubscribe").await;
    visitor.reads("You have cancelled Premium").await;
    visitor.looks_at("profile-cancelled").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_whose_bank_asks_confirms_and_has_premium() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = customer("asked-by-bank").await else {
        return;
    };
    visitor.open("/subscribe").await;
    visitor.sees("#card-element input").await;
    visitor.pay_with(BANK_ASKS).await;
    visitor.sees(COMPLETE).await;
    visitor.press(COMPLETE).await;
    visitor.reads("Your bank wants to hear from you").await;
    visitor.looks_at("subscribe-bank").await;
    visitor.press("#bill-me").await;
    visitor.sees(COMPLETE).await;
    visitor.press(COMPLETE).await;
    visitor.reads("You have Premium").await;
    visitor.leave().await;
}

/// Somebody with a Free account, signed in.
async fn customer(name: &str) -> Option<Visitor> {
    let visitor = Visitor::arrive().await?;
    let person = Person::new(name).await;
    visitor.opens_as("/profile", &person.username).await;
    visitor.reads("My account").await;
    Some(visitor)
}
