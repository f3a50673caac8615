"""The benchmarks measure what they say, and conversion has not become several times slower.

Never an absolute time: only ratios to the yardstick of the same moment, with room for a busy machine, and the best of a
few tries, since others on the machine make things slower and never faster.
"""

import subprocess
import sys
import zlib
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import pytest

from benchmarks import exporter, growth, lasting, passes, yardstick
from benchmarks.conversion import STEPS
from benchmarks.inputs import INPUTS, LIMITS
from raygate.decode import decode
from raygate.request import Request
from raygate.segment import convert
from raygate.segment.options import Options

TRIES = 5
BOUNDS = {("100", "adot"): 9, ("100", "extended"): 11, ("rich", "adot"): 25, ("rich", "extended"): 30}
"""Units of the yardstick a span: twice what it was in November 2026."""

MEMBERS = {
    *("name", "id", "trace_id", "parent_id", "start_time", "end_time", "in_progress", "type", "namespace", "links"),
    *("fault", "error", "throttle", "cause", "http", "aws", "origin", "service", "sql", "user"),
    *("annotations", "metadata"),
}
"""All that a document can have."""


def test_the_yardstick_is_the_one_that_recorded_figures_are_in():
    assert sha256(zlib.decompress(yardstick.PACKED)).hexdigest()[:16] == "09b862eb91e86e05"
    assert yardstick.work() == 206_048


@pytest.mark.parametrize("name", [name for name, one in INPUTS.items() if one.name != "10000"])
def test_every_span_of_an_input_can_be_stored(name):
    for request in INPUTS[name].read_all():
        decoded = decode(request, LIMITS)
        assert decoded.spans
        assert name.startswith("captures") or not (decoded.rejected or decoded.warnings)


def test_a_pass_repeats_nothing_of_the_one_before_and_is_the_same_in_every_run():
    ids = [
        {span.span_id for request in INPUTS["rich"].read_all(at) for span in decode(request, LIMITS).spans}
        for at in (0, 1)
    ]
    assert not ids[0] & ids[1]
    assert min(ids[0]) == "0009993ff7686fde"


@pytest.mark.parametrize("name", ["rich", "rich-json"])
def test_rich_spans_reach_every_member_of_a_document(name):
    spans = [span for request in INPUTS[name].read_all() for span in decode(request, LIMITS).spans]
    documents = convert(spans, Options()).documents
    assert {member for document in documents for member in document} == MEMBERS
    assert any(len(document.get("metadata", {})) > 1 for document in documents)
    assert any("stack" in one for document in documents for one in document.get("cause", {}).get("exceptions", []))


def test_the_last_step_gives_the_bodies_of_the_calls():
    made: Any = INPUTS["100"].read_all()[0]
    for step in STEPS:
        made = step.run(made, LIMITS)
    documents = [orjson.loads(text) for body in made for text in orjson.loads(body)["TraceSegmentDocuments"]]
    assert [len(orjson.loads(body)["TraceSegmentDocuments"]) for body in made] == [50, 50]
    assert len({document["id"] for document in documents}) == 100


@pytest.mark.parametrize(("name", "mapping"), BOUNDS)
def test_a_span_costs_no_more_units_of_the_yardstick_than(name, mapping):
    one, settings = INPUTS[name], replace(LIMITS, mapping=mapping)
    spans, requests = one.spans(0), one.read_all(0)
    passes.warm(one.read_all(1), settings)
    ratios = [passes.warm(requests, settings) / spans / yardstick.measure(times=2) for _ in range(TRIES)]
    assert min(ratios) < BOUNDS[name, mapping]


@pytest.mark.parametrize("name", ["attributes", "events", "links", "exceptions", "lines, java", "lines, python"])
def test_twice_as_much_does_not_cost_four_times_as_much(name):
    _, size, _ = growth.SWEEPS[name]
    less, more = ([growth.request(name, factor * size, seed) for seed in range(2)] for factor in (1, 2))
    assert min(passes.cold(more, LIMITS) / passes.cold(less, LIMITS) for _ in range(TRIES)) < 3


def test_a_machine_without_go_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(exporter.NoGoError, match="Go is not installed here"):
        exporter.build(tmp_path)


def test_the_peer_is_a_released_version():
    assert exporter.version() >= "v0.159.0"
    assert "replace" not in (exporter.SOURCE / "go.mod").read_text()


def test_nothing_that_could_be_remembered_comes_twice_in_requests_that_last():
    told = []
    for number in range(3):
        (span,) = decode(Request(lasting.never_seen(number), "protobuf", "gzip"), LIMITS).spans
        attributes = {**span.attributes, **span.resource.attributes, **span.events[0].attributes}
        told.append({str(text) for text in (*attributes.values(), span.name, span.status_message, span.scope.name)})
    assert told[0] & told[1] == told[0] & told[2] == {"GET", "postgresql", "java", "500"}
    assert min(map(len, told)) > 12


def test_memory_is_told_after_each_tenth_of_the_requests():
    command = [sys.executable, "-m", "benchmarks.lasting", "--requests", "20"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split(" | ")[0] for line in told[2:13]] == [f"| {number}" for number in range(0, 21, 2)]
    assert told[-1].startswith("in the second half: ")
