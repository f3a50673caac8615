"""Own failures and those that came up from below; the worst status; equal siblings."""

import pytest

from raygate_local.waterfall import waterfall
from tests.unit.waterfall.documents import a_segment, an_id


def told(*exceptions):
    return {"exceptions": [{"id": an_id(7), "type": kind, "message": message} for kind, message in exceptions]}


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, "ok"),
        ({"error": True}, "error"),
        ({"error": True, "throttle": True}, "throttle"),
        ({"error": True, "fault": True, "throttle": True}, "fault"),
        ({"fault": False}, "ok"),
    ],
)
def test_the_worst_is_the_status(members, status):
    assert waterfall([a_segment(1, 0, 1, **members)]).rows[0].status == status


BOOM = told(("ValueError", "boom"))


@pytest.mark.parametrize(
    ("above", "below", "is_inherited"),
    [
        ({"fault": True}, {"fault": True, "cause": BOOM}, True),
        ({"fault": True, "cause": BOOM}, {"fault": True, "cause": BOOM}, True),
        ({"fault": True, "cause": "0123456789abcdef"}, {"fault": True, "cause": BOOM}, True),
        ({"fault": True, "cause": told(("", "ValueError: boom"))}, {"error": True, "cause": BOOM}, True),
        ({"fault": True, "cause": told(("KeyError", "x"))}, {"fault": True, "cause": BOOM}, False),
        ({"fault": True, "cause": told(("", "disk full"))}, {"fault": True, "cause": BOOM}, False),
        ({"fault": True}, {}, False),
        ({"fault": True, "cause": BOOM}, {}, False),
        ({}, {"fault": True}, False),
    ],
)
def test_a_failure_is_inherited_when_all_it_says_a_child_says_too(above, below, is_inherited):
    rows = waterfall([a_segment(1, 0, 9, **above), a_segment(2, 1, 2, 1, **below)]).rows
    assert [row.is_inherited for row in rows] == [is_inherited, False]


def test_equal_siblings_fold_with_count_and_sum():
    same = [a_segment(2 + at, at, at + 0.5, 1, name="query") for at in range(4)]
    others = [a_segment(10, 5, 6, 1, name="query", fault=True), a_segment(11, 6, 7, 1, name="other")]
    trace = waterfall([a_segment(1, 0, 9), *same, *others])
    (fold,) = trace.folds
    assert ([int(trace.rows[one].id, 16) for one in fold.rows], fold.sum_s) == ([2, 3, 4, 5], 2)
    assert [row.fold for row in trace.rows] == [-1, 1, 1, 1, 1, -1, -1]


def test_siblings_with_other_children_are_not_equal():
    parents = [a_segment(2 + at, at, at + 1, 1, name="call") for at in range(3)]
    trace = waterfall([a_segment(1, 0, 9), *parents, a_segment(9, 0.1, 0.2, 3, name="only here")])
    assert trace.folds == []


def test_cousins_are_no_siblings():
    calls = [a_segment(10 + at, at, at + 1, parent, name="call") for at, parent in enumerate((1, 2, 2))]
    assert waterfall([a_segment(1, 0, 9), a_segment(2, 0, 9, 1, name="x"), *calls]).folds == []
