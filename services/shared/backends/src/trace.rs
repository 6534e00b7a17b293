//! The trace that a message belongs to, as it travels from a topic to a queue: W3C's headers
//! (<https://www.w3.org/TR/trace-context/>) as message attributes.
//!
//! Only OpenTelemetry's interface is used here. Unless the process has set a propagator (`chassis::telemetry` does),
//! messages carry no trace.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::global::get_text_map_propagator;

/// The headers.
pub const HEADERS: [&str; 2] = ["traceparent", "tracestate"];

/// The headers of what this task is part of; none if it is traced by nobody.
#[must_use]
pub fn current() -> HashMap<String, String> {
    let mut headers = HashMap::new();
    get_text_map_propagator(|propagator| propagator.inject_context(&Context::current(), &mut headers));
    // SNS refuses an attribute without a value, and most traces have no state.
    headers.retain(|_, value| !value.is_empty());
    headers
}
