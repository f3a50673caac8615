"""What `raygate serve` prints about one request or batch: a line for each trace in it, or what else became of it.

Takes   the documents that were sent to X-Ray, X-Ray's answers to them, and the request's `Report`.
Gives   for each trace its identifier, how many documents, whose trace it is, what was refused and why, and where to
        look at it; for a request that was not answered by 200 the status and the reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from raygate.deliver import Put
from raygate.ingest import Report

HEAD: Final = re.compile(
    r'{"name":(?P<name>"[^"\\]*+(?:\\.[^"\\]*+)*+"),"id":"(?P<id>[0-9a-f]{16})","trace_id":"(?P<trace_id>[0-9a-f-]{35})"'
)
"""How a document of the mapping begins: to read them all would take as long as to make them."""


def ids_of(text: str) -> tuple[str, str]:
    """Trace and document: of a document of the mapping, or of any other, such as those of X-Ray's SDKs."""
    if found := HEAD.match(text):
        return found["trace_id"], found["id"]
    document = orjson.loads(text)
    return str(document.get("trace_id") or ""), str(document.get("id") or "")


@dataclass(slots=True)
class Arrivals:
    """The documents of one request."""

    texts: list[str] = field(default_factory=list)
    """As they were sent, some of them perhaps more than once."""
    refused: dict[str, str] = field(default_factory=dict)
    """X-Ray's code by the document's identifier."""

    def through(self, put: Put) -> Put:
        """The same `put`, listened to."""

        def listening(texts: list[str]) -> Mapping[str, Any]:
            answer = put(texts)
            self.texts += texts
            for one in answer.get("UnprocessedTraceSegments") or ():
                self.refused[str(one.get("Id"))] = str(one.get("ErrorCode"))
            return answer

        return listening

    def lines(self, report: Report, traces: Iterable[str] = ()) -> Iterator[str]:
        """What to print, after the lines of the traces."""
        yield from traces
        if report.refusal:
            yield f"answered {report.status}: {_plain(report.refusal)}"
        if report.outcome and report.outcome.queued:
            yield f"{_spans(report.outcome.queued)} kept in the queue, to be delivered"
        if report.outcome and report.outcome.parked:
            codes = ", ".join(sorted(report.outcome.parked))
            yield f"{_spans(report.outcome.parked.total())} parked, refused by X-Ray: {_plain(codes)}"

    def traces(self, page: str = "") -> list[str]:
        """A line for each trace that X-Ray was given; `page` is the address of the local X-Ray's page, if there is one.

        A document that was sent again, mended or not, is the same one.
        """
        traces: dict[str, dict[str, str]] = {}
        for text in self.texts:
            trace_id, document_id = ids_of(text)
            traces.setdefault(trace_id, {})[document_id] = text
        return [self._line(trace_id, documents, page) for trace_id, documents in traces.items()]

    def _line(self, trace_id: str, documents: Mapping[str, str], page: str) -> str:
        count = "1 document" if len(documents) == 1 else f"{len(documents)} documents"
        parts = [f"trace {trace_id}", count]
        if name := _plain(_name(_entry(documents.values())))[:80]:
            parts.append(name)
        if codes := [code for refused, code in self.refused.items() if refused in documents]:
            parts.append(f"{len(codes)} refused by X-Ray: {', '.join(sorted(set(codes)))}")
        if page:
            parts.append(f"{page}/traces/{trace_id}")
        return "  ".join(parts)


def _entry(texts: Iterable[str]) -> str:
    """The root where it is there, else the first that is no subsegment, else the first."""
    first = segment = ""
    for text in texts:
        first = first or text
        is_root = '"parent_id":"' not in text  # which comes early: to look for a member that is not there takes longer
        if (is_root or not segment) and '"type":"subsegment"' not in text:
            if is_root:
                return text
            segment = text
    return segment or first


def _name(text: str) -> str:
    if found := HEAD.match(text):
        return str(orjson.loads(found["name"]))
    return str(orjson.loads(text).get("name") or "")


def _spans(number: int) -> str:
    return f"{number} span" if number == 1 else f"{number} spans"


def _plain(text: str) -> str:
    """As it can be shown in a terminal: senders may put anything in a name."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)
