//! What people's webhooks are told.

use std::sync::LazyLock;

use prometheus::{IntCounterVec, register_int_counter_vec};

#[allow(clippy::unwrap_used)]
static ATTEMPTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!(
        "gas_webhook_attempts_total",
        "Attempts to deliver what people's webhooks are told",
        &["outcome"]
    )
    .unwrap()
});

pub(super) fn init() {
    for outcome in ["delivered", "again", "given_up", "paused", "not_ours"] {
        ATTEMPTS.with_label_values(&[outcome]);
    }
}

/// An attempt that was `delivered`, is tried `again`, or is `given_up`, perhaps with its webhook (`paused`); or whose webhook
/// another has taken over meanwhile (`not_ours`).
pub fn webhook_attempt(outcome: &'static str) {
    ATTEMPTS.with_label_values(&[outcome]).inc();
}
