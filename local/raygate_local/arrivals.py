"""What `raygate serve` prints about one request: a line for each trace in it, or why nothing was kept.

Takes   the documents that were sent to X-Ray, X-Ray's answers to them, and the request's `Report`.
Gives   for each trace its identifier, how many documents, whose trace it is, what was refused and why, and where to
        look at it; for a request that was not answered by 200 the status and the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from raygate.deliver import Put
from raygate.ingest import Report


@dataclass(slots=True)
class Arrivals:
    """The documents of one request, by identifier: a document that is sent again is the same one."""

    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """X-Ray's code by the document's identifier."""

    def through(self, put: Put) -> Put:
        """The same `put`, listened to."""

        def listening(texts: list[str]) -> Mapping[str, Any]:
            answer = put(texts)
            for document in map(orjson.loads, texts):
                self.documents[str(document.get("trace_id")), str(document.get("id"))] = document
            for one in answer.get("UnprocessedTraceSegments") or ():
                self.refused[str(one.get("Id"))] = str(one.get("ErrorCode"))
            return answer

        return listening

    def lines(self, report: Report, page: str = "") -> Iterator[str]:
        """What to print; `page` is the address of the local X-Ray's page, if there is one."""
        traces: dict[str, list[dict[str, Any]]] = {}
        for (trace_id, _), document in self.documents.items():
            traces.setdefault(trace_id, []).append(document)
        for trace_id, documents in traces.items():
            yield self._line(trace_id, documents, page)
        if report.refusal:
            yield f"answered {report.status}: {_plain(report.refusal)}"

    def _line(self, trace_id: str, documents: Sequence[dict[str, Any]], page: str) -> str:
        codes = [self.refused[document["id"]] for document in documents if document.get("id") in self.refused]
        parts = [
            f"trace {trace_id}",
            f"{len(documents)} {'document' if len(documents) == 1 else 'documents'}",
            _plain(_first_segment(documents).get("name"))[:80],
            f"{len(codes)} refused by X-Ray: {', '.join(sorted(set(codes)))}" if codes else "",
            f"{page}/traces/{trace_id}" if page else "",
        ]
        return "  ".join(part for part in parts if part)


def _first_segment(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The root where it is there, else the first that is no subsegment."""
    segments = [document for document in documents if "type" not in document]
    roots = [document for document in segments if "parent_id" not in document]
    return (roots or segments or list(documents))[0]


def _plain(text: object) -> str:
    """As it can be shown in a terminal: senders may put anything in a name."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text or ""))
