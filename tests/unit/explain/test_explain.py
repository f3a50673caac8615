"""`explain`: each field with what it comes from and its rule, each attribute with its end; by example, for any span."""

from itertools import chain

import orjson
import pytest
from hypothesis import given, settings

from raygate.decode import decode
from raygate.enrich import enrich
from raygate.errors import DecodeError
from raygate.making import fit_all
from raygate.segment import Options, convert
from raygate.settings import Settings
from raygate.span import CLIENT, CONSUMER, INTERNAL, SERVER, STATUS_ERROR, Attributes, Span, copy_of
from raygate_local.conversion import Body, for_a_file, request_of
from raygate_local.explain import Explained, differences, explain
from raygate_local.explain.fates import UNKNOWN
from raygate_local.explain.model import Fate, Field
from raygate_local.explain.places import read
from tests.builders import a_link, a_resource, a_span, an_event
from tests.corpus import DATA, captured
from tests.strategies import spans

DEFAULTS = Settings()

CONSTANTS = {
    "error",
    "throttle",
    "fault",
    "http.response.content_length",
    "aws.xray.auto_instrumentation",
    "http.request",
    "metadata.raygate.fit",
    "aws.ec2.ami_id",
    "cause.exceptions[0].type",
}
"""Fields that the mapping writes without being told anything, as far as the requests of the corpus go."""


def field(explained: Explained, path: str, document: int = 0) -> Field:
    return next(one for one in explained.documents[document].fields if one.path == path)


def fate(explained: Explained, text: str) -> Fate:
    return next(one for one in explained.fates if str(one.place) == text)


def texts(sources) -> set[str]:
    return {str(source.place) for source in sources}


def corpus_spans() -> list[tuple[str, Span]]:
    found = []
    for capture in captured():
        body = Body((DATA / "corpus" / capture.file).read_bytes())
        try:
            decoded = decode(request_of(body, for_a_file(DEFAULTS)), for_a_file(DEFAULTS)).spans
        except DecodeError:
            continue
        found += [(capture.file, span) for span in decoded[-1:]]
    return found


A_LOT = 300
"""So many things nearly no span says: there is one of 128 events and 128 links."""

CORPUS = [pytest.param(file, span, id=file) for file, span in corpus_spans()]
"""Of each real request the last span."""

HTTP: Attributes = {
    "http.request.method": "GET",
    "url.full": "https://shop.example.com/basket",
    "http.response.status_code": 503,
}
SQL: Attributes = {
    "db.system.name": "postgresql",
    "db.namespace": "stock",
    "db.query.text": "SELECT 1",
    "server.address": "db.local",
}


SERVED = a_span(HTTP, kind=SERVER, resource=a_resource(service__name="shop"))
CHILD = a_span({}, parent_span_id="c1b2c3d4e5f60718")
QUERY = a_span(SQL, kind=CLIENT)
TEAM = a_span({}, resource=a_resource(team="blue"))


