"""What X-Ray does not have: every kind of it once, with a reason; replayed, it is gone."""

import json

import pytest

from raygate.keep.message import Packed, Undelivered, pack
from raygate.keep.parked import Parked, parked_object
from raygate.request import Request
from raygate.settings import Settings
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue
from raygate_local.viewer.desk import Desk
from raygate_local.viewer.refusals import RefusingStore
from raygate_local.viewer.refused_api import routes
from raygate_local.viewer.sources import Sources
from tests.process.viewer.shop import MARKUP, a_trace_id, an_order
from tests.unit.viewer.asking import Client

TIMEOUT_S = 5


class Place:
    """A data folder, a store beside it, and the page's questions."""

    def __init__(self, folder):
        self.file = Database(folder)
        self.bucket, self.dead = KeptBucket(self.file), KeptQueue(self.file, DEAD)
        self.store, self.sources = RefusingStore.open(), Sources.open()
        self.desk = Desk(Settings(), self.store.put, self.bucket, self.file, self.sources, self.store.refused)
        self.client = Client(routes(self.store, self.desk))

    def rows(self):
        self.sources.flush()
        return self.client.get("/api/refused").json()["rows"]

    def park(self, document, code="InvalidName", **members):
        given = {"trace_id": document["trace_id"], "id": document["id"], "code": code, "message": "no", "parked_ms": 5}
        one = Parked(json.dumps(document), **{**given, **members})
        self.bucket.put(one.key, parked_object(one), TIMEOUT_S)
        return one.key

    def close(self):
        self.sources.close()
        self.store.close()
        self.file.close()


@pytest.fixture
def place(tmp_path):
    one = Place(tmp_path)
    yield one
    one.close()


def test_a_parked_document_is_told_with_its_code_tenant_and_way_out(place):
    key = place.park(an_order(1, name=MARKUP), tenant="acme", received_ms=7, request_id="r-1")
    (row,) = place.rows()
    assert row | {"meaning": "", "advice": ""} == {
        "state": "parked", "code": "InvalidName", "reason": "no", "trace_id": a_trace_id(1), "id": f"{1:016x}",
        "at_ms": 7, "name": MARKUP, "tenant": "acme", "request_id": "r-1", "key": key, "meaning": "", "advice": "",
    }  # fmt: skip
    assert "longer than 200 characters" in row["meaning"]
    assert "raygate replay --parked --code InvalidName" in row["advice"]
    assert json.loads(place.client.get("/api/refused/document", key=key).json()["document"]) == an_order(1, name=MARKUP)


def test_what_the_local_x_ray_refused_by_itself_is_remembered(place):
    place.store.put([json.dumps(an_order(1, name=MARKUP)), "{no json"])
    named, nameless = sorted(place.rows(), key=lambda one: one["code"])
    assert (named["state"], named["code"], named["name"]) == ("refused", "InvalidName", MARKUP)
    assert (nameless["code"], nameless["id"]) == ("ParseError", "")


def test_what_is_parked_is_not_told_again_as_refused(place):
    bad = an_order(1, name="<")
    place.sources.through(place.store.put)([json.dumps(bad)])
    assert [one["state"] for one in place.rows()] == ["refused"]
    place.park(bad)
    assert [one["state"] for one in place.rows()] == ["parked"]


def test_what_x_ray_took_since_is_told_no_more(place):
    place.sources.through(place.store.put)([json.dumps(an_order(1, name="<"))])
    place.store.put([json.dumps(an_order(1))])
    assert place.rows() == []


def test_a_rejected_span_is_told(place):
    span = {"traceId": "0" * 32, "spanId": "1" * 16, "name": "nobody", "startTimeUnixNano": "1", "endTimeUnixNano": "2"}
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    place.sources.record(Request(body, "json"))
    (row,) = place.rows()
    assert (row["state"], row["name"]) == ("rejected", "nobody")
    assert "trace" in row["reason"]


def test_dead_letters_are_told_without_being_taken(place):
    texts = (json.dumps(an_order(1)), json.dumps(an_order(2)))
    packed = pack(Undelivered(texts, "acme", "r-9", 12))
    reason = {"raygate-reason": "received 3 times"}
    place.dead.send([Packed(packed.body, {**packed.attributes, **reason}), Packed("?", {"content-type": "x"})], 1)
    told = {one["name"]: one for one in place.rows()}
    letter = told["2 documents"]
    assert (letter["state"], letter["tenant"], letter["reason"]) == ("dead letter", "acme", "received 3 times")
    assert letter["trace_id"] == a_trace_id(1)
    assert "a message that cannot be read" in told
    assert len(place.dead.receive(10)) == 2


def test_a_replayed_document_is_in_x_ray_and_no_longer_parked(place):
    key = place.park(an_order(1))
    answer = place.client.post("/api/refused/replay", {"key": key})
    assert (answer.status, answer.json()["message"]) == (200, "X-Ray took it.")
    assert place.store.trace(a_trace_id(1))
    assert place.rows() == []
    assert place.client.post("/api/refused/replay", {"key": key}).status == 404


def test_what_x_ray_refuses_again_stays_with_the_newer_reason(place):
    key = place.park(an_order(1, start_time=None), code="Old")
    answer = place.client.post("/api/refused/replay", {"key": key}).json()
    assert not answer["is_delivered"]
    assert answer["message"].startswith("X-Ray took 0 of 1: X-Ray refused the document: Missing")
    (row,) = place.rows()
    assert row["code"].startswith("Missing")


def test_dead_letters_are_replayed_together(place):
    place.dead.send([pack(Undelivered((json.dumps(an_order(1)), json.dumps(an_order(2)))))], 1)
    answer = place.client.post("/api/refused/replay", {"letters": True}).json()
    assert answer["message"] == "X-Ray took all 2."
    assert place.rows() == []


@pytest.mark.parametrize(("asked", "status"), [({}, 400), ({"key": "parked/x"}, 404), ({"key": "archive/x"}, 404)])
def test_only_what_is_parked_can_be_replayed(place, asked, status):
    assert place.client.post("/api/refused/replay", asked).status == status


def test_without_a_data_folder_it_says_what_is_missing():
    store = RefusingStore.open()
    client = Client(routes(store, Desk(Settings())))
    assert client.get("/api/refused").json() == {"rows": [], "can_replay": False}
    answer = client.post("/api/refused/replay", {"letters": True})
    assert answer.status == 409
    assert "needs a data folder" in answer.json()["message"]
    store.close()
