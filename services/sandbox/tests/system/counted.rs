//! Limits are counted in PostgreSQL, for all replicas together.

use std::time::Duration;

use backends::accounts::Rate;
use futures_util::future::join_all;

use crate::people::{Browser, mails_to, register};
use crate::reach::reach;

const THREE_AN_HOUR: Rate = Rate {
    times: 3,
    period: Duration::from_secs(3600),
};

#[tokio::test(flavor = "multi_thread")]
async fn so_many_pass_however_many_replicas_count() {
    let (one, other) = (reach().await.accounts, reach().await.accounts);
    let key = uuid::Uuid::new_v4();
    let key = &key.as_bytes()[..];
    let counts = (0..8).map(|number| if number % 2 == 0 { &one } else { &other });
    let counted = join_all(counts.map(|accounts| accounts.count(key, THREE_AN_HOUR))).await;
    let refused: Vec<Duration> = counted.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(refused.len(), 5);
    for wait in refused {
        assert!((1190..=1200).contains(&wait.as_secs()), "{wait:?}");
    }
    one.uncount(key, THREE_AN_HOUR).await.unwrap();
    assert_eq!(other.count(key, THREE_AN_HOUR).await.unwrap(), None);
    assert!(other.count(key, THREE_AN_HOUR).await.unwrap().is_some());
    one.forget_counts().await.unwrap();
    assert!(
        one.count(key, THREE_AN_HOUR).await.unwrap().is_some(),
        "it still holds somebody up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_the_period_lets_one_more_through() {
    let reach = reach().await;
    let key = uuid::Uuid::new_v4();
    for _ in 0..3 {
        assert_eq!(reach.accounts.count(key.as_bytes(), THREE_AN_HOUR).await.unwrap(), None);
    }
    let later = format!(
        "UPDATE limits SET due = due - interval '20 minutes' WHERE key = decode('{}', 'hex')",
        key.simple()
    );
    reach.sql(&later).await;
    assert_eq!(reach.accounts.count(key.as_bytes(), THREE_AN_HOUR).await.unwrap(), None);
    let wait = reach.accounts.count(key.as_bytes(), THREE_AN_HOUR).await.unwrap();
    assert!(wait.is_some_and(|wait| wait > Duration::from_secs(1190)), "{wait:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_five_mails_an_hour_from_whoever_registers_with_it() {
    let browser = Browser::new().await;
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let email = format!("{unique}@example.org");
    for number in 0..7 {
        let name = format!("{}-{number}", &unique[..8]);
        assert!(register(&browser, &name, &email).await.says("Check your e-mail"));
    }
    let forgotten = browser.submit("/forgot", "/forgot", &[("email", &email)]).await;
    assert!(forgotten.says("is on its way there"), "the answer is the same");
    assert_eq!(mails_to(&email).await.len(), 5);
}
