"""What is kept of the documents that were put."""

import json

from raygate_local.xray.store import Store, entry_of
from raygate_local.xray.tree import rows
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, an_id


def stored(*documents):
    store = Store()
    assert store.put([json.dumps(one) for one in documents]) == {"UnprocessedTraceSegments": []}
    return store.traces[TRACE_ID]


def shape(trace):
    return [(row.document["id"][-1], row.depth) for row in rows(trace)]


def test_a_document_is_kept_once_as_it_was_sent_last():
    trace = stored(a_document(end_time=None, in_progress=True), a_document(name="done"), a_document(name="again"))
    assert [one["name"] for one in trace.documents] == ["again"]


def test_an_end_that_came_early_is_not_taken_back():
    trace = stored(a_document(name="done"), a_document(end_time=None, in_progress=True))
    assert [one["name"] for one in trace.documents] == ["done"]


def test_ten_thousand_documents_are_all_there():
    store = Store()
    texts = [json.dumps(a_document(number, trace_id=a_trace_id(number % 100))) for number in range(10_000)]
    store.put(texts)
    assert sum(len(trace.stored) for trace in store.traces.values()) == len(texts)


def test_the_tree_has_parents_before_children_and_them_by_start():
    trace = stored(
        a_subsegment(3, 2, start_time=START_S + 0.2),
        a_subsegment(4, 1, start_time=START_S + 0.1),
        a_subsegment(2, 1, start_time=START_S + 0.2),
        a_document(1),
    )
    assert shape(trace) == [("1", 0), ("4", 1), ("2", 1), ("3", 2)]


def test_subsegments_within_a_document_are_in_the_tree():
    inner = {"id": an_id(2), "name": "inner", "start_time": START_S, "end_time": START_S + 1}
    deeper = inner | {"id": an_id(3)}
    assert shape(stored(a_document(1, subsegments=[inner | {"subsegments": [deeper]}]))) == [
        ("1", 0),
        ("2", 1),
        ("3", 2),
    ]


def test_documents_without_a_parent_here_or_in_a_ring_are_in_the_tree_too():
    trace = stored(a_subsegment(1, 9), a_subsegment(2, 3), a_subsegment(3, 2), a_subsegment(4, 4))
    assert sorted(one for one, _ in shape(trace)) == ["1", "2", "3", "4"]
    assert [row.is_orphan for row in rows(trace)] == [True, False, False, False]


def test_a_trace_as_deep_as_it_is_long_has_a_tree():
    trace = stored(a_document(1), *(a_subsegment(number, number - 1) for number in range(2, 3001)))
    assert [row.depth for row in rows(trace)] == list(range(3000))


def test_a_trace_is_named_by_its_root():
    called = a_document(2, name="billing", parent_id=an_id(1), start_time=START_S - 1)
    assert entry_of(stored(a_subsegment(3, 1), called, a_document(1)))["name"] == "shop"
    assert entry_of(stored(a_subsegment(3, 1), called))["name"] == "billing"
    assert entry_of(stored(a_subsegment(3, 1, name="db")))["name"] == "db"
