//! Going on with a trace that began elsewhere.

use opentelemetry::global::get_text_map_propagator;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Makes `span` a child of the span that the headers name; without any it stays what it is. Call it before the span is
/// entered.
pub(crate) fn adopt(span: &Span, headers: &dyn Extractor) {
    let parent = get_text_map_propagator(|propagator| propagator.extract(headers));
    if parent.span().span_context().is_valid() {
        // A span that is filtered away has no parent, which is all that can be wrong here.
        let _ = span.set_parent(parent);
    }
}
