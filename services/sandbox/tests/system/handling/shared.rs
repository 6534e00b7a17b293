//! Links by which others read a job.

use std::time::Duration;

use backends::accounts::Token;
use domain::{JobId, Timestamp};

use super::press;
use crate::deletions::delete_job;
use crate::people::{Browser, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, submit};

/// The path of the link that the button makes.
async fn link(person: &Person, id: JobId) -> String {
    let made = press(person, id, "share", &[("days", "7")]).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let link = made.texts("#link").remove(0);
    link[link.find("/shared/").unwrap()..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_link_reads_the_job_and_nothing_else_until_it_is_withdrawn() {
    let (person, visitor) = (Person::new("shares").await, Browser::new().await);
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    assert_eq!(
        press(&person, id, "describe", &[("name", "Trio"), ("notes", "secret note")])
            .await
            .status,
        303
    );
    let first = link(&person, id).await;
    let second = link(&person, id).await;
    assert_eq!(visitor.get(&first).await.status, 404, "another has taken its place");
    for _ in 0..2 {
        let page = visitor.get(&second).await;
        assert_eq!(
            (page.status.as_u16(), page.texts("h1")),
            (200, vec!["Trio".to_owned()]),
            "{}",
            page.body
        );
        assert!(page.says("What was found") && !page.says("secret note") && !page.body.contains(&person.username));
    }
    for file in ["results", "index", "log"] {
        let found = visitor.get(&format!("{second}/{file}")).await;
        assert_eq!(found.status, 302, "{file}: {}", found.body);
        assert_eq!(
            visitor.client.get(found.location()).send().await.unwrap().status(),
            200,
            "{file}"
        );
    }
    assert_eq!(visitor.get(&format!("{second}/input")).await.status, 404);
    assert_eq!(
        visitor.get(&format!("/annotations/{id}")).await.status,
        303,
        "to the login"
    );
    let page = person.get(&format!("/annotations/{id}")).await;
    assert!(
        page.texts("#shared")[0].ends_with("was opened 2 times."),
        "{:?}",
        page.texts("#shared")
    );
    let export = person.get("/profile/export").await.body;
    assert!(export.contains("share_until") && !export.contains("share_hash"));
    assert_eq!(press(&person, id, "unshare", &[]).await.status, 303);
    assert_eq!(visitor.get(&second).await.status, 404);
    let other = second.replace(&id.to_string(), &JobId::random().to_string());
    assert_eq!(visitor.get(&other).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_nothing_once_the_results_are_archived_it_has_ended_or_the_job_is_deleted() {
    let (reach, person, visitor) = (reach().await, Person::new("shared").await, Browser::new().await);
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    ended(id).await;
    let path = link(&person, id).await;
    assert_eq!(visitor.get(&path).await.status, 200);
    let user = reach.user(&person.username).await;
    let secret = Token::random();
    let past = Timestamp::now().minus(Duration::from_secs(1));
    assert!(reach.jobs.share(user.id, id, &secret, past).await.unwrap());
    let over = visitor.get(&format!("/shared/{id}/{}", secret.reveal())).await;
    assert_eq!(over.status, 404);
    let path = link(&person, id).await;
    let hours_ago = Timestamp::now().minus(Duration::from_secs(2 * 3600));
    reach.set_complete_time(id, hours_ago).await;
    let archived = visitor.get(&path).await;
    assert!(
        archived.status == 404 && archived.says("in the archive"),
        "{}",
        archived.body
    );
    assert_eq!(visitor.get(&format!("{path}/log")).await.status, 404);
    assert_eq!(press(&person, id, "share", &[("days", "1")]).await.status, 409);
    assert_eq!(delete_job(&person, id).await.status, 303);
    assert!(visitor.get(&path).await.says("There is nothing under this link"));
}
