//! What Prometheus is told. One registry a process; label values come from fixed sets, never from users.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus::{
    Encoder, HistogramVec, IntCounter, IntCounterVec, IntGauge, TextEncoder, exponential_buckets,
    register_histogram_vec, register_int_counter, register_int_counter_vec, register_int_gauge,
};

struct Families {
    http_requests: IntCounterVec,
    http_duration: HistogramVec,
    receives: IntCounterVec,
    handled: IntCounterVec,
    handling: HistogramVec,
    jobs: IntCounterVec,
    job_duration: HistogramVec,
    records: IntCounter,
    mails: IntCounterVec,
    resident: IntGauge,
}

// A family that cannot be registered is a name given twice: the first scrape, or the first test, finds it.
#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let from_millis = || exponential_buckets(0.001, 2.5, 12).unwrap();
    Families {
        http_requests: register_int_counter_vec!(
            "gas_http_requests_total",
            "HTTP requests answered",
            &["route", "method", "status"]
        )
        .unwrap(),
        http_duration: register_histogram_vec!(
            "gas_http_request_duration_seconds",
            "Time to the first byte of an answer",
            &["route", "method"],
            from_millis()
        )
        .unwrap(),
        receives: register_int_counter_vec!("gas_queue_receives_total", "Messages received", &["queue"]).unwrap(),
        handled: register_int_counter_vec!(
            "gas_queue_messages_handled_total",
            "Messages handled",
            &["queue", "outcome"]
        )
        .unwrap(),
        handling: register_histogram_vec!(
            "gas_queue_message_duration_seconds",
            "Time to handle a message",
            &["queue"],
            from_millis()
        )
        .unwrap(),
        jobs: register_int_counter_vec!("gas_jobs_total", "Annotation jobs ended", &["outcome"]).unwrap(),
        job_duration: register_histogram_vec!(
            "gas_job_duration_seconds",
            "Time to annotate a job",
            &["outcome"],
            from_millis()
        )
        .unwrap(),
        records: register_int_counter!("gas_job_records_total", "VCF records annotated").unwrap(),
        mails: register_int_counter_vec!("gas_mails_total", "E-mails handed to SES", &["outcome"]).unwrap(),
        resident: register_int_gauge!("gas_process_resident_memory_bytes", "Resident memory").unwrap(),
    }
});

/// An answered HTTP request.
pub fn http_request(route: &str, method: &str, status: u16, took: Duration) {
    FAMILIES
        .http_requests
        .with_label_values(&[route, method, &status.to_string()])
        .inc();
    FAMILIES
        .http_duration
        .with_label_values(&[route, method])
        .observe(took.as_secs_f64());
}

/// Messages that came out of a queue.
pub fn received(queue: &str, messages: usize) {
    FAMILIES.receives.with_label_values(&[queue]).inc_by(messages as u64);
}

/// A message whose handler has ended: `done`, `failed` or `unreadable`.
pub fn handled(queue: &str, outcome: &'static str, took: Duration) {
    FAMILIES.handled.with_label_values(&[queue, outcome]).inc();
    FAMILIES
        .handling
        .with_label_values(&[queue])
        .observe(took.as_secs_f64());
}

/// A job that has ended: `completed` or `failed`.
pub fn job(outcome: &'static str, took: Duration, records: u64) {
    FAMILIES.jobs.with_label_values(&[outcome]).inc();
    FAMILIES
        .job_duration
        .with_label_values(&[outcome])
        .observe(took.as_secs_f64());
    FAMILIES.records.inc_by(records);
}

/// An e-mail that was `sent` or `refused`.
pub fn mail(outcome: &'static str) {
    FAMILIES.mails.with_label_values(&[outcome]).inc();
}

/// Every family in Prometheus' text format
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
#[must_use]
pub fn render() -> String {
    FAMILIES.resident.set(resident_bytes().unwrap_or(0));
    let mut text = Vec::new();
    // Writing into memory fails for malformed families only, and then the rest is still worth having.
    let _ = TextEncoder::new().encode(&prometheus::gather(), &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// The second field of `/proc/self/statm`, in pages of 4 KiB.
fn resident_bytes() -> Option<i64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    statm.split(' ').nth(1)?.parse::<i64>().ok().map(|pages| pages * 4096)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        http_request("/", "GET", 200, Duration::from_millis(3));
        let text = render();
        assert!(
            text.contains(r#"gas_http_requests_total{method="GET",route="/",status="200"} 1"#),
            "{text}"
        );
        assert!(text.contains("gas_process_resident_memory_bytes "));
    }
}
