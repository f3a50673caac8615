"""Two traces aligned: by service, name and order, sorted by what contributes."""

import pytest

from raygate_local.comparison import compare
from raygate_local.terminal import comparison as drawn
from raygate_local.terminal.screen import ASCII
from raygate_local.waterfall import waterfall


def a_document(number: int, name: str, start_s: float, end_s: float, parent: int = 0, **members):
    document = {"id": f"{number:016x}", "name": name, "start_time": start_s, "end_time": end_s, **members}
    return document | ({"parent_id": f"{parent:016x}", "type": "subsegment"} if parent else {})


def a_trace(*documents):
    return waterfall(documents)


BEFORE = a_trace(
    a_document(1, "shop", 0.0, 0.4),
    a_document(2, "stock", 0.1, 0.2, 1),
    a_document(3, "stock", 0.2, 0.3, 1),
    a_document(4, "old", 0.3, 0.32, 1),
)
AFTER = a_trace(
    a_document(11, "shop", 5.0, 5.7),
    a_document(12, "stock", 5.1, 5.2, 11),
    a_document(13, "stock", 5.2, 5.55, 11, fault=True),
    a_document(14, "new", 5.55, 5.6, 11),
)


def steps():
    return {(step.path[-1].name, step.path[-1].occurrence): step for step in compare(BEFORE, AFTER).steps}


@pytest.mark.parametrize(
    ("place", "change", "delta_ms"),
    [
        (("shop", 0), "slower", 300),
        (("stock", 0), "same", 0),
        (("stock", 1), "slower", 250),
        (("old", 0), "removed", -20),
        (("new", 0), "added", 50),
    ],
)
def test_a_step_says_how_it_changed(place, change, delta_ms):
    assert steps()[place].change == change
    assert round(steps()[place].delta_s * 1000) == delta_ms


def test_what_contributes_most_comes_first():
    order = [step.path[-1] for step in compare(BEFORE, AFTER).steps]
    assert (order[0].name, order[0].occurrence) == ("stock", 1)
    contributions = [abs(step.contribution_s) for step in compare(BEFORE, AFTER).steps]
    assert contributions == sorted(contributions, reverse=True)


def test_contributions_of_serial_work_add_up_to_the_difference():
    comparison = compare(BEFORE, AFTER)
    assert sum(step.contribution_s for step in comparison.steps) == pytest.approx(comparison.delta_s)


def test_a_trace_compared_with_itself_has_no_difference():
    comparison = compare(BEFORE, BEFORE)
    assert comparison.counts() == {"same": 4}
    assert list(drawn.lines(comparison, 80, ASCII)) == []


def test_the_same_compared_the_other_way_round_is_the_opposite():
    there, back = compare(BEFORE, AFTER), compare(AFTER, BEFORE)
    assert there.delta_s == -back.delta_s
    assert there.counts()["added"] == back.counts()["removed"]


def test_lines_fit_and_name_what_ended_otherwise():
    lines = [line.plain for line in drawn.lines(compare(BEFORE, AFTER), 80, ASCII)]
    assert max(map(len, lines)) <= 80
    assert any("ok became fault: shop > stock #2" in line for line in lines)
    assert any(line.lstrip().startswith("+250 ms") for line in lines)
    assert not any("stock #1" in line or line.endswith("shop > stock") for line in lines)


def test_json_has_both_sides():
    told = compare(BEFORE, AFTER).as_json()
    assert told["counts"] == {"slower": 2, "added": 1, "removed": 1, "same": 1}
    removed = next(step for step in told["steps"] if step["change"] == "removed")
    assert removed["after"] is None
    assert removed["before"]["duration"] == pytest.approx(0.02)
