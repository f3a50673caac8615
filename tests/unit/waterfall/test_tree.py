"""Every document has its row, under its parent; what is missing or in a ring is said."""

import pytest

from raygate_local.waterfall import waterfall
from tests.unit.waterfall.documents import START_S, a_segment, a_subsegment, an_id


def shape(documents):
    """Depth and number of each row, in order."""
    return [(row.depth, int(row.id, 16)) for row in waterfall(documents).rows]


def kinds(documents):
    return {int(row.id, 16): [note.kind for note in row.notes] for row in waterfall(documents).rows if row.notes}


def test_nothing_has_no_rows():
    empty = waterfall([])
    assert (empty.rows, empty.folds, empty.remarks(), empty.duration_s) == ([], [], [], 0.0)


def test_children_stand_under_their_parents_across_documents_and_by_start():
    embedded = a_segment(3, 1, 2, name="embedded")
    documents = [
        a_segment(4, 5, 6, parent=2),
        a_subsegment(2, 4, 7, parent=1),
        a_segment(1, 0, 9, subsegments=[embedded | {"subsegments": [a_segment(5, 1, 2)]}]),
    ]
    assert shape(documents) == [(0, 1), (1, 3), (2, 5), (1, 2), (2, 4)]


def test_kind_document_and_service_of_a_row():
    documents = [a_segment(1, 0, 9, name="shop", subsegments=[a_segment(2, 1, 2)]), a_subsegment(3, 3, 4, parent=2)]
    rows = waterfall(documents).rows
    assert [(row.kind, row.document_id, row.service) for row in rows] == [
        ("segment", an_id(1), "shop"),
        ("subsegment", an_id(1), "shop"),
        ("subsegment", an_id(3), "shop"),
    ]


def test_a_parent_that_is_not_here_has_a_row_as_long_as_its_children():
    documents = [a_segment(1, 2, 3, parent=9), a_segment(2, 4, 6, parent=9)]
    rows = waterfall(documents).rows
    assert [(row.depth, row.kind) for row in rows] == [(0, "missing"), (1, "segment"), (1, "segment")]
    assert (rows[0].start_s, rows[0].end_s) == (START_S + 2, START_S + 6)
    assert kinds(documents) == {9: ["missing_parent"], 1: ["missing_parent"], 2: ["missing_parent"]}
    assert waterfall(documents).remarks() == ["1 parent has not come"]


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ([(1, 1)], [(0, 1)]),
        ([(1, 2), (2, 1)], [(0, 1), (1, 2)]),
        ([(3, 1), (2, 3), (1, 2), (4, 1)], [(0, 1), (1, 3), (2, 2), (1, 4)]),
    ],
)
def test_a_ring_is_cut_where_it_starts_first(ring, expected):
    documents = [a_segment(number, number, 9, parent=parent) for number, parent in ring]
    assert shape(documents) == expected
    assert [number for number, found in kinds(documents).items() if "ring" in found] == [1]


def test_what_hangs_on_a_ring_does_not_become_its_top():
    documents = [a_segment(1, 0, 9, parent=2), a_segment(2, 5, 9, parent=3), a_segment(3, 6, 9, parent=2)]
    assert shape(documents) == [(0, 2), (1, 1), (1, 3)]


def test_an_id_that_came_twice_has_one_row_and_it_is_the_finished_one():
    unfinished = a_segment(2, 1, 0, end_time=None, in_progress=True)
    documents = [a_segment(1, 0, 9, subsegments=[unfinished]), a_subsegment(2, 1, 4, parent=1)]
    row = waterfall(documents).rows[1]
    assert (row.in_progress, row.document_id) == (False, an_id(2))
    assert kinds(documents)[2] == ["in_progress", "sent_twice"]


def test_what_is_in_progress_is_as_long_as_what_is_known_of_it():
    documents = [a_segment(1, 0, 0, end_time=None, in_progress=True), a_subsegment(2, 1, 4, parent=1)]
    trace = waterfall(documents)
    assert (trace.rows[0].duration_s, trace.rows[0].in_progress) == (4, True)
    assert trace.remarks() == ["1 is in progress"]


def test_a_chain_of_ten_thousand_is_no_deeper_than_it_may_be():
    documents = [a_segment(number, number, 20_000 - number, parent=number - 1) for number in range(1, 10_001)]
    rows = waterfall(documents).rows
    assert (rows[-1].depth, rows[0].size) == (9_999, 10_000)


def test_the_sizes_of_sub_trees_say_where_the_next_one_begins():
    documents = [a_segment(1, 0, 9), a_segment(2, 1, 4, 1), a_segment(3, 2, 3, 2), a_segment(4, 5, 6, 1)]
    assert [row.size for row in waterfall(documents).rows] == [4, 2, 1, 1]


@pytest.mark.parametrize(
    ("members", "operation"),
    [
        ({"http": {"request": {"method": "GET", "url": "https://shop/a/b?c=d"}}}, "GET /a/b"),
        ({"http": {"request": {"url": "https://shop"}}}, "/"),
        ({"http": {"request": {"url": "https://[broken#/?"}}}, "/"),
        ({"http": {"request": {"method": "GET", "url": "/a/b#c"}}}, "GET /a/b"),
        ({"http": "text", "aws": {"operation": "PutItem"}}, "PutItem"),
        ({"sql": {"sanitized_query": "SELECT\n  1"}}, "SELECT 1"),
        ({"aws": {"operation": 7}}, ""),
    ],
)
def test_what_was_asked(members, operation):
    assert waterfall([a_segment(1, 0, 1, **members)]).rows[0].operation == operation
