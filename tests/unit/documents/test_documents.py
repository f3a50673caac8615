"""X-Ray's own documents: each in exactly one state, as X-Ray would have it, and nobody else's secrets."""

import gzip
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from raygate.decode.limits import MOST_LEVELS
from raygate.deliver import Budget
from raygate.documents import Taken, run_documents, texts_of
from raygate.documents.check import MOST_BYTES
from raygate.errors import DecodeError, TooLargeError
from raygate.keep import NOWHERE, Stores
from raygate.request import Receipt, Request
from raygate.settings import Settings
from tests.corpus import golden
from tests.fake_stores import MemoryBucket, MemoryQueue, queued_documents
from tests.fake_xray import Clock, Store

PLAIN = Settings()
AWAY = EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com")


def a_document(number: int = 1, **members: Any) -> dict[str, Any]:
    plausible = {
        "trace_id": "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37",
        "id": f"{number:016x}",
        "start_time": 1_763_821_808.25,
        "end_time": 1_763_821_808.75,
        "name": "shop",
    }
    return {name: value for name, value in (plausible | members).items() if value is not ...}


def run(documents: list[Any], put: Any, stores: Stores = NOWHERE, **given: Any) -> Taken:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in documents]
    clock = Clock()
    budget = Budget.of(clock=clock, sleep=clock.sleep, jitter=lambda: 1.0)
    return run_documents(
        texts, "shop", Settings(**given), put, budget, stores=stores, receipt=Receipt("request-1", 1_763_821_808_250)
    )


def body(*texts: Any) -> bytes:
    return json.dumps({"TraceSegmentDocuments": texts}).encode()


def away(_: list[str]) -> Any:
    raise AWAY


def throttles(_: list[str]) -> Any:
    raise ClientError({"Error": {"Code": "ThrottledException"}}, "PutTraceSegments")


def states(taken: Taken) -> dict[str, int]:
    outcome = taken.outcome
    found = {
        "delivered": outcome.delivered,
        "queued": outcome.queued,
        "parked": outcome.parked.total(),
        "rejected": outcome.rejected.total(),
        "returned": outcome.returned,
    }
    return {state: count for state, count in found.items() if count}


def test_a_document_arrives_as_it_was_sent():
    store, sent = Store(), a_document(subsegments=[{"id": "a" * 16, "name": "x", "start_time": 1}], fault=True)
    assert states(run([sent], store.put)) == {"delivered": 1}
    assert list(store.stored.values()) == [sent]


def test_every_document_of_the_exporter_arrives_as_it_is():
    sent = [one for row in golden().values() for one in row.documents if len(one["id"]) == 16]
    sent = list({one["id"]: one for one in sent}.values())
    store = Store()
    taken = run(sent, store.put, mapping="adot")
    assert states(taken) == {"delivered": len(sent)}
    changed = [one for one in sent if store.stored[one["id"]] != {k: v for k, v in one.items() if v is not None}]
    assert len(changed) == taken.outcome.counts["fitted"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "ParseError"),
        ("[]", "ParseError"),
        ("NaN", "ParseError"),
        (a_document(id=...), "MissingId"),
        (a_document(id=None), "MissingId"),
        (a_document(id="../../etc/passwd"), "InvalidId"),
        (a_document(trace_id=...), "MissingTraceId"),
        (a_document(trace_id="6921c8f04b7a3e5d9c1f2a8b6d4e0f37"), "InvalidTraceId"),
        (a_document(name=...), "MissingName"),
        (a_document(name=7), "InvalidName"),
        (a_document(start_time=...), "MissingStartTime"),
        (a_document(start_time=True), "InvalidStartTime"),
        ('{"a":' * 500 + "1" + "}" * 500, "MissingName"),
        (json.dumps(a_document())[:-1] + ',"x":' + "[" * 500 + "]" * 500 + "}", "ParseError"),
        (a_document(user="x" * MOST_BYTES), "InvalidSegment"),
    ],
)
def test_what_is_no_document_is_rejected_under_x_rays_code_and_the_others_go_on(document, code):
    store = Store()
    taken = run([document, a_document(2)], store.put)
    assert [one.code for one in taken.unprocessed] == [code]
    assert states(taken) == {"delivered": 1, "rejected": 1}
    assert list(store.stored) == [f"{2:016x}"]


@pytest.mark.parametrize(
    ("put", "stores", "expected", "codes"),
    [
        (Store().put, NOWHERE, {"delivered": 2}, []),
        (Store({f"{1:016x}": "InvalidSegment"}).put, NOWHERE, {"delivered": 1, "rejected": 1}, ["InvalidSegment"]),
        (
            Store({f"{1:016x}": "InvalidSegment"}).put,
            Stores(MemoryQueue(), MemoryBucket()),
            {"delivered": 1, "parked": 1},
            ["InvalidSegment"],
        ),
        (away, Stores(MemoryQueue(), MemoryBucket()), {"queued": 2}, []),
        (away, NOWHERE, {"returned": 2}, []),
        (throttles, NOWHERE, {"returned": 2}, []),
    ],
    ids=["taken", "refused", "parked", "queued", "away", "throttled"],
)
def test_each_document_ends_in_one_state(put, stores, expected, codes):
    taken = run([a_document(1), a_document(2)], put, stores)
    assert states(taken) == expected
    assert [one.code for one in taken.unprocessed] == codes
    assert len(taken.returned) == expected.get("returned", 0)
    assert taken.outcome.throttled is (put is throttles)


