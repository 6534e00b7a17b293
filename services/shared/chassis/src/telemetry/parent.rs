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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{TelemetrySettings, export, spans};
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use tracing::info_span;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn whoever_receives_a_message_goes_on_with_the_trace_of_whoever_published_it() {
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
        let provider = export::provider("test", &TelemetrySettings::of_test(None)).unwrap();
        let subscriber = tracing_subscriber::registry().with(spans(&provider));
        tracing::subscriber::with_default(subscriber, || {
            let trace = |span: &Span| span.context().span().span_context().trace_id();
            let publishing = info_span!("publishing");
            let headers = publishing.in_scope(backends::trace::current);
            assert_eq!(headers["traceparent"].len(), 55);
            let (processing, other) = (info_span!("processing"), info_span!("other"));
            adopt(&processing, &headers);
            adopt(&other, &std::collections::HashMap::new());
            assert_eq!(trace(&processing), trace(&publishing));
            assert_ne!(trace(&other), trace(&publishing));
        });
    }
}
