//! E-mails.

use std::sync::LazyLock;

use prometheus::{IntCounterVec, register_int_counter_vec};

#[allow(clippy::unwrap_used)]
static MAILS: LazyLock<IntCounterVec> =
    LazyLock::new(|| register_int_counter_vec!("gas_mails_total", "E-mails handed to SES", &["outcome"]).unwrap());

pub(super) fn init() {
    for outcome in ["sent", "refused", "withheld", "bounced", "complained"] {
        MAILS.with_label_values(&[outcome]);
    }
}

/// An e-mail that was `sent`, `refused` by SES, `withheld` because its recipient does not take or want it, or that
/// has `bounced` or was `complained` of.
pub fn mail(outcome: &'static str) {
    MAILS.with_label_values(&[outcome]).inc();
}
