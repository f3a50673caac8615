"""What becomes of each message of a batch, with the queue and the bucket of a laptop and an X-Ray by script."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

import pytest

from raygate.decode.body import inflate
from raygate.keep import Accepted, Object, Packed, Undelivered, pack, unpack
from raygate.keep.bundles import read_bundle
from raygate.keep.claims import claim
from raygate.keep.parked import read_parked
from raygate.request import Request
from raygate.settings import Settings
from raygate_local.kept.polling import Context
from tests.fake_xray import Store
from tests.unit.worker.batches import (
    Scene,
    a_document,
    an_accepted,
    an_event,
    an_export,
    an_undelivered,
    failed,
    throttled,
)


@pytest.fixture
def scene(tmp_path):
    with Scene(tmp_path) as one:
        yield one


def ids(*numbers: int) -> set[str]:
    return {f"{number:016x}" for number in numbers}


def letters(queue: Any) -> list[tuple[Any, str]]:
    """What is in a queue, and the reason that it says."""
    found = []
    for record in queue.receive(100):
        named = {name: value["stringValue"] for name, value in record["messageAttributes"].items()}
        found.append((unpack(Packed(record["body"], named)), named.get("raygate-reason", "")))
    return found


def test_documents_of_several_messages_share_calls(scene):
    assert scene.run(*(an_undelivered(number) for number in range(60)), an_accepted(*range(100, 130))) == []
    assert sorted(scene.xray.sizes) == [40, 50]
    assert scene.states() == {"received": 90, "delivered": 90}
    assert scene.reports[-1].counts["calls"] == 2


def test_what_two_messages_hold_word_for_word_is_sent_once(scene):
    assert scene.run(an_accepted(1, 2), an_accepted(1, 2)) == []
    assert max(scene.xray.received.values()) == 1
    assert scene.states() == {"received": 4, "delivered": 4}


def test_the_tenant_of_a_message_is_kept(scene):
    scene.settings = Settings(annotate_tenant=True)
    scene.xray.refuses = dict.fromkeys(ids(3), "InvalidSegment")
    assert scene.run(an_accepted(1, tenant="a"), an_accepted(2, tenant="b"), an_accepted(3, tenant="c")) == []
    tenants = {one["id"][-1]: one["annotations"]["raygate_tenant"] for one in scene.xray.stored.values()}
    assert tenants == {"1": "a", "2": "b"}
    (key,) = scene.bucket.keys("parked/")
    assert key.startswith("parked/c/")
    assert scene.reports[-1].tenants()["b"] == {"received": 1, "delivered": 1}


def test_a_message_nobody_can_read_costs_only_itself(scene):
    bad = Packed("AAAA", {"content-type": "application/x-protobuf"})
    assert scene.run(an_undelivered(1), bad, Packed("x", {}), an_undelivered(2)) == []
    assert scene.xray.stored.keys() == ids(1, 2)
    assert scene.reports[-1].messages() == {"done": 2, "dead": 2}
    records = scene.dead.receive(10)
    assert [one["body"] for one in records] == ["AAAA", "x"]
    assert all(one["messageAttributes"]["raygate-reason"]["stringValue"] for one in records)


def test_without_a_dead_letter_queue_it_is_left_to_the_redrive(scene):
    scene.has_dead_letters = False
    assert scene.run(an_undelivered(1), Packed("AAAA", {"content-type": "application/json"})) == ["m-1"]


def test_a_refused_document_is_parked_with_its_reason(scene):
    scene.xray.refuses = dict.fromkeys(ids(2), "InvalidSegment")
    assert scene.run(an_undelivered(1, 2, tenant="shop")) == []
    (key,) = scene.bucket.keys("parked/")
    parked = read_parked(scene.bucket.get(key))
    assert (parked.code, parked.tenant, parked.request_id) == ("InvalidSegment", "shop", "request-1")
    assert parked.document == a_document(2)
    assert scene.states() == {"received": 2, "delivered": 1, "parked": 1}


def test_without_a_bucket_a_refused_document_ends_among_the_dead_letters(scene):
    scene.has_bucket, scene.settings = False, Settings(max_receives=2)
    scene.xray.refuses = dict.fromkeys(ids(2), "InvalidSegment")
    assert scene.run(an_undelivered(1, 2)) == []
    assert scene.states() == {"received": 2, "delivered": 1, "queued": 1}
    ((rest, _),) = letters(scene.queue)
    assert rest.texts == (a_document(2),), "what was delivered is not sent again"
    assert scene.run(pack(rest)) == ["m-0"]
    assert scene.run(pack(rest), receives=2) == []
    ((_, reason),) = letters(scene.dead)
    assert "InvalidSegment" in reason
    assert scene.states() == {"received": 1, "dead": 1}


def test_a_message_that_x_ray_does_not_take_now_comes_again_by_itself(scene):
    scene.throttles = throttled()
    assert scene.run(an_undelivered(1), an_accepted(2, bad=0)) == ["m-0", "m-1"]
    assert scene.queue.waiting().messages == 0
    assert scene.states() == {"received": 2, "failed": 2}


def test_of_a_message_that_was_delivered_in_part_only_the_rest_comes_again(scene):
    scene.throttles = throttled(f"{70:016x}")
    assert scene.run(an_undelivered(*range(1, 51)), an_undelivered(*range(51, 61), *range(65, 75), 200)) == ["m-1"]
    scene.throttles = throttled(f"{70:016x}")
    assert scene.run(an_accepted(*range(1, 81), tenant="shop")) == []
    ((rest, _),) = letters(scene.queue)
    assert isinstance(rest, Undelivered)
    assert (len(rest.texts), rest.tenant, rest.request_id) == (30, "shop", "request-1")
    assert scene.states() == {"received": 80, "delivered": 50, "queued": 30}


def test_when_the_rest_cannot_be_moved_the_message_comes_again(scene):
    scene.throttles, scene.has_queue = throttled(f"{70:016x}"), False
    assert scene.run(an_accepted(*range(1, 81))) == ["m-0"]
    assert scene.states() == {"received": 80, "delivered": 50, "failed": 30}


@pytest.mark.parametrize(("message", "kind"), [(an_undelivered(1), Undelivered), (an_accepted(1), Accepted)])
def test_on_its_last_try_a_message_becomes_a_dead_letter_with_the_reason(scene, message, kind):
    scene.throttles, scene.settings = throttled(), Settings(max_receives=3)
    assert scene.run(message, receives=2) == ["m-0"]
    assert scene.run(message, receives=3) == []
    ((letter, reason),) = letters(scene.dead)
    assert isinstance(letter, kind)
    assert reason == "1 documents not delivered: ThrottledException"


def test_on_the_last_try_only_what_is_not_delivered_is_a_dead_letter(scene):
    scene.throttles, scene.settings = throttled(f"{70:016x}"), Settings(max_receives=1)
    assert scene.run(an_accepted(*range(1, 81))) == []
    ((letter, _),) = letters(scene.dead)
    assert len(letter.texts) == 30
    assert scene.states() == {"received": 80, "delivered": 50, "dead": 30}


def test_a_dead_letter_that_is_not_confirmed_stays_a_message(scene):
    scene.throttles, scene.settings = throttled(), Settings(max_receives=1)
    with scene.database.writing() as file:
        file.execute("DROP TABLE messages")
    assert scene.run(an_undelivered(1)) == ["m-0"]


def test_a_message_of_which_nothing_can_be_delivered_is_done(scene):
    assert scene.run(an_accepted(bad=2)) == []
    assert scene.states() == {"received": 2, "rejected": 2}


def test_a_claim_is_fetched(scene):
    small, stored = claim(an_accepted(1), "claims/2026/03/12/x")
    scene.bucket.put("claims/2026/03/12/x", stored, 1)
    assert scene.run(small) == []
    assert scene.xray.stored.keys() == ids(1)


def test_a_claim_for_nothing_is_given_up_and_one_that_cannot_be_reached_is_not(scene):
    small, _ = claim(an_accepted(1), "claims/2026/03/12/x")
    scene.has_bucket = False
    assert scene.run(small) == ["m-0"]
    scene.has_bucket = True
    assert scene.run(small) == []
    (record,) = scene.dead.receive(1)
    assert record["messageAttributes"]["raygate-claim"]["stringValue"] == "claims/2026/03/12/x"


def test_a_message_larger_than_the_door_s_limit_of_the_wire_was_accepted_once(scene):
    scene.settings = Settings(max_wire_bytes=10)
    assert scene.run(an_accepted(1)) == []


def test_an_accident_costs_one_message_and_is_told(scene, monkeypatch):
    def accident(*_: Any) -> Mapping[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr("raygate.worker.parts.decode", accident)
    assert scene.run(an_accepted(1), an_undelivered(2)) == ["m-0"]
    assert scene.xray.stored.keys() == ids(2)
    assert isinstance(scene.reports[-1].settled[0].accident, ZeroDivisionError)


def test_an_accident_while_it_is_sent_costs_no_other_message(scene, monkeypatch):
    def accident(texts: list[str]) -> Any:
        if any(f"{2:016x}" in text for text in texts):
            raise ZeroDivisionError
        return scene.xray.put(texts)

    monkeypatch.setattr(scene, "put", accident)
    assert scene.run(an_undelivered(3), an_undelivered(2), an_accepted(4)) == ["m-1"]
    assert scene.xray.stored.keys() == ids(3, 4)
    assert [type(one.accident) for one in scene.reports[-1].settled] == [type(None), ZeroDivisionError, type(None)]


def test_what_there_is_no_time_for_comes_again(scene):
    answer = scene.worker(an_event(an_accepted(1), an_undelivered(2)), Context(monotonic() + 1))
    assert failed(answer) == ["m-0", "m-1"]
    assert scene.xray.sizes == []
    assert scene.states() == {"received": 1, "failed": 1}, "what was not begun is not counted"


def test_with_a_rate_a_batch_is_sent_turn_by_turn(scene):
    scene.rate = 100
    begun_s = scene.clock()
    assert scene.run(*(an_undelivered(*range(at, at + 50)) for at in range(0, 300, 50))) == []
    assert scene.xray.sizes == [20] * 15
    assert scene.clock() - begun_s == pytest.approx(2.8)
    assert scene.states() == {"received": 300, "delivered": 300}


def test_with_a_rate_what_the_time_does_not_suffice_for_comes_again(scene):
    scene.rate = 10
    assert scene.run(*(an_undelivered(*range(at, at + 50)) for at in range(0, 1_000, 50))) == [
        f"m-{number}" for number in range(9, 20)
    ]
    assert scene.states()["delivered"] + scene.states()["queued"] + scene.states()["failed"] == 1_000
    assert set(scene.xray.received.values()) == {1}


def test_with_a_rate_an_x_ray_that_throttles_is_asked_for_less_and_less(scene):
    scene.rate, scene.throttles = 1_000, throttled()
    assert len(scene.run(*(an_undelivered(*range(at, at + 50)) for at in range(0, 1_000, 50)))) == 20
    assert scene.reports[-1].counts["calls"] < 5 * 20


def test_requests_are_archived_by_tenant_and_hour_when_they_are_over(scene):
    scene.settings = Settings(archive=True)
    scene.throttles = throttled(f"{99:016x}")
    messages = [an_accepted(1, tenant="a"), an_accepted(2, tenant="a"), an_accepted(3, tenant="a", hour=1)]
    assert scene.run(*messages, an_accepted(4, tenant="b"), an_undelivered(5)) == []
    keys = list(scene.bucket.keys("archive/"))
    assert [key.rpartition("/")[0] for key in keys] == [
        "archive/a/2026/03/12/19",
        "archive/a/2026/03/12/20",
        "archive/b/2026/03/12/19",
    ]
    assert [len(list(read_bundle(scene.bucket.get(key)))) for key in keys] == [2, 1, 1]
    assert scene.reports[-1].counts["bundles"] == 3


def test_a_request_that_comes_again_is_archived_once(scene):
    scene.settings, scene.throttles = Settings(archive=True), throttled()
    assert scene.run(an_accepted(1)) == ["m-0"]
    assert list(scene.bucket.keys("archive/")) == []
    scene.throttles = throttled("nothing")
    assert scene.run(an_accepted(1)) == []
    assert len(list(scene.bucket.keys("archive/"))) == 1


def test_what_redaction_takes_out_is_not_in_the_archive_either(scene):
    scene.settings = Settings(archive=True)
    secret = b'"name": "op", "attributes": [{"key": "password", "value": {"stringValue": "hunter2"}}]'
    request = Request(an_export(1).replace(b'"name": "op"', secret), "json")
    assert scene.run(pack(Accepted(request))) == []
    (key,) = scene.bucket.keys("archive/")
    (archived,) = map(unpack, read_bundle(scene.bucket.get(key)))
    assert isinstance(archived, Accepted)
    body = inflate(archived.request.body, archived.request.content_encoding, scene.settings)
    assert b"password" in body
    assert b"hunter2" not in body


def test_an_archive_that_fails_decides_nothing(scene):
    scene.settings = Settings(archive=True)
    with scene.database.writing() as file:
        file.execute("DROP TABLE objects")
    assert scene.run(an_accepted(1)) == []
    assert scene.reports[-1].counts["archive_failed"] == 1


def test_an_object_that_a_notification_names_is_delivered_and_not_archived_again(scene):
    scene.settings = Settings(archive=True, bucket="ours")
    scene.bucket.put("in/one.json", Object(an_export(1)), 1)
    notice = Packed('{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": '
                    '{"name": "ours"}, "object": {"key": "in%2Fone.json"}}}]}')  # fmt: skip
    assert scene.run(notice, Packed('{"Event": "s3:TestEvent"}')) == []
    assert scene.xray.stored.keys() == ids(1)
    assert list(scene.bucket.keys("archive/")) == []
    assert scene.run(Packed(notice.body.replace("one", "two"))) == []
    assert scene.reports[-1].messages() == {"dead": 1}
    assert scene.run(Packed(notice.body.replace("ours", "theirs"))) == ["m-0"]


def test_documents_that_fill_memory_are_sent_before_more_are_made(scene, monkeypatch):
    monkeypatch.setattr("raygate.worker.run.MOST_TOGETHER", 1)
    assert scene.run(*(an_undelivered(number) for number in range(5))) == []
    assert scene.xray.sizes == [1] * 5


def test_refusals_of_a_shared_call_reach_their_own_messages(scene):
    scene.xray = Store(refuses=dict.fromkeys(ids(2), "InvalidSegment"), says_which=False)
    assert scene.run(an_undelivered(1), an_undelivered(2), an_undelivered(3)) == []
    assert [one.outcomes[0][1].parked.total() for one in scene.reports[-1].settled] == [0, 1, 0]
