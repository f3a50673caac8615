"""A reservoir is divided, and never more than it holds."""

from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from raygate_local.xray.sampling.reservoir import INTERVAL_S, TTL_S, Client, grant, shares

SIZES = st.integers(0, 60)
DEMANDS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 200), min_size=1)
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 5000), st.floats(0, 40)), min_size=1, max_size=40)


@given(SIZES, DEMANDS)
@settings(max_examples=60)
def test_the_parts_are_the_whole(size, demands):
    parts = shares(size, demands)
    assert sum(parts.values()) == size
    assert min(parts.values()) >= 0
    assert max(parts.values()) - min(parts.values()) <= max(map(ceil, demands.values())) + 1


@given(SIZES, DEMANDS)
@settings(max_examples=60)
def test_who_needs_more_gets_no_less_and_who_needs_little_gets_it(size, demands):
    parts = shares(size, demands)
    for one in demands:
        assert all(parts[one] >= parts[other] for other in demands if demands[one] > demands[other])
        assert parts[one] >= min(ceil(demands[one]), size // len(demands))


@given(SIZES, STEPS)
@settings(max_examples=60)
def test_never_is_more_handed_out_than_the_reservoir_holds(size, steps):
    now_s = 1_700_000_000.0
    held: dict[str, Client] = {}
    granted: dict[str, Client] = {}
    for name, requests, pause_s in steps:
        now_s += pause_s
        held = grant(size, held, name, requests, now_s)
        granted[name] = held[name]
        valid = [client.quota for client in granted.values() if client.until_s >= int(now_s)]
        assert sum(valid) <= size
        assert held[name].until_s == int(now_s) + TTL_S


@given(SIZES, st.lists(st.integers(0, 5000), min_size=1, max_size=6))
@settings(max_examples=60)
def test_after_a_round_of_reports_everything_is_handed_out_again(size, requests):
    now_s = 1_700_000_000.0
    held: dict[str, Client] = {}
    for _ in range(3):
        now_s += INTERVAL_S
        for name, count in enumerate(requests):
            held = grant(size, held, str(name), count, now_s)
    assert sum(client.quota for client in held.values()) == size
    least, most = (pick(requests, key=lambda count: count) for pick in (min, max))
    assert held[str(requests.index(most))].quota >= held[str(requests.index(least))].quota


def test_one_who_is_new_waits_for_what_is_left():
    held = grant(4, {}, "a", 100, 1000.0)
    held = grant(4, held, "b", 100, 1001.0)
    assert (held["a"].quota, held["b"].quota) == (4, 0)
    held = grant(4, held, "a", 100, 1010.0)
    held = grant(4, held, "b", 100, 1011.0)
    assert (held["a"].quota, held["b"].quota) == (2, 2)


def test_who_does_not_report_any_more_leaves_its_part():
    held = grant(4, {}, "a", 100, 1000.0)
    assert grant(4, held, "b", 100, 1000.9 + TTL_S)["b"].quota == 0
    assert grant(4, held, "b", 100, 1001.0 + TTL_S) == {"b": Client(4, 1001 + 2 * TTL_S, 10.0, 1001.0 + TTL_S)}


def test_a_reservoir_that_became_smaller_gives_less():
    held = grant(10, {}, "a", 100, 1000.0)
    assert grant(3, held, "b", 100, 1001.0)["b"].quota == 0
    assert grant(3, held, "a", 100, 1010.0)["a"].quota == 3
