"""What filters know of a trace."""

import gc

import pytest

from raygate_local.xray.filters import Facts, facts_of, parse
from raygate_local.xray.filters.causes import LONGEST
from raygate_local.xray.filters.nodes import Node
from raygate_local.xray.graph.sightings import sightings_of
from tests.unit.local_xray.documents import START_S, a_document, a_subsegment, an_id


def within(number, **members):
    """A subsegment that comes within another document."""
    return a_document(number, trace_id=None, **members)


def finds(text, *documents):
    return parse(text).matches(facts_of(documents))


def test_of_no_documents_there_is_nothing_to_know():
    assert facts_of([]) == Facts()
    assert not parse("ok").matches(Facts())


def test_the_order_of_the_documents_changes_nothing():
    calls = [a_subsegment(number, 1, namespace="remote", start_time=START_S + number / 10) for number in range(2, 5)]
    callees = [a_document(number + 10, name=f"s{number}", parent_id=an_id(number)) for number in range(2, 5)]
    documents = [a_document(1), *calls, *callees]
    shuffled = [*documents[3:], *documents[:3][::-1]]
    assert [finds(f'edge("shop", "s{number}")', *shuffled) for number in range(2, 6)] == [True, True, True, False]
    assert facts_of(shuffled).whole == facts_of(documents).whole


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"user": None, "http": None, "annotations": None, "cause": None, "aws": None}, "!user !http.url !message"),
        ({"http": {"request": None, "response": {"status": None}}}, "!http.status"),
        ({"http": {"request": {"url": 7, "method": None}, "response": {"status": 200}}}, "!http.url http.status"),
        ({"aws": {"ec2": "no object", "account_id": 5}}, '!instance.id !service(id(account.id: "5"))'),
        ({"cause": "00000000000000aa"}, "!message"),
        ({"cause": {"exceptions": [{"id": "00000000000000aa", "message": 5, "type": "E"}]}}, "!message"),
        ({"annotations": {"a": True, "b": 1, "c": "1"}}, 'annotation.a = true annotation.b = 1 annotation.c = "1"'),
        ({"annotations": {"a": True}}, "!(annotation.a = 1)"),
        ({"annotations": {"id": 9007199254740993}}, "annotation.id = 9007199254740993"),
        ({"annotations": {"id": 9007199254740993}}, "!(annotation.id = 9007199254740992)"),
        ({"user": ""}, "!user"),
        ({"origin": ""}, "!type"),
        ({"error": False, "fault": None}, "ok"),
    ],
)  # fmt: skip
def test_what_a_document_does_not_say_is_not_there(members, text):
    assert finds(text, a_document(**members))


def test_equal_values_of_different_kinds_are_all_there():
    facts = facts_of([a_document(1, annotations={"a": 1}), a_document(2, annotations={"a": True})])
    assert facts.whole["annotation.a"] == [1, True]


def test_an_independent_subsegment_counts_for_the_segment_above_it():
    documents = [
        a_document(1),
        a_subsegment(2, 1, subsegments=[within(3)]),
        a_subsegment(4, 3, annotations={"deep": 1}, user="eve"),
    ]
    assert finds('service("shop") { annotation.deep = 1 AND user = "eve" }', *documents)


def test_a_subsegment_without_its_segment_counts_for_the_trace_and_for_no_service():
    lost = a_subsegment(2, 1, annotations={"a": 1}, namespace="remote", name="api.test")
    assert finds('annotation.a = 1 AND !service("shop")', lost)
    assert finds('service(id(name: "api.test", type: "remote")) { inferred }', lost)
    assert not finds('edge("", "api.test")', lost)


def test_a_ring_of_documents_is_no_trap():
    ring = [
        a_document(1, parent_id=an_id(2)),
        a_document(2, parent_id=an_id(1), name="other"),
        a_document(3, parent_id=an_id(3)),
    ]
    assert finds('service("other") AND edge("shop", "other") AND !root', *ring)


