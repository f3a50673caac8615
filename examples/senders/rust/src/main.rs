//! Sends one trace of two spans and prints its identifier; where to, and with which key, the environment says.

use opentelemetry::trace::{Span, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::SdkTracerProvider;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `with_http` takes endpoint, headers, protocol, compression and timeout from the environment.
    let exporter = SpanExporter::builder().with_http().build()?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .build();
    let tracer = provider.tracer("sender");

    let mut server = tracer
        .span_builder("GET /orders")
        .with_kind(SpanKind::Server)
        .start(&tracer);
    server.set_attribute(KeyValue::new("http.request.method", "GET"));
    let context = Context::current_with_span(server);
    tracer
        .span_builder("count")
        .start_with_context(&tracer, &context)
        .end();
    context.span().end();
    println!("{}", context.span().span_context().trace_id());

    provider.shutdown()?; // sends what is left
    Ok(())
}
