"""Dashboard and alarms of `template.yaml`: as CloudWatch takes them, about metrics that somebody writes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.project.resolved import is_met, resolved
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT
from tests.project.written_metrics import written

SCHEMA = Draft202012Validator(json.loads(Path(__file__).with_name("dashboard_schema.json").read_text()))
ENDPOINTS = TEMPLATE["Parameters"]["Endpoint"]["AllowedValues"]
ALARMS = resources("AWS::CloudWatch::Alarm")

OF_AWS = {
    ("AWS/ApiGateway", "ApiId"): {"Count", "4xx", "5xx", "Latency", "IntegrationLatency", "DataProcessed"},
    ("AWS/Lambda", "FunctionName"): {
        *("Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"),
        *("UrlRequestCount", "Url4xxCount", "Url5xxCount", "UrlRequestLatency"),
    },
    ("AWS/SQS", "QueueName"): {
        *("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"),
        *("ApproximateNumberOfMessagesNotVisible", "NumberOfMessagesSent", "NumberOfMessagesReceived"),
        *("NumberOfMessagesDeleted", "NumberOfEmptyReceives"),
    },
    ("AWS/Logs", "LogGroupName"): {"IncomingBytes", "IncomingLogEvents"},
}
"""What AWS writes by itself, by namespace and dimension, as its guides list it."""

SEARCHED = re.compile(r"SEARCH\('\{Raygate,([^}]+)\} service=\"([^\"]+)\" MetricName=\"(\w+)\"', '\w+', \d+\)")
WORDS = {"FILL", "SUM", "TIME_SERIES"}
"""Functions of CloudWatch's metric math that are used."""


class Metric(NamedTuple):
    namespace: str
    name: str
    dimensions: dict[str, str]


