"""Twice the size takes about twice the time, whatever the request is made of.

Ratios of CPU time within one run, never a clock: a square would be four.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from raygate import pipeline
from raygate.deliver import Budget
from raygate.errors import DecodeError
from raygate.request import Encoding, Request
from raygate.settings import Settings
from tests.abuse.bodies import STRUCTURES, TEXTS

WIDE = Settings(max_wire_bytes=2**40, max_decompressed_bytes=2**40, max_spans=2**30)
"""Nothing is refused for its size: what takes long shows."""

BODY_BYTES = 100_000
TEXT_CHARACTERS = 16_000
MOST_RATIO = 3.0
NOISE_S = 0.004
TRIES = 3


@pytest.fixture(autouse=True, scope="module")
def _alone() -> Iterator[None]:
    """What other tests have left in memory is not gone through: one such collection takes as long as a request."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def spent_s(body: bytes, encoding: Encoding) -> float:
    """CPU seconds for the whole journey without the network."""
    started = time.process_time()
    with suppress(DecodeError):
        pipeline.run(Request(body, encoding), WIDE, lambda _: {}, Budget.of(1_000))
    return time.process_time() - started


def assert_linear(small: bytes, large: bytes, encoding: Encoding = "protobuf") -> None:
    for _ in range(TRIES):
        once, twice = spent_s(small, encoding), spent_s(large, encoding)
        if twice <= MOST_RATIO * once + NOISE_S:
            return
    pytest.fail(f"{len(small)} bytes took {once:.3f} s, {len(large)} bytes {twice:.3f} s")


@pytest.mark.parametrize("name", STRUCTURES)
def test_twice_as_much_takes_twice_the_time(name):
    growing = STRUCTURES[name]
    assert_linear(growing.make(BODY_BYTES), growing.make(2 * BODY_BYTES), growing.encoding)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_twice_as_long_takes_twice_the_time(name):
    assert_linear(TEXTS[name](TEXT_CHARACTERS), TEXTS[name](2 * TEXT_CHARACTERS))
