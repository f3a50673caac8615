package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/awsxrayexporter"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/featuregate"
)

// told is what becomes of one request: one of the three.
type told struct {
	Documents []string `json:"documents,omitempty"`
	Refused   string   `json:"refused,omitempty"`
	Crashed   string   `json:"crashed,omitempty"`
}

// options are the exporter's settings that change documents, its two feature gates among them.
type options struct {
	IndexedAttributes       []string `json:"indexed_attributes"`
	IndexAllAttributes      bool     `json:"index_all_attributes"`
	LogGroupNames           []string `json:"aws_log_groups"`
	AllowDot                bool     `json:"allow_dot"`
	SkipTimestampValidation bool     `json:"skip_timestamp_validation"`
}

// compare translates each request of a file by itself, under the options in another one, and writes what it tells of
// them, a line each. A request that makes the exporter crash ends nothing else.
func (c *converter) compare(ctx context.Context, path string, isJSON bool, asked, to string) (map[string]any, error) {
	exporter, err := c.under(ctx, asked)
	if err != nil {
		return nil, err
	}
	bodies, err := split(path)
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	lines := json.NewEncoder(&all)
	for _, body := range bodies {
		if err := lines.Encode(c.tell(ctx, exporter, body, isJSON)); err != nil {
			return nil, err
		}
	}
	return map[string]any{"requests": len(bodies)}, os.WriteFile(to, all.Bytes(), 0o600)
}

func (c *converter) tell(ctx context.Context, exporter exporter.Traces, body []byte, isJSON bool) (told told) {
	defer func() {
		if crash := recover(); crash != nil {
			told.Crashed = fmt.Sprint(crash)
		}
	}()
	request, err := read(body, isJSON)
	if err == nil {
		err = exporter.ConsumeTraces(ctx, request.Traces())
	}
	if err != nil {
		told.Refused = err.Error()
	}
	told.Documents = c.sink.take()
	return told
}

// under makes the exporter that has these options.
func (c *converter) under(ctx context.Context, path string) (exporter.Traces, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var asked options
	if err := json.Unmarshal(text, &asked); err != nil {
		return nil, err
	}
	for gate, isOn := range map[string]bool{
		"exporter.xray.allowDot":                   asked.AllowDot,
		"exporter.awsxray.skiptimestampvalidation": asked.SkipTimestampValidation,
	} {
		if err := featuregate.GlobalRegistry().Set(gate, isOn); err != nil {
			return nil, err
		}
	}
	return newExporter(ctx, c.sink.url, func(config *awsxrayexporter.Config) {
		config.IndexedAttributes = asked.IndexedAttributes
		config.IndexAllAttributes = asked.IndexAllAttributes
		config.LogGroupNames = asked.LogGroupNames
	}), nil
}
