"""What the trace page asks for: rows as columns, one row in full, a search; both forms of the id."""

import json

import pytest

from raygate_local.viewer import marks, trace_api
from raygate_local.viewer.shelf import Outcome
from raygate_local.xray.filters import parse
from raygate_local.xray.store import Store
from tests.process.viewer.traces import HOSTILE, NOW_S, a_trace_id, an_id, broken, document, hostile, large, order
from tests.unit.viewer.asking import Client

ORDER, BROKEN, HOSTILE_ID = a_trace_id(1), a_trace_id(3), a_trace_id(4)


class Refusals(trace_api.NoSources):
    def outcomes(self, _trace_id):
        gone = Outcome("", an_id(99), "refused", "InvalidName", "name must be shorter", "orphanage", 1)
        return [gone, Outcome("", an_id(1), "refused", "ThrottledException", "came later", "shop", 2)]


@pytest.fixture(scope="module")
def store():
    one = Store.open()
    for documents in (order(), broken(), hostile()):
        one.put([json.dumps(each) for each in documents])
    yield one
    one.close()


@pytest.fixture(scope="module")
def client(store):
    return Client(trace_api.routes(store, clock=lambda: NOW_S + 60))


def rows(answer):
    columns = answer["columns"]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize(
    "asked",
    [ORDER, ORDER.replace("-", "")[1:], ORDER.replace("-", "")[1:].upper()],
    ids=["of X-Ray", "of W3C", "in capitals"],
)
def test_either_form_of_the_id_gives_the_rows(client, asked):
    answer = client.get(f"/api/traces/{asked}").json()
    assert (answer["id"], answer["w3c"]) == (ORDER, ORDER.replace("-", "")[1:])
    assert len(rows(answer)) == answer["counts"]["rows"] == 17


def test_columns_tell_the_picture(client):
    answer = client.get(f"/api/traces/{ORDER}").json()
    payment = next(row for row in rows(answer) if row["id"] == an_id(31))
    assert [payment[name] for name in ("start", "length", "self")] == pytest.approx([95, 303, 53], abs=0.001)
    assert (answer["words"][payment["name"]], answer["words"][payment["operation"]]) == ("payment", "POST /charge")
    assert (payment["status"], payment["inherited"], payment["kind"]) == (3, 0, 0)
    assert answer["folds"] == {"2": {"rows": list(range(2, 11)), "sum": 27}}
    assert answer["counts"]["failed"] == {"fault": 3, "error": 1, "throttle": 1}
    assert answer["root"] == {"name": "shop", "operation": "POST /orders", "status": "fault", "id": an_id(1)}


def test_a_trace_that_is_not_there_is_404_with_a_sentence(client):
    for path in (f"/api/traces/{a_trace_id(77)}", "/api/traces/%3Cb%3E/search", f"/api/traces/{ORDER}/spans/77"):
        answer = client.get(path)
        assert answer.status == 404
        assert answer.json()["message"].startswith("There is no ")


def test_a_row_in_full_is_without_the_parts_that_have_rows_of_their_own(client):
    answer = client.get(f"/api/traces/{ORDER}/spans/{an_id(1)}").json()
    assert "subsegments" not in answer["document"]
    assert "validate" in answer["raw"]
    assert (answer["otlp"], answer["rules"]) == (None, None)
    embedded = client.get(f"/api/traces/{ORDER}/spans/{an_id(2)}").json()
    assert (embedded["document_id"], [one["name"] for one in embedded["ancestors"]]) == (an_id(1), ["shop"])


