//! People change name, password and e-mail address themselves, and nobody else does.

use backends::jobs::{Claim, Outcome, Submitted};
use domain::{JobId, Timestamp};

use crate::eventually;
use crate::mail_reports::link;
use crate::people::{Answer, Browser, PASSWORD, Person, mails_to};
use crate::reach::{TURNS, reach, uploaded};

const ANOTHER: &str = "seven quiet herons at dusk";

fn new_address() -> String {
    format!("new-{}@example.org", &uuid::Uuid::new_v4().simple().to_string()[..12])
}

async fn change_address(person: &Person, email: &str, password: &str) -> Answer {
    let fields = [("email", email), ("password", password)];
    person.browser.submit("/profile/email", "/profile/email", &fields).await
}

async fn change_password(person: &Person, current: &str, password: &str) -> Answer {
    let fields = [("current", current), ("password", password)];
    person
        .browser
        .submit("/profile/password", "/profile/password", &fields)
        .await
}

/// The path of the newest link that was mailed to an address that somebody wants.
async fn link_mailed_to(email: &str) -> String {
    let mail = eventually("the mail with the link", || async {
        let mails = mails_to(email).await;
        mails
            .into_iter()
            .find(|mail| mail.subject.contains("new e-mail address"))
    });
    link(&mail.await, "/profile/email/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_changed_and_shown() {
    let person = Person::new("renamed").await;
    let rename = async |name: &str| {
        let fields = [("name", name)];
        person.browser.submit("/profile/name", "/profile/name", &fields).await
    };
    let empty = rename("  ").await;
    assert_eq!(empty.status, 422);
    assert!(empty.says("Enter your name"));
    assert_eq!(
        rename("Grace <b>Hopper").await.location(),
        "/profile?notice=name-changed"
    );
    let profile = person.get("/profile?notice=name-changed").await;
    assert!(profile.says("Your name is changed") && profile.says("Grace <b>Hopper"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_every_session_but_ones_own() {
    let person = Person::new("changes").await;
    let elsewhere = Browser::new().await;
    assert_eq!(elsewhere.sign_in(&person.username, PASSWORD).await.status, 303);
    let wrong = change_password(&person, "not the password at all", ANOTHER).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.says("This is not your password"));
    assert_eq!(change_password(&person, PASSWORD, "short").await.status, 422);
    assert_eq!(elsewhere.get("/profile").await.status, 200, "nothing has happened yet");

    let changed = change_password(&person, PASSWORD, ANOTHER).await;
    assert_eq!(changed.location(), "/profile?notice=password-changed");
    assert!(person.get(changed.location()).await.says("Your password is changed"));
    assert_eq!(elsewhere.get("/profile").await.status, 303);
    assert_eq!(elsewhere.sign_in(&person.username, PASSWORD).await.status, 401);
    assert_eq!(elsewhere.sign_in(&person.username, ANOTHER).await.status, 303);
    assert_eq!(person.mails("password was changed").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_confirmed_there_by_its_person_and_told_at_the_old_one() {
    let (person, stranger) = (Person::new("moves").await, Person::new("stranger").await);
    let email = new_address();
    let wrong = change_address(&person, &email, "not the password at all").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.says("This is not your password"));
    assert_eq!(wrong.attributes("input[name=email]", "value"), [&*email]);
    assert!(
        change_address(&person, &person.email, PASSWORD)
            .await
            .says("your address already")
    );
    assert!(mails_to(&email).await.is_empty());

    assert!(
        change_address(&person, &email, PASSWORD)
            .await
            .says("Check your e-mail")
    );
    let warning = person.mails("Somebody wants to change").await.remove(0);
    assert!(warning.text.contains(&email) && warning.text.contains("/profile/password"));
    let path = link_mailed_to(&email).await;
    // The address may be a stranger's, by a typing error.
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(stranger.browser.submit("/profile", &path, &[]).await.status, 404);
    assert!(Browser::new().await.get(&path).await.location().starts_with("/login"));
    assert!(person.get(&path).await.says(&email));
    assert!(
        person.get("/profile").await.says(&person.email),
        "a look changes nothing"
    );

    let changed = person.browser.submit(&path, &path, &[]).await;
    assert_eq!(changed.location(), "/profile?notice=email-changed");
    let profile = person.get(changed.location()).await;
    assert!(profile.says("Your e-mail address is changed") && profile.says(&email));
    assert_eq!(person.browser.submit("/profile", &path, &[]).await.status, 404);
    assert!(
        person.mails("address of your GAS account was changed").await[0]
            .text
            .contains(&email)
    );
    assert_eq!(Browser::new().await.sign_in(&email, PASSWORD).await.status, 303);
    assert_eq!(Browser::new().await.sign_in(&person.email, PASSWORD).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_about_a_job_go_to_the_address_of_today() {
    let person = Person::new("mail-follows").await;
    let (reach, id) = (reach().await, JobId::random());
    let user = reach.user(&person.username).await;
    let email = new_address();
    change_address(&person, &email, PASSWORD).await;
    let path = link_mailed_to(&email).await;
    assert_eq!(person.browser.submit(&path, &path, &[]).await.status, 303);
    // The row has the address of before. It waits from the far future on, so that no sweep but the notifier's sees it.
    let at = Timestamp::from_epoch_seconds(4_000_000_000);
    let submitted = reach.jobs.submit(id, &user, &uploaded("moved.vcf"), &TURNS, at).await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    let Claim::Granted(job) = reach.jobs.claim(id, at).await.unwrap() else {
        panic!("job {id} cannot be claimed")
    };
    let outcome = Outcome::Failed {
        reason: "no".into(),
        log_key: "none".into(),
        log_size: 0,
    };
    assert!(reach.jobs.end(&job, &outcome, Timestamp::now()).await.unwrap());
    eventually("the mail", || async {
        let mails = mails_to(&email).await;
        mails.into_iter().find(|mail| mail.subject.contains("moved.vcf"))
    })
    .await;
    assert!(person.mails("moved.vcf").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_account_is_not_given_away() {
    let (person, other) = (Person::new("wants").await, Person::new("has").await);
    let fresh = new_address();
    let text = |answer: Answer, email: &str| answer.texts("main").join(" ").replace(email, "EMAIL");
    let free = text(change_address(&person, &fresh, PASSWORD).await, &fresh);
    let taken = text(change_address(&person, &other.email, PASSWORD).await, &other.email);
    assert_eq!(free, taken, "nobody learns who has an account");
    let path = link_mailed_to(&other.email).await;
    let refused = person.browser.submit(&path, &path, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.says("Another account has this address"));
    assert_eq!(Browser::new().await.sign_in(&other.email, PASSWORD).await.status, 303);
    assert!(person.get("/profile").await.says(&person.email));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_withdraws_links_and_another_address_those_for_passwords() {
    let person = Person::new("withdraws").await;
    let email = new_address();
    change_address(&person, &email, PASSWORD).await;
    let path = link_mailed_to(&email).await;
    assert_eq!(change_password(&person, PASSWORD, ANOTHER).await.status, 303);
    assert_eq!(person.get(&path).await.status, 404);

    let accounts = reach().await.accounts;
    let old = domain::EmailAddress::parse(&person.email).unwrap();
    let (reset, _) = accounts.begin_reset(&old).await.unwrap().unwrap();
    let again = new_address();
    change_address(&person, &again, ANOTHER).await;
    let path = link_mailed_to(&again).await;
    assert_eq!(person.browser.submit(&path, &path, &[]).await.status, 303);
    assert!(accounts.resettable(&reset).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let (person, stranger) = (Person::new("sessions").await, Person::new("stranger").await);
    let (phone, office) = (Browser::new().await, Browser::new().await);
    for browser in [&phone, &office] {
        assert_eq!(browser.sign_in(&person.email, PASSWORD).await.status, 303);
    }
    let list = person.get("/profile/sessions").await;
    assert_eq!(list.texts("#sessions tbody tr").len(), 3);
    assert_eq!(list.texts("#sessions strong"), ["This browser"]);
    assert!(list.says("An unknown browser"));
    let phones = phone.get("/profile/sessions").await;
    let ids = async |browser: &Browser| {
        let list = browser.get("/profile/sessions").await;
        list.attributes("input[name=session]", "value")
    };
    // The office's is the one that both the person's and the phone's list offer to end.
    let others = list.attributes("input[name=session]", "value");
    let office_id = phones.attributes("input[name=session]", "value");
    let office_id = office_id.into_iter().find(|id| others.contains(id)).unwrap();
    let end = async |browser: &Browser| {
        let fields = [("session", &*office_id)];
        browser.submit("/profile", "/profile/sessions/end", &fields).await
    };
    assert_eq!(end(&stranger.browser).await.status, 303);
    assert_eq!(
        office.get("/profile").await.status,
        200,
        "it is not the stranger's to end"
    );
    assert_eq!(end(&phone).await.status, 303);
    assert_eq!(office.get("/profile").await.status, 303);
    assert_eq!(ids(&person.browser).await.len(), 1);

    let all = person
        .browser
        .submit("/profile", "/profile/sessions/end-all", &[])
        .await;
    assert_eq!(all.location(), "/login?notice=signed-out-everywhere");
    assert!(person.get(all.location()).await.says("here and everywhere else"));
    for browser in [&person.browser, &phone] {
        assert_eq!(browser.get("/profile").await.status, 303);
    }
    assert_eq!(stranger.get("/profile").await.status, 200);
}
