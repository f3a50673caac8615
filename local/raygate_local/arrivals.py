"""What `raygate serve` prints about one request or batch: a line for each trace in it, or what else became of it.

Takes   the documents that were sent to X-Ray, X-Ray's answers to them, and the request's `Report`.
Gives   for each trace its identifier, how many documents, whose trace it is, what was refused and why, and where to
        look at it; for a request that was not answered by 200 the status and the reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import orjson

from raygate.deliver import Put
from raygate.ingest import Report

HEAD: Final = re.compile(r'{"name":"([^"\\]*+)","id":"([0-9a-f]{16})","trace_id":"([0-9a-f-]{35})"')
"""How a document of the mapping begins: to read them all would take as long as to make them."""


Documents: TypeAlias = dict[str, tuple[str, str]]
"""Of one trace by their ids: name and text."""


def head_of(text: str) -> tuple[str | Any, ...]:
    """Name, id and trace: of a document of the mapping, or of any other, such as those of X-Ray's SDKs."""
    if found := HEAD.match(text):
        return found.groups()
    document = orjson.loads(text)
    return tuple(str(document.get(key) or "") for key in ("name", "id", "trace_id"))


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
        traces: dict[str, Documents] = defaultdict(dict)
        for text in self.texts:
            name, document_id, trace_id = head_of(text)
            traces[trace_id][document_id] = (name, text)
        return [self._line(trace_id, documents, page) for trace_id, documents in traces.items()]

    def _line(self, trace_id: str, documents: Documents, page: str) -> str:
        if len(documents) == 1:  # nothing has to be looked for
            ((name, _),) = documents.values()
            line = f"trace {trace_id}  1 document"
        else:
            name = _name(documents.values())
            line = f"trace {trace_id}  {len(documents)} documents"
        if name := _plain(name)[:80]:
            line += f"  {name}"
        if self.refused and (codes := [code for refused, code in self.refused.items() if refused in documents]):
            line += f"  {len(codes)} refused by X-Ray: {', '.join(sorted(set(codes)))}"
        return f"{line}  {page}/traces/{trace_id}" if page else line


def _name(documents: Iterable[tuple[str, str]]) -> str:
    """Of the root where it is there, else of the first that is no subsegment, else of the first."""
    first: str | None = None
    segment: str | None = None
    for name, text in documents:
        first = name if first is None else first
        is_root = '"parent_id":"' not in text  # which comes early: to look for a member that is not there takes longer
        if (is_root or segment is None) and '"type":"subsegment"' not in text:
            if is_root:
                return name
            segment = name
    return (first or "") if segment is None else segment


def _spans(number: int) -> str:
    return f"{number} span" if number == 1 else f"{number} spans"


def _plain(text: str) -> str:
    """As it can be shown in a terminal: senders may put anything in a name."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)
