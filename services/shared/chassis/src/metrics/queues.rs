//! Queues: what comes out of them, and what is in them.

use std::sync::LazyLock;
use std::time::Duration;

use backends::queue::Depth;
use prometheus::{
    HistogramVec, IntCounterVec, IntGaugeVec, register_histogram_vec, register_int_counter_vec, register_int_gauge_vec,
};

struct Families {
    receives: IntCounterVec,
    handled: IntCounterVec,
    handling: HistogramVec,
    age: HistogramVec,
    depth: IntGaugeVec,
    dead_letters: IntGaugeVec,
}

#[allow(clippy::unwrap_used)]
static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
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
        super::moments()
    )
    .unwrap(),
    age: register_histogram_vec!(
        "gas_queue_message_age_seconds",
        "Time from when a message was sent to when it was received",
        &["queue"],
        super::hours()
    )
    .unwrap(),
    depth: register_int_gauge_vec!("gas_queue_depth", "Messages in a queue, about", &["queue", "state"]).unwrap(),
    dead_letters: register_int_gauge_vec!(
        "gas_dead_letters",
        "Messages in the dead-letter queue of a queue, about",
        &["queue"]
    )
    .unwrap(),
});

pub(super) fn init() {
    LazyLock::force(&FAMILIES);
}

/// A message that came out of a queue, so long after it was sent.
pub fn received(queue: &str, age: Option<Duration>) {
    FAMILIES.receives.with_label_values(&[queue]).inc();
    if let Some(age) = age {
        FAMILIES.age.with_label_values(&[queue]).observe(age.as_secs_f64());
    }
}

/// A message whose handler has ended: `done`, `failed`, `postponed` or `unreadable`.
pub fn handled(queue: &str, outcome: &'static str, took: Duration) {
    FAMILIES.handled.with_label_values(&[queue, outcome]).inc();
    FAMILIES
        .handling
        .with_label_values(&[queue])
        .observe(took.as_secs_f64());
}

/// What is in a queue and in its dead-letter queue. `None` if that could not be found out: an old number would be
/// taken for a new one.
pub fn depth(queue: &str, now: Option<Depth>) {
    let states = [
        ("visible", now.map(|now| now.visible)),
        ("in_flight", now.map(|now| now.in_flight)),
        ("delayed", now.map(|now| now.delayed)),
    ];
    for (state, messages) in states {
        tell(&FAMILIES.depth, &[queue, state], messages);
    }
    tell(&FAMILIES.dead_letters, &[queue], now.and_then(|now| now.dead));
}

fn tell(family: &IntGaugeVec, labels: &[&str], messages: Option<u64>) {
    match messages {
        Some(messages) => family
            .with_label_values(labels)
            .set(i64::try_from(messages).unwrap_or(i64::MAX)),
        // There is nothing to remove if there was never a number.
        None => drop(family.remove_label_values(labels)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_depth_that_is_not_known_any_more_is_not_told() {
        let queue = "a_queue_of_this_test";
        let found = Depth {
            visible: 7,
            in_flight: 2,
            delayed: 0,
            dead: Some(1),
        };
        depth(queue, Some(found));
        let text = crate::metrics::render();
        assert!(text.contains(r#"gas_queue_depth{queue="a_queue_of_this_test",state="visible"} 7"#));
        assert!(text.contains(r#"gas_dead_letters{queue="a_queue_of_this_test"} 1"#));
        depth(queue, None);
        assert!(!crate::metrics::render().contains(queue));
    }
}
