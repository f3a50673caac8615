// Converter runs the released X-Ray exporter on the inputs of the benchmarks, one thread, and tells its CPU time.
//
// It reads commands, a line each, and answers each with a line of JSON:
//
//	load FILE ENCODING   read the requests of a pass; sends them once to a sink in this process, untimed
//	pass FILE            gunzip, unmarshal, translate, marshal and write the bodies of PutTraceSegments, timed
//	documents FILE PATH  write the documents that the sink got, a line each
//	compare FILE ENCODING OPTIONS PATH
//	                     what becomes of each request by itself under the options of that file, a line each
//
// What is timed is reached by public names alone: ptraceotlp reads, the exporter's factory makes the exporter, and
// ConsumeTraces is called. The exporter's endpoint is an address that cannot be parsed: it translates and marshals every
// span, the SDK writes the first body, then it finds no address and ends, before signing and network. The bodies after
// the first are written by the same SDK from the documents that the sink got, up to the same point.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/smithy-go/middleware"
	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/awsxrayexporter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"go.opentelemetry.io/otel/metric/noop"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
	"golang.org/x/sys/unix"
)

const (
	noAddress    = "http://["
	documentsPut = 50
)

// series is a pass of an input: requests, and what the exporter makes of each.
type series struct {
	bodies    [][]byte
	json      bool
	documents [][]string
}

type converter struct {
	timed   exporter.Traces
	sending exporter.Traces
	sink    *sink
	writer  *xray.Client
	loaded  map[string]*series
}

// ballast brings the heap to what a whole collector keeps alive under load, 5 MB by GODEBUG=gctrace=1, so that Go's
// garbage collector runs as often as it does there: every 5 MB, and not every 3.
var ballast = make([]byte, 4<<20)

func main() {
	defer runtime.KeepAlive(ballast)
	ctx := context.Background()
	sink := listen()
	c := &converter{
		timed:   newExporter(ctx, noAddress, asReleased),
		sending: newExporter(ctx, sink.url, asReleased),
		sink:    sink,
		writer:  newWriter(),
		loaded:  map[string]*series{},
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, err := c.run(ctx, strings.Fields(lines.Text()))
		if err != nil {
			log.Fatal(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
}

func (c *converter) run(ctx context.Context, words []string) (map[string]any, error) {
	switch words[0] {
	case "load":
		return c.load(ctx, words[1], words[2] == "json")
	case "pass":
		return c.pass(ctx, c.loaded[words[1]])
	case "documents":
		return c.write(c.loaded[words[1]], words[2])
	case "compare":
		return c.compare(ctx, words[1], words[2] == "json", words[3], words[4])
	}
	return nil, fmt.Errorf("unknown command %q", words[0])
}

func (c *converter) load(ctx context.Context, path string, isJSON bool) (map[string]any, error) {
	bodies, err := split(path)
	if err != nil {
		return nil, err
	}
	s := &series{json: isJSON, bodies: bodies}
	spans, documents := 0, 0
	for _, body := range s.bodies {
		request, err := read(body, isJSON)
		if err != nil {
			return nil, err
		}
		if err := c.sending.ConsumeTraces(ctx, request.Traces()); err != nil {
			return nil, err
		}
		got, err := outside(c.sink.take())
		if err != nil {
			return nil, err
		}
		s.documents = append(s.documents, got)
		spans += request.Traces().SpanCount()
		documents += len(got)
	}
	c.loaded[path] = s
	return map[string]any{"spans": spans, "documents": documents}, nil
}

func (c *converter) pass(ctx context.Context, s *series) (map[string]any, error) {
	before := cpu()
	for number, body := range s.bodies {
		request, err := read(body, s.json)
		if err != nil {
			return nil, err
		}
		if err := c.timed.ConsumeTraces(ctx, request.Traces()); err == nil && len(s.documents[number]) > 0 {
			return nil, fmt.Errorf("request %d went somewhere", number)
		}
		documents := s.documents[number]
		for at := documentsPut; at < len(documents); at += documentsPut {
			input := &xray.PutTraceSegmentsInput{TraceSegmentDocuments: documents[at:min(at+documentsPut, len(documents))]}
			if _, err := c.writer.PutTraceSegments(ctx, input); err != nil {
				return nil, err
			}
		}
	}
	return map[string]any{"cpu_us": float64(cpu()-before) / 1000}, nil
}

func (c *converter) write(s *series, path string) (map[string]any, error) {
	var all bytes.Buffer
	for _, documents := range s.documents {
		for _, document := range documents {
			all.WriteString(document)
			all.WriteByte('\n')
		}
	}
	return map[string]any{}, os.WriteFile(path, all.Bytes(), 0o600)
}

// split gives the requests of a file, each behind its size.
func split(path string) ([][]byte, error) {
	var bodies [][]byte
	file, err := mapped(path)
	for len(file) > 0 {
		size := 4 + binary.BigEndian.Uint32(file)
		bodies = append(bodies, file[4:size])
		file = file[size:]
	}
	return bodies, err
}

// read does what the collector's receiver does with a body.
func read(body []byte, isJSON bool) (ptraceotlp.ExportRequest, error) {
	request := ptraceotlp.NewExportRequest()
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return request, err
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		return request, err
	}
	if isJSON {
		return request, request.UnmarshalJSON(plain)
	}
	return request, request.UnmarshalProto(plain)
}

// asReleased leaves the exporter's settings alone.
func asReleased(*awsxrayexporter.Config) {}

func newExporter(ctx context.Context, endpoint string, change func(*awsxrayexporter.Config)) exporter.Traces {
	factory := awsxrayexporter.NewFactory()
	config := factory.CreateDefaultConfig().(*awsxrayexporter.Config)
	config.AWSSessionSettings.Region = "us-east-1"
	config.AWSSessionSettings.Endpoint = endpoint
	change(config)
	settings := exporter.Settings{
		ID: component.NewID(factory.Type()),
		TelemetrySettings: component.TelemetrySettings{
			Logger:         zap.NewNop(),
			TracerProvider: nooptrace.NewTracerProvider(),
			MeterProvider:  noop.NewMeterProvider(),
		},
	}
	made, err := factory.CreateTraces(ctx, settings, config)
	if err != nil {
		log.Fatal(err)
	}
	if err := made.Start(ctx, nil); err != nil {
		log.Fatal(err)
	}
	return made
}

// newWriter makes the SDK's client; it ends each call when the body is written.
func newWriter() *xray.Client {
	end := middleware.SerializeMiddlewareFunc("End", func(
		context.Context, middleware.SerializeInput, middleware.SerializeHandler,
	) (middleware.SerializeOutput, middleware.Metadata, error) {
		return middleware.SerializeOutput{Result: &xray.PutTraceSegmentsOutput{}}, middleware.Metadata{}, nil
	})
	return xray.New(xray.Options{Region: "us-east-1", APIOptions: []func(*middleware.Stack) error{
		func(stack *middleware.Stack) error {
			return stack.Serialize.Insert(end, "OperationSerializer", middleware.After)
		},
	}})
}

// cpu is what this process has used, in nanoseconds.
func cpu() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &now); err != nil {
		log.Fatal(err)
	}
	return now.Nano()
}
