"""Which of our paths a request means.

Takes   the path as it arrives, the gateway's stage, the configured prefixes.
Gives   `TRACES`, `DOCUMENTS`, `HEALTH`, or `None` for everything else. Doubled and trailing slashes are forgiven, since
        some senders use a configured address exactly as written and follow no redirect. Nothing is percent-decoded.
Source  API Gateway: `rawPath` holds the stage for named stages; behind a custom domain reports differ, and a stage may
        be called `v1`. So the path is tried as it is first.
"""

from collections.abc import Iterator, Sequence
from typing import Final

TRACES: Final = "/v1/traces"
DOCUMENTS: Final = "/TraceSegments"
"""X-Ray's own, of PutTraceSegments."""
HEALTH: Final = "/health"
SERVED: Final = frozenset({TRACES, DOCUMENTS, HEALTH})

METHODS: Final = {TRACES: {"POST"}, DOCUMENTS: {"POST"}, HEALTH: {"GET", "HEAD"}}
ALLOW: Final = {TRACES: "POST, OPTIONS", DOCUMENTS: "POST, OPTIONS", HEALTH: "GET, HEAD, OPTIONS"}
"""`OPTIONS` is for browsers, which send it with an `Origin`."""


def resolve(path: str, stage: str, prefixes: Sequence[str]) -> str | None:
    """Find the served path."""
    plain = "/" + "/".join(part for part in path.partition("?")[0].split("/") if part)
    return next((candidate for candidate in _candidates(plain, stage, prefixes) if candidate in SERVED), None)


def _candidates(path: str, stage: str, prefixes: Sequence[str]) -> Iterator[str]:
    starts = [path] if stage == "$default" else [path, *_without("/" + stage, path)]
    yield from starts
    for prefix in prefixes:
        for start in starts:
            yield from _without(prefix, start)


def _without(prefix: str, path: str) -> Iterator[str]:
    if path.startswith(prefix + "/"):
        yield path.removeprefix(prefix)
