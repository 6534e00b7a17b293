//! From registration to the downloaded result.

use std::time::Duration;

use domain::{JobStatus, Timestamp};

use crate::eventually;
use crate::people::{Browser, PASSWORD, Person, confirmation_link, register};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, submit};

#[tokio::test(flavor = "multi_thread")]
async fn a_vcf_goes_from_registration_to_the_downloaded_result() {
    let person = Person::new("journey").await;
    let id = submit(&person, "my sample.vcf", SAMPLE).await;
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    assert!(job.submit_time <= job.start_time.unwrap() && job.start_time <= job.complete_time);

    let mail = eventually("the mail", || async { person.mails("my sample.vcf").await.pop() }).await;
    let link = format!("{}/annotations/{id}", person.browser.base);
    assert!(
        mail.text.contains(&link) && mail.html.contains(&id.to_string()),
        "{}",
        mail.text
    );

    let list = person.get("/annotations").await;
    assert_eq!(
        list.texts("table th[scope=col]"),
        ["ID", "Request time", "File name", "Status", "Results"]
    );
    assert_eq!(
        list.attributes("table a", "href"),
        [format!("/annotations/{id}"), format!("/annotations/{id}/results")]
    );
    assert!(list.says("my sample.vcf") && list.says("Completed") && list.says("30 min left"));

    let details = person.get(&format!("/annotations/{id}")).await;
    assert!(details.says("my sample.vcf") && details.says(&id.to_string()));

    let annotated = plain(&person, &format!("/annotations/{id}/plain")).await;
    assert!(annotated.1.ends_with("my%20sample.annot.vcf"), "{}", annotated.1);
    assert_only_info_differs(SAMPLE, &annotated.0);
    let original = download(&person, &format!("/annotations/{id}/input")).await;
    assert_eq!(original.0, SAMPLE);
    assert!(original.1.contains("my%20sample.vcf"), "{}", original.1);

    let log = person.get(&format!("/annotations/{id}/log")).await;
    assert_eq!(log.status, 200);
    assert!(log.says("Total: "), "{}", log.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_of_anntools_are_annotated() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/samples");
    if !samples.exists() {
        crate::skipped("the_samples_of_anntools_are_annotated: ../shared/data is not here");
        return;
    }
    if !crate::references().await {
        crate::skipped("the_samples_of_anntools_are_annotated: the references could not be prepared");
        return;
    }
    let person = Person::premium("samples").await;
    for (name, records, genome) in [
        ("test.vcf", 350, "human mitochondrion"),
        ("free_1.vcf", 1141, "human mitochondrion"),
        ("free_2.vcf", 2788, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
        ("premium_1.vcf", 3000, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
        ("premium_2.vcf", 976, "human GRCh37 (hg19)"),
        ("premium_3.vcf", 3431, "human NCBI36 (hg18), lifted to GRCh37 (hg19)"),
    ] {
        let content = std::fs::read_to_string(samples.join(name)).unwrap();
        let id = submit(&person, name, content.clone()).await;
        let job = ended(id).await;
        assert_eq!(job.status, JobStatus::Completed, "{name}: {:?}", job.error);
        assert_eq!(job.progress.unwrap().records, records);
        let page = person.get(&format!("/annotations/{id}")).await;
        assert!(page.texts("#genome")[0].starts_with(genome), "{name}: {}", page.body);
        assert!(!page.texts("#decided")[0].is_empty());
        let (annotated, _) = plain(&person, &format!("/annotations/{id}/plain")).await;
        if !genome.contains("lifted") {
            assert_only_info_differs(&content, &annotated);
        }
        assert!(annotated.contains(";CSQ="), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_running_job_is_told_when_it_is_done() {
    let person = Person::new("events").await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    let events = person.get(&format!("/annotations/{id}/events")).await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    let last = events
        .body
        .trim()
        .rsplit("\n\n")
        .find(|event| event.contains("event:"))
        .unwrap()
        .to_owned();
    assert!(
        last.contains("event:done") && last.contains(r#""status":"COMPLETED""#),
        "{last}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_confirms_once_and_a_lost_one_can_be_sent_again() {
    let browser = Browser::new().await;
    let email = format!("{}@example.org", uuid::Uuid::new_v4().simple());
    let username = format!("resend-{}", &email[..8]);
    assert!(register(&browser, &username, &email).await.says("Check your e-mail"));
    assert_eq!(
        browser.sign_in(&username, PASSWORD).await.status,
        401,
        "not confirmed yet"
    );
    let first = confirmation_link(&email).await;
    // The first mail went out within the minute, so nothing is sent now; the answer is the same.
    let again = browser
        .submit("/register", "/confirm/resend", &[("email", &email)])
        .await;
    assert!(again.says("Check your e-mail"));
    assert_eq!(confirmation_link(&email).await, first);
    let password = [("password", PASSWORD)];
    assert!(browser.submit(&first, &first, &password).await.says("ready"));
    assert!(browser.get(&first).await.says("already"));
    let again = browser.submit("/login", &first, &password).await;
    assert!(again.says("already"), "{}", again.body);
    assert_eq!(browser.get("/confirm/no-such-token").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_by_whoever_has_its_link_and_its_password() {
    let browser = Browser::new().await;
    let email = format!("{}@example.org", uuid::Uuid::new_v4().simple());
    let username = format!("stranger-{}", &email[..8]);
    register(&browser, &username, &email).await;
    let link = confirmation_link(&email).await;
    // A mail gateway follows links, and the owner of the address does not know what a stranger chose.
    let owner = Browser::new().await;
    assert!(owner.get(&link).await.says(&username));
    let refused = owner
        .submit(&link, &link, &[("password", "a password of my own")])
        .await;
    assert_eq!(refused.status, 401);
    assert!(refused.says("This is not the password that was chosen"));
    assert_eq!(browser.sign_in(&username, PASSWORD).await.status, 401);
    let confirmed = owner.submit(&link, &link, &[("password", PASSWORD)]).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    assert_eq!(browser.sign_in(&username, PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_user_downloads_results_for_the_retention_only() {
    let person = Person::new("retention").await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    assert_eq!(person.get(&format!("/annotations/{id}/results")).await.status, 302);
    let long_ago = Timestamp::now().minus(Duration::from_secs(1801));
    reach().await.set_complete_time(id, long_ago).await;
    let refused = person.get(&format!("/annotations/{id}/results")).await;
    assert_eq!(refused.status, 403);
    assert!(refused.says("Premium brings them back"));
    let details = person.get(&format!("/annotations/{id}")).await;
    assert!(details.says("Premium"));
    assert!(
        details
            .attributes("a", "href")
            .iter()
            .all(|href| !href.ends_with("/results"))
    );
    assert_eq!(person.get(&format!("/annotations/{id}/log")).await.status, 200);
}

/// Follows a download and gives the content and its `Content-Disposition`.
async fn download(person: &Person, path: &str) -> (String, String) {
    let redirect = person.get(path).await;
    assert_eq!(redirect.status, 302, "{}", redirect.body);
    let file = person.get(redirect.location()).await;
    assert_eq!(file.status, 200, "{}", file.body);
    let disposition = file.header("content-disposition").to_owned();
    (file.body, disposition)
}

/// Results as plain text, and their `Content-Disposition`.
async fn plain(person: &Person, path: &str) -> (String, String) {
    let file = person.get(path).await;
    assert_eq!(file.status, 200, "{}", file.body);
    let disposition = file.header("content-disposition").to_owned();
    (file.body, disposition)
}

/// Every column but INFO is the input's, every header line is kept, and every record has something new.
fn assert_only_info_differs(input: &str, output: &str) {
    let header = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with('#'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (kept, written) = (header(input), header(output));
    let is_version = |line: &&String| line.starts_with("##fileformat");
    assert!(
        kept.iter()
            .filter(|line| !is_version(line))
            .all(|line| written.contains(line))
    );
    assert!(written.iter().any(|line| line.starts_with("##INFO=<ID=CSQ,")));
    let records = |text: &str| {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, after) = (records(input), records(output));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        let (before, after): (Vec<_>, Vec<_>) = (before.split('\t').collect(), after.split('\t').collect());
        assert_eq!(before.len(), after.len());
        for column in (0..before.len()).filter(|column| *column != 7 && before[*column] != ".") {
            assert_eq!(before[column], after[column]);
        }
        // A record whose only alternate is its reference has nothing to be annotated.
        assert!(
            after[7].contains("CSQ=") || before[3] == before[4] || before[4] == ".",
            "{after:?}"
        );
    }
}
