"""How ordered queues and streams are answered, and whom the worker does not know."""

import gzip
from base64 import b64encode
from typing import Any

import pytest

from raygate.keep import Packed
from raygate.settings import Settings
from raygate.worker import EventError
from tests.unit.worker.batches import Scene, an_accepted, an_event, an_export, an_undelivered, failed, throttled

FIFO = "arn:aws:sqs:eu-west-1:123456789012:spans.fifo"
BAD = Packed("AAAA", {"content-type": "application/x-protobuf"})


@pytest.fixture
def scene(tmp_path):
    with Scene(tmp_path) as one:
        yield one


def kinesis(*bodies: bytes) -> dict[str, Any]:
    records = [
        {"kinesis": {"sequenceNumber": str(number), "data": b64encode(body).decode()}, "eventSource": "aws:kinesis"}
        for number, body in enumerate(bodies, 98)
    ]
    return {"Records": records}


def firehose(*bodies: bytes) -> dict[str, Any]:
    records = [{"recordId": f"r{number}", "data": b64encode(body).decode()} for number, body in enumerate(bodies)]
    return {"invocationId": "i", "records": records}


def test_behind_the_first_failure_an_ordered_queue_is_not_begun(scene):
    event = an_event(an_undelivered(1), BAD, an_undelivered(2), arn=FIFO)
    assert failed(scene.worker(event)) == ["m-1", "m-2"]
    assert list(scene.xray.stored) == [f"{1:016x}"]
    assert scene.dead.waiting().messages == 0, "its order is not ours to change"


def test_behind_a_message_that_was_not_delivered_an_ordered_queue_comes_again(scene):
    scene.throttles = throttled(f"{7:016x}")
    scene.settings = Settings(max_receives=1)
    messages = [an_undelivered(*range(100, 150)), an_undelivered(7), an_accepted(*range(200, 300))]
    assert failed(scene.worker(an_event(*messages, arn=FIFO))) == ["m-1", "m-2"]
    assert scene.queue.waiting().messages == scene.dead.waiting().messages == 0


def test_a_stream_is_told_its_lowest_failure_and_only_without_a_place_for_it(scene):
    records = kinesis(an_export(1), b"\x00\x01", b"\x00\x01", an_export(2))
    assert failed(scene.worker(records)) == []
    assert scene.dead.waiting().messages == 2
    scene.has_dead_letters = False
    assert failed(scene.worker(records)) == ["99"]


def test_what_a_stream_cannot_wait_for_goes_to_the_queue(scene):
    scene.throttles = throttled()
    assert failed(scene.worker(kinesis(an_export(1), an_export(2)))) == []
    assert scene.states() == {"received": 2, "queued": 2}
    scene.has_queue = False
    assert failed(scene.worker(kinesis(an_export(1), an_export(2)))) == ["98"]


@pytest.mark.parametrize("pressed", [bytes, gzip.compress])
def test_a_record_of_a_stream_says_by_its_bytes_what_it_is(scene, pressed):
    assert failed(scene.worker(kinesis(pressed(an_export(1))))) == []
    assert list(scene.xray.stored) == [f"{1:016x}"]


def test_every_record_of_a_transformation_is_answered_once_with_its_data(scene):
    event = firehose(an_export(1), b"\x00\x01", b"", an_export(2))
    answer = scene.worker(event)
    results = [(one["recordId"], one["result"]) for one in answer["records"]]
    assert results == [("r0", "Ok"), ("r1", "ProcessingFailed"), ("r2", "Dropped"), ("r3", "Ok")]
    assert [one.get("data") for one in answer["records"]] == [one["data"] or None for one in event["records"]], (
        "the stream stores what came"
    )
    assert scene.dead.waiting().messages == 0, "the stream keeps it among its errors"


def test_a_record_of_a_transformation_that_x_ray_does_not_take_goes_to_the_queue(scene):
    scene.throttles = throttled()
    assert [one["result"] for one in scene.worker(firehose(an_export(1)))["records"]] == ["Ok"]
    assert scene.queue.waiting().messages == 1
    scene.has_queue = False
    assert [one["result"] for one in scene.worker(firehose(an_export(1)))["records"]] == ["ProcessingFailed"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        {"Records": []},
        {"Records": [{"eventSource": "aws:s3"}]},
        {"Records": [{"eventSource": "aws:sqs"}, {"eventSource": "aws:kinesis"}]},
        {"version": "2.0", "rawPath": "/v1/traces"},
    ],
)
def test_an_event_of_nobody_who_is_known_is_refused(scene, event):
    with pytest.raises(EventError):
        scene.worker(event)
