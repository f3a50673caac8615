"""The list without a browser: pages, changes, counts over time."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.viewer.histogram import STATUSES, histogram
from raygate_local.viewer.listing import Asked, Listing
from raygate_local.viewer.words import Words
from raygate_local.xray.filters import FilterError
from raygate_local.xray.store import Store
from tests.process.viewer.shop import START_S, a_trace_id, an_order, orders


@pytest.fixture
def store():
    one = Store.open()
    yield one
    one.close()


def put(store, *documents):
    assert store.put([json.dumps(one) for one in documents]) == {"UnprocessedTraceSegments": []}


def read(listing, asked, size):
    """Every page."""
    page = listing.page(asked, size, None)
    rows = page["rows"]
    while page["next"]:
        page = listing.page(asked, size, tuple(page["next"]))
        rows += page["rows"]
    return rows


@pytest.mark.parametrize("size", [1, 3, 7, 20, 21, 1000])
def test_pages_of_any_size_hold_every_trace_once_newest_first(store, size):
    put(store, *orders(20), an_order(19, id="ab" * 8), an_order(40, start_time=START_S))
    rows = read(Listing(store), Asked(), size)
    assert [one["id"] for one in rows] == [a_trace_id(number) for number in [*range(19, 0, -1), 40, 0]]


def test_what_comes_between_two_pages_does_not_move_them(store):
    put(store, *orders(20))
    listing = Listing(store)
    first = listing.page(Asked(), 5, None)
    put(store, an_order(50))
    second = listing.page(Asked(), 5, tuple(first["next"]))
    assert [one["id"] for one in second["rows"]] == [a_trace_id(number) for number in range(14, 9, -1)]


def test_a_filter_and_a_span_of_time_go_together(store):
    put(store, *orders(40))
    asked = Asked("fault", START_S + 10, START_S + 30)
    assert [one["id"] for one in read(Listing(store), asked, 10)] == [a_trace_id(20), a_trace_id(10)]


def test_what_changed_is_told_with_what_is_asked_for_no_more(store):
    put(store, *orders(10))
    listing, asked, seen = Listing(store), Asked("ok"), store.version
    listing.page(asked, 5, None)
    put(store, an_order(5, 500), an_order(6), an_order(20))
    told = listing.since(asked, seen)
    assert [one["id"] for one in told["rows"]] == [a_trace_id(20), a_trace_id(6)]
    assert told["gone"] == [a_trace_id(5)]
    assert (told["total"], told["version"]) == (8, store.version)
    assert listing.since(asked, told["version"])["rows"] == []


def test_a_filter_that_cannot_be_read_says_where(store):
    with pytest.raises(FilterError) as refused:
        Listing(store).page(Asked("fault AND ="), 5, None)
    assert refused.value.column == 10


def test_a_status_is_that_of_where_the_request_came_in(store):
    call: dict[str, Any] = {
        "type": "subsegment",
        "parent_id": f"{5:016x}",
        "namespace": "aws",
        "throttle": True,
        "error": True,
    }
    put(store, *(an_order(number, code) for number, code in enumerate((200, 404, 429, 500))))
    put(store, an_order(5), an_order(6, **call) | {"trace_id": a_trace_id(5), "name": "DynamoDB"})
    rows = Listing(store).page(Asked(), 10, None)["rows"]
    assert [(one["status"], one["inner"]) for one in rows] == [
        ("ok", "throttle"), ("fault", ""), ("throttle", ""), ("error", ""), ("ok", "")
    ]  # fmt: skip


moments = st.lists(
    st.tuples(st.floats(0, 4e9, allow_nan=False), st.sampled_from(STATUSES)), min_size=1, max_size=50
).map(lambda given: sorted(given, reverse=True))


@given(moments, st.integers(1, 200))
def test_a_histogram_counts_every_trace_once(moments, steps):
    made = histogram(moments, None, None, steps)
    assert {status: sum(made[status]) for status in STATUSES} == {
        status: sum(1 for _, one in moments if one == status) for status in STATUSES
    }
    assert made["start"] <= moments[-1][0]
    assert moments[0][0] < made["start"] + made["step"] * (len(made["ok"]) + 1e-6)
    assert len(made["ok"]) <= steps + 2


def test_a_histogram_of_nothing_is_empty():
    assert histogram([], None, None, 60)["ok"] == []
    assert sum(histogram([], 100.0, 200.0, 60)["ok"]) == 0


def test_words_are_gathered_again_when_there_are_others_but_not_at_every_key(store):
    now_s = 0.0
    words = Words(store, lambda: now_s)

    def names():
        return [one["text"] for one in words.complete("service(", 8)["completions"] if one["sort"] == "value"]

    put(store, an_order(1))
    assert names() == ['"shop"']
    put(store, an_order(2, name="bank"))
    assert names() == ['"shop"']
    now_s = 3.0
    assert sorted(names()) == ['"bank"', '"shop"']
