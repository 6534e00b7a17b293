//! While Stripe is away: pages say so, and what was bought stays bought. A sandbox of its own, whose Stripe is stopped.

use std::path::Path;

use sandbox::{Sandbox, SandboxOptions};

use super::Form;
use super::stripe::{Card, Stripe};
use crate::eventually;
use crate::people::{Browser, Mail, PASSWORD, Person, register};
use crate::resilience::kill;

#[tokio::test(flavor = "multi_thread")]
async fn while_stripe_is_away_pages_say_so_and_premium_stays() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let binary = Path::new(env!("CARGO_BIN_EXE_sandbox"));
    let sandbox = Sandbox::start(binary, SandboxOptions::default()).await.unwrap();
    let (pays, hesitates) = (newcomer(&sandbox, "pays").await, newcomer(&sandbox, "hesitates").await);
    let endpoints = sandbox.endpoints();
    let stripe = Stripe::at(endpoints.stripe.as_ref().unwrap(), &endpoints.stripe_secret_key);
    let (paid, unpaid) = (Form::open(&pays).await, Form::open(&hesitates).await);
    for form in [&paid, &unpaid] {
        stripe.enter(&form.setup_secret, Card::Good).await;
    }
    assert_eq!(paid.submit(&pays).await.location(), "/subscribe");
    kill(sandbox.pid("stripe").unwrap());

    let account = pays.get("/profile").await;
    assert_eq!(account.status, 200);
    assert!(account.says("Card and invoices cannot be shown right now") && account.says("Next charge"));
    for answer in [hesitates.get("/subscribe").await, unpaid.submit(&hesitates).await] {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.says("Payments are not available right now"));
    }
    let cancelled = pays.browser.submit("/profile", "/unsubscribe", &[]).await;
    assert_eq!(cancelled.status, 503);
    let fields = [("password", PASSWORD)];
    let left = pays.browser.submit("/profile/delete", "/profile/delete", &fields).await;
    assert_eq!(
        left.status, 503,
        "an account is not deleted while somebody may yet be charged for it"
    );
    assert!(pays.get("/profile").await.says("Cancel subscription"));
    assert!(hesitates.get("/profile").await.says("Upgrade to Premium"));
}

async fn newcomer(sandbox: &Sandbox, username: &str) -> Person {
    let browser = Browser::at(&sandbox.endpoints().web);
    let email = format!("{username}@example.org");
    register(&browser, username, &email).await;
    let mailbox = format!("{}.json", sandbox.endpoints().mailbox);
    let link = || async {
        let mails: Vec<Mail> = reqwest::get(&mailbox).await.ok()?.json().await.ok()?;
        let mail = mails.into_iter().find(|mail| mail.to == email)?;
        let link = &mail.text[mail.text.find("/confirm/")?..];
        Some(link.split_whitespace().next()?.to_owned())
    };
    let link = eventually("the confirmation mail", link).await;
    let confirmed = browser.submit(&link, &link, &[("password", PASSWORD)]).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    assert_eq!(browser.sign_in(username, PASSWORD).await.status, 303);
    Person {
        browser,
        username: username.to_owned(),
        email,
    }
}
