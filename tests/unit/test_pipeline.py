"""The journey as a whole: every step is the real one, only X-Ray is a function."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from raygate import pipeline
from raygate.deliver import Budget
from raygate.request import Outcome, Request
from raygate.settings import Settings
from tests.builders import TRACE_ID
from tests.corpus import compact
from tests.fake_xray import Clock, Store


def a_span(number: int, attributes: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in (attributes or {}).items()]
    return {
        "traceId": TRACE_ID,
        "spanId": f"{number + 1:016x}",
        "name": "op",
        "startTimeUnixNano": "1756492480250000000",
        "endTimeUnixNano": "1756492480750000000",
        "attributes": pairs,
        **members,
    }


def a_split_span(number: int) -> dict[str, Any]:
    """A span of two documents: the call that it makes, and the service that it is."""
    return a_span(number, {"aws.span.kind": {"stringValue": "LOCAL_ROOT"}}, kind=5, parentSpanId="f" * 16)


def run(spans: list[dict[str, Any]], put: Any, mapping: str = "extended") -> Outcome:
    body = compact({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
    clock = Clock()
    budget = Budget.of(clock=clock, sleep=clock.sleep, jitter=lambda: 1.0)
    return pipeline.run(Request(body, "json"), Settings(mapping=mapping), put, budget)


def test_what_is_sent_is_one_document_a_span():
    store = Store()
    outcome = run([a_span(0), a_span(1)], store.put)
    assert (outcome.spans, outcome.delivered) == (2, 2)
    assert list(store.stored) == ["0000000000000001", "0000000000000002"]
    assert outcome.counts["documents"] == 2
    assert outcome.counts["calls"] == 1


def test_an_empty_request_is_no_call():
    outcome = run([], lambda _: pytest.fail("nothing was to be sent"))
    assert (outcome.spans, outcome.counts["calls"]) == (0, 0)


def test_a_span_without_identity_is_rejected_and_the_others_go_on():
    outcome = run([a_span(0), a_span(1, traceId="0" * 32)], Store().put)
    assert (outcome.spans, outcome.delivered, outcome.rejected.total()) == (2, 1, 1)


def test_a_span_of_two_documents_is_rejected_once_when_x_ray_refuses_one():
    store = Store(refuses={"0000000000000001": "InvalidSegment"})
    outcome = run([a_split_span(0), a_span(1)], store.put)
    assert outcome.counts["documents"] == 3
    assert (outcome.spans, outcome.delivered) == (2, 1)
    assert outcome.rejected == {"X-Ray refused the document: InvalidSegment": 1}


def test_a_number_that_json_lacks_costs_the_span_only_where_the_exporter_drops_it():
    spans = [a_span(0, {"ratio": {"doubleValue": "NaN"}}), a_span(1)]
    assert run(spans, Store().put).delivered == 2
    exact = run(spans, Store().put, mapping="adot")
    assert (exact.delivered, exact.rejected.total()) == (1, 1)


PASSING = ["ThrottledException", "InternalFailure"]
ERRORS = [None, None, "ThrottledException", "InvalidRequestException", "InternalServerError"]


@dataclass
class Moody(Store):
    """X-Ray in another mood at each call; the same calls meet the same moods, in whatever order they come.

    What it refuses for good is the document's own fault, and refused at each call.
    """

    seed: int = 0

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        ids = [json.loads(text)["id"] for text in texts]
        mood = Random(f"{self.seed} {ids} {self.received[ids[0]]}")  # noqa: S311 - nothing depends on guessing it
        error = mood.choice(ERRORS)
        if error:
            self.received[ids[0]] += 1
            raise ClientError({"Error": {"Code": error}}, "PutTraceSegments")
        refuses = {one: mood.choice(PASSING) for one in mood.sample(ids, min(len(ids), mood.randrange(3)))}
        refuses |= {one: "InvalidSegment" for one in ids if Random(f"{self.seed} {one}").random() < 0.03}  # noqa: S311 - the same
        told = Store(refuses, says_which=mood.random() < 0.5, received=self.received, stored=self.stored)
        return told.put(texts)


@given(count=st.integers(0, 120), split=st.sets(st.integers(0, 119), max_size=5), seed=st.integers(0, 2**32))
def test_the_states_add_up_whatever_x_ray_does(count, split, seed):
    store = Moody(seed=seed)
    spans = [a_split_span(number) if number in split else a_span(number) for number in range(count)]
    outcome = run(spans, store.put)
    assert outcome.spans == count == outcome.delivered + outcome.rejected.total() + outcome.returned
    assert outcome.delivered <= len(store.stored)
    assert bool(outcome.unavailable) == bool(outcome.returned)
