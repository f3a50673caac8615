"""The step as a whole: what the settings switch, what is shared, and real requests through both mappings."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from raygate.decode import decode
from raygate.enrich import conventions, enrich, explain, resource
from raygate.errors import DecodeError
from raygate.request import Encoding, Request
from raygate.segment import Options, convert
from raygate.settings import Settings
from raygate.span import CLIENT, Resource, Span, copy_of
from raygate_local import mapping_page
from tests import corpus
from tests.builders import a_resource, a_span

EXTENDED = Settings()
ADOT = Settings(mapping="adot")
SECRET = {"db.system.name": "postgresql", "password": "hunter2", "card": "4242"}


def test_by_default_names_are_restated_and_secrets_replaced():
    enriched = enrich([a_span(SECRET)], EXTENDED)
    assert enriched.spans[0].attributes == {
        "db.system.name": "postgresql",
        "password": "[redacted]",
        "card": "4242",
        "db.system": "postgresql",
    }
    assert enriched.redacted == 1


def test_with_the_mapping_adot_nothing_is_touched():
    span = a_span(SECRET, resource=a_resource(telemetry__sdk__language="nodejs", password="x"))
    enriched = enrich([span], ADOT)
    assert enriched.spans == [span]
    assert enriched.spans[0] is span
    assert enriched.redacted == 0
    assert explain(span, ADOT) == []


def test_with_the_mapping_adot_and_keys_named_only_redaction_is_left():
    span = a_span(SECRET, resource=a_resource(telemetry__sdk__language="nodejs", password="x"))
    settings = Settings(mapping="adot", redact_keys=("card",))
    enriched = enrich([span], settings)
    assert enriched.spans[0].attributes == {
        "db.system.name": "postgresql",
        "password": "[redacted]",
        "card": "[redacted]",
    }
    assert enriched.spans[0].resource.attributes == {"telemetry.sdk.language": "nodejs", "password": "[redacted]"}
    assert enriched.redacted == 3
    assert explain(span, settings) == ["redaction"]


def test_what_a_row_writes_is_redacted_too():
    span = a_span({"db.system.name": "mysql", "db.query.text": "SET PASSWORD = 'hunter2'"}, kind=CLIENT)
    assert "hunter2" not in str(enrich([span], EXTENDED).spans[0])


def test_spans_that_share_a_resource_share_it_afterwards_and_it_is_enriched_once():
    shared = a_resource(telemetry__sdk__language="nodejs", password="x")
    other = a_resource(telemetry__sdk__language="nodejs", password="x")
    spans = [a_span(resource=shared), a_span(resource=other), a_span({"user.id": "u"}, kind=2, resource=shared)]
    enriched = enrich(spans, EXTENDED)
    first, second, third = (span.resource for span in enriched.spans)
    assert first is third
    assert first is not second
    assert enriched.redacted == 2
    assert shared.attributes["password"] == "x"


def test_a_span_and_a_resource_that_need_nothing_stay_the_same_objects():
    span = a_span({"a": "b"}, resource=Resource({"service.name": "shop"}))
    (enriched,) = enrich([span], EXTENDED).spans
    assert enriched is span


@cache
def sent() -> tuple[Span, ...]:
    """Every span of the captured requests."""
    return tuple(span for captured in corpus.captured() for span in _spans(captured))


def _spans(captured: corpus.Captured) -> Iterator[Span]:
    encoding: Encoding = (
        "json" if "json" in captured.header("content-type") or "json" in captured.header("content-type") else "protobuf"
    )
    if captured.method != "POST" or not captured.path.split("?")[0].endswith("/v1/traces"):
        return
    try:
        request = Request(captured.body, encoding, captured.header("content-encoding"))
        yield from decode(request, EXTENDED).spans
    except DecodeError:
        return


def documents(span: Span, settings: Settings) -> list[Any]:
    made = convert(enrich([copy_of(span)], settings).spans, Options.of(settings)).documents
    return [_without_generated_ids(document) for document in made]


def _without_generated_ids(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _without_generated_ids(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_generated_ids(part, key) for part in value]
    # NaN is not equal to itself, and ids of exceptions and service segments are made anew each time.
    return "" if key in ("id", "parent_id", "cause") else repr(value)


def test_every_difference_between_the_mappings_of_real_requests_is_due_to_a_row():
    assert len(sent()) > 2000
    unexplained = [
        span for span in sent() if not explain(span, EXTENDED) and documents(span, EXTENDED) != documents(span, ADOT)
    ]
    assert unexplained == []


def test_no_name_of_a_real_service_is_changed():
    def segment_names(settings: Settings) -> list[Any]:
        servers = [copy_of(span) for span in sent() if span.kind == 2]
        made = convert(enrich(servers, settings).spans, Options.of(settings))
        return [document["name"] for document in made.documents if "type" not in document]

    assert segment_names(EXTENDED) == segment_names(ADOT)


def test_no_access_key_of_a_real_request_is_left():
    keys = ("aws.auth.account.access_key", "aws.remote.resource.account.access_key")
    given = [span for span in sent() if any(key in span.attributes for key in keys)]
    assert given
    clean = enrich([copy_of(span) for span in given], EXTENDED)
    assert {span.attributes[key] for span in clean.spans for key in keys if key in span.attributes} == {"[redacted]"}
    assert clean.redacted == sum(key in span.attributes for span in given for key in keys)


FROM_REAL_REQUESTS = [
    ("otel-go-gzip-process", "DynamoDB.PutItem", {"name": "DynamoDB", "namespace": "aws"}),
    ("otel-go", "SQS.SendMessage", {"name": "SQS", "namespace": "aws"}),
    ("otel-go", "HTTP GET", {"name": "127.0.0.1", "namespace": "remote"}),
    ("otel-js-json", "pg.query:INSERT shop", {"name": "shop", "namespace": "remote"}),
    ("deno-json", "GET", {"name": "127.0.0.1", "namespace": "remote"}),
]


@pytest.mark.parametrize(("client", "name", "expected"), FROM_REAL_REQUESTS)
def test_real_calls_are_named_by_what_they_call(client: str, name: str, expected: dict[str, Any]):
    given = [
        span
        for captured in corpus.captured()
        if captured.file.startswith(f"{client}/")
        for span in _spans(captured)
        if span.name == name and span.kind == CLIENT
    ]
    assert given
    for document in convert(enrich(given, EXTENDED).spans, Options.of(EXTENDED)).documents:
        assert {key: document.get(key) for key in expected} == expected


def test_the_page_of_the_mapping_is_what_the_tables_say():
    page = (corpus.DATA.parent.parent / "docs" / "mapping.md").read_text(encoding="utf-8")
    assert page == mapping_page.page(), "write it with `python -m raygate_local.mapping_page docs/mapping.md`"


def test_the_page_of_the_mapping_tells_of_every_row():
    rows = [row.id for row in (*conventions.ROWS, *resource.ROWS)]
    assert [row.id for _, rows_of_section in mapping_page.SECTIONS for row in rows_of_section] == rows


def test_the_page_of_the_mapping_is_written_where_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["mapping_page", str(tmp_path / "page.md")])
    mapping_page.main()
    monkeypatch.setattr("sys.argv", ["mapping_page"])
    mapping_page.main()
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == capsys.readouterr().out == mapping_page.page()
