//! What Prometheus is told. One registry a process; label values come from fixed sets, never from users.
//!
//! Every service tells of every family: what it never does stays at zero, so that a rate is right from the first event
//! on. What only some can measure (the depth of a queue, the pool of the database) is told by those alone.

mod archive;
mod database;
mod deliveries;
mod http;
mod jobs;
mod mail;
mod queues;
mod webhooks;

use prometheus::{Encoder, TextEncoder, exponential_buckets, opts, register_int_gauge};

pub use archive::{archive, longest_restore, overdue_archives, restore, retrieval_request};
pub use database::watch_pool;
pub use deliveries::webhook_attempt;
pub use http::http_request;
pub use jobs::{job, unfinished_jobs};
pub use mail::mail;
pub use queues::{depth, handled, received};
pub use webhooks::webhook;

use crate::build;

/// Makes every family, so that the first scrape finds each at zero. A name given twice stops a service at its start.
pub(crate) fn init() -> prometheus::Result<()> {
    for make in [
        archive::init,
        database::init,
        deliveries::init,
        http::init,
        jobs::init,
        mail::init,
        queues::init,
        webhooks::init,
    ] {
        make();
    }
    let built = opts!("gas_build_info", "What this process was built from; always 1")
        .const_label("version", build::RELEASE)
        .const_label("commit", build::COMMIT);
    register_int_gauge!(built)?.set(1);
    Ok(())
}

/// Every family in Prometheus' text format
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
#[must_use]
pub fn render() -> String {
    database::read_pool();
    let mut text = Vec::new();
    // Writing into memory fails for malformed families only, and then the rest is still worth having.
    let _ = TextEncoder::new().encode(&prometheus::gather(), &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Bounds of histograms, in seconds: from a millisecond to 24 s, for what a person waits for.
#[allow(clippy::unwrap_used)]
fn moments() -> Vec<f64> {
    exponential_buckets(0.001, 2.5, 12).unwrap()
}

/// Bounds of histograms, in seconds: from a second to three days, for what hours pass over.
fn hours() -> Vec<f64> {
    let (minute, hour) = (60.0, 3600.0);
    vec![
        1.0,
        5.0,
        15.0,
        minute,
        5.0 * minute,
        15.0 * minute,
        hour,
        3.0 * hour,
        6.0 * hour,
        12.0 * hour,
        24.0 * hour,
        72.0 * hour,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_was_counted_is_told() {
        http_request("/", "GET", 200, Duration::from_millis(3));
        let text = render();
        assert!(
            text.contains(r#"gas_http_requests_total{method="GET",route="/",status="200"} 1"#),
            "{text}"
        );
    }

    #[test]
    fn what_has_not_happened_is_zero_and_the_process_tells_of_itself() {
        init().unwrap();
        let text = render();
        for line in [
            r#"gas_webhooks_total{outcome="failed"} 0"#,
            r#"gas_archives_total{outcome="failed"} 0"#,
            r#"gas_restores_total{outcome="restored"} 0"#,
            r#"gas_mails_total{outcome="refused"} 0"#,
            "process_resident_memory_bytes ",
            "process_start_time_seconds ",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        let built = format!(
            r#"gas_build_info{{commit="{}",version="{}"}} 1"#,
            build::COMMIT,
            build::RELEASE
        );
        assert!(text.contains(&built), "{built}: {text}");
    }
}
