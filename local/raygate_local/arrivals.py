"""What `raygate serve` prints about one request or batch: a line for each trace in it, or what else became of it.

Takes   the documents that were sent to X-Ray, X-Ray's answers to them, and the request's `Report`.
Gives   for each trace its identifier, how many documents, whose trace it is, what was refused and why, and where to
        look at it; for a request that was not answered by 200 the status and the reason.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from raygate.deliver import Put
from raygate.ingest import Report

HEAD: Final = re.compile(
    r'{"name":(?P<name>"(?:[^"\\]|\\.)*+"),"id":"(?P<id>[0-9a-f]{16})","trace_id":"(?P<trace_id>[0-9a-f-]{35})"'
)
"""How a document of the mapping begins: to read them all would take as long as to make them."""


class Head(NamedTuple):
    """What a line says of a document."""

    trace_id: str
    id: str
    name: str


def head_of(text: str) -> Head:
    """Of a document of the mapping, or of any other, such as those of X-Ray's SDKs."""
    if found := HEAD.match(text):
        return Head(found["trace_id"], found["id"], orjson.loads(found["name"]))
    document = orjson.loads(text)
    return Head(*(str(document.get(member) or "") for member in Head._fields))


@dataclass(slots=True)
class Arrivals:
    """The documents of one request, by identifier: a document that is sent again is the same one."""

    documents: dict[tuple[str, str], tuple[Head, str]] = field(default_factory=dict)
    """The head and the text."""
    refused: dict[str, str] = field(default_factory=dict)
    """X-Ray's code by the document's identifier."""

    def through(self, put: Put) -> Put:
        """The same `put`, listened to."""

        def listening(texts: list[str]) -> Mapping[str, Any]:
            answer = put(texts)
            for text in texts:
                head = head_of(text)
                self.documents[head.trace_id, head.id] = head, text
            for one in answer.get("UnprocessedTraceSegments") or ():
                self.refused[str(one.get("Id"))] = str(one.get("ErrorCode"))
            return answer

        return listening

    def lines(self, report: Report, page: str = "") -> Iterator[str]:
        """What to print; `page` is the address of the local X-Ray's page, if there is one."""
        yield from self.traces(page)
        if report.refusal:
            yield f"answered {report.status}: {_plain(report.refusal)}"
        if report.outcome and report.outcome.queued:
            yield f"{_spans(report.outcome.queued)} kept in the queue, to be delivered"
        if report.outcome and report.outcome.parked:
            codes = ", ".join(sorted(report.outcome.parked))
            yield f"{_spans(report.outcome.parked.total())} parked, refused by X-Ray: {_plain(codes)}"

    def traces(self, page: str = "") -> Iterator[str]:
        """A line for each trace that X-Ray was given."""
        traces: dict[str, list[tuple[Head, str]]] = {}
        for (trace_id, _), document in self.documents.items():
            traces.setdefault(trace_id, []).append(document)
        for trace_id, documents in traces.items():
            yield self._line(trace_id, documents, page)

    def _line(self, trace_id: str, documents: Sequence[tuple[Head, str]], page: str) -> str:
        codes = [self.refused[head.id] for head, _ in documents if head.id in self.refused]
        parts = [
            f"trace {trace_id}",
            f"{len(documents)} {'document' if len(documents) == 1 else 'documents'}",
            _plain(_entry(documents).name)[:80],
            f"{len(codes)} refused by X-Ray: {', '.join(sorted(set(codes)))}" if codes else "",
            f"{page}/traces/{trace_id}" if page else "",
        ]
        return "  ".join(part for part in parts if part)


def _entry(documents: Sequence[tuple[Head, str]]) -> Head:
    """The root where it is there, else the first that is no subsegment, else the first."""
    segments = [one for one in documents if '"type":"subsegment"' not in one[1]]
    roots = [one for one in segments if '"parent_id":"' not in one[1]]
    return (roots or segments or documents)[0][0]


def _spans(number: int) -> str:
    return f"{number} span" if number == 1 else f"{number} spans"


def _plain(text: str) -> str:
    """As it can be shown in a terminal: senders may put anything in a name."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)
