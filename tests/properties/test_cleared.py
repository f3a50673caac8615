"""A span in which the reader found nothing secret is not looked at again: that must give what a look at it gives."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from raygate.decode import decode
from raygate.enrich import conventions, enrich
from raygate.enrich.rows.events import WRITTEN
from raygate.redact import REDACTED
from raygate.request import Request
from raygate.settings import Settings
from raygate.span import CLIENT, SERVER, STATUS_ERROR, Span
from tests.unit.decode.messages import stock_request, stock_span

SETTINGS = (
    Settings(),
    Settings(redact_keys=("net.peer.name", "exception.message", "card")),
    Settings(mapping="adot", redact_keys=("card",)),
)
KEYS = sorted(
    {key for row in conventions.ROWS for key in (*row.reads, *row.needs)}
    | WRITTEN
    | {"card", "password", "http.request.header.cookie"}
)
TEXTS = st.sampled_from([
    "", "x", "200", "h2", "mysql", "aws-api", "_OTHER", "host:80", "/a/b", "a=b", "a@b", "token=?", "x=%s&y=1",
    "http://host:1/x", "http://user:pw@host:1/x", "password=hunter2", "/login?access_token=abc", "jdbc:x;pwd=y;z=1",
    "user:pw@tcp(db:3306)/shop", "at f (file:///a.mjs:1:2)", "é=ü@",
])  # fmt: skip
SCALARS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    TEXTS.map(lambda text: {"string_value": text}),
    st.integers(0, 999).map(lambda number: {"int_value": number}),
    st.booleans().map(lambda truth: {"bool_value": truth}),
    st.just({"bytes_value": b"password=x"}),
    st.just({}),
)
VALUES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2).map(lambda values: {"array_value": {"values": values}}),
    st.tuples(st.sampled_from(KEYS), SCALARS).map(
        lambda pair: {"kvlist_value": {"values": [{"key": pair[0], "value": pair[1]}]}}
    ),
)
ATTRIBUTES = st.lists(st.fixed_dictionaries({"key": st.sampled_from(KEYS), "value": VALUES}), max_size=6)
EVENTS = st.fixed_dictionaries({"name": st.sampled_from(["exception", "log"]) | TEXTS, "attributes": ATTRIBUTES})
SPANS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "kind": st.integers(0, 5),
        "attributes": ATTRIBUTES,
        "events": st.lists(EVENTS, max_size=2),
        "links": st.lists(st.fixed_dictionaries({"attributes": ATTRIBUTES}), max_size=1),
        "status": st.fixed_dictionaries({"code": st.integers(0, 2), "message": TEXTS}),
    }
)


def linked(fields: dict[str, Any]) -> dict[str, Any]:
    """With identifiers for its links."""
    ids = {"trace_id": b"t" * 16, "span_id": b"s" * 8}
    return fields | {"links": [link | ids for link in fields["links"]]}


@given(st.lists(SPANS.map(linked), min_size=1, max_size=3), st.sampled_from(SETTINGS))
def test_what_the_reader_cleared_needs_no_second_look(sent, settings):
    body = stock_request(*(stock_span(**fields) for fields in sent))
    for _ in range(2):  # the second time from memory
        spans = decode(Request(body, "protobuf"), settings).spans
        doubted = [replace(span, cleared_by=None) for span in spans]
        once, again = enrich(spans, settings), enrich(doubted, settings)
        assert once.redacted == again.redacted
        assert [repr(replace(span, cleared_by=None, keys=None)) for span in once.spans] == [
            repr(replace(span, cleared_by=None, keys=None)) for span in again.spans
        ]


def enriched(settings: Settings, kind: int, **attributes: str) -> Span:
    """A failed span with these attributes, `__` for a dot, as it is read and enriched."""
    pairs = [{"key": key.replace("__", "."), "value": {"string_value": text}} for key, text in attributes.items()]
    sent = stock_span(kind=kind, attributes=pairs, status={"code": STATUS_ERROR})
    spans = decode(Request(stock_request(sent), "protobuf"), settings).spans
    assert spans[0].cleared_by is not None
    return enrich(spans, settings).spans[0]


def test_two_harmless_texts_that_are_a_secret_together_are_looked_at():
    span = enriched(Settings(), SERVER, http__request__method="GET", url__path="a://user:pw", url__query="@h")
    assert span.attributes["http.url"] == "a://user:redacted@h"


def test_what_a_row_writes_under_a_key_that_is_named_as_secret_is_replaced():
    settings = Settings(redact_keys=("net.peer.name", "exception.message"))
    span = enriched(settings, CLIENT, server__address="shop.example.com", error__message="no such order")
    assert span.attributes["net.peer.name"] == REDACTED
    assert span.events[0].attributes["exception.message"] == REDACTED


def test_what_holds_nothing_secret_is_cleared_and_what_does_is_not():
    harmless = stock_span(name="a", attributes=[{"key": "k", "value": {"string_value": "a=b"}}])
    secret = stock_span(name="b", attributes=[{"key": "password", "value": {"string_value": "x"}}])
    in_name = stock_span(name="GET http://u:p@h/")
    in_event = stock_span(name="c", events=[{"name": "token=abc&api_key=x"}])
    for _ in range(2):
        spans = decode(
            Request(stock_request(harmless, secret, in_name, in_event, harmless), "protobuf"), SETTINGS[0]
        ).spans
        assert [span.cleared_by is not None for span in spans] == [True, False, False, False, True]
