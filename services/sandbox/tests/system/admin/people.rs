//! People are found, and given roles, by a page and by the command line.

use std::process::Output;

use domain::Role;
use tokio::process::Command;

use super::done_by;
use crate::billing::listener::Listener;
use crate::people::Person;
use crate::reach::reach;
use crate::sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_given_acts_at_once_and_is_recorded() {
    let boss = Person::with_role("boss", Role::SuperUser).await;
    let person = Person::new("promoted").await;
    let plan_changes = Listener::to("plan_changes").await;
    let give = async |role: &str| {
        let fields = [
            ("username", &*person.username),
            ("role", role),
            ("q", &*person.username),
        ];
        let given = boss.browser.submit("/admin/users", "/admin/users/role", &fields).await;
        assert_eq!(given.status, 303, "{}", given.body);
        boss.get(given.location()).await
    };
    let told = give("admin_user").await;
    let notice = format!("{} is admin_user now, and was free_user.", person.username);
    assert_eq!(told.texts(".notice"), [notice]);
    assert_eq!(told.attributes("#users option[selected]", "selected").len(), 1);
    let asked = person.get("/admin").await;
    assert_eq!(asked.status, 403, "the session goes on, and is asked for more");
    assert!(asked.says("Set up a second factor first"));
    person.sets_up_second_factor().await;
    assert_eq!(person.get("/admin").await.status, 200);
    let user = reach().await.user(&person.username).await;
    plan_changes.hears(user.id).await;
    let records = person.get("/admin/audit").await.texts("#audit tbody tr");
    let record = format!(
        "{} changed the role of {} from free_user to admin_user",
        boss.username, person.username
    );
    assert!(records.iter().any(|found| found.ends_with(&record)), "{records:?}");

    assert!(
        give("admin_user").await.texts(".notice").is_empty(),
        "it changes nothing"
    );
    give("premium_user").await;
    assert!(
        person.get("/annotations").await.location().starts_with("/login"),
        "signed out"
    );
    let other = Person::with_role("other", Role::AdminUser).await;
    let link = format!("/admin/users?done={}", done_by(&boss).await[0].id);
    assert_eq!(boss.get(&link).await.texts(".notice").len(), 1);
    assert!(
        other.get(&link).await.texts(".notice").is_empty(),
        "somebody else did it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_the_beginning_of_a_name_or_an_address() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let person = Person::new("find_me").await;
    for search in [&*person.username, &person.email[..person.email.len() - 4]] {
        let search = search.to_uppercase().replace('@', "%40");
        let found = admin.get(&format!("/admin/users?q={search}")).await;
        assert_eq!(
            found.texts("#users tbody td:first-child"),
            [&*person.username],
            "{search}"
        );
    }
    let nobody = admin.get("/admin/users?q=%25").await;
    assert!(nobody.says("No username or e-mail address begins with %"));
    let rest = admin.get(&format!("/admin/users?after={}", person.username)).await;
    assert!(!rest.says(&person.email));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_gives_roles_and_is_recorded() {
    let person = Person::new("granted").await;
    let said = |output: &Output| String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned();
    let granted = grant(&person.username, "super_user").await;
    let sentence = format!("{} is super_user now, and was free_user.", person.username);
    assert_eq!((granted.status.success(), said(&granted).trim()), (true, &*sentence));
    person.sets_up_second_factor().await;
    let again = grant(&person.username, "super_user").await;
    assert!(again.status.success() && said(&again).contains("is super_user already."));
    let records = person.get("/admin/audit").await.texts("#audit tbody tr");
    let record = format!(
        "command line changed the role of {} from free_user to super_user",
        person.username
    );
    assert!(records.iter().any(|found| found.ends_with(&record)), "{records:?}");

    let unknown = grant("nobody-at-all", "admin_user").await;
    assert!(
        !unknown.status.success() && said(&unknown).contains("there is no account nobody-at-all"),
        "{unknown:?}"
    );
    let misspelt = grant(&person.username, "root").await;
    assert!(
        !misspelt.status.success() && said(&misspelt).contains("[possible values: free_user, premium_user"),
        "{misspelt:?}"
    );
}

async fn grant(username: &str, role: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["grant", username, role, "--endpoints"])
        .arg(sandbox().await.endpoints_file())
        .output()
        .await
        .unwrap()
}
