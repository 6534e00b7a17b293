//! One person's account as whoever runs the service sees it, and what may be done to it.

use backends::settings::DatabaseSettings;
use domain::{Role, Username};
use web::UnlockSettings;

use super::done_by;
use crate::people::{Answer, Browser, PASSWORD, Person};
use crate::sandbox;
use crate::upload::{SAMPLE, ended, submit};

async fn act(admin: &Person, subject: &Person, action: &str) -> Answer {
    let fields = [("username", &*subject.username), ("action", action)];
    admin
        .browser
        .submit("/admin/users", "/admin/users/intervene", &fields)
        .await
}

/// What the page says after an action that was done.
async fn told(admin: &Person, subject: &Person, action: &str) -> String {
    let done = act(admin, subject, action).await;
    assert_eq!(done.status, 303, "{}", done.body);
    admin.get(done.location()).await.texts(".notice").concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_jobs_storage_and_subscription_of_one_person_and_no_file() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let (person, other) = (Person::new("seen").await, Person::new("not-seen").await);
    let id = submit(&person, "secret name.vcf", SAMPLE).await;
    let others = submit(&other, "another.vcf", SAMPLE).await;
    ended(id).await;
    let page = admin
        .get(&format!("/admin/person/{}", person.username.to_uppercase()))
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.texts("#jobs tbody tr").len(), 1);
    assert!(page.texts("#jobs tbody tr")[0].contains(&id.to_string()) && page.says("Completed"));
    assert!(page.texts("#kept").concat().contains("in 1 job"));
    let facts = page.texts("#account").concat();
    for fact in [
        &*person.email,
        "Ada Lovelace",
        "free_user",
        "in 1 browser",
        "Subscriptionnone",
    ] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    assert!(
        page.attributes("main form", "action")
            .contains(&"/admin/users/erase".to_owned())
    );
    assert!(!page.body.contains("secret name") && !page.body.contains(&others.to_string()));
    let links = page.attributes("main a", "href");
    assert!(links.iter().all(|link| !link.starts_with("/annotations")), "{links:?}");
    assert_eq!(admin.get("/admin/person/nobody-at-all").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_out_until_that_is_taken_back() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let person = Person::new("suspended").await;
    let said = told(&admin, &person, "suspend").await;
    let done = format!("{} is logged out and cannot log in.", person.username);
    assert!(
        said.contains(&done) && said.contains("This account is suspended"),
        "{said}"
    );
    assert_eq!(person.get("/profile").await.status, 303);
    let refused = Browser::new().await.sign_in(&person.username, PASSWORD).await;
    assert_eq!(refused.status, 403);
    assert!(refused.says("This account is suspended"));
    let wrong = Browser::new().await.sign_in(&person.username, "not the password").await;
    assert_eq!(wrong.status, 401, "who does not know the password learns nothing");
    assert!(told(&admin, &person, "resume").await.contains("can log in again"));
    assert_eq!(person.browser.sign_in(&person.username, PASSWORD).await.status, 303);
    assert_eq!(done_by(&admin).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_ends_sessions_and_helps_who_has_lost_the_second_factor() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let person = Person::new("lost").await;
    person.sets_up_second_factor().await;
    assert!(
        told(&admin, &person, "end_sessions")
            .await
            .contains("is logged out everywhere")
    );
    let half = person.browser.sign_in(&person.username, PASSWORD).await;
    assert!(half.location().starts_with("/login/code"));
    assert!(
        told(&admin, &person, "remove_second_factor")
            .await
            .contains("password alone")
    );
    let signed_in = Browser::new().await.sign_in(&person.username, PASSWORD).await;
    assert_eq!(signed_in.location(), "/annotations");
    let records = admin.get("/admin/audit").await.texts("#audit tbody tr");
    let record = format!("removed the second factor of {}", person.username);
    assert!(records.iter().any(|found| found.ends_with(&record)), "{records:?}");
    assert_eq!(act(&admin, &person, "promote").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_suspends_themselves_and_an_admin_no_admin() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let other = Person::with_role("other", Role::AdminUser).await;
    let boss = Person::with_role("boss", Role::SuperUser).await;
    for (actor, subject) in [(&admin, &other), (&admin, &boss), (&admin, &admin), (&boss, &boss)] {
        let refused = act(actor, subject, "suspend").await;
        assert_eq!(refused.status, 403, "{} and {}", actor.username, subject.username);
        assert!(refused.says("Not authorized to do this"));
    }
    assert!(told(&boss, &other, "suspend").await.contains("cannot log in"));
    assert_eq!(other.get("/admin").await.status, 303);
    assert_eq!(admin.get("/admin").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_lets_in_who_has_lost_everything_but_the_password() {
    let (boss, other) = (
        Person::with_role("boss", Role::SuperUser).await,
        Person::with_role("other", Role::SuperUser).await,
    );
    told(&other, &boss, "suspend").await;
    let unlock = async |username: &str| {
        let settings = UnlockSettings {
            username: Username::parse(username).unwrap(),
            database: DatabaseSettings::at(&sandbox().await.endpoints().postgres),
        };
        web::unlock(&settings).await
    };
    let said = unlock(&boss.username).await.unwrap();
    assert_eq!(said, format!("{} can log in with the password alone.", boss.username));
    assert_eq!(
        boss.browser.sign_in(&boss.username, PASSWORD).await.location(),
        "/annotations"
    );
    assert!(boss.get("/admin").await.says("Set up a second factor first"));
    let records = other.get("/admin/audit").await.texts("#audit tbody tr");
    let record = format!("command line let {} log in again", boss.username);
    assert!(records.iter().any(|found| found.ends_with(&record)), "{records:?}");
    let nobody = unlock("nobody-at-all").await.unwrap_err();
    assert_eq!(nobody.to_string(), "there is no account nobody-at-all");
}
