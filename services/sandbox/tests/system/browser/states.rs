//! A page that follows a job says one thing of it at a time.

use backends::jobs::Claim;
use domain::{JobId, Timestamp};

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::Person;
use crate::reach::{TURNS, reach, uploaded};

/// Far in the future, so that the sandbox's own sweep leaves this job alone.
const LATER: Timestamp = Timestamp::from_epoch_seconds(4_000_000_000);

#[tokio::test(flavor = "multi_thread")]
async fn no_part_of_a_page_says_pending_while_another_says_annotating() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let (person, reach) = (Person::new("states").await, reach().await);
    let (id, user) = (JobId::random(), reach.user(&person.username).await);
    let upload = uploaded("states.vcf");
    reach.jobs.submit(id, &user, &upload, &TURNS, LATER).await.unwrap();
    visitor.opens_as(&format!("/annotations/{id}"), &person.username).await;
    visitor.reads("Pending").await;
    visitor.watches_for("Pending", "Annotating").await;
    let claim = reach.jobs.claim(id, LATER).await.unwrap();
    assert!(matches!(claim, Claim::Granted(_)), "the job is another's");
    visitor.reads("Annotating: 0 records done.").await;
    assert!(!visitor.saw_both().await);
    visitor.leave().await;
}
