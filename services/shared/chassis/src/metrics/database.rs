//! The pool of connections to the accounts database, read at each scrape.

use std::sync::{LazyLock, OnceLock};

use backends::accounts::Accounts;
use prometheus::{IntGauge, IntGaugeVec, register_int_gauge, register_int_gauge_vec};

static ACCOUNTS: OnceLock<Accounts> = OnceLock::new();

struct Families {
    connections: IntGaugeVec,
    limit: IntGauge,
    waiting: IntGauge,
}

#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
    connections: register_int_gauge_vec!("gas_database_connections", "Open connections to PostgreSQL", &["state"])
        .unwrap(),
    limit: register_int_gauge!(
        "gas_database_connections_limit",
        "Connections to PostgreSQL that may be open at once"
    )
    .unwrap(),
    waiting: register_int_gauge!("gas_database_waiting", "Tasks that wait for a connection to PostgreSQL").unwrap(),
});

pub(super) fn init() {
    LazyLock::force(&FAMILIES);
}

/// Tells of this pool from now on; a process has one.
pub fn watch_pool(accounts: &Accounts) {
    // A second call would be of the same pool.
    let _ = ACCOUNTS.set(accounts.clone());
}

pub(super) fn read_pool() {
    let Some(pool) = ACCOUNTS.get().map(Accounts::pool) else {
        return;
    };
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let connections = |state, count| FAMILIES.connections.with_label_values(&[state]).set(number(count));
    connections("idle", pool.idle);
    connections("busy", pool.busy);
    FAMILIES.limit.set(number(pool.limit));
    FAMILIES.waiting.set(number(pool.waiting));
}
