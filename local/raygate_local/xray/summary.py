"""A trace in short, as GetTraceSummaries gives it.

Takes   a `Trace`.
Gives   a TraceSummary: times, what went wrong where the trace came in (and whether anything in it was throttled),
        the request of that document, and each annotation, user and service once.
Absent  the root causes of faults and slowness: they are X-Ray's own analysis.
Source  X-Ray API reference, TraceSummary.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from raygate_local.xray.rules import Document
from raygate_local.xray.trace import Trace, end_of, entry_of, is_in_progress, start_of, with_subsegments

Json: TypeAlias = dict[str, Any]
Groups: TypeAlias = dict[tuple[bool, object], list[Json]]
"""The services of each value."""

HTTP: Final[Mapping[str, tuple[str, str, type]]] = {
    "HttpURL": ("request", "url", str),
    "HttpStatus": ("response", "status", int),
    "HttpMethod": ("request", "method", str),
    "UserAgent": ("request", "user_agent", str),
    "ClientIp": ("request", "client_ip", str),
}


def summary(trace: Trace) -> Json:
    """All about the trace in one object."""
    entry = entry_of(trace)
    nodes = {one["id"]: (one, parent) for document in trace.documents for one, parent in with_subsegments(document)}
    owners = _owners(nodes)
    known: dict[str, Json] = {}  # a trace has few services and many documents
    ids = {node_id: known.setdefault(repr(made := service_id(owner)), made) for node_id, owner in owners.items()}
    owned = [(one, ids[one["id"]]) for one, _ in nodes.values()]
    services = [service_id(one) for one, _ in owned if _is_segment(one)]
    ec2 = [one["aws"]["ec2"] for one, _ in owned if isinstance((one.get("aws") or {}).get("ec2"), dict)]
    return {
        "Id": trace.trace_id,
        "StartTime": trace.start_s,
        "Duration": _seconds(trace.start_s, trace.end_s),
        "ResponseTime": _seconds(start_of(entry), end_of(entry)),
        "HasFault": entry.get("fault") is True,
        "HasError": entry.get("error") is True,
        "HasThrottle": has(trace, "throttle"),
        "IsPartial": any(is_in_progress(one) for one, _ in owned),
        "Http": http_of(entry),
        "Annotations": _annotations(owned),
        "Users": _users(owned),
        "ServiceIds": _unique(services),
        "ResourceARNs": _unique({"ARN": one["resource_arn"]} for one, _ in owned if one.get("resource_arn")),
        "InstanceIds": _unique({"Id": one["instance_id"]} for one in ec2 if one.get("instance_id")),
        "AvailabilityZones": _unique({"Name": one["availability_zone"]} for one in ec2 if one.get("availability_zone")),
        "EntryPoint": service_id(entry),
        "Revision": trace.revision,
    }


def has(trace: Trace, flag: str) -> bool:
    """Whether any of its documents says so."""
    return any(
        one.get(flag) is True for stored in trace.stored.values() for one, _ in with_subsegments(stored.document)
    )


def http_of(document: Document) -> Json:
    """The request that a document is about, and the status of its answer."""
    block = document.get("http") or {}
    values = {name: ((block.get(side) or {}).get(member), kind) for name, (side, member, kind) in HTTP.items()}
    return {name: value for name, (value, kind) in values.items() if isinstance(value, kind)}


def service_id(document: Document) -> Json:
    """The service that a segment is of."""
    name, account = document["name"], (document.get("aws") or {}).get("account_id")
    return {
        "Name": name,
        "Names": [name],
        **({"AccountId": account} if isinstance(account, str) else {}),
        **({"Type": document["origin"]} if document.get("origin") else {}),
    }


def _is_segment(document: Document) -> bool:
    """Neither a subsegment by itself nor one within another document."""
    return document.get("type") is None and "trace_id" in document


def _owners(nodes: Mapping[str, tuple[Document, str | None]]) -> dict[str, Document]:
    """For each document the nearest segment around it; where there is none, the outermost that is here."""
    owners: dict[str, Document] = {}
    for document, _ in nodes.values():
        way: dict[str, None] = {}
        while document["id"] not in owners and document["id"] not in way and not _is_segment(document):
            way[document["id"]] = None
            document, _ = nodes.get(nodes[document["id"]][1] or "", (document, None))  # noqa: PLW2901 up the tree
        owner = owners.get(document["id"], document)
        owners |= dict.fromkeys([*way, document["id"]], owner)
    return owners


def _annotations(owned: list[tuple[Document, Json]]) -> Json:
    found: dict[str, Groups] = {}
    for document, service in owned:
        for key, value in (document.get("annotations") or {}).items():
            _add(found.setdefault(key, {}), value, service)
    return {
        key: [{"AnnotationValue": _typed(value), "ServiceIds": services} for (_, value), services in values.items()]
        for key, values in found.items()
    }


def _users(owned: list[tuple[Document, Json]]) -> list[Json]:
    found: Groups = {}
    for document, service in owned:
        if document.get("user"):
            _add(found, document["user"], service)
    return [{"UserName": user, "ServiceIds": services} for (_, user), services in found.items()]


def _add(groups: Groups, value: object, service: Json) -> None:
    """Each value once, true and 1 being two, with each of its services once."""
    services = groups.setdefault((isinstance(value, bool), value), [])
    if service not in services:
        services.append(service)


def _typed(value: object) -> Json:
    if isinstance(value, bool):
        return {"BooleanValue": value}
    return {"StringValue": value} if isinstance(value, str) else {"NumberValue": value}


def _unique(values: Any) -> list[Json]:
    return list({repr(value): value for value in values}.values())


def _seconds(start_s: float, end_s: float) -> float:
    return round(max(0.0, end_s - start_s), 6)
