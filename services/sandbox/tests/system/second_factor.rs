//! A code beside the password: nobody gets in without it who has the password alone.

use domain::{EmailAddress, Role};

use crate::eventually;
use crate::people::{Answer, Browser, PASSWORD, Person};
use crate::reach::reach;

async fn enter(browser: &Browser, code: &str) -> Answer {
    browser
        .submit(
            "/login/code",
            "/login/code",
            &[("code", code), ("redirect_url", "/annotate")],
        )
        .await
}

/// The right password, and the page that asks for a code.
async fn half_way(person: &Person) -> Browser {
    let browser = Browser::new().await;
    let asked = browser.sign_in(&person.username, PASSWORD).await;
    assert_eq!(asked.status, 303);
    assert!(
        asked.location().starts_with("/login/code?redirect_url="),
        "{}",
        asked.location()
    );
    assert!(browser.get(asked.location()).await.says("Enter a code"));
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_second_factor_gets_in_with_a_code_that_is_taken_once() {
    let person = Person::new("codes").await;
    let elsewhere = Browser::new().await;
    assert_eq!(elsewhere.sign_in(&person.username, PASSWORD).await.status, 303);
    assert_eq!(person.sets_up_second_factor().await.len(), 10);
    assert_eq!(elsewhere.get("/profile").await.status, 303, "it was begun without");
    assert_eq!(person.get("/profile").await.status, 200);
    eventually("the mail", || async { person.mails("has a second factor").await.pop() }).await;

    let browser = half_way(&person).await;
    for page in ["/profile", "/annotations", "/annotate"] {
        assert_eq!(browser.get(page).await.status, 303, "{page}");
    }
    let wrong = enter(&browser, "000000").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.says("This code is wrong"));
    let code = person.code().await;
    let entered = enter(&browser, &format!("{} {}", &code[..3], &code[3..])).await;
    assert_eq!((entered.status.as_u16(), entered.location()), (303, "/annotate"));
    assert_eq!(browser.get("/profile").await.status, 200);
    let second = half_way(&person).await;
    assert_eq!(enter(&second, &code).await.status, 401, "somebody may have looked on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_good_once_and_so_is_a_password_that_was_given() {
    let (person, stranger) = (Person::new("recovers").await, Person::new("stranger").await);
    let codes = person.sets_up_second_factor().await;
    let strangers = stranger.sets_up_second_factor().await;
    let browser = half_way(&person).await;
    assert_eq!(enter(&browser, &strangers[0]).await.status, 401);
    assert_eq!(
        enter(&browser, &codes[0].to_uppercase().replace('-', "")).await.status,
        303
    );
    assert!(
        browser
            .get("/profile/second-factor")
            .await
            .says("You have 9 recovery codes left")
    );
    // The cookie of the half-way is gone, and worth nothing to whoever has kept it.
    assert_eq!(Browser::new().await.get("/login/code").await.location(), "/login");
    let again = half_way(&person).await;
    assert_eq!(enter(&again, &codes[0]).await.status, 401);
    assert_eq!(enter(&again, &codes[1]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_and_taken_away_with_the_password_and_a_code() {
    let person = Person::new("sets-up").await;
    let path = "/profile/second-factor";
    let secret = person
        .get(path)
        .await
        .attributes("input[name=secret]", "value")
        .remove(0);
    assert_eq!(person.get(path).await.texts("#qr").len(), 1);
    for (code, password, words) in [
        ("000000", PASSWORD, "This code is wrong"),
        ("000000", "not the password", "This is not your password"),
    ] {
        let fields = [("secret", &*secret), ("code", code), ("password", password)];
        let refused = person.browser.submit(path, path, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says(words), "{words}");
        assert_eq!(refused.attributes("input[name=secret]", "value"), [&*secret]);
    }
    let codes = person.sets_up_second_factor().await;
    let remove = async |code: &str, password: &str| {
        let fields = [("code", code), ("password", password)];
        person
            .browser
            .submit(path, "/profile/second-factor/remove", &fields)
            .await
    };
    assert_eq!(remove(&codes[0], "not the password").await.status, 422);
    assert_eq!(remove("000000", PASSWORD).await.status, 422);
    assert_eq!(
        remove(&codes[0], PASSWORD).await.location(),
        "/profile?notice=second-factor-removed"
    );
    let signed_in = Browser::new().await.sign_in(&person.username, PASSWORD).await;
    assert_eq!(signed_in.location(), "/annotations");
    assert_eq!(person.mails("no second factor any more").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_stops_who_has_given_the_old_one_and_asks_for_a_code_all_the_same() {
    let person = Person::new("half-way").await;
    let codes = person.sets_up_second_factor().await;
    let stranger = half_way(&person).await;
    let accounts = reach().await.accounts;
    let email = EmailAddress::parse(&person.email).unwrap();
    let (link, _) = accounts.begin_reset(&email).await.unwrap().unwrap();
    let path = format!("/reset/{}", link.reveal());
    let another = "seven quiet herons at dusk";
    let owner = Browser::new().await;
    assert_eq!(owner.submit(&path, &path, &[("password", another)]).await.status, 303);
    let late = stranger
        .submit("/login", "/login/code", &[("code", &*codes[0]), ("redirect_url", "")])
        .await;
    assert_eq!(late.location(), "/login?notice=code-late");
    assert!(
        owner
            .sign_in(&person.username, another)
            .await
            .location()
            .starts_with("/login/code")
    );
    assert_eq!(enter(&owner, &codes[0]).await.status, 303, "the code was not used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down() {
    let person = Person::new("guessed").await;
    person.sets_up_second_factor().await;
    let browser = half_way(&person).await;
    let mut taken = 0;
    let refused = loop {
        let answer = enter(&browser, "000000").await;
        if answer.status != 401 {
            break answer;
        }
        taken += 1;
        assert!(taken <= 11, "{taken} guesses were taken");
    };
    assert_eq!((taken, refused.status.as_u16()), (10, 429));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_service_is_asked_for_a_second_factor() {
    let person = Person::with_role("runs-it", Role::AdminUser).await;
    assert_eq!(person.get("/admin").await.status, 200);
    let path = "/profile/second-factor";
    let code = person.code().await;
    let fields = [("code", &*code), ("password", PASSWORD)];
    let removed = person
        .browser
        .submit(path, "/profile/second-factor/remove", &fields)
        .await;
    assert_eq!(removed.status, 303, "{}", removed.body);
    let asked = person.get("/admin").await;
    assert_eq!(asked.status, 403);
    assert_eq!(asked.attributes("main a.button", "href"), [path]);
    assert_eq!(person.get("/annotations").await.status, 200);
}
