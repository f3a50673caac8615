"""Keys that repeat, from the request to the document: each place reads the value that the exporter reads there."""

from typing import Any

import pytest

from raygate.decode import read
from raygate.request import Request
from raygate.segment import Options, convert
from raygate.settings import Settings
from tests.corpus import compact

CLIENT = 3
Pair = tuple[str, Any]


def key_values(pairs: list[Pair]) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "value": {} if value is None else {"boolValue" if value in (True, False) else "stringValue": value},
        }
        for key, value in pairs
    ]


def documents(
    attributes: list[Pair], resource: list[Pair] | None = None, options: Options | None = None, **fields: Any
) -> list[dict[str, Any]]:
    span = {"traceId": "68b1f2c05f84a1a7b3c1d2e3f4a5b6c7", "spanId": "a1b2c3d4e5f60718", "name": "op", **fields}
    scope = {"spans": [span | {"attributes": key_values(attributes)}]}
    request = {"resourceSpans": [{"resource": {"attributes": key_values(resource or [])}, "scopeSpans": [scope]}]}
    return convert(read(Request(compact(request), "json"), Settings()).spans, options or Options()).documents


def test_an_event_is_looked_up_by_key_so_its_first_values_count():
    event = {"name": "exception", "attributes": key_values([("exception.type", "A"), ("exception.type", "B")])}
    (document,) = documents([], events=[event])
    assert document["cause"]["exceptions"][0]["type"] == "A"


def test_the_first_of_the_clients_addresses_stays_and_the_last_of_the_hosts():
    (document,) = documents([("http.method", "GET"), ("net.peer.ip", "10.0.0.1"), ("net.peer.ip", "10.0.0.2")])
    assert document["http"]["request"]["client_ip"] == "10.0.0.1"
    assert document["http"]["request"]["url"] == "http://10.0.0.2/"


def test_an_attribute_that_is_restored_comes_back_with_its_first_value():
    options = Options(indexed_attributes=frozenset({"http.method"}))
    (document,) = documents([("http.method", "GET"), ("http.method", "PUT")], options=options)
    assert document["annotations"] == {"http.method": "GET"}
    assert document["http"]["request"]["method"] == "PUT"


@pytest.mark.parametrize(
    ("values", "stored"), [(("a", "b"), "b"), (("a", None), "a"), ((None, "b"), "b"), (("a", None, None), "a")]
)
def test_of_a_resource_the_last_value_is_stored_that_is_one(values, stored):
    (document,) = documents([], [("k", value) for value in values])
    assert document["metadata"]["default"] == {"otel.resource.k": stored}


def test_the_container_is_the_first_that_has_a_name_and_its_id_the_last():
    names = [("container.name", ""), ("container.name", "a"), ("container.name", "b")]
    ids = [("container.id", "1"), ("container.id", "2")]
    (document,) = documents([], [("cloud.platform", "aws_ecs"), *names, *ids])
    assert document["aws"]["ecs"] == {"container": "a", "container_id": "2"}


def test_of_two_marks_of_progress_one_is_taken_away():
    (document,) = documents([("aws.xray.inprogress", False), ("aws.xray.inprogress", True)])
    assert document["metadata"]["default"] == {"aws.xray.inprogress": True}
    assert "end_time" in document


def test_the_last_attribute_moves_into_the_place_of_the_mark_of_progress():
    marked = [("aws.xray.inprogress", False), ("http.method", "GET"), ("http.request.method", "PUT")]
    (document,) = documents(marked)
    assert document["http"]["request"]["method"] == "GET"
    (document,) = documents(marked[1:])
    assert document["http"]["request"]["method"] == "PUT"


def test_the_service_of_a_split_span_keeps_the_second_mention_of_the_call():
    root = [("aws.span.kind", "LOCAL_ROOT"), ("aws.remote.service", "a"), ("aws.remote.service", "b")]
    call, service = documents(root, kind=CLIENT)
    assert (call["name"], service["name"]) == ("a", "b")
