"""Look-ups are remembered, for as long as is told and not for longer."""

import pytest

from raygate.errors import KeyStoreError
from raygate.keys import cache
from raygate.keys.cache import cached
from tests.fake_xray import Clock
from tests.unit.keys.keyring import a_record, a_ring

RECORD = a_record()


def test_a_key_that_was_found_is_looked_up_once_a_minute():
    ring, clock = a_ring(RECORD), Clock()
    find = cached(ring.find, clock)
    for seconds, looked_up in [(0, 1), (59.9, 1), (0.1, 2), (59.9, 2)]:
        clock.sleep(seconds)
        assert find(RECORD.hash) == RECORD
        assert len(ring.asked) == looked_up


def test_a_key_that_was_not_found_is_looked_up_again_after_ten_seconds():
    ring, clock = a_ring(), Clock()
    find = cached(ring.find, clock)
    assert find(RECORD.hash) is None
    ring.records[RECORD.hash] = RECORD
    clock.sleep(9.9)
    assert find(RECORD.hash) is None
    clock.sleep(0.1)
    assert find(RECORD.hash) == RECORD
    assert len(ring.asked) == 2


def test_revoking_a_key_works_within_a_minute():
    ring, clock = a_ring(RECORD), Clock()
    find = cached(ring.find, clock)
    find(RECORD.hash)
    revoked = ring.records[RECORD.hash] = a_record(disabled=True)
    clock.sleep(60)
    assert find(RECORD.hash) == revoked
    del ring.records[RECORD.hash]
    clock.sleep(60)
    assert find(RECORD.hash) is None
    assert find(RECORD.hash) is None


def test_a_failure_is_not_remembered():
    ring, clock = a_ring(RECORD), Clock()
    find = cached(ring.find, clock)
    ring.is_down = True
    with pytest.raises(KeyStoreError):
        find(RECORD.hash)
    ring.is_down = False
    assert find(RECORD.hash) == RECORD


def test_a_failure_after_the_lifetime_is_not_covered_up():
    ring, clock = a_ring(RECORD), Clock()
    find = cached(ring.find, clock)
    find(RECORD.hash)
    ring.is_down = True
    clock.sleep(60)
    with pytest.raises(KeyStoreError):
        find(RECORD.hash)


def test_guessed_keys_use_little_room_and_push_out_no_real_one(monkeypatch):
    monkeypatch.setattr(cache, "MOST", 10)
    ring = a_ring(RECORD)
    find = cached(ring.find, Clock())
    find(RECORD.hash)
    for number in range(100):
        find(f"{number:064d}")
    asked = len(ring.asked)
    find(RECORD.hash)
    assert len(ring.asked) == asked
    find(f"{99:064d}")
    assert len(ring.asked) == asked
    find(f"{0:064d}")
    assert len(ring.asked) == asked + 1
