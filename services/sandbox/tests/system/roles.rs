//! Roles and their records, in a database of each test's own: the sandbox's has other super users.

use backends::accounts::{Accounts, Action, Actor, Confirmation, Origin, Registration, RoleChange};
use backends::settings::DatabaseSettings;
use domain::{EmailAddress, FullName, Role, User, Username};
use tokio_postgres::{Client, NoTls};

use crate::sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn the_last_super_user_stays() {
    let (accounts, _) = database().await;
    let ada = somebody(&accounts, "ada").await;
    become_super(&accounts, &ada).await;
    for actor in [Actor::of(&ada), Actor::CommandLine] {
        let change = accounts.change_role(&actor, &ada.username, Role::AdminUser).await;
        assert!(matches!(change, Ok(RoleChange::LastSuperUser)), "{change:?}");
    }
    let grace = somebody(&accounts, "grace").await;
    let change = accounts
        .change_role(&Actor::of(&grace), &grace.username, Role::SuperUser)
        .await;
    assert!(matches!(change, Ok(RoleChange::NotAllowed)), "{change:?}");
    let nobody = Username::parse("nobody").unwrap();
    let change = accounts
        .change_role(&Actor::CommandLine, &nobody, Role::SuperUser)
        .await;
    assert!(matches!(change, Ok(RoleChange::Unknown)), "{change:?}");
    become_super(&accounts, &grace).await;
    let change = accounts
        .change_role(&Actor::of(&ada), &ada.username, Role::FreeUser)
        .await;
    assert!(
        matches!(
            change,
            Ok(RoleChange::Changed {
                from: Role::SuperUser,
                ..
            })
        ),
        "{change:?}"
    );
    // What was refused is not in the records.
    let done: Vec<_> = accounts
        .audit(10, None)
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.action)
        .collect();
    let changed = |user: &User, from, to| Action::ChangeRole {
        username: user.username.clone(),
        from,
        to,
    };
    let expected = [
        changed(&ada, Role::SuperUser, Role::FreeUser),
        changed(&grace, Role::FreeUser, Role::SuperUser),
        changed(&ada, Role::FreeUser, Role::SuperUser),
    ];
    assert_eq!(done, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_the_role_from_each_other_one_stays() {
    let (accounts, _) = database().await;
    let (ada, grace) = (somebody(&accounts, "ada").await, somebody(&accounts, "grace").await);
    for _ in 0..5 {
        become_super(&accounts, &ada).await;
        become_super(&accounts, &grace).await;
        let (one, other) = (Actor::of(&ada), Actor::of(&grace));
        let (first, second) = tokio::join!(
            accounts.change_role(&one, &grace.username, Role::FreeUser),
            accounts.change_role(&other, &ada.username, Role::FreeUser),
        );
        let changes = [first.unwrap(), second.unwrap()];
        let changed = changes
            .iter()
            .filter(|change| matches!(change, RoleChange::Changed { .. }));
        assert_eq!(changed.count(), 1, "{changes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_no_longer_administers_is_signed_out_and_others_stay_signed_in() {
    let (accounts, _) = database().await;
    let person = somebody(&accounts, "ada").await;
    let session = accounts.begin_session(person.id, &Origin::default()).await.unwrap();
    for (role, is_signed_in) in [
        (Role::PremiumUser, true),
        (Role::AdminUser, true),
        (Role::FreeUser, false),
    ] {
        accounts
            .change_role(&Actor::CommandLine, &person.username, role)
            .await
            .unwrap();
        assert_eq!(
            accounts.session(&session).await.unwrap().is_some(),
            is_signed_in,
            "{role:?}"
        );
    }
    let person = accounts.user(person.id).await.unwrap().unwrap();
    assert!(person.premium_ended.is_some(), "the clock of the free plan has started");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_only_ever_added() {
    let (accounts, client) = database().await;
    let action = Action::Redrive {
        queue: "job_requests".into(),
    };
    accounts.record_action(&Actor::CommandLine, &action).await.unwrap();
    for sql in [
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ] {
        let refused = client.batch_execute(sql).await.unwrap_err();
        assert!(
            refused.as_db_error().unwrap().message().contains("never changed"),
            "{sql}: {refused:?}"
        );
    }
    assert_eq!(accounts.audit(10, None).await.unwrap()[0].action, action);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_a_page_at_a_time() {
    let (accounts, _) = database().await;
    for name in ["delta", "Alpha", "charlie", "bravo", "al_ice"] {
        somebody(&accounts, name).await;
    }
    let names = async |prefix: &str| {
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let page = accounts.people(prefix, 2, after.as_ref()).await.unwrap();
            names.extend(page.people.into_iter().map(|account| account.user.username.to_string()));
            let Some(last) = page.next else { return names };
            after = Some(last);
        }
    };
    assert_eq!(names("").await, ["al_ice", "Alpha", "bravo", "charlie", "delta"]);
    assert_eq!(names("AL").await, ["al_ice", "Alpha"]);
    assert_eq!(names("al_").await, ["al_ice"]);
    assert_eq!(names("charlie@EXAMPLE").await, ["charlie"]);
}

/// A fresh database, and a client that knows no rules of ours.
async fn database() -> (Accounts, Client) {
    let url = &sandbox().await.endpoints().postgres;
    let name = format!("roles_{}", uuid::Uuid::new_v4().simple());
    connect(url)
        .await
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    let database_url = format!("{server}/{name}");
    let client = connect(&database_url).await;
    let accounts = Accounts::connect(&DatabaseSettings::at(database_url)).unwrap();
    accounts.migrate().await.unwrap();
    (accounts, client)
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn somebody(accounts: &Accounts, name: &str) -> User {
    let username = Username::parse(name).unwrap();
    let registration = Registration {
        username: username.clone(),
        email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
        name: FullName::parse("Some Body").unwrap(),
        password_hash: "$argon2id$".into(),
    };
    let token = accounts.register(&registration).await.unwrap();
    assert_eq!(accounts.confirm(&token).await.unwrap(), Confirmation::Confirmed);
    accounts.credentials(&username).await.unwrap().unwrap().0
}

async fn become_super(accounts: &Accounts, user: &User) {
    let change = accounts
        .change_role(&Actor::CommandLine, &user.username, Role::SuperUser)
        .await;
    assert!(
        matches!(change, Ok(RoleChange::Changed { .. } | RoleChange::Same(_))),
        "{change:?}"
    );
}
