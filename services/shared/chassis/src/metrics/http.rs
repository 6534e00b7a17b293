//! HTTP requests by route.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus::{HistogramVec, IntCounterVec, register_histogram_vec, register_int_counter_vec};

struct Families {
    requests: IntCounterVec,
    duration: HistogramVec,
}

#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
    requests: register_int_counter_vec!(
        "gas_http_requests_total",
        "HTTP requests answered",
        &["route", "method", "status"]
    )
    .unwrap(),
    duration: register_histogram_vec!(
        "gas_http_request_duration_seconds",
        "Time to the first byte of an answer",
        &["route", "method"],
        super::moments()
    )
    .unwrap(),
});

pub(super) fn init() {
    LazyLock::force(&FAMILIES);
}

/// An answered HTTP request.
pub fn http_request(route: &str, method: &str, status: u16, took: Duration) {
    FAMILIES
        .requests
        .with_label_values(&[route, method, &status.to_string()])
        .inc();
    FAMILIES
        .duration
        .with_label_values(&[route, method])
        .observe(took.as_secs_f64());
}
