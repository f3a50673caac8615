"""Documents in memory: oldest first, within bounds, none twice."""

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.daemon.buffer import BATCH, Buffer


def filled(count: int, **bounds: Any) -> Buffer:
    buffer = Buffer(**{"window_s": 0.0, **bounds})
    for number in range(count):
        assert buffer.put(str(number))
    return buffer


def test_a_batch_is_fifty_and_the_oldest():
    buffer = filled(BATCH + 3)
    assert buffer.take() == [str(number) for number in range(BATCH)]
    assert buffer.take() == ["50", "51", "52"]


def test_a_batch_waits_a_moment_for_more_and_not_for_ever():
    buffer = filled(1, window_s=0.05)
    assert buffer.take() == ["0"]


def test_what_nobody_took_comes_first_again():
    buffer = filled(3)
    assert buffer.put_back(["a", "b"]) == 0
    assert buffer.take() == ["a", "b", "0", "1", "2"]


@pytest.mark.parametrize("bounds", [{"most": 2}, {"most_bytes": 2}])
def test_when_it_is_full_it_says_so(bounds):
    buffer = filled(2, **bounds)
    assert not buffer.put("2")
    assert buffer.put_back(["a"]) == 1
    buffer.take()
    assert buffer.put("2")


def test_closing_ends_every_wait():
    buffer, given_out = Buffer(window_s=60.0), list[list[str]]()
    threads = [threading.Thread(target=lambda: given_out.append(buffer.take())) for _ in range(3)]
    for thread in threads:
        thread.start()
    buffer.put("one")
    buffer.close()
    for thread in threads:
        thread.join(30)
    assert sorted(given_out) == [[], [], ["one"]]


@given(st.lists(st.integers(0, 120) | st.none(), max_size=12))
def test_nothing_is_lost_or_given_twice(steps):
    """Numbers are put, `None` takes a batch and puts the last of it back."""
    buffer, put, taken = Buffer(most=200, window_s=0.0), 0, 0
    for step in steps:
        if step is not None:
            put += sum(buffer.put("x" * 10) for _ in range(step))
        elif len(buffer):
            batch = buffer.take()
            assert 0 < len(batch) <= BATCH
            assert buffer.put_back(batch[-1:]) == 0
            taken += len(batch) - 1
    assert put == taken + len(buffer)