@pytest.mark.parametrize(
    ("span", "path", "shown", "decided_by", "rows"),
    [
        (a_span(HTTP, kind=SERVER), "http.request.method", {"http.request.method"}, set(), []),
        (a_span(HTTP, kind=SERVER), "http.request.url", {"url.full"}, set(), []),
        (a_span(HTTP, kind=SERVER), "fault", set(), {"http.response.status_code"}, []),
        (a_span(HTTP, kind=SERVER), "http.response.status", {"http.response.status_code"}, set(), []),
        (
            a_span(HTTP, kind=CLIENT, parent_span_id="c1b2c3d4e5f60718"),
            "name",
            {"url.full"},
            set(),
            ["peer-url"],
        ),
        (SERVED, "name", {"resource service.name"}, {"the span's kind"}, []),
        (a_span({}, name="tidy"), "name", {"the span's name"}, set(), []),
        (CHILD, "type", set(), {"the span's parent's id", "the span's kind"}, []),
        (QUERY, "sql.sanitized_query", {"db.query.text"}, {"db.system.name"}, ["db-query-text", "db-system-name"]),
        (a_span({"rpc.system": "aws-api"}, kind=CLIENT), "namespace", set(), {"rpc.system"}, []),
        (a_span({}, status_code=STATUS_ERROR), "fault", set(), {"the span's status"}, []),
        (
            a_span({}, events=[an_event("exception", {"exception.type": "ValueError", "exception.message": "not so"})]),
            "cause.exceptions[0].message",
            {"event 1 exception.message"},
            {"event 1 name"},
            [],
        ),
        (a_span({}, links=[a_link({"why": "retry"})]), "links[0].attributes.why", {"link 1 why"}, set(), []),
        (a_span({"enduser.id": "ada"}), "user", {"enduser.id"}, set(), []),
        (a_span({}), "start_time", {"the span's start time"}, set(), []),
        (a_span({}), "trace_id", {"the span's trace id"}, set(), []),
        (a_span({"aws.dynamodb.table_names": ["orders"]}), "aws.table_name", {"aws.dynamodb.table_names"}, set(), []),
        (a_span({"aws.xray.metadata.shop": '{"a":"b"}'}), "metadata.shop.a", {"aws.xray.metadata.shop"}, set(), []),
        (
            a_span({"error.type": "Timeout"}, status_code=STATUS_ERROR),
            "cause.exceptions[0].type",
            {"error.type"},
            {"the span's status"},
            ["exception-error-type"],
        ),
    ],
)  # fmt: skip
def test_a_field_names_what_it_comes_from(span, path, shown, decided_by, rows):
    found = field(explain(span, DEFAULTS), path)
    assert texts(found.shown) == shown
    assert texts(found.decided_by) == decided_by
    assert found.rows == rows


@pytest.mark.parametrize(
    ("path", "file", "section"),
    [
        ("http.request.method", "segment/http.py", "13"),
        ("fault", "segment/cause.py", "10"),
        ("name", "segment/naming.py", "8"),
        ("trace_id", "segment/ids.py", "6"),
        ("start_time", "segment/timing.py", "7"),
        ("user", "segment/leftovers.py", "18"),
        ('metadata.default["http.route"]', "segment/metadata.py", "20.6"),
        ("annotations.tier", "segment/annotations.py", "20.3"),
    ],
)
def test_a_field_names_its_rule(path, file, section):
    attributes = HTTP | {"http.route": "/basket", "tier": "gold", "enduser.id": "ada"}
    rule = field(explain(a_span(attributes, kind=SERVER), Settings(indexed_attributes=("tier",))), path).rule
    assert rule.file == file
    assert section in rule.source


@pytest.mark.parametrize(
    ("span", "attribute", "ends", "searchable", "setting"),
    [
        (a_span({"http.route": "/a"}), "http.route", ['metadata.default["http.route"]'], False, "http.route"),
        (a_span(HTTP, kind=SERVER), "url.full", ["http.request.url"], True, ""),
        (TEAM, "resource team", ['metadata.default["otel.resource.team"]'], False, "otel.resource.team"),
        (a_span({"tags": ["a"]}), "tags", ["metadata.default.tags"], False, ""),
    ],
)  # fmt: skip
def test_an_attribute_names_its_end_and_how_it_is_found(span, attribute, ends, searchable, setting):
    found = fate(explain(span, DEFAULTS), attribute)
    assert [end.path for end in found.ends] == ends
    assert found.is_searchable == searchable
    assert found.setting == (f"RAYGATE_INDEXED_ATTRIBUTES={setting}" if setting else "")


@pytest.mark.parametrize(
    ("span", "attribute", "why"),
    [
        (a_span({"nothing": None}), "nothing", "it has no value"),
        (
            a_span({}, parent_span_id="c1b2c3d4e5f60718", kind=INTERNAL, resource=a_resource(team="blue")),
            "resource team",
            "a subsegment does not store the attributes of its resource",
        ),
        (a_span({"net.host.name": "a"}), "net.host.name", "`http` accounts for it"),
        (a_span({}, events=[an_event("log", {"line": "x"})]), "event 1 line", "of events only exceptions"),
    ],
)
def test_an_attribute_that_ends_nowhere_says_why(span, attribute, why):
    found = fate(explain(span, DEFAULTS), attribute)
    assert not found.ends
    assert found.why.startswith(why)


