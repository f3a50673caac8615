"""The service graph as the page draws it.

Takes   services as GetServiceGraph answers, and the span of time in which their requests were.
Gives   `picture`: nodes and edges with keys that stay the same, counts by status, response times, and for each the
        filter: `of`, an expression about it that more can be asked within, and `within`, what is asked there already.
Rules   A client is no service to a filter: its requests are those that came in at the service that it calls.
Source  X-Ray API reference, Service and Edge; X-Ray developer guide, "Use filter expressions".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from raygate_local.xray.filters import edge, service
from raygate_local.xray.filters.inferred import QUEUES
from raygate_local.xray.graph.sightings import CLIENT

Json = dict[str, Any]

DATABASES: Final = ("Database::", "AWS::DynamoDB", "AWS::RDS", "AWS::Redshift", "AWS::ElastiCache")
ROOT: Final = "root"


def picture(services: Sequence[Mapping[str, Any]], span: tuple[float, float]) -> Json:
    """All of it."""
    known = {one["ReferenceId"]: one for one in services}
    return {
        "nodes": [_node(one, known) for one in services],
        "edges": [_edge(one, call, known[call["ReferenceId"]]) for one in services for call in one["Edges"]],
        "start": span[0],
        "end": span[1],
    }


def key_of(one: Mapping[str, Any]) -> str:
    """The same for the same service: its type, name and account."""
    return "|".join([one.get("Type") or "", one["Name"], one.get("AccountId") or ""])


def _node(one: Mapping[str, Any], known: Mapping[int, Mapping[str, Any]]) -> Json:
    kind = _kind(one)
    return {
        "key": key_of(one),
        "name": one["Name"],
        "type": one.get("Type") or "",
        "account": one.get("AccountId") or "",
        "kind": kind,
        "root": one["Root"],
        "filter": _of_client(one, known) if kind == CLIENT else {"of": _service(one), "within": ""},
        **_counted(one["SummaryStatistics"], one["ResponseTimeHistogram"]),
    }


def _edge(source: Mapping[str, Any], call: Mapping[str, Any], target: Mapping[str, Any]) -> Json:
    is_link = call.get("EdgeType") == "link"
    return {
        "source": key_of(source),
        "target": key_of(target),
        "link": is_link,
        "filter": _of_edge(source, target, is_link=is_link),
        "ages": _bars(call.get("ReceivedEventAgeHistogram") or ()),
        **_counted(call["SummaryStatistics"], call["ResponseTimeHistogram"]),
    }


def _kind(one: Mapping[str, Any]) -> str:
    """What it is drawn as."""
    kind = one.get("Type") or ""
    if kind == CLIENT:
        return CLIENT
    if kind in QUEUES:
        return "queue"
    if kind.startswith(DATABASES):
        return "database"
    return "service" if one["State"] == "active" else "remote"


def _of_client(one: Mapping[str, Any], known: Mapping[int, Mapping[str, Any]]) -> Json:
    called = [known[call["ReferenceId"]] for call in one["Edges"]]
    return {"of": _service(called[0]) if called else "", "within": ROOT}


def _service(one: Mapping[str, Any]) -> str:
    return service(one["Name"], one.get("Type"))


def _of_edge(source: Mapping[str, Any], target: Mapping[str, Any], *, is_link: bool) -> Json:
    """What is linked lies in two traces: the one that worked on it is found."""
    if source.get("Type") == CLIENT or is_link:
        return {"of": _service(target), "within": "" if is_link else ROOT}
    return {"of": edge(source["Name"], target["Name"]), "within": ""}


def _counted(statistics: Mapping[str, Any], times: Sequence[Mapping[str, Any]]) -> Json:
    errors = statistics["ErrorStatistics"]
    return {
        "ok": statistics["OkCount"],
        "error": errors["OtherCount"],
        "throttle": errors["ThrottleCount"],
        "fault": statistics["FaultStatistics"]["TotalCount"],
        "total": statistics["TotalCount"],
        "seconds": statistics["TotalResponseTime"],
        "times": _bars(times),
    }


def _bars(entries: Sequence[Mapping[str, Any]]) -> list[tuple[float, int]]:
    return [(one["Value"], one["Count"]) for one in entries]
