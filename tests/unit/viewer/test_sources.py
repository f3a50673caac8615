"""What was sent, kept without its secrets and within a bound; and what X-Ray refused."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from raygate.decode import decode
from raygate.enrich import enrich
from raygate.errors import DecodeError
from raygate.http_api.content import encoding_of
from raygate.request import Request
from raygate.segment import Options, convert, ids
from raygate.settings import Settings
from raygate_local.viewer import otlp
from raygate_local.viewer.sources import FILE, Sources, hexadecimal
from tests.builders import END_NS, SPAN_ID, START_NS, TRACE_ID, a_link, a_resource, a_span, an_event
from tests.corpus import captured

SETTINGS = Settings(max_wire_bytes=1 << 30)
XRAY_ID = f"1-{TRACE_ID[:8]}-{TRACE_ID[8:]}"


@pytest.fixture
def sources() -> Iterator[Sources]:
    one = Sources.open()
    yield one
    one.close()


def sent(*spans: Any) -> Request:
    return Request(json.dumps(otlp.request_of(spans)).encode(), "json")


def keep(sources: Sources, *requests: Request) -> None:
    for number, request in enumerate(requests):
        sources.record(request, f"request-{number}")
    sources.flush()


@pytest.mark.parametrize("trace_id", [TRACE_ID, XRAY_ID, TRACE_ID.upper()])
def test_a_span_is_found_by_either_form_of_its_trace(sources, trace_id):
    keep(sources, sent(a_span(name="found"), a_span(span_id="00000000000000ff", name="other")))
    span = sources.span(trace_id, SPAN_ID)
    assert span
    assert (span.name, span.start_ns, span.end_ns) == ("found", START_NS, END_NS)
    assert sources.span(trace_id, "0000000000000001") is None


def test_values_links_events_and_repeated_keys_come_back_as_they_were(sources):
    attributes: dict[str, Any] = {
        "text": "ü", "flag": True, "count": 2**62, "share": 0.5, "odd": float("inf"), "raw": b"\x00\xff",
        "list": [1, "two", [3.0]], "map": {"a": {"b": None}}, "none": None, "empty": "",
    }  # fmt: skip
    given = a_span(
        attributes=attributes,
        first=attributes | {"text": "first"},
        resource=a_resource(service__name="shop"),
        events=[an_event("happened", {"key": 1})],
        links=[a_link({"why": "retry"})],
        trace_state="a=b",
        status_code=2,
        status_message="no",
        dropped_attributes_count=3,
    )
    keep(sources, sent(given))
    span = sources.span(TRACE_ID, SPAN_ID)
    assert span
    for name in ("attributes", "first", "events", "trace_state", "status_code", "status_message"):
        assert getattr(span, name) == getattr(given, name), name
    assert span.dropped_attributes_count == 3
    assert [(link.trace_id, link.attributes) for link in span.links] == [(TRACE_ID, {"why": "retry"})]
    assert span.resource.attributes == {"service.name": "shop"}


def test_spans_of_every_client_still_give_their_documents(sources):
    compared = 0
    for one in captured():
        encoding = encoding_of(one.header("content-type"))
        if "/v1/traces" not in one.path or not encoding:
            continue
        request = Request(one.body, encoding, one.header("content-encoding"))
        try:
            spans = decode(request, SETTINGS).spans
        except DecodeError:
            continue
        keep(sources, request)
        for span in spans[:: max(1, len(spans) // 3)]:
            kept = sources.span(span.trace_id, span.span_id)
            assert kept
            assert documents_of(kept) == documents_of(span), one.file
            compared += 1
    assert compared > 200


def documents_of(span: Any) -> str:
    """As text: NaN is not equal to itself."""
    return json.dumps(convert(enrich([span], SETTINGS).spans, Options.of(SETTINGS)).documents, sort_keys=True)


def test_both_documents_of_a_split_span_lead_to_it(sources):
    keep(sources, sent(a_span({"aws.span.kind": "LOCAL_ROOT"}, kind=3)))
    assert sources.span(TRACE_ID, ids.derived(TRACE_ID, SPAN_ID, "service segment")) is not None


def test_secrets_are_not_in_the_file(tmp_path):
    sources = Sources.open(tmp_path, Settings(redact_keys=("card",)))
    secret = {"db.password": "hunter2-aaaa", "card": "4111111111111111", "safe": "kept in the file"}
    resource = a_resource(password="hunter2-bbbb")
    keep(sources, sent(a_span(secret, resource=resource)))
    span = sources.span(TRACE_ID, SPAN_ID)
    sources.close()
    assert span
    assert span.attributes == {"db.password": "[redacted]", "card": "[redacted]", "safe": "kept in the file"}
    assert span.resource.attributes == {"password": "[redacted]"}


def test_what_was_kept_is_there_after_a_restart_and_gone_with_another_version(tmp_path):
    sources = Sources.open(tmp_path)
    keep(sources, sent(a_span()))
    sources.close()
    again = Sources.open(tmp_path)
    assert again.span(TRACE_ID, SPAN_ID) is not None
    again.close()
    file = sqlite3.connect(tmp_path / FILE)
    file.execute("PRAGMA user_version = 99")
    file.close()
    newer = Sources.open(tmp_path)
    assert newer.span(TRACE_ID, SPAN_ID) is None
    newer.close()


def test_the_oldest_make_room():
    sources = Sources.open(most_bytes=3_000)
    keep(sources, *(sent(a_span({"key": an_odd_text(number)}, span_id=f"{number:016x}")) for number in range(1, 21)))
    found = [number for number in range(1, 21) if sources.span(TRACE_ID, f"{number:016x}")]
    sources.close()
    assert found
    assert found == list(range(found[0], 21))
    assert found[0] > 1


def an_odd_text(number: int) -> str:
    """Nothing that compresses well."""
    return "".join(chr(33 + (number * 7919 + at * at * 104_729) % 90) for at in range(300))


def test_the_last_request_with_a_span_counts(sources):
    keep(sources, sent(a_span(name="before")), sent(a_span(name="after")))
    span = sources.span(TRACE_ID, SPAN_ID)
    assert span
    assert span.name == "after"
    assert [one.name for one in sources.spans(XRAY_ID)] == ["after"]


def test_a_rejected_span_is_kept_with_its_reason(sources):
    keep(sources, sent(a_span(span_id="12", name="short"), a_span(name="good")))
    (outcome,) = sources.outcomes(XRAY_ID)
    assert (outcome.state, outcome.id, outcome.name) == ("rejected", "12", "short")
    assert outcome.reason == "spanId is not 16 hexadecimal digits"
    assert sources.span(TRACE_ID, SPAN_ID) is not None


def test_what_x_ray_refuses_is_kept_with_its_code(sources):
    text = json.dumps({"trace_id": XRAY_ID, "id": SPAN_ID, "name": "shop"})
    answer = {"UnprocessedTraceSegments": [{"Id": SPAN_ID, "ErrorCode": "InvalidName", "Message": "bad"}, {}]}
    assert sources.through(lambda _: answer)([text]) == answer
    sources.flush()
    (outcome,) = sources.outcomes(TRACE_ID)
    assert (outcome.state, outcome.code, outcome.reason) == ("refused", "InvalidName", "bad")


def test_a_request_that_cannot_be_read_leaves_nothing_and_stops_nothing(sources):
    keep(sources, Request(b"\xff\xff", "protobuf"), sent(a_span()))
    assert sources.span(TRACE_ID, SPAN_ID) is not None


def test_clearing_forgets_everything(sources):
    keep(sources, sent(a_span(), a_span(span_id="1")))
    sources.clear()
    assert sources.span(TRACE_ID, SPAN_ID) is None
    assert sources.outcomes(TRACE_ID) == []


def test_an_identifier_of_neither_form_is_compared_as_it_is():
    assert hexadecimal("ABC") == "abc"
