//! A forgotten password is replaced by whoever reads the account's mail, and by nobody else.

use crate::eventually;
use crate::mail_reports::link;
use crate::people::{Answer, Browser, Mail, PASSWORD, Person, mails_to};
use crate::reach::reach;

const ANOTHER: &str = "seven quiet herons at dusk";

async fn ask(browser: &Browser, email: &str) -> Answer {
    browser.submit("/forgot", "/forgot", &[("email", email)]).await
}

/// The newest of so many mails with a link.
async fn link_mailed(person: &Person, mails: usize) -> String {
    let newest = || async {
        let found: Vec<Mail> = person.mails("Choose a new password").await;
        (found.len() == mails).then(|| link(&found[0], "/reset/"))
    };
    eventually("the mail with the link", newest).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_once_and_ends_every_session() {
    let person = Person::new("forgets").await;
    let browser = Browser::new().await;
    assert!(
        ask(&browser, &person.email.to_uppercase())
            .await
            .says("is on its way there")
    );
    let path = link_mailed(&person, 1).await;
    for _ in 0..2 {
        let offered = browser.get(&path).await;
        assert!(
            offered.says(&person.username),
            "a gateway that follows the link uses nothing up"
        );
    }
    let short = browser.submit(&path, &path, &[("password", "short")]).await;
    assert_eq!(short.status, 422);
    assert!(short.says("12 to 128"));
    assert_eq!(person.get("/profile").await.status, 200, "nothing has happened yet");

    let changed = browser.submit(&path, &path, &[("password", ANOTHER)]).await;
    assert_eq!(
        (changed.status.as_u16(), changed.location()),
        (303, "/login?notice=password-changed")
    );
    assert!(browser.get(changed.location()).await.says("Your password is changed"));
    assert_eq!(person.get("/profile").await.status, 303, "signed out");
    assert_eq!(browser.sign_in(&person.username, PASSWORD).await.status, 401);
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(
        browser.submit("/forgot", &path, &[("password", PASSWORD)]).await.status,
        404
    );
    assert_eq!(browser.sign_in(&person.username, ANOTHER).await.status, 303);
    eventually("the mail that tells of it", || async {
        person.mails("password was changed").await.pop()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_link_tells_nobody_who_has_an_account() {
    let person = Person::new("asked-for").await;
    let browser = Browser::new().await;
    let nobody = format!("{}@example.org", uuid::Uuid::new_v4().simple());
    let unknown = ask(&browser, &nobody).await;
    let known = ask(&browser, &person.email).await;
    let text = |answer: &Answer, email: &str| answer.texts("main").join(" ").replace(email, "EMAIL");
    assert_eq!(unknown.status, known.status);
    assert_eq!(text(&unknown, &nobody), text(&known, &person.email));
    link_mailed(&person, 1).await;
    assert!(mails_to(&nobody).await.is_empty());
    let misspelt = ask(&browser, "nowhere").await;
    assert_eq!(misspelt.status, 422);
    assert_eq!(misspelt.attributes("input[name=email]", "value"), ["nowhere"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_links_at_a_time_go_to_an_address_and_each_is_good_until_one_is_used() {
    let person = Person::new("links").await;
    let reach = reach().await;
    let email = domain::EmailAddress::parse(&person.email).unwrap();
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(reach.accounts.begin_reset(&email).await.unwrap().unwrap().0);
    }
    assert!(reach.accounts.begin_reset(&email).await.unwrap().is_none());
    for token in &tokens {
        assert!(reach.accounts.resettable(token).await.unwrap().is_some());
    }
    let hash = "$argon2id$";
    let uses = futures_util::future::join_all((0..4).map(|_| reach.accounts.reset_password(&tokens[1], hash))).await;
    assert_eq!(
        uses.into_iter().filter(|used| used.as_ref().unwrap().is_some()).count(),
        1
    );
    for token in &tokens {
        assert!(reach.accounts.reset_password(token, hash).await.unwrap().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_half_an_hour() {
    let person = Person::new("late").await;
    let reach = reach().await;
    let email = domain::EmailAddress::parse(&person.email).unwrap();
    let (token, user) = reach.accounts.begin_reset(&email).await.unwrap().unwrap();
    let age = |minutes: u32| {
        format!(
            "UPDATE password_resets SET expires_at = expires_at - interval '{minutes} minutes' WHERE user_id = '{}'",
            user.id
        )
    };
    reach.sql(&age(29)).await;
    assert!(reach.accounts.resettable(&token).await.unwrap().is_some());
    reach.sql(&age(1)).await;
    assert!(reach.accounts.resettable(&token).await.unwrap().is_none());
    assert!(
        reach
            .accounts
            .reset_password(&token, "$argon2id$")
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(person.get("/profile").await.status, 200);
}
