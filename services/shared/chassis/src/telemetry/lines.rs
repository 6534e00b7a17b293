//! Log lines that name the trace and the span they belong to, as OpenTelemetry wants them
//! (<https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/>).

use std::fmt;

use opentelemetry::trace::{SpanContext, TraceContextExt};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{self, Format, FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

/// JSON lines with `trace_id` and `span_id` in front.
pub(super) struct Json(pub(super) Format<format::Json>);

/// Pretty lines with the trace id at their end.
pub(super) struct Pretty(pub(super) Format<format::Full>);

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(span) = current() else {
            return self.0.format_event(context, to, event);
        };
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        // The line is an object with a timestamp at least, so a comma is due.
        let rest = line.strip_prefix('{').unwrap_or(&line);
        write!(
            to,
            r#"{{"trace_id":"{}","span_id":"{}",{rest}"#,
            span.trace_id(),
            span.span_id()
        )
    }
}

impl<S, N> FormatEvent<S, N> for Pretty
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(span) = current() else {
            return self.0.format_event(context, to, event);
        };
        let mut line = String::new();
        let coloured = self.0.clone().with_ansi(to.has_ansi_escapes());
        coloured.format_event(context, Writer::new(&mut line), event)?;
        writeln!(to, "{} trace_id={}", line.trim_end(), span.trace_id())
    }
}

/// The span that this thread is in, if it is part of a trace.
fn current() -> Option<SpanContext> {
    let context = opentelemetry::Context::current();
    let span = context.span().span_context().clone();
    span.is_valid().then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{TelemetrySettings, export, spans};
    use std::io::{Read, Seek};
    use tracing::{info, info_span};
    use tracing_subscriber::Layer;
    use tracing_subscriber::fmt::layer;
    use tracing_subscriber::layer::SubscriberExt;

    /// What is written by a layer when something is logged outside and inside of a span.
    fn written<L: Layer<tracing_subscriber::Registry> + Send + Sync>(
        lines: impl FnOnce(std::fs::File) -> L,
    ) -> Vec<String> {
        let mut file = tempfile::tempfile().unwrap();
        let provider = export::provider("test", &TelemetrySettings::of_test(None)).unwrap();
        let subscriber = tracing_subscriber::registry()
            .with(lines(file.try_clone().unwrap()))
            .with(spans(&provider));
        tracing::subscriber::with_default(subscriber, || {
            info!("outside");
            info_span!("outer").in_scope(|| {
                info!("outer");
                info_span!("inner", answer = 42).in_scope(|| info!("inner"));
            });
        });
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn json_lines_name_their_trace_and_stay_json() {
        let written = written(|file| {
            let lines = layer()
                .json()
                .flatten_event(true)
                .with_writer(std::sync::Mutex::new(file));
            lines.map_event_format(Json)
        });
        let lines: Vec<serde_json::Value> = written.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines[0].get("trace_id").is_none(), "{written:?}");
        let trace = lines[1]["trace_id"].as_str().unwrap();
        assert_eq!((trace.len(), lines[2]["trace_id"].as_str()), (32, Some(trace)));
        assert_ne!(lines[1]["span_id"], lines[2]["span_id"]);
        assert_eq!(
            (&lines[2]["message"], &lines[2]["span"]["answer"]),
            (&"inner".into(), &42.into())
        );
    }

    #[test]
    fn pretty_lines_end_with_their_trace() {
        let written = written(|file| {
            let lines = layer().with_ansi(false).with_writer(std::sync::Mutex::new(file));
            lines.map_event_format(Pretty)
        });
        assert!(written[0].ends_with("outside"), "{written:?}");
        let (line, trace) = written[1].split_once(" trace_id=").unwrap();
        assert!(line.ends_with("outer") && trace.len() == 32, "{written:?}");
        assert!(written[2].ends_with(trace), "{written:?}");
    }
}
