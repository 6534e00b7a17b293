//! Results on their way into the vault and back.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus::{
    Histogram, IntCounterVec, IntGauge, register_histogram, register_int_counter_vec, register_int_gauge,
};

struct Families {
    archives: IntCounterVec,
    archive_lag: Histogram,
    overdue: IntGauge,
    requests: IntCounterVec,
    longest_restore: IntGauge,
    restores: IntCounterVec,
    restore_wait: Histogram,
}

#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
    archives: register_int_counter_vec!("gas_archives_total", "Results moved to the vault", &["outcome"]).unwrap(),
    archive_lag: register_histogram!(
        "gas_archive_lag_seconds",
        "Time from when results were due for the vault until they were there",
        super::hours()
    )
    .unwrap(),
    overdue: register_int_gauge!(
        "gas_archive_overdue_seconds",
        "How long the results that were due first have been waiting for the vault"
    )
    .unwrap(),
    requests: register_int_counter_vec!(
        "gas_retrieval_requests_total",
        "Retrievals that the vault was asked for",
        &["outcome"]
    )
    .unwrap(),
    longest_restore: register_int_gauge!(
        "gas_restores_longest_wait_seconds",
        "How long the results that were asked back first have been awaited"
    )
    .unwrap(),
    restores: register_int_counter_vec!(
        "gas_restores_total",
        "Results brought back from the vault",
        &["outcome"]
    )
    .unwrap(),
    restore_wait: register_histogram!(
        "gas_restore_wait_seconds",
        "Time from when archived results were asked for until they were back",
        super::hours()
    )
    .unwrap(),
});

pub(super) fn init() {
    for outcome in ["archived", "taken_back", "failed"] {
        FAMILIES.archives.with_label_values(&[outcome]);
    }
    for outcome in ["Expedited", "Standard", "failed", "lost"] {
        FAMILIES.requests.with_label_values(&[outcome]);
    }
    for outcome in ["restored", "failed"] {
        FAMILIES.restores.with_label_values(&[outcome]);
    }
}

/// Results that went to the vault (`archived`), or did not because of an upgrade (`taken_back`) or at all (`failed`), so
/// long after they were due.
pub fn archive(outcome: &'static str, lag: Duration) {
    FAMILIES.archives.with_label_values(&[outcome]).inc();
    if outcome == "archived" {
        FAMILIES.archive_lag.observe(lag.as_secs_f64());
    }
}

/// How long the results that were due first have been waiting for the vault; zero if none are.
pub fn overdue_archives(longest: Duration) {
    FAMILIES
        .overdue
        .set(i64::try_from(longest.as_secs()).unwrap_or(i64::MAX));
}

/// How long the results that were asked back first have been awaited; zero if none are.
pub fn longest_restore(wait: Duration) {
    FAMILIES
        .longest_restore
        .set(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
}

/// A retrieval that the vault was asked for: its tier, or `failed`, or `lost` if the vault does not have the archive.
pub fn retrieval_request(outcome: &'static str) {
    FAMILIES.requests.with_label_values(&[outcome]).inc();
}

/// Results that came back from the vault (`restored`) or did not (`failed`), so long after they were asked for.
pub fn restore(outcome: &'static str, wait: Duration) {
    FAMILIES.restores.with_label_values(&[outcome]).inc();
    if outcome == "restored" {
        FAMILIES.restore_wait.observe(wait.as_secs_f64());
    }
}
