//! What people see while every connection to PostgreSQL is lent.

use std::path::Path;
use std::time::{Duration, Instant};

use backends::accounts::Token;
use http::header::COOKIE;
use sandbox::{Sandbox, SandboxOptions};
use tokio_postgres::{Client, NoTls};

use crate::eventually;
use crate::people::{Answer, Browser};

/// How long web waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_vain_for_a_connection_is_asked_to_come_back() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = SandboxOptions {
        env: vec![("GAS_DATABASE_CONNECTIONS".to_owned(), "1".to_owned())],
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(Path::new(env!("CARGO_BIN_EXE_sandbox")), options)
        .await
        .unwrap();
    let database = connected(&sandbox.endpoints().postgres).await;
    database.batch_execute("BEGIN; LOCK TABLE sessions").await.unwrap();
    let web = sandbox.endpoints().web.clone();
    // It gets the one connection, and cannot have its answer before the lock is gone.
    let first = tokio::spawn(asked(web.clone()));
    eventually("the first to have the connection", || holds_the_connection(&database)).await;

    let begin = Instant::now();
    let refused = asked(web.clone()).await;
    assert!(begin.elapsed() < 2 * PATIENCE, "waited once, {:?}", begin.elapsed());
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "10"));
    assert!(refused.says("The service is busy right now"), "{}", refused.body);
    assert!(refused.says(refused.header("x-request-id")), "{}", refused.body);

    database.batch_execute("ROLLBACK").await.unwrap();
    for answer in [first.await.unwrap(), asked(web).await] {
        assert_eq!(
            answer.location(),
            "/login?redirect_url=%2Fannotations",
            "{}",
            answer.body
        );
    }
}

/// A page for which a browser's session is looked up, one that has ended long ago.
async fn asked(web: String) -> Answer {
    let browser = Browser::at(&web);
    let session = format!("__Host-session={}", Token::random().reveal());
    let request = browser.client.get(browser.address("/annotations"));
    Answer::of(request.header(COOKIE, session).send().await.unwrap()).await
}

async fn connected(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Whether a statement waits for the lock. What runs is seen once a transaction (PostgreSQL 15, `pg_stat_activity`), and ours
/// holds the lock; locks are seen as they are.
async fn holds_the_connection(database: &Client) -> Option<()> {
    let sql = "SELECT 1 FROM pg_locks WHERE relation = 'sessions'::regclass AND NOT granted LIMIT 1";
    let waiting = database.query_opt(sql, &[]).await.unwrap();
    waiting.map(|_| ())
}
