"""A key's quota stops a runaway, and lets everything else through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.keys.quota import Quotas
from tests.fake_xray import Clock


def test_a_key_without_a_quota_may_send_any_number():
    assert Quotas(Clock()).of("k", None)(10**9) == 0


def test_a_minutes_worth_may_come_at_once_and_then_waits():
    clock = Clock()
    admit = Quotas(clock).of("k", 60)
    assert [admit(30), admit(30)] == [0, 0]
    assert admit(1) == pytest.approx(1)
    clock.sleep(1)
    assert admit(1) == 0


def test_a_request_larger_than_the_quota_comes_in_once_and_is_paid_off():
    clock = Clock()
    admit = Quotas(clock).of("k", 60)
    assert admit(180) == 0
    assert admit(1) == pytest.approx(121)
    clock.sleep(120)
    assert admit(1) > 0
    assert admit(0) == 0
    clock.sleep(1)
    assert admit(1) == 0


def test_nobody_saves_up_more_than_a_minutes_worth():
    clock = Clock()
    admit = Quotas(clock).of("k", 60)
    clock.sleep(3_600)
    assert [admit(60) == 0, admit(60) == 0] == [True, False]


def test_each_key_has_its_own():
    quotas = Quotas(Clock())
    assert [quotas.of("a", 1)(1), quotas.of("b", 1)(1)] == [0, 0]
    assert quotas.of("a", 1)(1) > 0


def test_a_new_quota_counts_from_now_on():
    quotas = Quotas(Clock())
    assert quotas.of("k", 1)(100) == 0
    assert quotas.of("k", 1000)(100) == 0


@given(
    quota=st.integers(1, 10_000),
    requests=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 5_000)), min_size=1, max_size=40),
)
def test_over_any_time_no_more_comes_in_than_the_rate_a_minute_and_one_request(quota, requests):
    clock = Clock()
    started, admitted, largest = clock(), 0, 0
    admit = Quotas(clock).of("k", quota)
    for pause, spans in requests:
        clock.sleep(pause)
        if not admit(spans):
            admitted, largest = admitted + spans, max(largest, spans)
    assert admitted <= quota + quota * (clock() - started) / 60 + largest + 1e-3


@given(quota=st.integers(1, 10_000), spans=st.integers(1, 50_000))
def test_who_waits_as_told_comes_in(quota, spans):
    clock = Clock()
    admit = Quotas(clock).of("k", quota)
    while not (wait_s := admit(spans)):
        pass
    clock.sleep(wait_s)
    assert admit(spans) == 0