def test_when_buffered_the_queue_has_them_ready_to_be_sent():
    queue = MemoryQueue()
    taken = run(
        [a_document(1), a_document(2), "{"], lambda _: pytest.fail("not now"), Stores(queue), delivery="buffered"
    )
    assert states(taken) == {"queued": 2, "rejected": 1}
    assert [json.loads(text) for text in queued_documents(queue)] == [a_document(1), a_document(2)]


def test_when_the_buffer_is_away_they_are_delivered_at_once():
    store = Store()
    taken = run([a_document()], store.put, Stores(MemoryQueue(fails=lambda: "lost")), delivery="buffered")
    assert states(taken) == {"delivered": 1}


def test_over_the_quota_nothing_is_tried():
    taken = run_documents([json.dumps(a_document())], "shop", PLAIN, away, Budget.of(), lambda spans: 2.5 * spans)
    assert (states(taken), taken.outcome.throttled, taken.outcome.retry_after_s) == ({"returned": 1}, True, 3)


def test_secrets_go_wherever_they_are():
    secret = "hunter2-secret"
    url = f"https://joe:{secret}@example.com/items?x-amz-signature={secret}"
    document = a_document(
        annotations={"password": secret, "link": url},
        metadata={"default": {"headers": {"authorization": secret}, "list": [url]}},
        http={"request": {"url": url, "method": "GET"}},
        sql={"url": f"postgres://joe:{secret}@db/shop"},
        subsegments=[{"id": "b" * 16, "name": "db", "metadata": {"a": {"x-api-key": secret}}, "start_time": 1}],
    )
    store = Store()
    taken = run([document], store.put)
    assert secret not in store.texts[0]
    assert taken.outcome.counts["redacted"] >= 5
    assert json.loads(store.texts[0])["http"]["request"]["method"] == "GET"


def test_the_tenants_annotation_is_ours_alone_however_deep():
    forged = {"raygate_tenant": "other", "kept": 1}
    document = a_document(annotations=forged, subsegments=[{"id": "b" * 16, "annotations": forged}], aws="odd")
    store = Store()
    run([document], store.put, annotate_tenant=True)
    sent = store.stored[document["id"]]
    assert sent["annotations"] == {"raygate_tenant": "shop", "kept": 1}
    assert sent["subsegments"][0]["annotations"] == {"kept": 1}


@pytest.mark.parametrize("cause", ["c" * 16, {"exceptions": [{"id": "c" * 16, "message": "no"}]}])
def test_a_document_that_is_too_large_is_cut(cause):
    store = Store()
    taken = run([a_document(cause=cause, metadata={"default": {"long": "x" * 90_000}})], store.put)
    assert taken.outcome.counts["fitted"] == 1
    assert len(store.texts[0]) <= 64_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = ("annotations", "metadata", "cause", "aws", "links", "http", "subsegments", "name", "type", "x")


@given(
    st.dictionaries(st.sampled_from(MEMBERS), JSON),
    st.sampled_from([None, "InvalidName", "InvalidAnnotation"]),
    st.booleans(),
)
def test_whatever_a_document_holds_it_ends_in_one_state(members, code, is_large):
    document = a_document(**members, long="x" * 70_000 if is_large else ...)
    store = Store({document["id"]: code} if code else {})
    taken = run([document], store.put, annotate_tenant=True)
    assert sum(states(taken).values()) == taken.outcome.spans == 1
    assert "returned" not in states(taken)


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_body_is_read(coding):
    sent = body("{}", "[]")
    request = Request(gzip.compress(sent) if coding else sent, "json", coding)
    assert texts_of(request, PLAIN) == ["{}", "[]"]


@pytest.mark.parametrize(
    "given", [b"", b"{", b"[]", b"{}", b'{"TraceSegmentDocuments":null}', body(1), body(None), b"\xff", b"[" * 10_000]
)
def test_a_body_that_is_none_is_refused(given):
    with pytest.raises(DecodeError):
        texts_of(Request(given, "json"), PLAIN)


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        (body(*["{}"] * 6), {"max_spans": 5}),
        (body("x" * 500), {"max_wire_bytes": 500}),
        (b"[]" * 200_000, {"max_decompressed_bytes": 1_000_000}),
    ],
)
def test_a_body_has_the_limits_of_any_other(given, limits):
    with pytest.raises(TooLargeError):
        texts_of(Request(given, "json"), Settings(**limits))


def test_nesting_that_orjson_takes_is_no_accident():
    deep = json.loads("[" * (MOST_LEVELS + 100) + "]" * (MOST_LEVELS + 100))
    assert states(run([a_document(metadata={"default": {"deep": deep}})], Store().put)) == {"delivered": 1}
