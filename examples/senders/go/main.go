// Sends one trace of two spans and prints its identifier; where to, and with which key, the environment says.
package main

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	tracer := provider.Tracer("sender")

	ctx, server := tracer.Start(ctx, "GET /orders", api.WithSpanKind(api.SpanKindServer))
	server.SetAttributes(attribute.String("http.request.method", "GET"))
	_, inner := tracer.Start(ctx, "count")
	inner.End()
	server.End()
	fmt.Println(server.SpanContext().TraceID())

	if err := provider.Shutdown(context.Background()); err != nil { // sends what is left
		log.Fatal(err)
	}
}
