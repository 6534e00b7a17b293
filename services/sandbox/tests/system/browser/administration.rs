//! The administration in a real browser.

use domain::Role;
use domain::events::JobRequested;

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::DEAD_LETTERS;
use crate::admin::failed_job;
use crate::people::Person;
use crate::reach::reach;

#[tokio::test(flavor = "multi_thread")]
async fn a_super_user_runs_the_service() {
    let _alone = (CHROMIUM.lock().await, DEAD_LETTERS.lock().await);
    let Some(visitor) = Visitor::arrive().await else { return };
    let boss = Person::with_role("boss", Role::SuperUser).await;
    let owner = Person::new("owner").await;
    let failed = failed_job(&owner, "failed.vcf").await.id;
    // Its job has ended already, so that sending it back changes nothing.
    reach()
        .await
        .send_to("job_requests_dlq", &JobRequested::new(failed))
        .await;
    visitor.opens_as("/admin", &boss.username).await;
    visitor.reads("Enter a code").await;
    visitor.looks_at("login-code").await;
    visitor.fill(&[("code", &boss.code().await)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Archive and restore").await;
    visitor.looks_at("admin").await;
    visitor.press("#queues form button").await;
    visitor.reads("went back to job_requests").await;
    visitor.looks_at("admin-redriven").await;
    give_a_role(&visitor, &owner).await;
    retry(&visitor, &failed.to_string()).await;
    visitor.press(".tabs a[href='/admin/maintenance']").await;
    visitor.reads("What will not work").await;
    visitor.looks_at("admin-maintenance").await;
    visitor.press(".tabs a[href='/admin/audit']").await;
    visitor.reads(&format!("changed the role of {}", owner.username)).await;
    visitor.looks_at("admin-audit").await;
    visitor.leave().await;
}

async fn give_a_role(visitor: &Visitor, owner: &Person) {
    visitor.press(".tabs a[href='/admin/users']").await;
    visitor.reads("By username").await;
    visitor.looks_at("admin-users").await;
    visitor.open(&format!("/admin/users?q={}", owner.username)).await;
    visitor.press("#users option[value=premium_user]").await;
    visitor.press("#users form button").await;
    visitor.reads("is premium_user now, and was free_user").await;
    visitor.looks_at("admin-role-given").await;
    look_at_the_account(visitor, owner).await;
    visitor.open("/admin/users?q=nobody-at-all").await;
    visitor.reads("No username or e-mail address begins with").await;
    visitor.looks_at("admin-users-none").await;
}

async fn look_at_the_account(visitor: &Visitor, owner: &Person) {
    visitor
        .press(&format!("#users a[href='/admin/person/{}']", owner.username))
        .await;
    visitor.reads("Storage").await;
    visitor.looks_at("admin-person").await;
    visitor.press("#suspend").await;
    visitor.reads("This account is suspended").await;
    visitor.looks_at("admin-person-suspended").await;
    visitor.press("#suspend").await;
    visitor.reads("can log in again").await;
}

async fn retry(visitor: &Visitor, job: &str) {
    visitor.press(".tabs a[href='/admin/jobs']").await;
    visitor.reads("A refused job needs another file").await;
    visitor.fill(&[("id", job)]).await;
    visitor.press(".search button").await;
    visitor.reads("The job with this ID").await;
    visitor.looks_at("admin-jobs").await;
    visitor.press(&format!("tr[data-job='{job}'] form button")).await;
    visitor.reads("waits for an annotator again").await;
    visitor.looks_at("admin-retried").await;
}
