"""What the local X-Ray takes and refuses."""

import json
import re

import pytest

from raygate_local.xray.rules import MAX_BYTES, RefusedError, read
from raygate_local.xray.store import Store
from tests.corpus import golden
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, an_id

TAKEN = {
    "a segment": a_document(),
    "one in progress": a_document(end_time=None, in_progress=True),
    "a subsegment by itself": a_subsegment(2, 1),
    "subsegments within": a_document(
        subsegments=[{"id": an_id(2), "name": "inner", "start_time": START_S, "in_progress": True}]
    ),
    "letters of any script": a_document(name="магазин 店 ١٢ _.:/%&#=+\\-@\u00a0"),
    "200 letters of two bytes": a_document(name="é" * 200),
    "50 annotations": a_document(annotations={f"k.{number}": number for number in range(50)}),
    "annotations of each type": a_document(annotations={"a": "x" * 1000, "b": 1, "c": 0.5, "d": False, "k" * 500: ""}),
    "nulls": a_document() | {"parent_id": None, "http": {"request": None, "response": {"status": None}}},
    "the cause of another": a_document(cause=an_id(9)),
    "a cause": a_document(cause={"exceptions": [{"id": an_id(7), "cause": an_id(8)}]}),
    "a link to no span": a_document(links=[{"trace_id": TRACE_ID, "id": ""}]),
    "long strings elsewhere": a_document(http={"request": {"url": "https://shop.test/" + "x" * 5000}}),
}

REFUSED = {
    "no id": (a_document(id=None), "MissingId"),
    "a short id": (a_document(id="1234"), "InvalidId"),
    "an id of other letters": (a_document(id="x" * 16), "InvalidId"),
    "an id with a line's end": (a_document(id=an_id(1) + "\n"), "InvalidId"),
    "no trace": (a_document(trace_id=None), "MissingTraceId"),
    "a W3C trace id": (a_document(trace_id="5f84c7a1e7d1852db8c4fd35d88bf49a"), "InvalidTraceId"),
    "no name": (a_document(name=None), "MissingName"),
    "an empty name": (a_document(name=""), "InvalidName"),
    "a long name": (a_document(name="x" * 201), "InvalidName"),
    "a name with a bracket": (a_document(name="f(x)"), "InvalidName"),
    "a name with a tab": (a_document(name="a\tb"), "InvalidName"),
    "a name that is a number": (a_document(name=5), "InvalidName"),
    "no start": (a_document(start_time=None), "MissingStartTime"),
    "a start as text": (a_document(start_time="1700000000"), "InvalidStartTime"),
    "a start that is a boolean": (a_document(start_time=True), "InvalidStartTime"),
    "a start in nanoseconds": (a_document(start_time=1.7e18), "InvalidStartTime"),
    "a negative end": (a_document(end_time=-1), "InvalidEndTime"),
    "no end": (a_document(end_time=None), "MissingEndTime"),
    "neither ended nor going on": (a_document(end_time=None, in_progress=False), "MissingEndTime"),
    "progress as text": (a_document(in_progress="true"), "InvalidInProgress"),
    "a subsegment without parent": (a_document(type="subsegment"), "MissingParentId"),
    "a bad parent": (a_document(parent_id="1"), "InvalidParentId"),
    "another type": (a_document(type="span", parent_id=an_id(2)), "InvalidType"),
    "another namespace": (a_document(namespace="far"), "InvalidNamespace"),
    "a namespace that is a list": (a_document(namespace=["aws"]), "InvalidNamespace"),
    "a fault as number": (a_document(fault=1), "InvalidFault"),
    "an error as text": (a_document(error="true"), "InvalidError"),
    "a throttle as list": (a_document(throttle=[]), "InvalidThrottle"),
    "annotations as list": (a_document(annotations=["a"]), "InvalidAnnotations"),
    "51 annotations": (a_document(annotations={f"k{number}": 1 for number in range(51)}), "InvalidAnnotations"),
    "an annotation's key with a dash": (a_document(annotations={"a-b": 1}), "InvalidAnnotations"),
    "an annotation without key": (a_document(annotations={"": 1}), "InvalidAnnotations"),
    "an annotation's long key": (a_document(annotations={"k" * 501: 1}), "InvalidAnnotations"),
    "an annotation's long value": (a_document(annotations={"k": "x" * 1001}), "InvalidAnnotations"),
    "an annotation that is null": (a_document(annotations={"k": None}), "InvalidAnnotations"),
    "an annotation that is a list": (a_document(annotations={"k": []}), "InvalidAnnotations"),
    "metadata as text": (a_document(metadata="x"), "InvalidMetadata"),
    "metadata of AWS": (a_document(metadata={"AWS.x": {}}), "InvalidMetadata"),
    "a cause that is a word": (a_document(cause="timeout"), "InvalidCause"),
    "a cause as list": (a_document(cause=[]), "InvalidCause"),
    "exceptions as object": (a_document(cause={"exceptions": {}}), "InvalidCause"),
    "an exception without id": (a_document(cause={"exceptions": [{"message": "m"}]}), "InvalidCause"),
    "an exception's bad cause": (a_document(cause={"exceptions": [{"id": an_id(1), "cause": "?"}]}), "InvalidCause"),
    "http as text": (a_document(http="GET"), "InvalidHttp"),
    "a request as text": (a_document(http={"request": "GET"}), "InvalidHttp"),
    "a status as text": (a_document(http={"response": {"status": "200"}}), "InvalidHttp"),
    "a status that is a fraction": (a_document(http={"response": {"status": 200.5}}), "InvalidHttp"),
    "links as object": (a_document(links={}), "InvalidLinks"),
    "a link without trace": (a_document(links=[{"id": an_id(1)}]), "InvalidLinks"),
    "a link's bad id": (a_document(links=[{"trace_id": TRACE_ID, "id": "1"}]), "InvalidLinks"),
    "aws as text": (a_document(aws="ec2"), "InvalidAws"),
    "a service as text": (a_document(service="1.0"), "InvalidService"),
    "sql as text": (a_document(sql="SELECT 1"), "InvalidSql"),
    "a user as number": (a_document(user=7), "InvalidUser"),
    "an origin as list": (a_document(origin=[]), "InvalidOrigin"),
    "subsegments as object": (a_document(subsegments={}), "InvalidSubsegments"),
    "a subsegment within without id": (a_document(subsegments=[{"name": "x", "start_time": 1}]), "MissingId"),
    "a document over 64 KB": (a_document(metadata={"default": "x" * MAX_BYTES}), "InvalidSegment"),
    "a list": ([], "MissingId"),
    "a text": ("segment", "MissingId"),
}