def test_every_filter_that_is_offered_is_one_that_x_ray_reads_and_finds_the_trace(client, store):
    facts = {found.trace_id: found.facts for found in store.find(NOW_S - 3600, NOW_S + 3600)}
    offered = 0
    for trace_id, number in ((ORDER, 1), (ORDER, 30), (ORDER, 32), (HOSTILE_ID, 1)):
        filters = client.get(f"/api/traces/{trace_id}/spans/{an_id(number)}").json()["filters"]
        for path, one in filters.items():
            assert parse(one["by"]).matches(facts[trace_id]), (path, one)
            parse(one["without"])
            offered += 1
    assert offered > 15


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("carddeclined", [31]),
        (an_id(12), [12]),
        ("PutItem", [20]),
        ('"sku"', [1]),
        ("warehouse", [10, 11, 12, 13, 14, 15, 16, 17, 18]),
        ("  ", []),
        ("nowhere to be found", []),
    ],
)
def test_a_search_looks_at_all_keys_and_values(client, text, numbers):
    found = client.get(f"/api/traces/{ORDER}/search", q=text).json()["rows"]
    ids = client.get(f"/api/traces/{ORDER}").json()["columns"]["id"]
    assert [ids[row] for row in found] == [an_id(number) for number in numbers]


def test_a_missing_parent_is_found_by_its_id(client):
    assert len(client.get(f"/api/traces/{BROKEN}/search", q=an_id(99)).json()["rows"]) == 2


def test_what_was_refused_is_said_unless_it_came_after_all(store):
    client = Client(trace_api.routes(store, Refusals()))
    answer = client.get(f"/api/traces/{BROKEN}").json()
    assert [one["id"] for one in answer["outcomes"]] == [an_id(99)]
    assert "1 refused" in answer["remarks"]


def annotations(number):
    return {f"key{number}-{at}".replace("-", "_"): at for at in range(45)}


def test_marks_say_what_aws_would_not_show():
    store = Store.open()
    trace_id = a_trace_id(9)
    large_text = {"default": {"text": "x" * 60_000}}
    texts = [
        document(trace_id, at + 1, None, (0, 1), metadata=large_text, annotations=annotations(at)) for at in range(9)
    ]
    assert store.put([json.dumps(one) for one in texts])["UnprocessedTraceSegments"] == []
    client = Client(trace_api.routes(store, clock=lambda: NOW_S + 31 * 86_400))
    found = client.get(f"/api/traces/{trace_id}").json()["marks"]
    own = client.get(f"/api/traces/{trace_id}/spans/{an_id(1)}").json()["marks"]
    store.close()
    assert {mark["name"]: mark["level"] for mark in found} == {
        "Trace size": "over", "Largest document": "near", "Annotation keys": "over", "Age": "over",
    }  # fmt: skip
    assert [mark["level"] for mark in own] == ["near", "near"]


@pytest.mark.parametrize("of_id", ["ffffffff", "00000001"])
def test_a_random_id_is_no_cause_for_alarm(of_id):
    mark = marks.age(f"1-{of_id}-{'0' * 24}", NOW_S, NOW_S + 60)
    assert (mark.level, "random" in mark.text) == ("ok", True)


def test_a_late_document_is_in_the_next_answer():
    store = Store.open()
    client = Client(trace_api.routes(store))
    for number in (1, 2):
        store.put([json.dumps(document(a_trace_id(6), number, None, (0, 1)))])
        assert client.get(f"/api/traces/{a_trace_id(6)}").json()["counts"]["rows"] == number
    store.clear()
    assert client.get(f"/api/traces/{a_trace_id(6)}").status == 404
    store.close()


def test_fifty_thousand_rows_come_as_columns():
    store = Store.open()
    documents = large(50_000)
    store.put([json.dumps(one) for one in documents])
    client = Client(trace_api.routes(store))
    answer = client.get(f"/api/traces/{documents[0]['trace_id']}")
    store.close()
    assert len(answer.json()["columns"]["id"]) == 50_000
    assert len(answer.content) < 8_000_000


def test_markup_stays_what_it_is(client):
    answer = client.get(f"/api/traces/{HOSTILE_ID}/spans/{an_id(1)}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["document"]["user"] == HOSTILE
