//! What went wrong is brought to its end: dead letters and failed jobs.

use backends::accounts::Action;
use backends::jobs::MailClaim;
use domain::events::JobRequested;
use domain::{JobId, JobStatus, Role, Timestamp};

use super::{done_by, failed_job, waiting_job};
use crate::people::Person;
use crate::reach::reach;
use crate::upload::ended;
use crate::{DEAD_LETTERS, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_that_are_sent_back_bring_their_job_to_its_end() {
    let _alone = DEAD_LETTERS.lock().await;
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let person = Person::new("dead-letter").await;
    let id = waiting_job(&person, "dead letter.vcf").await;
    let reach = reach().await;
    reach.send_to("job_requests_dlq", &JobRequested::new(id)).await;
    let overview = eventually("the dead letter", || async {
        let page = admin.get("/admin").await;
        (!page.texts("#queues form button").is_empty()).then_some(page)
    })
    .await;
    let row = overview.texts("#queues tbody tr");
    let row = row.iter().find(|row| row.starts_with("job_requests")).unwrap();
    assert!(row.contains("UTC") && row.ends_with("Re-drive"), "{row}");
    assert_eq!(reach.jobs.get(id).await.unwrap().unwrap().status, JobStatus::Pending);

    let queue = [("queue", "job_requests")];
    let sent = admin.browser.submit("/admin", "/admin/redrive", &queue).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let notice = admin.get(sent.location()).await.texts(".notice").concat();
    assert!(
        notice.ends_with("went back to job_requests.") && !notice.starts_with("No "),
        "{notice}"
    );
    assert_eq!(ended(id).await.status, JobStatus::Completed);
    eventually("the mail", || async { person.mails("dead letter.vcf").await.pop() }).await;
    let done: Vec<_> = done_by(&admin).await.into_iter().map(|record| record.action).collect();
    assert!(
        matches!(
            &done[..],
            [Action::Redriven { letters: 1.., .. }, Action::Redrive { .. }]
        ),
        "{done:?}"
    );
    let unknown = [("queue", "job_requests_dlq")];
    assert_eq!(
        admin.browser.submit("/admin", "/admin/redrive", &unknown).await.status,
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_stripes_that_failed_is_seen_until_it_is_handled() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let accounts = reach().await.accounts;
    let id = format!("evt_{}", uuid::Uuid::new_v4().simple());
    let row = async || {
        let rows = admin.get("/admin").await.texts("#stripe-events tbody tr");
        rows.into_iter().find(|row| row.starts_with(&id))
    };
    accounts.receive_event(&id, "invoice.paid").await.unwrap();
    assert_eq!(row().await, None, "it may still be handled");
    accounts.event_failed(&id, "Stripe does not answer").await.unwrap();
    let failed = row().await.unwrap();
    assert!(
        failed.contains("invoice.paid") && failed.ends_with("1 Stripe does not answer"),
        "{failed}"
    );
    accounts.event_handled(&id).await.unwrap();
    assert_eq!(row().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_that_is_requested_anew_completes_and_its_owner_hears_of_it() {
    let admin = Person::with_role("admin", Role::AdminUser).await;
    let owner = Person::new("retried").await;
    let failed = failed_job(&owner, "secret name.vcf").await;
    let reach = reach().await;
    let MailClaim::Granted(_, right) = reach.jobs.claim_mail(failed.id).await.unwrap() else {
        panic!("somebody else mails the owner")
    };
    assert!(reach.jobs.told(right, Timestamp::now()).await.unwrap());
    let row = format!("tr[data-job='{}']", failed.id);
    let page = admin.get("/admin/jobs").await;
    let listed = page.texts(&row).concat();
    assert!(
        listed.contains(&owner.username) && listed.contains("refused"),
        "{listed}"
    );
    for private in ["secret name.vcf", "chrM:3243", "/annotations/", &*owner.email] {
        assert!(!page.texts("main").concat().contains(private), "{private}");
        assert!(
            !page.attributes("main a", "href").concat().contains(private),
            "{private}"
        );
    }
    let id = failed.id.to_string();
    let retry = || async {
        admin
            .browser
            .submit("/admin/jobs", "/admin/jobs/retry", &[("job", &*id)])
            .await
    };
    let retried = retry().await;
    assert_eq!(retried.status, 303, "{}", retried.body);
    let notice = admin.get(retried.location()).await.texts(".notice");
    assert_eq!(notice, [format!("Job {id} waits for an annotator again.")]);
    let job = ended(failed.id).await;
    assert_eq!((job.status, &job.error), (JobStatus::Completed, &None));
    assert_eq!((job.attempt, job.attempts()), (failed.attempt + 1, 1));
    eventually("the mail", || async { owner.mails("secret name.vcf").await.pop() }).await;

    let again = retry().await;
    assert_eq!(again.status, 409);
    assert!(again.says("This job has not failed"));
    assert!(admin.get("/admin/jobs").await.texts(&row).is_empty());
    let found = admin.get(&format!("/admin/jobs?id={id}")).await.texts(&row).concat();
    assert!(found.contains("Completed") && !found.contains("Retry"), "{found}");
    let none = [("job", &*JobId::random().to_string())].map(|(name, id)| (name, id.to_owned()));
    let none = [(none[0].0, &*none[0].1)];
    assert_eq!(
        admin
            .browser
            .submit("/admin/jobs", "/admin/jobs/retry", &none)
            .await
            .status,
        404
    );
}
