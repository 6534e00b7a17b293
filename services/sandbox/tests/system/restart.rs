//! What a sandbox keeps when it is stopped and started again.

use std::path::Path;

use aws_sdk_dynamodb::types::{DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate};
use backends::accounts::{Accounts, Registration};
use backends::jobs::Jobs;
use backends::settings::{DatabaseSettings, StoreSettings};
use domain::{EmailAddress, FullName, JobId, Role, Timestamp, User, UserId, Username};
use sandbox::{Sandbox, SandboxOptions};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_and_jobs_are_kept_from_one_run_to_the_next() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = tempfile::tempdir_in(target).unwrap();
    let options = || SandboxOptions {
        keep_in: Some(folder.path().join("data")),
        ..SandboxOptions::default()
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_sandbox"));

    let first = Sandbox::start(binary, options()).await.unwrap();
    let (accounts, jobs) = stores(&first).await;
    let user = somebody();
    let registration = Registration {
        username: user.username.clone(),
        email: user.email.clone(),
        name: user.name.clone(),
        password_hash: "$argon2id$".into(),
    };
    let token = accounts.register(&registration).await.unwrap();
    accounts.confirm(&token).await.unwrap();
    let id = JobId::random();
    let upload = crate::reach::uploaded("kept.vcf");
    let turns = crate::reach::TURNS;
    jobs.submit(id, &user, &upload, &turns, Timestamp::now()).await.unwrap();
    // Tables of earlier versions have no such indexes.
    remove_indexes(&first, &["failed_index", "watched_index"]).await;
    let stopping = std::time::Instant::now();
    drop(first);
    assert!(stopping.elapsed().as_secs() < 5, "stopped in {:?}", stopping.elapsed());

    let second = Sandbox::start(binary, options()).await.unwrap();
    let (accounts, jobs) = stores(&second).await;
    assert!(accounts.credentials(&user.username).await.unwrap().is_some());
    assert_eq!(
        jobs.get(id).await.unwrap().unwrap().input_file_name.as_str(),
        "kept.vcf"
    );
    assert!(
        jobs.failed_jobs(9).await.unwrap().is_empty(),
        "the index is there again"
    );
    assert!(jobs.untold().await.unwrap().is_empty(), "and so is the other");
}

async fn remove_indexes(sandbox: &Sandbox, names: &[&str]) {
    let client = aws_sdk_dynamodb::Client::new(&sandbox.aws_config().await);
    for name in names {
        let index = DeleteGlobalSecondaryIndexAction::builder().index_name(*name);
        let update = GlobalSecondaryIndexUpdate::builder()
            .delete(index.build().unwrap())
            .build();
        let request = client.update_table().table_name("annotations");
        request.global_secondary_index_updates(update).send().await.unwrap();
    }
}

async fn stores(sandbox: &Sandbox) -> (Accounts, Jobs) {
    let database = DatabaseSettings::at(&sandbox.endpoints().postgres);
    let stores = StoreSettings {
        inputs_bucket: "gas-inputs".into(),
        results_bucket: "gas-results".into(),
        annotations_table: "annotations".into(),
        turns_table: "turns".into(),
    };
    (
        Accounts::connect(&database).unwrap(),
        Jobs::new(&sandbox.aws_config().await, &stores),
    )
}

fn somebody() -> User {
    User {
        id: UserId::random(),
        username: Username::parse("keeper").unwrap(),
        email: EmailAddress::parse("keeper@example.org").unwrap(),
        name: FullName::parse("Book Keeper").unwrap(),
        role: Role::FreeUser,
        premium_ended: None,
    }
}