def test_an_indexed_attribute_is_searchable():
    found = fate(explain(a_span({"tier": "gold"}), Settings(indexed_attributes=("tier",))), "tier")
    assert [end.search for end in found.ends] == ["annotation[tier]"]
    assert not found.setting


@pytest.mark.parametrize(("file", "span"), CORPUS[::5])
def test_the_setting_that_is_named_makes_the_attribute_searchable(file, span):
    for one in explain(span, DEFAULTS).fates:
        if one.setting:
            keys = tuple(one.setting.partition("=")[2].split(","))
            again = explain(span, Settings(indexed_attributes=keys))
            assert next(other for other in again.fates if other.place == one.place).is_searchable, (
                file,
                str(one.place),
            )
            break


@pytest.mark.parametrize(("file", "span"), CORPUS)
def test_of_every_real_request_each_field_and_each_attribute_is_accounted_for(file, span):
    explained = explain(span, DEFAULTS)
    for one in chain.from_iterable(document.fields for document in explained.documents):
        assert one.shown or one.decided_by or one.path in CONSTANTS or explained.unexamined, (file, one.path)
    for end in explained.fates:
        assert end.ends or end.why, (file, str(end.place))
        assert end.why != UNKNOWN, (file, str(end.place))
    assert not explained.unexamined or len(read(span)) > A_LOT, file


@pytest.mark.parametrize(("file", "span"), CORPUS)
def test_of_every_real_request_each_difference_from_the_exporter_has_its_row(file, span):
    theirs, ours = (
        convert(enrich([copy_of(span)], one).spans, Options.of(one)).documents
        for one in (Settings(mapping="adot"), DEFAULTS)
    )
    found = list(differences(span, DEFAULTS))
    assert bool(found) == (orjson.dumps(theirs) != orjson.dumps(ours)), file
    assert all(one.rows for one in found), (file, found)


@given(spans())
@settings(max_examples=15)
def test_any_span_is_explained_by_the_documents_that_would_be_sent(span):
    explained = explain(span, DEFAULTS)
    fitted, _, misfits = fit_all(convert(enrich([copy_of(span)], DEFAULTS).spans, Options.of(DEFAULTS)), DEFAULTS)
    assert [one.document for one in explained.documents] == [one.document for one in fitted]
    assert bool(explained.rejected) == bool(misfits)
    told = {one.place for one in explained.fates}
    assert told == {place for place in read(span) if place.kind.endswith("attribute") or place.kind == "resource"}
    assert orjson.loads(orjson.dumps(explained.as_json()))["span_id"] == span.span_id


@given(spans())
@settings(max_examples=15)
def test_explaining_changes_nothing(span):
    before = repr(span)
    explain(span, DEFAULTS)
    list(differences(span, DEFAULTS))
    assert repr(span) == before


def test_what_was_changed_for_x_ray_is_told():
    explained = explain(a_span({"peer.service": "a" * 300}, kind=CLIENT), DEFAULTS)
    assert field(explained, "name").is_fitted
    assert explained.documents[0].changes == ("name: 300 characters became 200",)
    assert field(explained, "metadata.raygate.fit").rule.file == "segment/fit.py"


def test_a_redacted_value_names_the_redaction():
    explained = explain(a_span({"http.request.header.cookie": "s=1"}), DEFAULTS)
    found = field(explained, 'metadata.default["http.request.header.cookie"]')
    assert (found.value, found.rows) == ("[redacted]", ["redaction"])
    assert [row.id for row in explained.rows] == ["redaction"]


def test_a_split_span_has_two_documents_and_each_is_explained():
    explained = explain(a_span({"aws.span.kind": "LOCAL_ROOT", "aws.local.service": "shop"}, kind=CONSUMER), DEFAULTS)
    assert [len(one.fields) > 0 for one in explained.documents] == [True, True]
    assert texts(field(explained, "name", 1).shown) == {"aws.local.service"}


def test_a_span_of_more_than_can_be_tried_says_so():
    explained = explain(
        a_span({}, links=[a_link({str(number): "x" for number in range(600)}) for _ in range(3)]), DEFAULTS
    )
    assert explained.unexamined > 0
    assert explained.fates[-1].why == "there were too many to look at this one"
