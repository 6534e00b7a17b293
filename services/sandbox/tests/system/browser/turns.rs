//! What a person sees of a job that waits for its turn.

use domain::{JobId, Timestamp};

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::Person;
use crate::reach::{TURNS, reach, uploaded};

/// Far in the future, so that the sandbox's own sweep leaves these jobs alone.
const LATER: i64 = 4_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_its_turn_says_how_many_of_its_owners_come_first() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let (person, reach) = (Person::new("turn").await, reach().await);
    let user = reach.user(&person.username).await;
    let ids: [JobId; 4] = std::array::from_fn(|_| JobId::random());
    for (at, id) in (LATER..).map(Timestamp::from_epoch_seconds).zip(ids) {
        let upload = uploaded("in turn.vcf");
        reach.jobs.submit(id, &user, &upload, &TURNS, at).await.unwrap();
    }
    visitor
        .opens_as(&format!("/annotations/{}", ids[3]), &person.username)
        .await;
    visitor.reads("Waiting for its turn: 1 job of yours comes first").await;
    visitor.looks_at("annotation-turn").await;
    visitor.open(&format!("/annotations/{}", ids[2])).await;
    visitor
        .reads("it is next, as soon as one of your other jobs has ended")
        .await;
    visitor.leave().await;
}
