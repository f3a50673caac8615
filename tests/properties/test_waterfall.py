"""What holds for any documents: none is lost, the tree is one, the critical path is the reference's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.waterfall import waterfall
from tests.unit.waterfall.documents import a_segment
from tests.unit.waterfall.reference import seconds

TIMES = st.integers(0, 12)


@st.composite
def traces(draw, most=9):
    """Parents may be missing, later, or the row itself; children may lie anywhere."""
    count = draw(st.integers(1, most))
    return [
        a_segment(
            number,
            draw(TIMES),
            draw(TIMES),
            draw(st.one_of(st.none(), st.integers(1, most + 1))),
            name=draw(st.sampled_from(["a", "b"])),
            fault=draw(st.booleans()),
        )
        for number in range(1, count + 1)
    ]


@given(traces())
def test_every_document_has_one_row_below_its_parent(documents):
    rows = waterfall(documents).rows
    assert sorted(row.id for row in rows if row.kind != "missing") == sorted(one["id"] for one in documents)
    for number, row in enumerate(rows):
        assert row.parent < number
        assert row.depth == (rows[row.parent].depth + 1 if row.parent >= 0 else 0)
        if row.parent >= 0:
            assert row.parent_id == rows[row.parent].id
            assert number < row.parent + rows[row.parent].size


@given(traces())
def test_the_order_of_coming_changes_nothing_but_ties(documents):
    def seen(given):
        return sorted((row.id, row.kind, round(row.self_s, 6), row.status) for row in waterfall(given).rows)

    assert seen(documents) == seen(documents[::-1])


@given(traces())
def test_the_critical_path_is_the_references_and_no_longer_than_the_trace(documents):
    trace = waterfall(documents)
    shares = [row.critical_s for row in trace.rows]
    assert shares == pytest.approx(seconds(trace.rows))
    assert sum(shares) <= trace.duration_s + 1e-6


@given(traces())
def test_self_time_is_never_longer_than_the_row(documents):
    for row in waterfall(documents).rows:
        assert 0 <= row.self_s <= row.duration_s


@given(traces())
def test_folds_are_siblings_and_no_row_is_in_two(documents):
    trace = waterfall(documents)
    folded = [number for fold in trace.folds for number in fold.rows]
    assert len(folded) == len(set(folded))
    for fold in trace.folds:
        assert len({trace.rows[number].parent for number in fold.rows}) == 1
        assert len({(trace.rows[number].name, trace.rows[number].status) for number in fold.rows}) == 1
