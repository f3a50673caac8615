"""The journey as a whole: every step is the real one, only X-Ray is a function."""

import gzip
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
from raygate.keep import NOWHERE, Stores
from raygate.request import Outcome, Receipt, Request
from raygate.settings import Settings
from tests.builders import TRACE_ID
from tests.corpus import compact
from tests.fake_stores import MemoryBucket, MemoryQueue, queued_documents, queued_requests
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


RECEIPT = Receipt("request-1", 1_756_492_480_250)


def run(
    spans: list[dict[str, Any]], put: Any, stores: Stores = NOWHERE, clock: Clock | None = None, **settings: Any
) -> Outcome:
    body = compact({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
    clock = clock or Clock()
    budget = Budget.of(clock=clock, sleep=clock.sleep, jitter=lambda: 1.0)
    return pipeline.run(
        Request(body, "json", tenant="shop"), Settings(**settings), put, budget, stores=stores, receipt=RECEIPT
    )


def throttles(_texts: list[str]) -> Any:
    raise ClientError({"Error": {"Code": "ThrottledException"}}, "PutTraceSegments")


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


def test_what_x_ray_throttles_is_queued_and_acknowledged():
    queue = MemoryQueue()
    outcome = run([a_span(0), a_split_span(1)], throttles, Stores(queue))
    assert (outcome.queued, outcome.returned, outcome.unavailable) == (2, 0, "")
    assert len(queued_documents(queue)) == 3


def test_what_x_ray_refuses_is_parked_and_the_others_are_delivered():
    bucket = MemoryBucket()
    store = Store(refuses={"0000000000000001": "InvalidTraceId"})
    outcome = run([a_span(0), a_span(1)], store.put, Stores(bucket=bucket))
    assert (outcome.delivered, outcome.parked, outcome.rejected.total()) == (1, {"InvalidTraceId": 1}, 0)
    assert [one.id for one in bucket.parked()] == ["0000000000000001"]


def test_a_document_that_x_ray_refuses_for_its_name_is_made_plainer_and_delivered():
    store = Store(refuses={"0000000000000001": "InvalidName"})

    def put(texts: Sequence[str]) -> Any:
        answer = store.put(texts)
        store.refuses = {}
        return answer

    service = {"key": "service.name", "value": {"stringValue": "größe"}}
    body = compact(
        {"resourceSpans": [{"resource": {"attributes": [service]}, "scopeSpans": [{"spans": [a_span(0, kind=2)]}]}]}
    )
    outcome = pipeline.run(Request(body, "json"), Settings(), put, Budget.of(jitter=lambda: 0.0))
    assert (outcome.delivered, outcome.counts["mended"]) == (1, 1)
    assert store.stored["0000000000000001"]["name"] == "gr e"


def test_x_ray_leaves_time_for_the_queue():
    clock, queue = Clock(), MemoryQueue()

    def slow(_texts: list[str]) -> Any:
        clock.now_s += 5.9
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "PutTraceSegments")

    assert run([a_span(0)], slow, Stores(queue), clock).queued == 1


BUFFERED: dict[str, Any] = {"delivery": "buffered", "queue_url": "https://x/q"}


def nobody(_texts: list[str]) -> Any:
    pytest.fail("nothing was to be sent to X-Ray")


def test_a_buffered_request_goes_to_the_queue_as_it_came():
    queue = MemoryQueue()
    outcome = run([a_span(0), a_span(1, traceId="0" * 32)], nobody, Stores(queue), **BUFFERED)
    assert (outcome.spans, outcome.queued, outcome.rejected.total()) == (2, 1, 1)
    (kept,) = queued_requests(queue)
    assert (kept.request_id, kept.received_ms, kept.request.tenant) == ("request-1", RECEIPT.received_ms, "shop")


def test_a_buffered_request_is_delivered_at_once_when_the_queue_is_away():
    store = Store()
    outcome = run([a_span(0)], store.put, Stores(MemoryQueue(fails=lambda: "lost")), **BUFFERED)
    assert (outcome.delivered, outcome.queued) == (1, 0)


def test_a_buffered_request_is_the_senders_again_when_neither_takes_it():
    outcome = run([a_span(0)], throttles, Stores(MemoryQueue(fails=lambda: "lost")), **BUFFERED)
    assert (outcome.returned, outcome.throttled) == (1, True)
    assert outcome.counts["queue_failed"] == 1


def test_a_buffered_request_without_a_valid_span_is_not_queued():
    queue = MemoryQueue()
    outcome = run([a_span(0, traceId="0" * 32)], nobody, Stores(queue), **BUFFERED)
    assert (outcome.rejected.total(), queue.messages) == (1, [])


def test_a_buffered_request_has_no_secret_in_it():
    queue = MemoryQueue()
    run([a_span(0, {"password": {"stringValue": "hunter2-of-nobody"}})], nobody, Stores(queue), **BUFFERED)
    (kept,) = queued_requests(queue)
    assert b"hunter2" not in gzip.decompress(kept.request.body)


def test_a_request_that_could_not_be_converted_in_time_is_queued_as_it_came(monkeypatch):
    queue = MemoryQueue()
    monkeypatch.setattr(pipeline, "make", lambda *_: None)
    assert run([a_span(0)], nobody, Stores(queue)).queued == 1
    assert len(queued_requests(queue)) == 1
    assert run([a_span(0)], nobody).returned == 1


ARCHIVED: dict[str, Any] = {"archive": True, "bucket": "b"}


@pytest.mark.parametrize("put", [Store().put, throttles], ids=["delivered", "queued"])
def test_an_accepted_request_is_archived_once_by_tenant_and_hour(put):
    bucket = MemoryBucket()
    for _ in range(2):
        outcome = run([a_span(0)], put, Stores(MemoryQueue(), bucket), **ARCHIVED)
        assert outcome.counts["archive_failed"] == 0
    (key,) = bucket.objects
    assert key.startswith("archive/shop/2025/08/29/18/")


def test_a_request_of_which_nothing_can_be_stored_is_not_archived():
    bucket = MemoryBucket()
    run([a_span(0, traceId="0" * 32)], nobody, Stores(bucket=bucket), **ARCHIVED)
    run([], nobody, Stores(bucket=bucket), **ARCHIVED)
    assert not bucket.objects


def test_an_archive_that_fails_is_counted_and_costs_no_span():
    outcome = run([a_span(0)], Store().put, Stores(bucket=MemoryBucket(fails=lambda: "lost")), **ARCHIVED)
    assert (outcome.delivered, outcome.returned, outcome.counts["archive_failed"]) == (1, 0, 1)


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
