//! Buying: once, with a card that Stripe takes, or not at all.

use domain::Role;
use futures_util::future::join_all;

use super::listener::Listener;
use super::stripe::{Card, Stripe};
use super::{BOUGHT, Form, becomes, pay, subscriber, user};
use crate::people::Person;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_buys_premium_and_the_account_says_what_is_paid_for() {
    let person = Person::new("buys").await;
    let plan_changes = Listener::to("plan_changes").await;
    let free = person.get("/profile").await;
    assert!(free.says("Upgrade to Premium") && !free.says("Cancel subscription"));

    let form = person.get("/subscribe").await;
    assert!(
        form.says("$999.99 per week") && form.says("$51,999.48 for 52 weeks"),
        "{}",
        form.body
    );
    assert_eq!(form.attributes("button#bill-me", "type"), ["submit"]);
    let answer = pay(&person, Card::Good).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, "/subscribe"),
        "{}",
        answer.body
    );
    let user = user(&person).await;
    assert_eq!(user.role, Role::PremiumUser, "nobody waits for the webhook");
    assert!(person.get("/subscribe").await.says(BOUGHT));
    plan_changes.hears(user.id).await;

    let account = person.get("/profile").await;
    for words in [
        "Premium",
        "Next charge",
        "Visa ending in 4242",
        "$999.99",
        "Paid",
        "Cancel subscription",
    ] {
        assert!(account.says(words), "{words}: {}", account.body);
    }
    assert!(!account.says("Upgrade to Premium"));

    let stripe = Stripe::reach().await;
    let customer = stripe.customer(&person).await;
    assert_eq!(customer["metadata"]["user_id"], user.id.to_string());
    assert_eq!(customer["metadata"]["username"], person.username);
    let subscriptions = stripe.subscriptions(&person).await;
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(subscriptions[0]["items"]["data"][0]["plan"]["id"], "premium_plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_declined_at_once_buys_nothing() {
    let person = Person::new("declined").await;
    let form = Form::open(&person).await;
    let stripe = Stripe::reach().await;
    assert_eq!(stripe.enter(&form.setup_secret, Card::DeclinedAtOnce).await, 402);
    // The page's script stays on the form then; whoever submits it all the same buys nothing either.
    let answer = form.submit(&person).await;
    assert_eq!(answer.status, 402);
    assert_eq!(
        answer.texts(".payment-errors"),
        ["The card was not confirmed. Enter it again. Nothing was charged."]
    );
    assert!(stripe.subscriptions(&person).await.is_empty());
    assert_eq!(user(&person).await.role, Role::FreeUser);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_payment_that_fails_leaves_nothing_behind() {
    let person = Person::new("incomplete").await;
    let answer = pay(&person, Card::DeclinedWhenCharged).await;
    assert_eq!(answer.status, 402, "{}", answer.body);
    assert_eq!(
        answer.texts(".payment-errors"),
        ["Your card was declined. Nothing was charged."]
    );
    let stripe = Stripe::reach().await;
    let left = stripe.subscriptions(&person).await;
    assert!(left.iter().all(|one| one["status"] == "canceled"), "{left:#?}");
    assert_eq!(user(&person).await.role, Role::FreeUser);
    let customer = stripe.customer(&person).await["id"].as_str().unwrap().to_owned();
    let invoices = stripe.get(&format!("/v1/invoices?customer={customer}")).await;
    assert_eq!(invoices["data"][0]["status"], "void", "nobody pays it later");
    // The page that says so has a form for another card.
    let form = Form::of(&answer);
    stripe.enter(&form.setup_secret, Card::Good).await;
    assert_eq!(form.submit(&person).await.location(), "/subscribe");
    becomes(&person, Role::PremiumUser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_the_bank_asks_about_goes_on_after_it() {
    let person = Person::new("bank").await;
    let asked = pay(&person, Card::BankAsks).await;
    assert_eq!(asked.status, 200);
    assert!(asked.says("Your bank wants to hear from you"), "{}", asked.body);
    assert_eq!(user(&person).await.role, Role::FreeUser);
    let secret = asked
        .attributes("form#subscribe_form", "data-payment-secret")
        .swap_remove(0);
    Stripe::reach().await.authenticate(&secret).await;
    let fields = [("csrf_token", &*asked.csrf_token()), ("confirmed", "yes")];
    let answer = person.browser.post("/subscribe", &fields).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, "/subscribe"),
        "{}",
        answer.body
    );
    assert_eq!(user(&person).await.role, Role::PremiumUser);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_card_replaces_one_that_the_bank_was_never_told_about() {
    let person = Person::new("leaves-bank").await;
    assert!(
        pay(&person, Card::BankAsks)
            .await
            .says("Your bank wants to hear from you")
    );
    assert_eq!(pay(&person, Card::Good).await.location(), "/subscribe");
    let subscriptions = Stripe::reach().await.subscriptions(&person).await;
    let active = subscriptions.iter().filter(|one| one["status"] == "active").count();
    let canceled = subscriptions.iter().filter(|one| one["status"] == "canceled").count();
    assert_eq!((active, canceled), (1, 1), "{subscriptions:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clicking_twice_in_two_tabs_buys_once() {
    let person = Person::new("twice").await;
    let (one, other) = (Form::open(&person).await, Form::open(&person).await);
    let stripe = Stripe::reach().await;
    for form in [&one, &other] {
        stripe.enter(&form.setup_secret, Card::Good).await;
    }
    let answers = join_all([&one, &one, &other, &other].map(|form| form.submit(&person))).await;
    for answer in answers {
        assert_eq!(answer.location(), "/subscribe", "{}", answer.body);
    }
    assert_eq!(stripe.subscriptions(&person).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_premium_is_not_sold_it_again() {
    let person = Person::new("again").await;
    let form = Form::open(&person).await;
    let stripe = Stripe::reach().await;
    stripe.enter(&form.setup_secret, Card::Good).await;
    assert_eq!(form.submit(&person).await.location(), "/subscribe");
    // The browser's way back leads to the form, which can still be submitted.
    assert_eq!(form.submit(&person).await.location(), "/subscribe");
    let page = person.get("/subscribe").await;
    assert!(page.says(BOUGHT) && page.says("nothing more to buy"));
    assert!(page.attributes("form#subscribe_form", "id").is_empty());
    assert_eq!(stripe.subscriptions(&person).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_serves_only_who_entered_it() {
    let (ada, eve) = (Person::new("ada").await, Person::new("eve").await);
    let (adas, mut eves) = (Form::open(&ada).await, Form::open(&eve).await);
    let stripe = Stripe::reach().await;
    stripe.enter(&adas.setup_secret, Card::Good).await;
    eves.setup_intent.clone_from(&adas.setup_intent);
    assert_eq!(eves.submit(&eve).await.status, 402);
    assert!(stripe.subscriptions(&eve).await.is_empty());
    eves.setup_intent = "seti_1/../../customers".into();
    assert_eq!(eves.submit(&eve).await.status, 402);
    eves.csrf_token = adas.csrf_token.clone();
    assert_eq!(eves.submit(&eve).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_page_that_takes_a_card_lets_stripe_in() {
    let person = Person::new("policy").await;
    let emulator = crate::sandbox().await.endpoints().stripe.clone().unwrap();
    let page = person.get("/subscribe").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("script-src 'self' {emulator};")), "{policy}");
    for other in ["/profile", "/annotate", "/"] {
        let page = person.get(other).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self';") && !policy.contains(&emulator),
            "{policy}"
        );
    }
    let bought = subscriber("policy-premium").await;
    let page = bought.get("/subscribe").await;
    assert!(!page.header("content-security-policy").contains(&emulator));
}
