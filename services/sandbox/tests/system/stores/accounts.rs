//! Accounts and notices about them, against the database.

use backends::accounts::{Confirmation, NoticeClaim, Origin, Registration};
use domain::events::{Notice, NoticeDue};
use domain::{EmailAddress, FullName, Role, Username};

use crate::people::Person;
use crate::reach::reach;

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_becomes_one_account() {
    let reach = reach().await;
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let registration = |name: &str, email: &str| Registration {
        username: Username::parse(name).unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        name: FullName::parse("Ada").unwrap(),
        password_hash: "$argon2id$".into(),
    };
    let (name, email) = (format!("reg-{}", &unique[..8]), format!("{unique}@example.org"));
    let first = reach.accounts.register(&registration(&name, &email)).await.unwrap();
    let rival = reach
        .accounts
        .register(&registration(&name.to_uppercase(), "rival@example.org"))
        .await
        .unwrap();
    assert_eq!(reach.accounts.confirm(&first).await.unwrap(), Confirmation::Confirmed);
    assert_eq!(reach.accounts.confirm(&first).await.unwrap(), Confirmation::Already);
    assert_eq!(
        reach.accounts.confirm(&rival).await.unwrap(),
        Confirmation::Taken,
        "names differ by more than case"
    );
    let (user, _) = reach
        .accounts
        .credentials(&Username::parse(&name).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.role, Role::FreeUser);
    let session = reach.accounts.begin_session(user.id, &Origin::default()).await.unwrap();
    assert_eq!(reach.accounts.session(&session).await.unwrap(), Some(user));
    reach.accounts.end_session(&session).await.unwrap();
    assert_eq!(reach.accounts.session(&session).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_takes_the_right_to_send_a_notice_and_keeps_it_until_ses_has_answered() {
    let reach = reach().await;
    let person = Person::new("notice").await;
    let user = reach.user(&person.username).await;
    let due = NoticeDue::new(user.id, format!("once/{}", user.id), Notice::PaymentFailed);
    let claims = futures_util::future::join_all((0..8).map(|_| reach.accounts.claim_notice(&due))).await;
    let granted = claims.into_iter().filter_map(|claim| match claim.unwrap() {
        NoticeClaim::Granted(right) => Some(right),
        _ => None,
    });
    let [first] = &granted.collect::<Vec<_>>()[..] else {
        panic!("not one of them")
    };
    let seen = async || {
        let untold = reach.accounts.untold_notices().await.unwrap();
        untold.into_iter().find(|notice| notice.key == due.key)
    };
    let before = seen().await.unwrap();
    assert!(reach.accounts.keep_notice(first).await.unwrap());
    assert!(
        reach.accounts.take_over_notice(&before).await.unwrap().is_none(),
        "it lives"
    );
    let now = seen().await.unwrap();
    let (second, again) = reach.accounts.take_over_notice(&now).await.unwrap().unwrap();
    assert_eq!(again, due);
    assert!(!reach.accounts.notice_told(first).await.unwrap(), "it is fenced off");
    reach.accounts.release_notice(first).await.unwrap();
    assert_eq!(
        reach.accounts.claim_notice(&due).await.unwrap(),
        NoticeClaim::HeldByAnother
    );
    assert!(reach.accounts.notice_told(&second).await.unwrap());
    assert_eq!(reach.accounts.claim_notice(&due).await.unwrap(), NoticeClaim::Told);
    assert_eq!(seen().await, None);
}
