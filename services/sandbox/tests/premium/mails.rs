//! One mail for each person and upgrade, and for each notice.

use backends::topic::Topic;
use domain::Role;
use domain::events::{Notice, NoticeDue};

use crate::people::Person;
use crate::reach::{A_WHILE, reach};
use crate::story::Story;
use crate::upload::{SAMPLE, ended, submit};
use crate::{eventually, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_tells_that_all_results_of_an_upgrade_are_back() {
    let story = Story::begin("mails").await;
    let mut ids = vec![story.id];
    for name in ["second.vcf", "third.vcf"] {
        let id = submit(&story.person, name, SAMPLE).await;
        ended(id).await;
        ids.push(id);
    }
    for id in &ids {
        let archived = || async {
            let job = story.jobs().get(*id).await.unwrap().unwrap();
            (job.archival.archive.is_some() && job.archival.due.is_none()).then_some(())
        };
        eventually("the archives", archived).await;
    }
    story.change_plan(Role::PremiumUser).await;
    // Billing may be told of the same upgrade twice.
    story.tell_plan().await;
    for id in &ids {
        let back = || async {
            let job = story.jobs().get(*id).await.unwrap().unwrap();
            (job.archival.restored_at.is_some() && job.archival.due.is_none()).then_some(())
        };
        eventually("the results", back).await;
    }
    let mail = eventually("the mail", || async {
        story.person.mails("Your results are back").await.pop()
    })
    .await;
    assert!(mail.text.contains("3 annotated files are back"), "{}", mail.text);
    assert!(
        mail.html
            .contains(&format!("{}/annotations", story.person.browser.base))
    );
    story.tell_plan().await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(story.person.mails("Your results are back").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_comes_twice_is_mailed_once() {
    let person = Person::new("notices").await;
    let user = reach().await.user(&person.username).await.id;
    let notices = Topic::connect(&sandbox().await.aws_config().await, "notices")
        .await
        .unwrap();
    let due = |key: &str, notice| NoticeDue::new(user, format!("{key}/{user}"), notice);
    for _ in 0..3 {
        notices.publish(&due("failed", Notice::PaymentFailed)).await.unwrap();
    }
    notices.publish(&due("ended", Notice::PremiumEnded)).await.unwrap();
    eventually("the last mail", || async {
        person.mails("Premium plan has ended").await.pop()
    })
    .await;
    eventually("the first mail", || async {
        person.mails("payment for Premium").await.pop()
    })
    .await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(person.mails("payment for Premium").await.len(), 1);
}