def dashboard(endpoint: str) -> dict[str, Any]:
    text = resolved(TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardBody"], Endpoint=endpoint)
    body: dict[str, Any] = json.loads(text)
    return body


def rows(body: dict[str, Any]) -> Iterator[list[Any]]:
    for widget in body["widgets"]:
        yield from widget["properties"].get("metrics", ())


def shown(body: dict[str, Any]) -> Iterator[Metric]:
    """Every metric of the dashboard; those that it searches for too."""
    for row in rows(body):
        options = row[-1] if isinstance(row[-1], dict) else {}
        if found := SEARCHED.fullmatch(options.get("expression", "")):
            dimensions, service, name = found.groups()
            yield Metric("Raygate", name, dict.fromkeys(dimensions.split(","), "*") | {"service": service})
        elif isinstance(row[0], str):
            names = [part for part in row if isinstance(part, str)][2:]
            yield Metric(row[0], row[1], dict(zip(names[::2], names[1::2], strict=True)))


def watched(alarm: dict[str, Any]) -> Iterator[Metric]:
    """Every metric of an alarm."""
    plain = [alarm] if "MetricName" in alarm else []
    summed = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    for one in [*plain, *summed]:
        dimensions = {dimension["Name"]: dimension["Value"] for dimension in one["Dimensions"]}
        yield Metric(one["Namespace"], one["MetricName"], dimensions)


def exists(metric: Metric, endpoint: str) -> bool:
    """Whether somebody writes it, of a resource that is there."""
    if metric.namespace == "Raygate":
        is_ours = metric.dimensions["service"] == "AWS::StackName"
        return is_ours and (metric.name, frozenset(metric.dimensions)) in written()
    ((dimension, value),) = metric.dimensions.items()
    row = TEMPLATE["Resources"][value.partition(".")[0]]
    is_there = is_met(row["Condition"], Endpoint=endpoint) if "Condition" in row else True
    return is_there and metric.name in OF_AWS[metric.namespace, dimension]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_dashboard_is_one_that_cloudwatch_takes(endpoint):
    body = dashboard(endpoint)
    assert [f"{list(error.path)}: {error.message}" for error in SCHEMA.iter_errors(body)] == []
    assert len(json.dumps(body)) < 1_000_000


@pytest.mark.parametrize(
    "broken",
    [
        {"widgets": [{"type": "metric"}]},
        {"widgets": [], "titel": "x"},
        {"widgets": [{"type": "text", "x": 24, "y": 0, "width": 1, "height": 1, "properties": {"markdown": ""}}]},
        {"widgets": [{"type": "text", "x": 0, "y": 0, "width": 1, "height": 1, "properties": {"metrics": []}}]},
    ],
)
def test_a_dashboard_that_cloudwatch_refuses_is_found(broken):
    assert not SCHEMA.is_valid(broken)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_widget_lies_on_another_or_over_the_edge(endpoint):
    taken: set[tuple[int, int]] = set()
    for widget in dashboard(endpoint)["widgets"]:
        assert widget["x"] + widget["width"] <= 24
        columns = range(widget["x"], widget["x"] + widget["width"])
        cells = {(x, y) for x in columns for y in range(widget["y"], widget["y"] + widget["height"])}
        assert not taken & cells, widget["properties"]["title"]
        taken |= cells


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_metric_of_the_dashboard_is_written_by_somebody(endpoint):
    assert [metric for metric in shown(dashboard(endpoint)) if not exists(metric, endpoint)] == []


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_expression_uses_what_its_widget_has(endpoint):
    for widget in dashboard(endpoint)["widgets"]:
        options = [row[-1] for row in widget["properties"].get("metrics", ()) if isinstance(row[-1], dict)]
        ids = [one["id"] for one in options if "id" in one]
        assert len(ids) == len(set(ids))
        for one in options:
            if "expression" in one and not SEARCHED.fullmatch(one["expression"]):
                used = set(re.findall(r"[A-Za-z_]\w*", one["expression"]))
                assert used <= {*ids, *WORDS}, one["expression"]


def test_the_dashboard_shows_what_an_operator_asks_for():
    body = dashboard("api")
    names = {metric.name for metric in shown(body)}
    states = {"SpansDelivered", "SpansQueued", "SpansParked", "SpansRejected", "SpansReturned"}
    assert names >= states | {"SpansReceived", "SpansRefused", "Duration", "Latency", "4xx", "5xx", "Throttles"}
    assert names >= {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "MessagesDead"}
    titles = " ".join(widget["properties"]["title"] for widget in body["widgets"])
    assert "Cold starts" in titles
    assert "Cost estimate" in titles


def test_the_dashboard_shows_every_alarm():
    (status,) = [widget for widget in dashboard("api")["widgets"] if widget["type"] == "alarm"]
    assert sorted(status["properties"]["alarms"]) == sorted(f"{name}.Arn" for name in ALARMS)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_watches_a_metric_that_is_written(name, endpoint):
    metrics = list(watched(resolved(ALARMS[name], Endpoint=endpoint)))
    assert metrics
    assert [metric for metric in metrics if not exists(metric, endpoint)] == []


def test_there_is_an_alarm_for_all_that_wants_a_person():
    names = {metric.name for alarm in ALARMS.values() for metric in watched(resolved(alarm))}
    assert names >= {"SpansUnaccounted", "WorkerUnaccounted", "ReplaySpansUnaccounted"}
    assert names >= {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "MessagesDead"}
    assert names >= {"5xx", "SpansParked", "WorkerParked", "Throttles", "KeyStoreFailed", "Errors"}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_whom_it_is_to_tell_and_nobody_otherwise(name):
    told = resolved(ALARMS[name], AlarmEmail="ops@example.com")
    assert told["AlarmActions"] == told["OKActions"] == ["AlarmTopic"]
    assert "AlarmActions" not in resolved(ALARMS[name])
    assert told["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("name", ALARMS)
def test_the_guide_says_what_an_alarm_wants(name):
    guide = (PROJECT / "docs" / "operating.md").read_text()
    assert re.search(rf"^\| `{name}` \| [^|]+ \| [^|]+ \|$", guide, re.MULTILINE)


def test_a_metric_that_nobody_writes_is_found():
    assert not exists(Metric("Raygate", "SpansLost", {"service": "AWS::StackName"}), "api")
    assert not exists(Metric("Raygate", "SpansRefused", {"service": "AWS::StackName"}), "api")
    assert not exists(Metric("AWS/ApiGateway", "Count", {"ApiId": "HttpApi"}), "function-url")
