"""The critical path: by hand, and equal to a plain reference."""

import pytest

from raygate_local.waterfall import waterfall
from tests.unit.waterfall.documents import START_S, a_segment
from tests.unit.waterfall.reference import seconds

CASES: dict[str, tuple[list[tuple[int, float, float, int | None]], dict[int, float]]] = {
    "one alone": ([(1, 0, 10, None)], {1: 10}),
    "one after the other": ([(1, 0, 10, None), (2, 1, 4, 1), (3, 5, 9, 1)], {1: 3, 2: 3, 3: 4}),
    "side by side, the last to end counts": ([(1, 0, 10, None), (2, 1, 6, 1), (3, 1, 9, 1)], {1: 2, 3: 8}),
    "overlapping: who still ran did not decide": ([(1, 0, 10, None), (2, 1, 6, 1), (3, 4, 9, 1)], {1: 5, 3: 5}),
    "back to back": ([(1, 0, 10, None), (2, 0, 5, 1), (3, 5, 10, 1)], {2: 5, 3: 5}),
    "an async child that starts after the end": ([(1, 0, 10, None), (2, 12, 20, 1)], {1: 10}),
    "an async child that outlives its parent": ([(1, 0, 10, None), (2, 6, 20, 1)], {1: 6, 2: 4}),
    "two that outlive it: the longer one": ([(1, 0, 10, None), (2, 6, 20, 1), (3, 4, 30, 1)], {1: 4, 3: 6}),
    "a clock behind: cut to the parent": ([(1, 5, 10, None), (2, 0, 7, 1)], {1: 3, 2: 2}),
    "a clock far behind: not on the path": ([(1, 5, 10, None), (2, 0, 4, 1)], {1: 5}),
    "a grandchild is cut to what is left": ([(1, 0, 10, None), (2, 2, 8, 1), (3, 1, 9, 2)], {1: 4, 3: 6}),
    "equal ends: the longer": ([(1, 0, 10, None), (2, 5, 9, 1), (3, 3, 9, 1)], {1: 4, 3: 6}),
    "no time at all": ([(1, 5, 5, None), (2, 5, 5, 1)], {}),
    "two tops": ([(1, 0, 4, None), (2, 5, 9, None)], {1: 4, 2: 4}),
    "a parent that is not here": ([(1, 0, 10, 9), (2, 2, 6, 1)], {1: 6, 2: 4}),
    "an end before the start": ([(1, 0, 10, None), (2, 6, 4, 1)], {1: 10}),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_path_is_the_one_found_by_hand_and_by_the_reference(case):
    given, expected = CASES[case]
    rows = waterfall([a_segment(number, start_s, end_s, parent) for number, start_s, end_s, parent in given]).rows
    assert {int(row.id, 16): row.critical_s for row in rows if row.is_critical} == pytest.approx(expected)
    assert [row.critical_s for row in rows] == pytest.approx(seconds(rows))


def test_the_pieces_of_a_row_lie_between_its_children():
    rows = waterfall([a_segment(1, 0, 10), a_segment(2, 2, 4, 1), a_segment(3, 6, 9, 1)]).rows
    pieces = [(start_s - START_S, end_s - START_S) for start_s, end_s in rows[0].critical]
    assert pieces == [(9, 10), (4, 6), (0, 2)]
