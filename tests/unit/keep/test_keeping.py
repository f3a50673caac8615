"""What X-Ray did not take: queued, parked, or still the sender's. Never called kept without a store's word."""

import json

import pytest

from raygate.deliver import Budget, Fate
from raygate.keep import Bucket, Packed, Queue, Stores, unpack
from raygate.keep.keeping import MOST_TOGETHER, UNKEPT, Keeper, Keeping, Origin, enqueue
from raygate.keep.stores import Object
from tests.fake_stores import Fault, MemoryBucket, MemoryQueue, queued_documents
from tests.fake_xray import documents

DELIVERED = Fate("delivered")
THROTTLED = Fate("throttled", "ThrottledException", is_retryable=True)
AWAY = Fate("unavailable", "EndpointConnectionError", is_retryable=True)
REFUSED = Fate("refused", "InvalidTraceId", message="Invalid segment")
ORIGIN = Origin("shop", "request-1", 1_756_492_480_250)
NOW_MS = 1_756_492_481_000


def keep(fates: list[Fate], queue: Queue | None = None, bucket: Bucket | None = None, seconds: float = 60.0) -> Keeping:
    texts, _ = documents(len(fates))
    return Keeper(Stores(queue, bucket), ORIGIN, NOW_MS, Budget.of(seconds)).keep(texts, fates)


def states(kept: Keeping) -> list[str]:
    return [fate.state for fate in kept.fates]


def test_what_may_pass_later_is_queued_and_what_never_will_is_parked():
    queue, bucket = MemoryQueue(), MemoryBucket()
    kept = keep([DELIVERED, THROTTLED, REFUSED, AWAY], queue, bucket)
    texts, ids = documents(4)
    assert states(kept) == ["delivered", "queued", "parked", "queued"]
    assert [fate.reason for fate in kept.fates] == ["", THROTTLED.reason, REFUSED.reason, AWAY.reason]
    assert queued_documents(queue) == [texts[1], texts[3]]
    (parked,) = bucket.parked()
    assert (parked.document, parked.id, parked.code, parked.message) == (
        texts[2],
        ids[2],
        "InvalidTraceId",
        "Invalid segment",
    )
    assert (parked.tenant, parked.request_id, parked.received_ms, parked.parked_ms) == (*ORIGIN, NOW_MS)
    assert (kept.queue_failed, kept.parking_failed) == (0, 0)


def test_a_message_says_where_its_documents_come_from():
    queue = MemoryQueue()
    keep([THROTTLED], queue)
    kept = unpack(queue.messages[0])
    assert (kept.request_id, kept.received_ms) == ORIGIN[1:]
    assert queue.messages[0].attributes["raygate-tenant"] == "shop"


@pytest.mark.parametrize(
    ("fates", "has_queue", "has_bucket", "expected"),
    [
        ([THROTTLED, REFUSED], False, False, ["throttled", "refused"]),
        ([THROTTLED, REFUSED], True, False, ["queued", "refused"]),
        ([THROTTLED, REFUSED], False, True, ["throttled", "parked"]),
    ],
)
def test_what_has_nowhere_to_go_stays_what_it_is(fates, has_queue, has_bucket, expected):
    kept = keep(fates, MemoryQueue() if has_queue else None, MemoryBucket() if has_bucket else None)
    assert states(kept) == expected


def test_what_the_bucket_does_not_take_waits_in_the_queue():
    queue = MemoryQueue()
    kept = keep([REFUSED], queue, MemoryBucket(fails=lambda: "lost"))
    assert states(kept) == ["queued"]
    assert (kept.queue_failed, kept.parking_failed) == (0, 1)
    assert len(queued_documents(queue)) == 1


@pytest.mark.parametrize("queue", [None, MemoryQueue(fails=lambda: "lost")], ids=["no queue", "no answer"])
def test_what_neither_takes_is_the_senders_again(queue):
    kept = keep([REFUSED, DELIVERED], queue, MemoryBucket(fails=lambda: "lost"))
    assert kept.fates == [UNKEPT, DELIVERED]


def test_what_the_queue_does_not_confirm_keeps_its_fate():
    kept = keep([THROTTLED, AWAY], MemoryQueue(fails=lambda: "kept and lost"))
    assert kept.fates == [THROTTLED, AWAY]
    assert kept.queue_failed == 2


def test_nothing_is_begun_when_time_is_up():
    queue, bucket = MemoryQueue(), MemoryBucket()
    assert states(keep([THROTTLED, REFUSED], queue, bucket, seconds=0.1)) == ["throttled", "unavailable"]
    assert not queue.messages
    assert not bucket.objects


def test_documents_share_messages_by_their_size():
    texts = [json.dumps({"id": f"{number:016x}", "fill": "x" * 60_000}) for number in range(20)]
    queue = MemoryQueue()
    kept = Keeper(Stores(queue), ORIGIN, NOW_MS, Budget.of(60)).keep(texts, [AWAY] * 20)
    assert set(states(kept)) == {"queued"}
    assert queued_documents(queue) == texts
    assert len(queue.messages) == -(-20 // (MOST_TOGETHER // len(texts[0])))


def test_one_message_of_several_that_fails_costs_only_its_own_documents():
    texts = [json.dumps({"id": f"{number:016x}", "fill": "x" * (MOST_TOGETHER // 2)}) for number in range(4)]
    answers: list[Fault] = ["", "lost", "", ""]
    queue = MemoryQueue(fails=lambda: answers.pop(0))
    kept = Keeper(Stores(queue), ORIGIN, NOW_MS, Budget.of(60)).keep(texts, [AWAY] * 4)
    assert states(kept) == ["queued", "unavailable", "queued", "queued"]
    assert queued_documents(queue) == [texts[0], texts[2], texts[3]]


def test_a_message_that_is_too_large_for_the_queue_leaves_its_body_in_the_bucket():
    queue, bucket = MemoryQueue(most_bytes=1_000), MemoryBucket()
    small, large = Packed("s", {"content-type": "a"}), Packed("l" * 5_000, {"content-type": "b"})
    assert enqueue([small, large], Stores(queue, bucket), NOW_MS, 1.0) == [True, True]
    assert [message.body for message in queue.messages] == ["s", "claim"]
    (key,) = bucket.objects
    assert key.startswith("claims/2025/08/29/")
    assert bucket.objects[key] == Object(b"l" * 5_000)
    assert queue.messages[1].attributes == {"content-type": "b", "raygate-claim": key}


@pytest.mark.parametrize("bucket", [None, MemoryBucket(fails=lambda: "kept and lost")], ids=["no bucket", "no answer"])
def test_a_message_that_is_too_large_is_not_sent_when_its_body_has_no_place(bucket):
    queue = MemoryQueue(most_bytes=1_000)
    assert enqueue([Packed("s"), Packed("l" * 5_000)], Stores(queue, bucket), NOW_MS, 1.0) == [True, False]
    assert len(queue.messages) == 1


def test_the_same_body_is_claimed_under_the_same_key():
    queue, bucket = MemoryQueue(most_bytes=1_000), MemoryBucket()
    for _ in range(2):
        enqueue([Packed("l" * 5_000)], Stores(queue, bucket), NOW_MS, 1.0)
    assert len(bucket.objects) == 1
