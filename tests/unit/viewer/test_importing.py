"""Files in: whatever they hold becomes what the pipeline makes of it, and a sentence says what became of them."""

import base64
import gzip
import json

import orjson
import pytest
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from raygate.settings import Settings
from raygate_local.conversion import Body, convert_body
from raygate_local.viewer.exporting import Source, as_otlp, as_xray
from raygate_local.viewer.importing import import_file
from raygate_local.viewer.sources import Sources
from raygate_local.xray.store import Store
from tests.corpus import captured
from tests.process.serving import ROOT
from tests.process.viewer.shop import a_trace_id, an_order
from tests.process.viewer.traces import a_trace_id as an_order_id
from tests.process.viewer.traces import order

EXAMPLE = (ROOT / "examples" / "trace.json").read_bytes()


@pytest.fixture
def store():
    one = Store.open()
    yield one
    one.close()


def texts(store):
    return {one.text for found in store.find(0, 1e12) for one in store.trace(found.trace_id).stored.values()}


def held(store, trace_id):
    trace = store.trace(trace_id)
    assert trace
    return trace


def imported(store, data, **more):
    return import_file("a file", data, store, Settings(), **more)


def protobuf():
    return Parse(_in_base64(EXAMPLE), ExportTraceServiceRequest()).SerializeToString()


def _in_base64(body):
    """The ids as protobuf's own JSON has them."""
    request = json.loads(body)
    for span in (one for each in request["resourceSpans"] for scope in each["scopeSpans"] for one in scope["spans"]):
        for name in ("traceId", "spanId", "parentSpanId"):
            if name in span:
                span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    return json.dumps(request)


def lines(*values):
    return b"\n".join(map(orjson.dumps, values)) + b"\n"


CAPTURE = orjson.dumps(
    {"headers": [["content-type", "application/json"]], "body_base64": base64.b64encode(EXAMPLE).decode()}
)


@pytest.mark.parametrize(
    "data",
    [EXAMPLE, protobuf(), gzip.compress(EXAMPLE), lines(json.loads(EXAMPLE)), CAPTURE, b"[" + EXAMPLE + b"]"],
    ids=["json", "protobuf", "gzip", "jsonl", "capture", "list"],
)
def test_otlp_becomes_what_the_pipeline_makes_of_it(store, data):
    done = imported(store, data)
    assert texts(store) == set(convert_body(Body(EXAMPLE), Settings()).lines)
    assert done.sentence == "5 documents of 1 trace."
    assert done.as_json()["is_good"]


ORDERS = [an_order(1), an_order(2)]
BATCH = {
    "Traces": [
        {"Id": one["trace_id"], "Duration": 0.25, "Segments": [{"Id": one["id"], "Document": json.dumps(one)}]}
        for one in ORDERS
    ]
}
RAW = {"Id": a_trace_id(1), "Segments": [{"Id": one["id"], "Document": one} for one in ORDERS]}


@pytest.mark.parametrize(
    "data",
    [
        lines(*ORDERS),
        lines(*map(json.dumps, ORDERS)),
        orjson.dumps(ORDERS),
        json.dumps(BATCH, indent=4).encode(),
        orjson.dumps(RAW),
        orjson.dumps({"TraceSegmentDocuments": [json.dumps(one) for one in ORDERS]}),
        gzip.compress(orjson.dumps(BATCH)),
    ],
    ids=["lines", "texts", "list", "batch-get-traces", "raw", "put-trace-segments", "gzip"],
)
def test_documents_are_put_as_they_are(store, data):
    done = imported(store, data)
    assert [json.loads(text) for text in sorted(texts(store))] == ORDERS
    assert done.sentence == "2 documents of 2 traces."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Nothing was taken: there is nothing in it."),
        (b" \n", "Nothing was taken: there is nothing in it."),
        (b"{}", "Nothing was taken: it is neither OTLP nor a segment document."),
        (b"[1]", "Nothing was taken: it is neither OTLP nor a segment document."),
        (b"{not json", "Nothing was taken: a line is no JSON."),
        (b"\x1f\x8bbroken", "Nothing was taken: "),
        (b"plain words", "Nothing was taken: "),
        (orjson.dumps(an_order(1) | {"name": ""}), "0 documents of 1 trace; 1 refused (InvalidName)."),
        (lines(an_order(1), 7), "1 document of 1 trace; 1 part could not be read (it is neither OTLP"),
        (b'{"id": 1\n' + lines(an_order(1)), "1 document of 1 trace; 1 part could not be read (a line is no JSON)."),
        (lines(an_order(1), an_order(2) | {"inferred": True}), "1 document of 1 trace; 1 inferred segment left out."),
    ],
)
def test_what_is_not_taken_is_said_in_a_sentence(store, data, sentence):
    done = imported(store, data)
    assert done.sentence.startswith(sentence)
    assert done.sentence.endswith(".")


def test_spans_that_are_rejected_are_told_with_their_reason(store):
    request = json.loads(EXAMPLE)
    request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["spanId"] = "00"
    done = imported(store, orjson.dumps(request))
    assert done.sentence == "4 documents of 1 trace; 1 span rejected (spanId is not 16 hexadecimal digits)."
    assert not done.as_json()["is_good"]


def test_every_request_of_the_corpus_is_imported_as_it_converts(store):
    expected = set()
    for one in captured()[:60]:
        imported(store, one.body)
        try:
            expected |= set(convert_body(Body(one.body), Settings()).lines)
        except Exception:  # noqa: BLE001, S112 - what cannot be converted is said, and another test's
            continue
    assert {json.loads(text)["id"] for text in texts(store)} == {json.loads(text)["id"] for text in expected}


def test_what_is_exported_as_x_ray_json_comes_back_the_same(store):
    first = Store.open()
    first.put([json.dumps(one) for one in order()])
    imported(store, as_xray(Source(held(first, an_order_id(1)), ())))
    assert texts(store) == texts(first)
    first.close()


def test_what_is_exported_as_otlp_becomes_the_same_documents_again(store):
    first, sources = Store.open(), Sources.open()
    import_file("a file", EXAMPLE, first, Settings(), sources.record)
    sources.flush()
    (found,) = first.find(0, 1e12)
    exported = as_otlp(Source(held(first, found.trace_id), list(sources.spans(found.trace_id))))
    imported(store, exported)
    assert texts(store) == texts(first)
    first.close()
    sources.close()
