"""What `raygate serve` prints about one request or batch: a line for each trace in it, or what else became of it.

Takes   the documents that were sent to X-Ray, X-Ray's answers to them, and the request's `Report`.
Gives   for each trace its identifier, how many documents, whose trace it is, what was refused and why, and where to
        look at it; for a request that was not answered by 200 the status and the reason.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from raygate.deliver import Put
from raygate.ingest import Report

HEAD: Final = re.compile(
    r'{"name":(?P<name>"(?:[^"\\]|\\.)*+"),"id":"(?P<id>[0-9a-f]{16})","trace_id":"(?P<trace_id>[0-9a-f-]{35})"'
)
"""How each document begins: to read them all would take as long as to make them."""


@dataclass(slots=True)
class Arrivals:
    """The documents of one request, by identifier: a document that is sent again is the same one."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """X-Ray's code by the document's identifier."""

    def through(self, put: Put) -> Put:
        """The same `put`, listened to."""

        def listening(texts: list[str]) -> Mapping[str, Any]:
            answer = put(texts)
            for text in texts:
                if found := HEAD.match(text):
                    self.texts[found["trace_id"], found["id"]] = text
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
        traces: dict[str, list[str]] = {}
        for trace_id, document_id in self.texts:
            traces.setdefault(trace_id, []).append(document_id)
        for trace_id, ids in traces.items():
            yield self._line(trace_id, ids, page)

    def _line(self, trace_id: str, ids: Sequence[str], page: str) -> str:
        codes = [self.refused[one] for one in ids if one in self.refused]
        entry = _entry([self.texts[trace_id, one] for one in ids])
        parts = [
            f"trace {trace_id}",
            f"{len(ids)} {'document' if len(ids) == 1 else 'documents'}",
            _plain(_name(entry))[:80],
            f"{len(codes)} refused by X-Ray: {', '.join(sorted(set(codes)))}" if codes else "",
            f"{page}/traces/{trace_id}" if page else "",
        ]
        return "  ".join(part for part in parts if part)


def _entry(texts: Sequence[str]) -> str:
    """The root where it is there, else the first that is no subsegment, else the first."""
    segments = [text for text in texts if '"type":"subsegment"' not in text]
    roots = [text for text in segments if '"parent_id":"' not in text]
    return (roots or segments or texts)[0]


def _name(text: str) -> str:
    head = HEAD.match(text)
    return str(orjson.loads(head["name"])) if head else ""


def _spans(number: int) -> str:
    return f"{number} span" if number == 1 else f"{number} spans"


def _plain(text: str) -> str:
    """As it can be shown in a terminal: senders may put anything in a name."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)
