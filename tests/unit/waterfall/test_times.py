"""Self time, and clocks that do not agree: marked with the amount, never moved."""

import pytest

from raygate_local.waterfall import waterfall
from tests.unit.waterfall.documents import START_S, a_segment, a_subsegment

HTTP = {"request": {"method": "GET", "url": "https://a/"}}


def self_times(*documents):
    return [row.self_s for row in waterfall(documents).rows]


@pytest.mark.parametrize(
    ("children", "self_s"),
    [
        ([], 10),
        ([(2, 4), (6, 7)], 7),
        ([(2, 6), (4, 8)], 4),
        ([(2, 8), (3, 4)], 4),
        ([(-5, 2), (8, 20)], 6),
        ([(-5, -2), (12, 20)], 10),
        ([(0, 10)], 0),
    ],
)
def test_self_time_is_what_no_child_covers(children, self_s):
    documents = [a_subsegment(2 + at, start_s, end_s, 1) for at, (start_s, end_s) in enumerate(children)]
    (top,) = (row for row in waterfall([a_segment(1, 0, 10), *documents]).rows if row.depth == 0)
    assert top.self_s == pytest.approx(self_s)


def test_grandchildren_do_not_count():
    assert self_times(a_segment(1, 0, 10), a_segment(2, 2, 8, 1), a_segment(3, 3, 4, 2)) == [4, 5, 1]


def test_a_parent_that_is_not_here_has_no_time_of_its_own():
    assert self_times(a_segment(1, 0, 10, parent=9)) == [0, 10]


def skews(*documents):
    return {
        int(row.id, 16): round(note.seconds, 6)
        for row in waterfall(documents).rows
        for note in row.notes
        if note.kind == "clock_skew"
    }


def test_a_child_that_starts_before_its_parent_is_marked_and_not_moved():
    documents = [a_segment(1, 5, 10), a_segment(2, 4.75, 6, 1)]
    assert skews(*documents) == {2: 0.25}
    assert waterfall(documents).rows[1].start_s == START_S + 4.75
    assert waterfall(documents).remarks() == ["clocks differ by 250.0 ms or more"]


def test_an_answer_that_ends_after_the_call_is_marked():
    call = a_subsegment(2, 1, 5, 1, namespace="remote", http=HTTP)
    assert skews(a_segment(1, 0, 9), call, a_segment(3, 3, 6, 2, http=HTTP)) == {3: 1}


@pytest.mark.parametrize(
    ("call", "served"),
    [
        ({"namespace": "remote"}, {"http": HTTP}),  # a message: nobody waits
        ({"namespace": "remote", "http": HTTP}, {}),
        ({"http": HTTP}, {"http": HTTP}),
    ],
)
def test_what_nobody_waited_for_may_end_later(call, served):
    assert skews(a_segment(1, 0, 9), a_subsegment(2, 1, 5, 1, **call), a_segment(3, 3, 6, 2, **served)) == {}


def test_what_is_longer_than_the_call_is_no_skew():
    call = a_subsegment(2, 1, 2, 1, namespace="remote", http=HTTP)
    assert skews(a_segment(1, 0, 9), call, a_segment(3, 1.5, 6, 2, http=HTTP)) == {}


def test_a_millisecond_is_the_resolution_of_clocks():
    assert skews(a_segment(1, 5, 10), a_segment(2, 4.9995, 6, 1)) == {}


def test_an_end_before_the_start_is_marked_and_lasts_no_time():
    (row,) = waterfall([a_segment(1, 5, 4)]).rows
    assert (row.duration_s, row.self_s, [(note.kind, note.seconds) for note in row.notes]) == (
        0,
        0,
        [("ends_before_start", 1)],
    )
