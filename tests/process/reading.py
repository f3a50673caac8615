"""What is in the local X-Ray, as boto3 reads it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import boto3

from tests.process.serving import Running

MOST_TRACES = 5
"""BatchGetTraces takes five."""


def documents_of(server: Running, *trace_ids: str) -> list[dict[str, Any]]:
    """Every document of these traces, those within others too."""
    xray = boto3.client("xray", endpoint_url=server.xray_url)
    documents: list[dict[str, Any]] = []
    for start in range(0, len(trace_ids), MOST_TRACES):
        answer = xray.batch_get_traces(TraceIds=list(trace_ids[start : start + MOST_TRACES]))
        for trace in answer["Traces"]:
            documents += _flat([json.loads(segment["Document"]) for segment in trace["Segments"]])
    return documents


def _flat(documents: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for document in documents:
        yield document
        yield from _flat(document.get("subsegments", ()))