def test_deep_and_wide_traces_are_no_trap():
    deep = within(5000)
    for number in range(4999, 4900, -1):
        deep = within(number, subsegments=[deep])
    parents = [None, *map(an_id, range(1, 2000))]
    chain = [a_document(number, parent_id=parent, fault=True) for number, parent in enumerate(parents, 1)]
    facts = facts_of([*chain, a_document(4900, subsegments=[deep], parent_id=an_id(1), fault=True)])
    assert parse('edge("shop", "shop") AND rootcause.fault.service').matches(facts)
    lengths = [len(cause["Services"]) for cause in facts.causes["FaultRootCauses"]]
    assert max(lengths) == LONGEST


def test_a_fault_that_was_handled_is_no_fault_of_the_client():
    documents = [
        a_document(1, subsegments=[within(2, namespace="remote", name="api.test", fault=True)]),
    ]
    (cause,) = facts_of(documents).causes["FaultRootCauses"]
    assert cause["ClientImpacting"] is False
    assert [(one["Name"], one["Inferred"]) for one in cause["Services"]] == [("shop", False), ("api.test", True)]


def test_each_fault_has_its_own_root_cause():
    failing = [within(number, name=f"step {number}", fault=True) for number in (2, 3)]
    causes = facts_of([a_document(1, fault=True, subsegments=failing)]).causes["FaultRootCauses"]
    paths = [[one["Name"] for one in cause["Services"][0]["EntityPath"]] for cause in causes]
    assert paths == [["shop", "step 2"], ["shop", "step 3"]]
    assert all(cause["ClientImpacting"] for cause in causes)


def test_what_goes_on_after_the_answer_does_not_make_it_slow():
    later = within(2, name="afterwards", start_time=START_S + 0.4, end_time=START_S + 60)
    early = within(3, name="query", start_time=START_S, end_time=START_S + 0.3)
    (cause,) = facts_of([a_document(1, subsegments=[later, early])]).causes["ResponseTimeRootCauses"]
    assert [(one["Name"], one["Coverage"]) for one in cause["Services"][0]["EntityPath"]] == [
        ("shop", 1.0),
        ("query", 0.6),
    ]
    assert finds("duration < 1 AND service() { duration > 50 }", a_document(1, subsegments=[later, early]))


@pytest.mark.parametrize(
    ("members", "name", "kind"),
    [
        ({"name": "DynamoDB", "namespace": "aws", "aws": {"table_name": "t"}}, "t", "AWS::DynamoDB::Table"),
        ({"name": "DynamoDB", "namespace": "aws"}, "DynamoDB", "AWS::DynamoDB"),
        ({"name": "STS", "namespace": "aws", "aws": {"operation": "AssumeRole"}}, "STS", "AWS::STS"),
        ({"name": "db@host", "namespace": "remote", "sql": {"url": "x"}}, "db@host", "Database::SQL"),
        ({"name": "api.test", "namespace": "remote"}, "api.test", "remote"),
    ],
)
def test_a_service_is_inferred_from_a_call(members, name, kind):
    call = within(2, **members)
    assert finds(f'edge("shop", id(name: "{name}", type: "{kind}"))', a_document(1, subsegments=[call]))
    callee = a_document(3, parent_id=an_id(2), name="callee")
    known = facts_of([a_document(1, subsegments=[call]), callee])
    assert parse('edge("shop", "callee") AND !inferred').matches(known)


def test_facts_of_a_large_trace_are_smaller_than_its_documents():
    documents = [
        a_document(number, parent_id=an_id(1) if number > 1 else None, annotations={"number": number})
        for number in range(1, 1001)
    ]
    assert len(facts_of(documents).dump()) < 1000 * 300


def test_nothing_of_a_tree_stays_in_memory_until_python_looks_for_rings():
    documents = [a_document(number, parent_id=an_id(1) if number > 1 else None) for number in range(1, 101)]
    gc.collect()
    gc.disable()
    try:
        facts_of(documents), sightings_of(documents)
        left = [one for one in gc.get_objects() if isinstance(one, Node)]
    finally:
        gc.enable()
    assert left == []
