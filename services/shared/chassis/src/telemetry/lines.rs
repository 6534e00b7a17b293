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
