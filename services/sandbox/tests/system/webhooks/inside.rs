//! Nothing inside the network is called where that is not wanted.

use std::path::Path;

use backends::accounts::{Accounts, Registration};
use backends::settings::DatabaseSettings;
use domain::{EmailAddress, FullName, Reach, Username, WebhookEvent, WebhookProblem, WebhookUrl};
use sandbox::{Sandbox, SandboxOptions};

use super::a_key;
use super::receiver::{received, receiver};
use crate::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_may_not_calls_nothing_inside_whatever_stands_in_its_rows() {
    let options = SandboxOptions {
        env: vec![("GAS_WEBHOOK_PRIVATE_ADDRESSES".to_owned(), "false".to_owned())],
        arguments: vec!["--no-references".to_owned()],
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(Path::new(env!("CARGO_BIN_EXE_sandbox")), options)
        .await
        .unwrap();
    let accounts = Accounts::connect(&DatabaseSettings::at(&sandbox.endpoints().postgres)).unwrap();
    let registration = Registration {
        username: Username::parse("ada").unwrap(),
        email: EmailAddress::parse("ada@example.org").unwrap(),
        name: FullName::parse("Ada Lovelace").unwrap(),
        password_hash: "$argon2id$".into(),
    };
    let token = accounts.register(&registration).await.unwrap();
    accounts.confirm(&token).await.unwrap();
    let (user, _) = accounts.credentials(&registration.username).await.unwrap().unwrap();
    let key = a_key();
    let by_number = receiver("ok", &key);
    let by_name = by_number.replace("127.0.0.1", "localhost");
    for url in [
        by_number.clone(),
        by_name.clone(),
        by_number.replace("http:", "https:"),
        // The port is the only one that is called, the name is one of the internet: a look at where it leads is what refuses it.
        "https://localhost.localdomain/".to_owned(),
    ] {
        let parsed = WebhookUrl::parse(&url, Reach::Anywhere).unwrap();
        let made = accounts
            .make_webhook(user.id, &parsed, &[WebhookEvent::JobFailed])
            .await;
        let (webhook, _) = made.unwrap().unwrap();
        accounts.test_webhook(user.id, webhook.id).await.unwrap();
        let tried = || async {
            let delivery = accounts.deliveries(user.id, webhook.id).await.unwrap().remove(0);
            delivery.attempted_at.map(|_| delivery)
        };
        let delivery = eventually("the attempt", tried).await;
        let refused = match url.contains("localdomain") {
            // Not every machine knows this name.
            true => [Some(WebhookProblem::Inside), Some(WebhookProblem::NoAddress)].contains(&delivery.problem),
            false => delivery.problem == Some(WebhookProblem::Inside),
        };
        assert!(refused && delivery.status.is_none(), "{url}: {delivery:?}");
    }
    assert!(received(&key).is_empty());
}
