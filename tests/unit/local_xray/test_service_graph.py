"""The service graph: who called whom, and how often it went well."""

import json
from contextlib import closing

import pytest

from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.operations import call
from raygate_local.xray.store import Store
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, an_id

TIMES = {"StartTime": START_S - 60, "EndTime": START_S + 600}
QUEUE = "https://sqs.test/1/orders"


@pytest.fixture
def store():
    with closing(Store.open()) as one:
        yield one


def put(store, *documents):
    assert store.put([json.dumps(one) for one in documents]) == {"UnprocessedTraceSegments": []}


def graph(store, **more):
    return call(store, "/ServiceGraph", TIMES | more)["Services"]


def named(service):
    return f"{service['Name']} ({service.get('Type', '-')})"


def edges(services):
    """Each edge by the names of its ends: the counts, and whether it is a link."""
    names = {one["ReferenceId"]: named(one) for one in services}
    return {
        f"{named(one)} → {names[edge['ReferenceId']]}{' link' if edge.get('EdgeType') else ''}": counts(edge)
        for one in services
        for edge in one["Edges"]
    }


def counts(part):
    """Ok, throttled, other errors, faults."""
    summary = part["SummaryStatistics"]
    errors, faults = summary["ErrorStatistics"], summary["FaultStatistics"]
    found = (summary["OkCount"], errors["ThrottleCount"], errors["OtherCount"], faults["OtherCount"])
    assert errors["TotalCount"] == found[1] + found[2]
    assert faults["TotalCount"] == found[3]
    assert summary["TotalCount"] == sum(found) == sum(one["Count"] for one in part["ResponseTimeHistogram"])
    return found


OK, THROTTLED, FAULT = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1)
SHOP = {"shop (client) → shop (-)": OK}
A_CALL = {"name": "billing.test", "namespace": "remote"}

CASES = [
    ("a segment alone is called by a client", [a_document(1)], SHOP),
    ("steps within a service are no edges", [a_document(1), a_subsegment(2, 1), a_subsegment(3, 2)], SHOP),
    (
        "what is called and did not tell is inferred",
        [a_document(1), a_subsegment(2, 1, **A_CALL, fault=True)],
        SHOP | {"shop (-) → billing.test (remote)": FAULT},
    ),
    (
        "a call within a step counts for the service around",
        [a_document(1), a_subsegment(2, 1), a_subsegment(3, 2, **A_CALL)],
        SHOP | {"shop (-) → billing.test (remote)": OK},
    ),
    (
        "an embedded call counts as well",
        [a_document(1, subsegments=[{"id": an_id(2), "start_time": START_S, "end_time": START_S + 1, **A_CALL}])],
        SHOP | {"shop (-) → billing.test (remote)": OK},
    ),
    (
        "of a call that was answered by a segment the caller's view counts",
        [a_document(1), a_subsegment(2, 1, **A_CALL, fault=True), a_document(3, name="billing", parent_id=an_id(2))],
        SHOP | {"shop (-) → billing (-)": FAULT},
    ),
    (
        "a segment below a segment is an edge as it saw it",
        [a_document(1), a_document(3, name="billing", parent_id=an_id(1), throttle=True, error=True)],
        SHOP | {"shop (-) → billing (-)": THROTTLED},
    ),
    (
        "a segment whose parent is not here is called by a client",
        [a_document(3, name="billing", parent_id=an_id(2))],
        {"billing (client) → billing (-)": OK},
    ),
    (
        "a query is a database",
        [a_document(1), a_subsegment(2, 1, name="orders@db.test", namespace="remote", sql={"url": "db.test"})],
        SHOP | {"shop (-) → orders@db.test (Database::SQL)": OK},
    ),
    (
        "a table is a node by its name",
        [a_document(1), a_subsegment(2, 1, name="DynamoDB", namespace="aws", aws={"table_name": "orders"})],
        SHOP | {"shop (-) → orders (AWS::DynamoDB::Table)": OK},
    ),
    (
        "a queue stands between who writes and who reads",
        [
            a_document(1),
            a_subsegment(2, 1, name="SQS", namespace="aws", aws={"queue_url": QUEUE}),
            a_document(3, name="worker", parent_id=an_id(2), fault=True),
        ],
        SHOP | {f"shop (-) → {QUEUE} (AWS::SQS::Queue)": OK, f"{QUEUE} (AWS::SQS::Queue) → worker (-)": FAULT},
    ),
    (
        "a link leads from the queue to who reads, also in another trace",
        [
            a_document(1),
            a_subsegment(2, 1, name="SQS", namespace="aws", aws={"queue_url": QUEUE}),
            a_document(
                3,
                name="worker",
                trace_id=a_trace_id(3),
                start_time=START_S + 7,
                end_time=START_S + 8,
                links=[{"trace_id": TRACE_ID, "id": an_id(2)}, {"trace_id": a_trace_id(9), "id": an_id(2)}],
            ),
        ],
        SHOP
        | {
            f"shop (-) → {QUEUE} (AWS::SQS::Queue)": OK,
            "worker (client) → worker (-)": OK,
            f"{QUEUE} (AWS::SQS::Queue) → worker (-) link": OK,
        },
    ),
    (
        "what is in progress is drawn and not counted",
        [a_document(1, end_time=None, in_progress=True)],
        {"shop (client) → shop (-)": (0, 0, 0, 0)},
    ),
    (
        "two calls of one service that two segments answer are two",
        [
            a_document(1),
            *(a_subsegment(number, 1, **A_CALL) for number in (2, 3)),
            *(a_document(number + 5, name="billing", parent_id=an_id(number)) for number in (2, 3)),
        ],
        SHOP | {"shop (-) → billing (-)": (2, 0, 0, 0)},
    ),
]


