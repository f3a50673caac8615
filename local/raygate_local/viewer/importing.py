"""A file with traces → the local X-Ray: whatever the file is, by what is in it.

Takes   OTLP as JSON, protobuf or JSON lines; captured requests; segment documents, one a line or in a list; the output
        of `aws xray batch-get-traces`; each compressed or not.
Gives   `Imported`: what was in it, what was put, what X-Ray refused, what could not be read; `sentence`, for people.
Raises  nothing: of a file that cannot be read the sentence says why.
Rules   OTLP goes through the pipeline, as with `raygate convert`. Documents are put as they are. What X-Ray itself
        inferred is left out: it is inferred anew.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import orjson

from raygate.decode.body import inflate
from raygate.errors import DecodeError
from raygate.request import Request
from raygate.settings import Settings
from raygate_local.conversion import Body, coding_of, convert_body, for_a_file, request_of
from raygate_local.xray.store import Store

Record: TypeAlias = Callable[[Request], None]

TRACES: Final = "Traces"
DOCUMENTS: Final = "TraceSegmentDocuments"
LISTED: Final = 20
"""So many reasons are told."""
OTLP: Final = frozenset({"resourceSpans", "resource_spans", "body_base64"})
EMPTY: Final = "there is nothing in it"
STRANGE: Final = "it is neither OTLP nor a segment document"


@dataclass(slots=True)
class Imported:
    """What became of one file."""

    name: str
    trace_ids: dict[str, None] = field(default_factory=dict)
    documents: int = 0
    """That X-Ray took."""
    refused: list[dict[str, str]] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    """Spans that have no document, by reason."""
    errors: list[str] = field(default_factory=list)
    inferred: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "traces": len(self.trace_ids),
            "trace_ids": list(self.trace_ids)[:LISTED],
            "documents": self.documents,
            "refused": self.refused[:LISTED],
            "rejected": [f"{reason} ({many})" for reason, many in self.rejected.most_common(LISTED)],
            "errors": self.errors[:LISTED],
            "is_good": bool(self.documents) and not (self.refused or self.rejected or self.errors),
        }

    @property
    def sentence(self) -> str:
        """All of it in one."""
        if not self.documents and not self.refused and not self.rejected:
            return f"Nothing was taken: {self.errors[0] if self.errors else EMPTY}."
        parts = [f"{_counted(self.documents, 'document')} of {_counted(len(self.trace_ids), 'trace')}"]
        if self.refused:
            codes = Counter(one.get("ErrorCode", "") for one in self.refused)
            parts.append(f"{len(self.refused):,} refused ({', '.join(codes)})")
        if self.rejected:
            parts.append(f"{_counted(self.rejected.total(), 'span')} rejected ({next(iter(self.rejected))})")
        if self.errors:
            parts.append(f"{_counted(len(self.errors), 'part')} could not be read ({self.errors[0]})")
        if self.inferred:
            parts.append(f"{_counted(self.inferred, 'inferred segment')} left out")
        return "; ".join(parts) + "."


def import_file(name: str, data: bytes, store: Store, settings: Settings, record: Record | None = None) -> Imported:
    """Put what is in the file."""
    settings, done = for_a_file(settings), Imported(name)
    try:
        plain = inflate(data, coding_of(data), settings)
    except DecodeError as error:
        done.errors.append(str(error))
        return done
    texts = list(_documents(plain, settings, done, record))
    for document in map(_read, texts):
        if isinstance(document.get("trace_id"), str):
            done.trace_ids[document["trace_id"]] = None
    if texts:
        done.refused += store.put(texts)["UnprocessedTraceSegments"]
        done.documents = len(texts) - len(done.refused)
    return done


def _documents(plain: bytes, settings: Settings, done: Imported, record: Record | None) -> Iterator[str]:
    """The texts of all documents in it."""
    if not plain.strip():
        return
    for part in _parts(plain):
        if isinstance(part, bytes):
            yield from _of_otlp(part, settings, done, record)
        elif part is None:
            done.errors.append("a line is no JSON")
        else:
            yield from _of_value(part, settings, done, record)


def _parts(plain: bytes) -> Iterator[Any]:
    """JSON values; None for a line that is none; bytes that are no JSON as they are."""
    if plain.lstrip()[:1] not in {b"{", b"[", b'"'}:
        yield plain
        return
    try:
        yield orjson.loads(plain)
    except orjson.JSONDecodeError:
        for line in filter(None, map(bytes.strip, plain.splitlines())):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError:
                yield None


def _of_value(value: Any, settings: Settings, done: Imported, record: Record | None) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, str):
            yield from _of_text(one, done)
        elif not isinstance(one, dict):
            done.errors.append(STRANGE)
        elif one.keys() & OTLP:
            yield from _of_otlp(orjson.dumps(one), settings, done, record)
        elif TRACES in one or DOCUMENTS in one:
            waiting.append(one.get(TRACES) or one.get(DOCUMENTS) or [])
        elif isinstance(one.get("Segments"), list):
            waiting += reversed([segment.get("Document") for segment in one["Segments"] if isinstance(segment, dict)])
        elif one.get("inferred") is True:
            done.inferred += 1
        elif "trace_id" in one or "id" in one:
            yield orjson.dumps(one).decode()
        else:
            done.errors.append(STRANGE)


def _of_text(text: str, done: Imported) -> Iterator[str]:
    """A document as the text that it is."""
    if _read(text).get("inferred") is True:
        done.inferred += 1
    else:
        yield text


def _of_otlp(data: bytes, settings: Settings, done: Imported, record: Record | None) -> Iterator[str]:
    body = Body(data)
    try:
        request = request_of(body, settings)
        converted = convert_body(body, settings)
    except DecodeError as error:
        done.errors.append(str(error))
        return
    if record:
        record(request)
    done.rejected.update(one.reason for one in converted.rejected)
    yield from converted.lines


def _read(text: str) -> dict[str, Any]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _counted(many: int, what: str) -> str:
    return f"{many:,} {what}{'' if many == 1 else 's'}"
