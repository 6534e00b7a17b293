//! Signing in and out, and what nobody may learn from it.

use crate::eventually;
use crate::people::{Browser, PASSWORD, Person, mails_to, register};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_sign_in_comes_back_to_the_page_asked_for() {
    let person = Person::new("returns").await;
    let browser = Browser::new().await;
    let sent = browser.get("/annotations?after=5.x").await;
    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, "/login?redirect_url=%2Fannotations%3Fafter%3D5%2Ex")
    );
    let form = browser.get(sent.location()).await;
    let target = form.attributes("input[name=redirect_url]", "value").remove(0);
    let fields = [
        ("username", &*person.username),
        ("password", PASSWORD),
        ("redirect_url", &target),
    ];
    let signed_in = browser.submit(sent.location(), "/login", &fields).await;
    assert_eq!(signed_in.location(), "/annotations?after=5.x");
    let elsewhere = [
        ("username", &*person.username),
        ("password", PASSWORD),
        ("redirect_url", "https://evil.example/"),
    ];
    let other = Browser::new().await;
    assert_eq!(
        other.submit("/login", "/login", &elsewhere).await.location(),
        "/annotations"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_an_account_signs_in_as_its_name_does() {
    let person = Person::new("by-mail").await;
    for name in [
        &*person.email,
        &person.email.to_uppercase(),
        &person.username.to_uppercase(),
    ] {
        let signed_in = Browser::new().await.sign_in(name, PASSWORD).await;
        assert_eq!(signed_in.status, 303, "{name}");
    }
    let wrong = Browser::new()
        .await
        .sign_in(&person.email, "not the password at all")
        .await;
    let nobody = Browser::new().await.sign_in("nobody@example.org", PASSWORD).await;
    assert_eq!((wrong.status.as_u16(), nobody.status.as_u16()), (401, 401));
    assert_eq!(wrong.texts("[role=alert]"), nobody.texts("[role=alert]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_at_logout_and_is_new_at_every_sign_in() {
    let person = Person::new("session").await;
    let browser = Browser::new().await;
    let first = cookie(&browser.sign_in(&person.username, PASSWORD).await);
    let replay = |cookie: String| async move {
        let client = reqwest::Client::builder().tls_danger_accept_invalid_certs(true);
        let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let address = Browser::new().await.address("/profile");
        client
            .get(address)
            .header("cookie", cookie)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(replay(first.clone()).await, 200);
    let left = browser.submit("/profile", "/logout", &[]).await;
    assert_eq!(left.status, 303);
    assert_eq!(replay(first.clone()).await, 303, "the old cookie is worth nothing");
    let second = cookie(&browser.sign_in(&person.username, PASSWORD).await);
    assert_ne!(first, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_tells_nobody_who_has_an_account() {
    let person = Person::new("known").await;
    let browser = Browser::new().await;
    let fresh = format!("{}@example.org", uuid::Uuid::new_v4().simple());
    let strip = |body: String, email: &str| body.replace(email, "EMAIL");
    let known_email = register(&browser, "somebody-else", &person.email).await;
    let known_name = register(&browser, &person.username, &fresh).await;
    let unknown = register(&browser, "quite-new-name", "quite-new@example.org").await;
    assert_eq!(
        (known_email.status, known_name.status),
        (unknown.status, unknown.status)
    );
    let pages = [
        (known_email, &*person.email),
        (known_name, &*fresh),
        (unknown, "quite-new@example.org"),
    ];
    let mut texts = pages
        .map(|(page, email)| strip(page.texts("main").join(" "), email))
        .to_vec();
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let mail = eventually("the mail", || async { mails_to(&fresh).await.pop() }).await;
    assert!(
        mail.text.contains(&person.username) && !mail.text.contains("/confirm/"),
        "{}",
        mail.text
    );
    let wrong_name = Browser::new().await.sign_in("nobody-of-this-name", PASSWORD).await;
    let wrong_password = Browser::new()
        .await
        .sign_in(&person.username, "not the password at all")
        .await;
    assert_eq!((wrong_name.status.as_u16(), wrong_password.status.as_u16()), (401, 401));
    assert_eq!(wrong_name.texts("[role=alert]"), wrong_password.texts("[role=alert]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_mistakes_names_each_and_keeps_what_was_typed() {
    let browser = Browser::new().await;
    let fields = [
        ("username", "a b"),
        ("name", ""),
        ("email", "nowhere"),
        ("password", "short"),
    ];
    let answer = browser.submit("/register", "/register", &fields).await;
    assert_eq!(answer.status, 422);
    for words in [
        "3 to 32",
        "Enter your name",
        "name@example.org",
        "12 to 128",
        "Read the terms of use and accept them",
    ] {
        assert!(answer.says(words), "{words}");
    }
    assert_eq!(answer.attributes("input[name=username]", "value"), ["a b"]);
    let password = answer.attributes("input[name=password]", "value");
    assert!(password.iter().all(String::is_empty), "a password is not sent back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_common_password_a_reserved_name_and_an_address_for_a_name_are_refused() {
    let browser = Browser::new().await;
    let email = format!("{}@example.org", uuid::Uuid::new_v4().simple());
    let fields = [
        ("username", "Post-Master"),
        ("name", "win at example.com"),
        ("email", &*email),
        ("password", "password123456"),
    ];
    let answer = browser.submit("/register", "/register", &fields).await;
    assert_eq!(answer.status, 422);
    for words in [
        "This username is reserved",
        "not the address of a website",
        "guessed too soon",
    ] {
        assert!(answer.says(words), "{words}");
    }
    assert!(mails_to(&email).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_a_stranger_has_nothing_of_what_was_typed_but_the_username() {
    let (browser, person) = (Browser::new().await, Person::new("greeted").await);
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let email = format!("{unique}@example.org");
    register(&browser, &unique[..12], &email).await;
    let mail = eventually("the mail", || async { mails_to(&email).await.pop() }).await;
    assert!(
        mail.text.starts_with(&format!("Hello {},", &unique[..12])),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("Lovelace") && !mail.html.contains("Lovelace"));
    // Who has an account is greeted by its name.
    register(&browser, &unique[12..24], &person.email).await;
    let told = person.mails("have a GAS account already").await.remove(0);
    assert!(
        told.text.starts_with(&format!("Hello {},", person.username)),
        "{}",
        told.text
    );
    assert!(!told.text.contains(&unique[12..24]) && !told.html.contains("Lovelace"));
}

/// Wrong passwords for this name until no more are taken; how many were, and the answer to the first that was not.
async fn guess(browser: &Browser, name: &str) -> (u32, crate::people::Answer) {
    let mut taken = 0;
    loop {
        let answer = browser.sign_in(name, "a wrong password").await;
        if answer.status != 401 {
            return (taken, answer);
        }
        taken += 1;
        assert!(taken <= 20, "{taken} guesses were taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_a_password_is_slowed_down() {
    let name = format!("guess-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
    // However many replicas there are; one more is let through every six seconds.
    let (taken, refused) = guess(&Browser::new().await, &name).await;
    assert!((10..=15).contains(&taken), "{taken} guesses were taken");
    assert_eq!(refused.status, 429);
    assert!(refused.says("Too many attempts"));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_does_not_keep_the_owner_out_of_a_browser_that_is_known() {
    let person = Person::new("guessed-at").await;
    let stranger = Browser::new().await;
    // Name and address are one account.
    let (_, refused) = guess(&stranger, &person.username).await;
    assert_eq!(refused.status, 429);
    assert_eq!(stranger.sign_in(&person.email, PASSWORD).await.status, 429);
    person.browser.submit("/profile", "/logout", &[]).await;
    let signed_in = person.browser.sign_in(&person.username, PASSWORD).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    // The browser is known for its owner's account alone.
    let other = Person::new("guessed-too").await;
    guess(&stranger, &other.username).await;
    assert_eq!(person.browser.submit("/profile", "/logout", &[]).await.status, 303);
    assert_eq!(person.browser.sign_in(&other.username, PASSWORD).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_may_not_guess_for_ever_either() {
    let person = Person::new("forgetful").await;
    person.browser.submit("/profile", "/logout", &[]).await;
    let (taken, refused) = guess(&person.browser, &person.username).await;
    assert!((10..=15).contains(&taken), "{taken} guesses were taken");
    assert_eq!(refused.status, 429);
}

fn cookie(answer: &crate::people::Answer) -> String {
    let set = answer
        .headers
        .get_all("set-cookie")
        .into_iter()
        .map(|value| value.to_str().unwrap());
    let session = set
        .into_iter()
        .find(|value| value.starts_with("__Host-session="))
        .unwrap();
    session.split(';').next().unwrap().to_owned()
}
