//! What Stripe reports to us.

use std::sync::LazyLock;

use prometheus::{IntCounterVec, register_int_counter_vec};

#[allow(clippy::unwrap_used)]
static WEBHOOKS: LazyLock<IntCounterVec> =
    LazyLock::new(|| register_int_counter_vec!("gas_webhooks_total", "Webhooks of Stripe", &["outcome"]).unwrap());

pub(super) fn init() {
    for outcome in ["handled", "repeated", "ignored", "failed", "refused", "unreadable"] {
        WEBHOOKS.with_label_values(&[outcome]);
    }
}

/// A webhook that was `handled`, had come before (`repeated`), is of a kind we do not need (`ignored`), has `failed` so
/// that Stripe sends it again, was `refused` for want of Stripe's signature, or is `unreadable`.
pub fn webhook(outcome: &'static str) {
    WEBHOOKS.with_label_values(&[outcome]).inc();
}
