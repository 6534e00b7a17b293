//! Annotation jobs: how many have ended, how many have not, how fast records go.

use std::sync::LazyLock;
use std::time::Duration;

use backends::jobs::Unfinished;
use prometheus::{
    HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, exponential_buckets, register_histogram_vec,
    register_int_counter, register_int_counter_vec, register_int_gauge, register_int_gauge_vec,
};

struct Families {
    ended: IntCounterVec,
    duration: HistogramVec,
    records: IntCounter,
    unfinished: IntGaugeVec,
    oldest: IntGauge,
}

#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    // From 10 ms for a small file to an hour and a half for a whole genome.
    let durations = exponential_buckets(0.01, 3.0, 13).unwrap();
    Families {
        ended: register_int_counter_vec!("gas_jobs_total", "Annotation jobs ended", &["outcome"]).unwrap(),
        duration: register_histogram_vec!(
            "gas_job_duration_seconds",
            "Time to annotate a job",
            &["outcome"],
            durations
        )
        .unwrap(),
        records: register_int_counter!("gas_job_records_total", "VCF records annotated").unwrap(),
        unfinished: register_int_gauge_vec!("gas_jobs_unfinished", "Jobs that have not ended", &["state"]).unwrap(),
        oldest: register_int_gauge!(
            "gas_jobs_longest_wait_seconds",
            "How long the job that was submitted first has waited for an annotator"
        )
        .unwrap(),
    }
});

pub(super) fn init() {
    for outcome in ["completed", "failed"] {
        FAMILIES.ended.with_label_values(&[outcome]);
    }
}

/// A job that has ended: `completed` or `failed`.
pub fn job(outcome: &'static str, took: Duration, records: u64) {
    FAMILIES.ended.with_label_values(&[outcome]).inc();
    FAMILIES
        .duration
        .with_label_values(&[outcome])
        .observe(took.as_secs_f64());
    FAMILIES.records.inc_by(records);
}

/// The jobs that have not ended, as the table has them now.
pub fn unfinished_jobs(now: &Unfinished) {
    let gauge = |state, jobs: u64| {
        let gauge = FAMILIES.unfinished.with_label_values(&[state]);
        gauge.set(i64::try_from(jobs).unwrap_or(i64::MAX));
    };
    gauge("pending", now.pending);
    gauge("running", now.running);
    FAMILIES
        .oldest
        .set(i64::try_from(now.longest_wait.as_secs()).unwrap_or(i64::MAX));
}