NO_JSON = ["", "{", "{'id': 1}", '{"id": NaN}', '{"id": 1e999}', '{"name": "\\ud800"}', "[" * 10_000]


@pytest.mark.parametrize("document", TAKEN.values(), ids=TAKEN)
def test_what_follows_the_rules_is_taken(document):
    assert read(json.dumps(document)) == document


@pytest.mark.parametrize(("document", "code"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_code(document, code):
    with pytest.raises(RefusedError) as refused:
        read(json.dumps(document))
    assert refused.value.code == code


@pytest.mark.parametrize("text", NO_JSON)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(RefusedError) as refused:
        read(text)
    assert refused.value.code == "ParseError"


def test_a_document_may_have_64_kb_of_utf_8():
    room = MAX_BYTES - len(json.dumps(a_document(metadata={"default": ""})).encode())
    assert read(json.dumps(a_document(metadata={"default": "x" * room})))
    larger = json.dumps(a_document(metadata={"default": "é" * (room - 10)}), ensure_ascii=False)
    with pytest.raises(RefusedError):
        read(larger)


def test_the_entry_of_a_refused_document_names_it_and_says_why():
    bad = [a_subsegment(2, 1, name="a?"), a_document(id=None)]
    assert Store.open().put([json.dumps(one) for one in bad])["UnprocessedTraceSegments"] == [
        {
            "Id": an_id(2),
            "ErrorCode": "InvalidName",
            "Message": "Invalid subsegment. ErrorCode: InvalidName, Cause: name must be 1 to 200 letters, numbers, "
            "white space and _ . : / % & # = + \\ - @",
        },
        {"ErrorCode": "MissingId", "Message": "Invalid segment. ErrorCode: MissingId, Cause: id is missing"},
    ]


def test_what_the_exporter_makes_of_real_requests_is_taken():
    store = Store.open()
    count = 0
    for recorded in golden().values():
        texts = [_with_ids(json.dumps(document)) for document in recorded.documents]
        count += len(texts)
        assert store.put(texts) == {"UnprocessedTraceSegments": []}
    assert count > 2000


def _with_ids(text: str) -> str:
    return re.sub(r"\{\{random-id-(\d+)\}\}", lambda found: an_id(int(found[1])), text)
