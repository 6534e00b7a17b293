//! What people delete is gone: from the pages at once, and from every store, old versions included.

mod about;
mod access;
pub mod everywhere;
mod export;
mod lost;
mod rows;

use backends::accounts::DeletionRecord;
use domain::{AskedBy, DeletionId, DeletionKind, JobId, Role, keys};

use crate::eventually;
use crate::people::{Answer, PASSWORD, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, filled_form, post_form, submit};
use crate::variants::regions;
use everywhere::{begin_parts, traces};

/// Presses the button of a job's page.
pub async fn delete_job(person: &Person, id: JobId) -> Answer {
    let page = format!("/annotations/{id}");
    person.browser.submit(&page, &format!("{page}/delete"), &[]).await
}

/// The deletion that an answer leads to.
pub fn deletion_of(answer: &Answer) -> DeletionId {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let location = answer.location();
    let id = location.rsplit(['=', '/']).next().unwrap();
    id.parse().unwrap_or_else(|_| panic!("no deletion in {location}"))
}

/// The record of a deletion once it says that nothing is left.
pub async fn done(id: DeletionId) -> DeletionRecord {
    let accounts = reach().await.accounts;
    eventually("the deletion to be done", || async {
        let record = accounts.deletion(id).await.unwrap();
        record.filter(|record| record.done_at.is_some())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_deleted_is_gone_from_the_pages_at_once_and_from_every_store_soon() {
    let person = Person::new("deletes").await;
    let kept = submit(&person, "kept.vcf", SAMPLE).await;
    // The form is used twice: the submitted input is an old version by now.
    let form = filled_form(&person).await;
    let stored = post_form(&person, &form, "gone.vcf", SAMPLE.into()).await;
    let submitted = person.get(stored.location()).await;
    let id: JobId = submitted.location().rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(post_form(&person, &form, "later.vcf", SAMPLE.into()).await.status, 303);
    for id in [kept, id] {
        ended(id).await;
    }
    let user = reach().await.user(&person.username).await;
    begin_parts(&keys::input(user.id, id)).await;
    let sent = regions::send(&person.browser, id, "", "MT\t0\t9000\n").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let word = [id.to_string()];
    let before = traces(&word).await;
    for place in [
        "gas-inputs/",
        "an upload to gas-inputs/",
        "gas-results/",
        "annotations: ",
        "variant_regions: ",
    ] {
        assert!(
            before.iter().any(|found| found.starts_with(place)),
            "{place}: {before:?}"
        );
    }

    let deleted = delete_job(&person, id).await;
    let deletion = deletion_of(&deleted);
    let list = person.get(deleted.location()).await;
    assert!(list.says("The job is deleted.") && list.says("kept.vcf") && !list.says("gone.vcf"));
    assert!(!list.says(&id.to_string()));
    for page in ["", "/input", "/results", "/plain", "/index", "/log", "/events"] {
        let gone = person.get(&format!("/annotations/{id}{page}")).await;
        assert_eq!(gone.status, 403, "{page}");
    }
    assert!(person.get("/profile").await.says("in 1 job"));

    let record = done(deletion).await;
    assert_eq!((record.kind, record.asked_by), (DeletionKind::Job, AskedBy::Owner));
    assert_eq!(record.deleted.inputs, 2, "both versions");
    assert!(record.deleted.results >= 3, "results, index and log: {record:?}");
    assert_eq!(record.deleted.archives, 0);
    eventually("the row to be gone", || async {
        traces(&word).await.is_empty().then_some(())
    })
    .await;
    let page = person.get(&format!("/deletions/{deletion}")).await;
    assert!(page.says("nothing left in any store") && page.says("2 files, each version counted"));
    assert!(!page.says(&id.to_string()));
    assert_eq!(person.get(&format!("/annotations/{kept}/results")).await.status, 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_goes_with_everything_in_it() {
    let person = Person::new("leaves").await;
    let neighbour = Person::new("stays").await;
    let theirs = submit(&neighbour, "theirs.vcf", SAMPLE).await;
    let mut jobs = Vec::new();
    // Two have their turn and one waits for it.
    for name in ["one.vcf", "two.vcf", "three.vcf"] {
        jobs.push(submit(&person, name, SAMPLE).await);
    }
    ended(jobs[0]).await;
    // Uploaded, and never submitted.
    let form = filled_form(&person).await;
    assert_eq!(
        post_form(&person, &form, "unsubmitted.vcf", SAMPLE.into()).await.status,
        303
    );
    let user = reach().await.user(&person.username).await;
    // Begun in parts, and never ended: one of its own, and one below a job.
    for id in [JobId::random(), jobs[0]] {
        begin_parts(&keys::input(user.id, id)).await;
    }
    let mut words = vec![user.id.to_string(), person.username.clone(), person.email.clone()];
    words.extend(jobs.iter().map(JobId::to_string));
    let before = traces(&words).await;
    for place in [
        "gas-inputs/",
        "an upload to gas-inputs/",
        "gas-results/",
        "annotations: ",
        "turns: ",
        "users: ",
        "registrations: ",
        "sessions: ",
    ] {
        assert!(
            before.iter().any(|found| found.starts_with(place)),
            "{place}: {before:?}"
        );
    }

    let wrong = leave(&person, "not the password").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.says("This is not your password"));
    assert_eq!(person.get("/annotations").await.status, 200, "nothing has happened");
    let left = leave(&person, PASSWORD).await;
    let deletion = deletion_of(&left);
    assert!(
        person.get("/annotations").await.location().starts_with("/login"),
        "signed out"
    );
    let again = crate::people::Browser::new()
        .await
        .sign_in(&person.username, PASSWORD)
        .await;
    assert_eq!(again.status, 401);

    let record = done(deletion).await;
    assert_eq!((record.kind, record.asked_by), (DeletionKind::Account, AskedBy::Owner));
    assert_eq!((record.deleted.inputs, record.deleted.jobs), (4, 3));
    assert_eq!(traces(&words).await, Vec::<String>::new());
    assert!(person.get(left.location()).await.says("nothing left in any store"));
    assert_eq!(neighbour.get(&format!("/annotations/{theirs}/input")).await.status, 302);
    // The name and the address are free again.
    let registered = crate::people::register(&person.browser, &person.username, &person.email).await;
    assert!(registered.status.is_success(), "{}", registered.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_erases_a_person_who_stays_in_the_audit_without_a_name() {
    let admin = Person::with_role("erases", Role::AdminUser).await;
    let person = Person::new("erased").await;
    // Roles that were given are in the audit under the person's name.
    person.becomes(Role::PremiumUser).await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    let user = reach().await.user(&person.username).await;
    let page = format!("/admin/person/{}", person.username);
    let erase = async |confirm: &str| {
        let fields = [("username", &*person.username), ("confirm", confirm)];
        admin.browser.submit(&page, "/admin/users/erase", &fields).await
    };
    let mistaken = erase("somebody-else").await;
    assert_eq!(mistaken.status, 409);
    assert!(mistaken.says("Nothing has been deleted"));
    let record = done(deletion_of(&erase(&person.username).await)).await;
    assert_eq!(record.asked_by, AskedBy::Operator);
    let words = [
        user.id.to_string(),
        person.username.clone(),
        person.email.clone(),
        id.to_string(),
    ];
    assert_eq!(traces(&words).await, Vec::<String>::new());
    let audit = admin.get("/admin/audit").await.texts("#audit tbody tr");
    let did = format!("{} asked for the account deleted-", admin.username);
    assert!(audit.iter().any(|record| record.contains(&did)), "{audit:?}");
}

async fn leave(person: &Person, password: &str) -> Answer {
    let fields = [("password", password)];
    person
        .browser
        .submit("/profile/delete", "/profile/delete", &fields)
        .await
}
