//! The page of the status, and what is announced on it.

use domain::{Role, Timestamp};

use crate::eventually;
use crate::people::{Browser, Person};
use crate::reach::{TURNS, reach, uploaded};

const PAGE: &str = "/admin/maintenance";

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reads_whether_the_service_is_up_and_how_long_the_queue_is() {
    let visitor = Browser::new().await;
    let page = visitor.get("/status").await;
    assert_eq!(
        (page.status.as_u16(), page.attributes("#status", "data-state")),
        (200, vec!["up".to_owned()])
    );
    let facts = page.texts("dl.facts dd");
    // In containers there are several, each with two places.
    let annotators = |fact: &String| {
        let said = fact.split_once(", with places for ");
        let number = |text: &str| text.split(' ').next()?.parse::<u32>().ok();
        said.is_some_and(|(count, places)| {
            number(count) > Some(0) && number(places) == number(count).map(|one| 2 * one)
        })
    };
    assert!(
        facts.iter().any(annotators) && facts.contains(&"answer".to_owned()),
        "{facts:?}"
    );
    assert_eq!(visitor.post("/status", &[]).await.header("allow"), "GET, HEAD");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_says_when_it_will_begin() {
    let (reach, person) = (reach().await, Person::new("forecast").await);
    let user = reach.user(&person.username).await;
    let id = domain::JobId::random();
    let later = Timestamp::from_epoch_seconds(4_180_000_000);
    reach
        .jobs
        .submit(id, &user, &uploaded("waits.vcf"), &TURNS, later)
        .await
        .unwrap();
    let page = format!("/annotations/{id}");
    // Others' jobs of the same sandbox come and go; what they took is known once one of them has ended.
    eventually("a forecast", || async {
        let said = person.get(&page).await.texts("#live-forecast").remove(0);
        said.starts_with("It ").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_admin_announces_is_told_on_every_page_until_it_is_withdrawn() {
    let admin = Person::with_role("announces", Role::AdminUser).await;
    let person = Person::new("reads").await;
    assert_eq!(person.get(PAGE).await.status, 403);
    let words = format!("No <annotation> of {}.", admin.username);
    let minute = |seconds: i64| {
        let text = Timestamp::from_epoch_seconds(Timestamp::now().epoch_seconds() + seconds).to_rfc3339();
        text[..16].to_owned()
    };
    let announce = async |begins: &str, ends: &str| {
        let fields = [("words", &*words), ("begins", begins), ("ends", ends)];
        admin.browser.submit(PAGE, PAGE, &fields).await
    };
    assert_eq!(announce(&minute(7200), &minute(3600)).await.status, 400);
    let done = announce(&minute(3600), &minute(7200)).await;
    assert!(
        admin
            .get(done.location())
            .await
            .says(&format!("Everybody is told: {words}"))
    );
    let visitor = Browser::new().await;
    for (who, page) in [
        (&person.browser, "/annotations"),
        (&person.browser, "/status"),
        (&visitor, "/login"),
    ] {
        eventually("the announcement", || async {
            who.get(page).await.says(&words).then_some(())
        })
        .await;
    }
    assert!(!person.get("/annotations").await.body.contains("<annotation>"));
    let announced = admin.get(PAGE).await;
    let cards = announced.texts("#announced li");
    let number = cards.iter().position(|card| card.contains(&words)).unwrap();
    let id = announced
        .attributes("#announced input[name=id]", "value")
        .remove(number);
    let withdraw = format!("{PAGE}/withdraw");
    assert_eq!(admin.browser.submit(PAGE, &withdraw, &[("id", &id)]).await.status, 303);
    assert_eq!(admin.browser.submit(PAGE, &withdraw, &[("id", &id)]).await.status, 404);
    eventually("it to be gone", || async {
        (!person.get("/annotations").await.says(&words)).then_some(())
    })
    .await;
    let audit = admin.get("/admin/audit").await.texts("#audit tbody tr");
    for did in ["announced: ", "withdrew what was announced: "] {
        assert!(
            audit
                .iter()
                .any(|record| record.contains(&format!("{} {did}{words}", admin.username))),
            "{audit:?}"
        );
    }
}
