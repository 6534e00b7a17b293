//! Who sees the administration, and who may act there.

use domain::{JobId, JobStatus, Role};

use super::{done_by, failed_job};
use crate::people::{Browser, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, submit};

const PAGES: [&str; 4] = ["/admin", "/admin/users", "/admin/jobs", "/admin/audit"];

#[tokio::test(flavor = "multi_thread")]
async fn only_who_runs_the_service_sees_the_administration() {
    let visitor = Browser::new().await;
    for page in PAGES {
        let answer = visitor.get(page).await;
        assert_eq!(answer.status, 303, "{page}");
        assert!(answer.location().starts_with("/login?redirect_url="), "{page}");
    }
    for person in [Person::new("plain").await, Person::premium("payer").await] {
        for page in PAGES {
            let answer = person.get(page).await;
            assert_eq!(answer.status, 403, "{page}");
            assert!(answer.says("Not authorized to view this page"), "{page}");
            assert!(answer.texts("table, .tabs, a[href^='/admin']").is_empty(), "{page}");
        }
    }
    let somebody = Person::new("looked-at").await;
    let their_page = format!("/admin/person/{}", somebody.username);
    assert_eq!(somebody.get(&their_page).await.status, 403);
    assert!(visitor.get(&their_page).await.location().starts_with("/login"));
    for role in [Role::AdminUser, Role::SuperUser] {
        let person = Person::with_role("runs-it", role).await;
        for page in PAGES {
            let answer = person.get(page).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.body);
            assert_eq!(answer.attributes("#site-nav a[href='/admin']", "href").len(), 1);
        }
        let forms = person
            .get("/admin/users")
            .await
            .texts("#users form[action='/admin/users/role']")
            .len();
        assert_eq!(forms > 0, role == Role::SuperUser, "{role:?} and {forms} forms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_run_the_service_changes_nothing() {
    let (plain, victim) = (Person::new("plain").await, Person::new("victim").await);
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let role = [("username", &*victim.username), ("role", "super_user")];
    let suspend = [("username", &*victim.username), ("action", "suspend")];
    for (action, fields) in [
        ("/admin/users/role", &role[..]),
        ("/admin/users/intervene", &suspend[..]),
        ("/admin/redrive", &[("queue", "job_requests")]),
        ("/admin/jobs/retry", &[("job", &JobId::random().to_string())]),
    ] {
        let answer = plain.browser.submit("/profile", action, fields).await;
        assert_eq!(answer.status, 403, "{action}");
        assert!(answer.says("Not authorized to view this page"), "{action}");
    }
    let refused = admin.browser.submit("/admin", "/admin/users/role", &role).await;
    assert_eq!(refused.status, 403);
    assert!(refused.says("Only a super user gives roles"));
    assert_eq!(reach().await.user(&victim.username).await.role, Role::FreeUser);
    assert!(done_by(&plain).await.is_empty() && done_by(&admin).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_without_its_token_changes_nothing() {
    let (boss, victim) = (
        Person::with_role("boss", Role::SuperUser).await,
        Person::new("victim").await,
    );
    let id = failed_job(&victim, "kept.vcf").await.id;
    let other = Browser::new().await.get("/login").await.csrf_token();
    for token in ["", &other] {
        for (action, fields) in [
            (
                "/admin/users/role",
                vec![("username", &*victim.username), ("role", "admin_user")],
            ),
            (
                "/admin/users/intervene",
                vec![("username", &*victim.username), ("action", "suspend")],
            ),
            ("/admin/redrive", vec![("queue", "job_requests")]),
            ("/admin/jobs/retry", vec![("job", &*id.to_string())]),
        ] {
            let fields = [fields, vec![("csrf_token", token)]].concat();
            let forged = boss.browser.post(action, &fields).await;
            assert_eq!(forged.status, 403, "{action}");
            assert!(forged.says("out of date"), "{action}");
        }
    }
    assert_eq!(victim.get("/profile").await.status, 200);
    let reach = reach().await;
    assert_eq!(reach.user(&victim.username).await.role, Role::FreeUser);
    assert_eq!(reach.jobs.get(id).await.unwrap().unwrap().status, JobStatus::Failed);
    assert!(done_by(&boss).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_no_file_of_another() {
    let admin = Person::with_role("admin", Role::SuperUser).await;
    let owner = Person::new("owner").await;
    let id = submit(&owner, "private.vcf", SAMPLE).await;
    ended(id).await;
    for page in ["", "/input", "/results", "/plain", "/index", "/log", "/events"] {
        let answer = admin.get(&format!("/annotations/{id}{page}")).await;
        assert_eq!(answer.status, 403, "{page}");
    }
    let found = admin.get(&format!("/admin/jobs?id={id}")).await;
    assert!(found.says(&owner.username) && !found.says("private.vcf"));
}
