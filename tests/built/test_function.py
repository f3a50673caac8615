"""The built function answers each event as it should, under the emulator, with nothing but its layers."""

import json
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.built.emulator import Emulated, Sink, running, sink
from tests.corpus import golden
from tests.project.make_events import EVENTS, SOURCES
from tests.project.test_template import environment

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulator is a program for Linux"),
]

ACCEPTED = ("traces_protobuf", "traces_json_gzip", "traces_multi")


@pytest.fixture(scope="module")
def xray() -> Iterator[Sink]:
    with sink() as kept:
        yield kept


@pytest.fixture(scope="module")
def function(xray: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    variables = environment("IngestFunction") | {"RAYGATE_AUTH": "none", "AWS_ENDPOINT_URL_XRAY": xray.address}
    with running("IngestFunction", tmp_path_factory.mktemp("lambda"), variables) as it:
        yield it


def event(name: str) -> str:
    return Path(EVENTS / f"{name}.json").read_text()


def body(result: dict[str, Any]) -> bytes:
    text = result.get("body") or ""
    return b64decode(text) if result.get("isBase64Encoded") else text.encode()


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_export_is_answered_200_and_its_documents_arrive(function: Emulated, xray: Sink, name: str):
    before = len(xray.documents)
    result = function.invoke(event(name))
    assert result["statusCode"] == 200, body(result)
    ids = [document["id"] for document in golden()[SOURCES[name]].documents]
    assert sorted(document["id"] for document in xray.documents[before:]) == sorted(ids)


def test_a_protobuf_export_is_answered_in_protobuf(function: Emulated):
    result = function.invoke(event("traces_protobuf"))
    assert result["headers"]["content-type"] == "application/x-protobuf"
    assert ExportTraceServiceResponse.FromString(body(result)).partial_success.rejected_spans == 0


def test_a_json_export_is_answered_in_json(function: Emulated):
    result = function.invoke(event("traces_json_gzip"))
    assert result["headers"]["content-type"] == "application/json"
    assert json.loads(body(result)).get("partialSuccess", {}).get("rejectedSpans", 0) in {0, "0"}


def test_several_traces_in_one_request_stay_several(function: Emulated, xray: Sink):
    before = len(xray.documents)
    function.invoke(event("traces_multi"))
    traces = {document["trace_id"] for document in golden()[SOURCES["traces_multi"]].documents}
    assert {document["trace_id"] for document in xray.documents[before:]} == traces


def test_what_is_not_otlp_is_refused_with_400_and_a_reason(function: Emulated, xray: Sink):
    before = len(xray.documents)
    result = function.invoke(event("traces_malformed"))
    assert result["statusCode"] == 400
    assert json.loads(body(result))["message"]
    assert xray.documents[before:] == []


def test_each_request_is_one_line_of_json_in_the_log(function: Emulated):
    function.invoke(event("traces_protobuf"))
    lines = [line for line in function.log.read_text().splitlines() if line.startswith("{")]
    assert any("service" in json.loads(line) for line in lines)