@pytest.mark.parametrize(("documents", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_edges_of_a_trace(store, documents, wanted):
    put(store, *documents)
    assert edges(graph(store)) == wanted


def test_what_a_service_saw_itself_is_at_the_node(store):
    put(
        store,
        a_document(1, end_time=START_S + 2),
        a_subsegment(2, 1, **A_CALL, fault=True, end_time=START_S + 1),
        a_document(3, name="billing", parent_id=an_id(2), end_time=START_S + 0.25, origin="AWS::EC2::Instance"),
    )
    nodes = {one["Name"]: one for one in graph(store) if one.get("Type") != "client"}
    assert {name: counts(one) for name, one in nodes.items()} == {"shop": OK, "billing": OK}
    assert nodes["billing"]["ResponseTimeHistogram"] == [{"Value": 0.25, "Count": 1}]
    assert nodes["shop"]["Edges"][0]["ResponseTimeHistogram"] == [{"Value": 1.0, "Count": 1}]
    assert [(one["Root"], one["State"]) for one in nodes.values()] == [(True, "active"), (False, "active")]
    assert (nodes["shop"]["StartTime"], nodes["shop"]["EndTime"]) == (START_S, START_S + 2)


def test_services_of_another_account_or_type_are_others(store):
    put(
        store,
        a_document(1, aws={"account_id": "1"}),
        a_document(2, aws={"account_id": "2"}),
        a_document(3, origin="AWS::Lambda"),
    )
    found = {(one.get("AccountId"), one.get("Type")) for one in graph(store) if one.get("Type") != "client"}
    assert found == {("1", None), ("2", None), (None, "AWS::Lambda")}


def test_a_link_tells_how_long_a_message_waited(store):
    put(store, *CASES[11][1])
    (link,) = [edge for one in graph(store) for edge in one["Edges"] if edge.get("EdgeType") == "link"]
    assert link["ReceivedEventAgeHistogram"] == [{"Value": 7.0, "Count": 1}]


def test_a_graph_of_some_traces_has_only_those(store):
    put(store, a_document(1), a_document(1, name="other", trace_id=a_trace_id(2)))
    services = call(store, "/TraceGraph", {"TraceIds": [TRACE_ID, a_trace_id(7)]})["Services"]
    assert edges(services) == SHOP


def test_a_graph_of_a_span_of_time_and_of_a_group(store):
    put(
        store,
        a_document(1),
        a_document(1, name="broken", trace_id=a_trace_id(2), fault=True),
        a_document(1, name="later", trace_id=a_trace_id(3), start_time=START_S + 5_000, end_time=START_S + 5_001),
    )
    call(store, "/CreateGroup", {"GroupName": "faults", "FilterExpression": "fault"})
    assert set(edges(graph(store))) == {"shop (client) → shop (-)", "broken (client) → broken (-)"}
    assert set(edges(graph(store, GroupName="faults"))) == {"broken (client) → broken (-)"}
    with pytest.raises(InvalidRequestError, match="no group mine"):
        graph(store, GroupName="mine")


def series(store, **more):
    points = call(store, "/TimeSeriesServiceStatistics", TIMES | more)["TimeSeriesServiceStatistics"]
    found = []
    for one in points:
        (member,) = set(one) - {"Timestamp", "ResponseTimeHistogram"}
        found.append((one["Timestamp"] - START_S // 60 * 60, member, one[member]["TotalCount"]))
    return found


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, [(0, "EdgeSummaryStatistics", 4), (60, "EdgeSummaryStatistics", 1)]),
        ({"Period": 300}, [(-180, "EdgeSummaryStatistics", 5)]),
        (
            {"EntitySelectorExpression": 'service("shop")'},
            [(0, "ServiceSummaryStatistics", 2), (60, "ServiceSummaryStatistics", 1)],
        ),
        ({"EntitySelectorExpression": 'id(name: "billing.test")'}, [(0, "ServiceSummaryStatistics", 2)]),
        ({"EntitySelectorExpression": 'service(id(name: "shop", type: "AWS::Lambda"))'}, []),
        ({"EntitySelectorExpression": 'edge("shop", "billing.test")'}, [(0, "EdgeSummaryStatistics", 2)]),
        ({"EntitySelectorExpression": 'edge("billing.test", "shop")'}, []),
        (
            {"EntitySelectorExpression": 'edge(id(name: "shop", type: "client"), id(name: "shop"))'},
            [(0, "EdgeSummaryStatistics", 2), (60, "EdgeSummaryStatistics", 1)],
        ),
    ],
)
def test_statistics_by_the_minute(store, more, wanted):
    at = START_S // 60 * 60
    put(
        store,
        *(a_document(1, trace_id=a_trace_id(number), start_time=at + 60 * (number // 2)) for number in range(3)),
        *(a_subsegment(2, 1, trace_id=a_trace_id(number), start_time=at + 1, **A_CALL) for number in range(2)),
    )
    assert series(store, **more) == wanted


@pytest.mark.parametrize("selector", ["fault", "service(", 'edge("a")', "shop"])
def test_a_selector_that_is_none_is_refused(store, selector):
    with pytest.raises(InvalidRequestError, match="EntitySelectorExpression"):
        series(store, EntitySelectorExpression=selector)
