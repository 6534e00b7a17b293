//! Whose data somebody may delete, and which of our pages must have asked for it.

use domain::{DeletionId, JobId, Role};

use crate::people::{Browser, PASSWORD, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, submit};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_deletes_anothers_job() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let admin = Person::with_role("admin", Role::SuperUser).await;
    let id = submit(&owner, "sample.vcf", SAMPLE).await;
    ended(id).await;
    for person in [&stranger, &admin] {
        for job in [id, JobId::random()] {
            let action = format!("/annotations/{job}/delete");
            let refused = person.browser.submit("/profile", &action, &[]).await;
            assert_eq!(refused.status, 403);
            assert!(refused.says("Not authorized to view this job"));
        }
    }
    let visitor = Browser::new().await;
    let action = format!("/annotations/{id}/delete");
    assert_eq!(visitor.submit("/login", &action, &[]).await.location(), "/login");
    assert_eq!(owner.get(&format!("/annotations/{id}/results")).await.status, 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_without_its_token_deletes_nothing() {
    let (person, admin) = (
        Person::new("forged").await,
        Person::with_role("admin", Role::AdminUser).await,
    );
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    let other = Browser::new().await.get("/login").await.csrf_token();
    let job = format!("/annotations/{id}/delete");
    for token in ["", &other] {
        for (by, action, fields) in [
            (&person, &*job, vec![]),
            (&person, "/profile/delete", vec![("password", PASSWORD)]),
            (
                &admin,
                "/admin/users/erase",
                vec![("username", &*person.username), ("confirm", &*person.username)],
            ),
        ] {
            let fields = [fields, vec![("csrf_token", token)]].concat();
            let forged = by.browser.post(action, &fields).await;
            assert_eq!(forged.status, 403, "{action}");
            assert!(forged.says("out of date"), "{action}");
        }
    }
    assert_eq!(person.get(&format!("/annotations/{id}/results")).await.status, 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_runs_the_service_erases_others_and_nobody_a_super_user() {
    let (plain, victim) = (Person::new("plain").await, Person::new("victim").await);
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let boss = Person::with_role("boss", Role::SuperUser).await;
    for (by, of, words) in [
        (&plain, &victim, "Not authorized to view this page"),
        (&admin, &boss, "Not authorized to delete this account"),
        (&admin, &admin, "Not authorized to delete this account"),
        (&boss, &boss, "Not authorized to delete this account"),
    ] {
        let fields = [("username", &*of.username), ("confirm", &*of.username)];
        let refused = by.browser.submit("/profile", "/admin/users/erase", &fields).await;
        assert_eq!(refused.status, 403, "{}", of.username);
        assert!(refused.says(words), "{}", refused.body);
    }
    let stays = boss
        .browser
        .submit("/profile/delete", "/profile/delete", &[("password", PASSWORD)])
        .await;
    assert_eq!(stays.status, 409);
    assert!(stays.says("A super user’s account stays"));
    for person in [&victim, &admin, &boss] {
        let user = reach().await.user(&person.username).await;
        assert_eq!(user.username.as_str(), person.username);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_for_whoever_has_its_number_and_an_invented_number_has_none() {
    let visitor = Browser::new().await;
    for id in [DeletionId::random().to_string(), "1".to_owned(), "a%2Fb".to_owned()] {
        assert_eq!(visitor.get(&format!("/deletions/{id}")).await.status, 404, "{id}");
    }
    let person = Person::new("claims").await;
    let claimed = person
        .get(&format!("/annotations?deleted={}", DeletionId::random()))
        .await;
    assert_eq!(claimed.status, 200);
    assert!(!claimed.says("The job is deleted."));
}
