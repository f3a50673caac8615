"""What the map shows: the documents' own counts, and filters that find just the requests behind a node or an edge."""

import json

import pytest

from raygate_local.viewer.listing import LAST_S, Asked
from raygate_local.viewer.map_api import Maps
from raygate_local.xray.filters import FilterError, parse
from raygate_local.xray.store import Store
from tests.process.viewer.shop import MARKUP, START_S, a_trace_id, an_order
from tests.process.viewer.traces import a_trace_id as an_order_id
from tests.process.viewer.traces import order

QUEUE = {
    "type": "subsegment",
    "namespace": "aws",
    "name": "SQS",
    "aws": {"operation": "SendMessage", "queue_url": "https://sqs.example.com/1/jobs"},
}


def a_call(number, at, **members):
    return {
        "id": f"{number:08x}{at:08x}",
        "trace_id": a_trace_id(number),
        "parent_id": f"{number:016x}",
        "type": "subsegment",
        "name": "stock",
        "namespace": "remote",
        "start_time": START_S + number + 0.01,
        "end_time": START_S + number + 0.01 + at / 100,
    } | members


@pytest.fixture
def store():
    one = Store.open()
    one.put([json.dumps(document) for number in range(10) for document in _request(number)])
    yield one
    one.close()


def _request(number):
    code = {3: 500, 4: 404, 5: 429}.get(number, 200)
    yield an_order(number, code)
    yield a_call(number, 1, fault=True) if number < 2 else a_call(number, 1)
    if number == 6:
        yield a_call(number, 2, **QUEUE)
        yield an_order(number, id=f"{99:016x}", parent_id=f"{6:08x}{2:08x}", name="worker")


def found(store, text):
    wanted = parse(text)
    return {one.trace_id for one in store.find(0, LAST_S) if wanted.matches(one.facts)}


def written(asked, inner=""):
    """As the page writes it."""
    inside = " AND ".join(part for part in (asked["within"], inner) if part)
    return f"{asked['of']} {{ {inside} }}" if inside else asked["of"]


def node(shown, name, kind=None):
    return next(one for one in shown["nodes"] if one["name"] == name and kind in {None, one["kind"]})


def test_requests_are_counted_as_the_documents_say(store):
    shop = node(Maps(store).of_time(Asked()), "shop", "service")
    assert [shop[status] for status in ("ok", "error", "throttle", "fault", "total")] == [7, 1, 1, 1, 10]
    assert shop["seconds"] == pytest.approx(2.5)
    assert shop["times"] == [(0.25, 10)]
    stock = node(Maps(store).of_time(Asked()), "stock")
    assert (stock["kind"], stock["total"], stock["fault"]) == ("remote", 10, 2)


def test_a_queue_stands_between_its_two_sides(store):
    shown = Maps(store).of_time(Asked())
    queue = node(shown, "https://sqs.example.com/1/jobs")
    assert (queue["kind"], queue["type"]) == ("queue", "AWS::SQS::Queue")
    ways = {(edge["source"], edge["target"]) for edge in shown["edges"]}
    assert {("|shop|", queue["key"]), (queue["key"], "|worker|")} <= ways


@pytest.mark.parametrize(("status", "numbers"), [("fault", {3}), ("throttle", {5}), ("error", {4, 5}), ("ok", None)])
def test_a_nodes_filter_finds_the_requests_behind_it(store, status, numbers):
    shop = node(Maps(store).of_time(Asked()), "shop", "service")
    expected = {0, 1, 2, 6, 7, 8, 9} if numbers is None else numbers
    assert found(store, written(shop["filter"], status)) == {a_trace_id(number) for number in expected}


def test_an_edges_filter_finds_the_calls(store):
    shown = Maps(store).of_time(Asked())
    edge = next(one for one in shown["edges"] if one["target"].startswith("remote|stock"))
    assert found(store, written(edge["filter"], "fault")) == {a_trace_id(0), a_trace_id(1)}
    assert len(found(store, written(edge["filter"]))) == 10


def test_a_clients_edge_asks_for_what_came_in(store):
    shown = Maps(store).of_time(Asked())
    edge = next(one for one in shown["edges"] if one["source"].startswith("client|shop"))
    assert found(store, written(edge["filter"], "fault")) == {a_trace_id(3)}
    assert edge["total"] == 10
    client = next(one for one in shown["nodes"] if one["kind"] == "client")
    assert found(store, written(client["filter"], "throttle")) == {a_trace_id(5)}


@pytest.mark.parametrize("name", [MARKUP, 'a "quoted" one', "back\\slash", "with } brace"])
def test_whatever_a_service_is_called_its_filter_can_be_read(name):
    shown = Maps(_Fake(name)).of_trace("")
    assert shown
    one = shown["nodes"][0]
    assert parse(written(one["filter"], "fault")).expression is not None


class _Fake(Store):
    """A store with one trace, of a name that X-Ray itself would not take."""

    def __init__(self, name):
        self.name = name

    version = 1

    def trace(self, _):
        from raygate_local.xray.trace import Stored, Trace  # noqa: PLC0415

        document = an_order(1, name=self.name)
        return Trace(document["trace_id"], {document["id"]: Stored("", document)}, START_S, START_S + 1, START_S, 1)


def test_a_filter_and_a_span_of_time_leave_what_they_leave(store):
    maps = Maps(store)
    assert maps.of_time(Asked("fault"))["traces"] == 1
    assert node(maps.of_time(Asked("fault")), "shop", "service")["total"] == 1
    assert maps.of_time(Asked("", START_S, START_S + 5))["traces"] == 5
    with pytest.raises(FilterError):
        maps.of_time(Asked("fault AND"))


def test_the_keys_stay_when_more_comes(store):
    maps = Maps(store)
    before = {one["key"] for one in maps.of_time(Asked())["nodes"]}
    store.put([json.dumps(an_order(50)), json.dumps(an_order(51, name="another"))])
    after = maps.of_time(Asked())
    assert before < {one["key"] for one in after["nodes"]}
    assert node(after, "shop", "service")["total"] == 11


def test_the_map_of_one_trace_is_had_by_either_id(store):
    store.put([json.dumps(one) for one in order()])
    maps, trace_id = Maps(store), an_order_id(1)
    shown = maps.of_trace(trace_id)
    assert shown
    assert shown == maps.of_trace(trace_id.replace("-", "")[1:])
    assert {one["name"] for one in shown["nodes"]} >= {"shop", "payment", "warehouse", "bank"}
    assert maps.of_trace("1-00000000-000000000000000000000000") is None
