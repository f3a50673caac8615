// A page of a shop that traces itself with OpenTelemetry's web SDK; bundled before it is served.
//
// Takes   the exporter's options, such as `url` and `headers`, and an encoding: `json` or `protobuf`.
// Gives   `window.trade(where)`: the identifier of the trace of one order, and what the exporter said of it: "" when
//         it was content. `window.ask(where)`: the status and the text of an answer, as far as this page may read it.

import { context, SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";

const EXPORTERS = { json: JsonExporter, protobuf: ProtobufExporter };

window.trade = async ({ encoding, ...options }) => {
  const answered = Promise.withResolvers();
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ "service.name": "shop-page" }),
    spanProcessors: [new BatchSpanProcessor(new EXPORTERS[encoding](options)), telling(answered.resolve)],
  });
  provider.register();
  registerInstrumentations({ instrumentations: [new FetchInstrumentation()] });

  const order = provider.getTracer("shop").startSpan("order", { kind: SpanKind.INTERNAL });
  const answer = await context.with(trace.setSpan(context.active(), order), () => fetch("/orders.json"));
  await answer.text();
  order.end();
  await answered.promise; // the instrumentation ends its span a moment after the answer

  const said = await provider.forceFlush().then(() => "", String);
  return { traceId: order.spanContext().traceId, said };
};

// A span processor that tells when the span of a request has ended.
const telling = (tell) => ({
  onStart: () => {},
  onEnd: (span) => span.kind === SpanKind.CLIENT && tell(),
  forceFlush: async () => {},
  shutdown: async () => {},
});

window.ask = ({ url, headers }) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: "{}" }).then(
    async (answer) => ({ status: answer.status, text: await answer.text() }),
    (error) => ({ status: 0, text: String(error) }),
  );
