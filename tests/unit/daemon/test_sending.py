"""From the buffer to whoever takes documents: what nobody took is tried again, and what is lost is counted."""

import threading
from collections.abc import Sequence
from queue import Queue

import pytest

from raygate_local.daemon import sending
from raygate_local.daemon.buffer import Buffer
from raygate_local.daemon.counts import Counts
from raygate_local.daemon.sending import Sending

TIMEOUT_S = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(sending, "LEAST_PAUSE_S", 0.01)


def a_buffer(*texts: str) -> Buffer:
    buffer = Buffer(window_s=0.0)
    for text in texts:
        buffer.put(text)
    return buffer


def test_what_nobody_took_is_tried_again():
    tried, buffer, counts = Queue[tuple[str, ...]](), a_buffer("a", "b"), Counts()
    answers = iter([["b"], ["b"], []])

    def deliver(texts: Sequence[str], _: float) -> Sequence[str]:
        tried.put(tuple(texts))
        return next(answers)

    one = Sending(buffer, counts, deliver)
    one.start()
    assert [tried.get(timeout=TIMEOUT_S) for _ in range(3)] == [("a", "b"), ("b",), ("b",)]
    one.stop(TIMEOUT_S)
    assert counts["dropped"] == 0


def test_what_is_left_at_the_end_is_sent_once_more_and_then_counted():
    tried, counts = Queue[float](), Counts()

    def deliver(texts: Sequence[str], seconds: float) -> Sequence[str]:
        tried.put(seconds)
        return texts

    one = Sending(a_buffer("a", "b", "c"), counts, deliver)
    one.start()
    assert tried.get(timeout=TIMEOUT_S) > 1
    one.stop(TIMEOUT_S)
    assert counts["dropped"] == 3


def test_an_accident_costs_its_batch_and_nothing_else(capsys):
    tried, buffer, counts = Queue[str](), a_buffer("bad"), Counts()

    def deliver(texts: Sequence[str], _: float) -> Sequence[str]:
        tried.put(texts[0])
        if texts[0] == "bad":
            raise ZeroDivisionError
        return ()

    one = Sending(buffer, counts, deliver)
    one.start()
    assert tried.get(timeout=TIMEOUT_S) == "bad"
    buffer.put("good")
    assert tried.get(timeout=TIMEOUT_S) == "good"
    one.stop(TIMEOUT_S)
    assert counts["dropped"] == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_is_still_on_its_way_at_the_end_is_counted_too():
    begun, let_go, counts = threading.Event(), threading.Event(), Counts()

    def deliver(_texts: Sequence[str], _: float) -> Sequence[str]:
        begun.set()
        let_go.wait(TIMEOUT_S)
        return ()

    one = Sending(a_buffer("a", "b"), counts, deliver)
    one.start()
    assert begun.wait(TIMEOUT_S)
    one.stop(0.0)
    assert counts["dropped"] == 2
    let_go.set()
