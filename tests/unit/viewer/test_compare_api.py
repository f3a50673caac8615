"""What the comparison shows: one tree of both traces, and the last runs of the same operation."""

import json
from copy import deepcopy

import pytest

from raygate_local.viewer import compare_api
from raygate_local.xray.store import Store
from tests.process.viewer.shop import a_trace_id, an_order
from tests.process.viewer.traces import a_trace_id as an_order_id
from tests.process.viewer.traces import an_id, document, order
from tests.unit.viewer.asking import Client

FIRST, SECOND = an_order_id(1), an_order_id(2)


def slower():
    """The same order again: one query is gone, the bank is 200 ms slower, something new is asked."""
    documents = [one | {"trace_id": SECOND} for one in deepcopy(order())]
    for one in documents:
        if one["id"] in {an_id(34), an_id(31), an_id(30), an_id(1)}:
            one["end_time"] += 0.2
        for inner in one.get("subsegments", ()):
            inner["trace_id"] = SECOND
    kept = [one for one in documents if one["id"] != an_id(20)]
    return [*kept, document(SECOND, 77, 1, (85, 90), type="subsegment", namespace="remote", name="fraud check")]


@pytest.fixture(scope="module")
def client():
    store = Store.open()
    runs = [an_order(number) for number in range(6)] + [an_order(9, name="other")]
    store.put([json.dumps(one) for one in [*order(), *slower(), *runs]])
    yield Client(compare_api.routes(store))
    store.close()


@pytest.fixture(scope="module")
def compared(client):
    return client.get(f"/api/compare/{FIRST}/{SECOND}").json()


def test_rows_are_in_the_order_of_one_tree(compared):
    for number, row in enumerate(compared["rows"]):
        assert row["parent"] < number
        above = compared["rows"][row["parent"]]
        assert row["depth"] == (0 if row["parent"] < 0 else above["depth"] + 1)
    names = [row["name"] for row in compared["rows"] if row["parent"] == 0]
    assert names.index("DynamoDB") < names.index("fraud check")


def test_what_is_added_removed_and_slower_is_said(compared):
    changes = {(row["name"], row["change"]) for row in compared["rows"] if row["change"] != "same"}
    assert changes >= {("DynamoDB", "removed"), ("fraud check", "added"), ("bank", "slower"), ("shop", "slower")}
    assert compared["delta"] == pytest.approx(0.2)


def test_the_largest_contribution_is_first(compared):
    ranked = [compared["rows"][number] for number in compared["changes"]]
    assert ranked[0]["name"] == "bank"
    sizes = [abs(row["contribution"]) for row in ranked]
    assert sizes == sorted(sizes, reverse=True)


def test_either_form_of_an_id_will_do(client, compared):
    def w3c(trace_id):
        return trace_id.replace("-", "")[1:]

    assert client.get(f"/api/compare/{w3c(FIRST)}/{w3c(SECOND)}").json() == compared


def test_runs_are_those_of_the_same_operation_whatever_the_number_in_the_path(client):
    answer = client.get(f"/api/compare/{a_trace_id(2)}").json()
    assert [one["id"] for one in answer["runs"]] == [a_trace_id(number) for number in (5, 4, 3, 1, 0)]


@pytest.mark.parametrize("path", [f"{FIRST}/1-0-0", f"1-0-0/{FIRST}", "1-0-0"], ids=["second", "first", "alone"])
def test_a_trace_that_is_not_here_is_said(client, path):
    answer = client.get(f"/api/compare/{path}")
    assert answer.status == 404
    assert answer.json()["message"].startswith("There is no trace 1-0-0 here.")
