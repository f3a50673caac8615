"""Probes of the gateway before the function: what AWS does not document, or not for sure.

Takes   a `Situation` whose endpoint takes the key.
Gives   `GATEWAY`, rows for the table of checks. Each says what is expected, what was seen, and what to change if they
        are not the same. None of them holds a span, so nothing is written to X-Ray.
Rules   What `raygate serve` does is what is expected: it plays the gateway, and the pages describe it.
Source  API Gateway quotas and "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from raygate_local.doctor.live_wire import Asking, Seen, Wire
from raygate_local.doctor.situation import Check, Found, Situation, failure, ok, skipped

JSON: Final = {"content-type": "application/json"}
PROTOBUF: Final = {"content-type": "application/x-protobuf"}
NOTHING: Final = b'{"resourceSpans":[]}'

FRONT_DOOR: Final = "docs/operating.md, and layers/raygate/python/raygate/http_api/"
LIMITS: Final = "docs/limits.md, and local/raygate_local/gateway.py"
CORS: Final = "docs/keys.md, and layers/raygate/python/raygate/http_api/cors.py"
OPERATING: Final = "docs/operating.md, and docs/scaling.md"
OVER_EVENT: Final = 4_800_000
"""Bytes that are more than 6,291,456 in base64, and less than the gateway's own 10 MB."""
OVER_HEAD: Final = 10_500
NEEDS: Final = ("endpoint", "key")


@dataclass(frozen=True, slots=True)
class Probe:
    """A request, and what is expected of its answer."""

    id: str
    title: str
    askings: Sequence[Asking]
    status: int
    page: str


PROBES: Final = (
    Probe(
        "live-gzip-json",
        "Gzip'd JSON arrives whole",
        [Asking(headers={**JSON, "content-encoding": "gzip"}, body=gzip.compress(NOTHING, mtime=0))],
        200,
        FRONT_DOOR,
    ),
    Probe("live-json", "JSON arrives as text", [Asking(headers=JSON, body=NOTHING)], 200, FRONT_DOOR),
    Probe("live-empty", "An empty body with its type", [Asking(headers=PROTOBUF)], 200, FRONT_DOOR),
    Probe(
        "live-slashes",
        "Doubled and trailing slashes",
        [
            Asking(path="//v1/traces", headers=JSON, body=NOTHING),
            Asking(path="/v1/traces/", headers=JSON, body=NOTHING),
        ],
        200,
        FRONT_DOOR,
    ),
    Probe(
        "live-chunked", "A body without a length", [Asking(headers=JSON, body=NOTHING, chunked=True)], 200, FRONT_DOOR
    ),
    Probe(
        "live-continue",
        "Expect: 100-continue",
        [Asking(headers={**JSON, "expect": "100-continue"}, body=NOTHING)],
        200,
        FRONT_DOOR,
    ),
    Probe(
        "live-event-too-large",
        "An event over Lambda's 6 MB",
        [Asking(headers=PROTOBUF, body=bytes(OVER_EVENT))],
        413,
        LIMITS,
    ),
    Probe(
        "live-head-too-large",
        "A head over 10,240 bytes",
        [Asking(headers={**JSON, "x-filler": "x" * OVER_HEAD}, body=NOTHING)],
        431,
        LIMITS,
    ),
)


def wire(situation: Situation) -> Wire:
    """The way to the endpoint."""
    return Wire(situation.endpoint, situation.environ)


def compared(expected: str, seen: Sequence[Seen], page: str, *, is_as_expected: bool) -> Found:
    """What was expected, what was seen, what to change."""
    told = "; ".join(dict.fromkeys(map(str, seen)))
    text = f"expected {expected}, saw {told}"
    if is_as_expected:
        return ok(text, expected=expected, seen=[one.status for one in seen])
    todo = f"The assumption is wrong: change {page}."
    return failure(f"{text}.", todo, expected=expected, seen=[one.status for one in seen], page=page)


def _look(probe: Probe, situation: Situation) -> Found:
    seen = [wire(situation).ask(asking) for asking in probe.askings]
    is_so = all(one.status == probe.status for one in seen)
    return compared(str(probe.status), seen, probe.page, is_as_expected=is_so)


def custom_domain(situation: Situation) -> Found:
    """Whether the path arrives in a form that is understood behind a domain of one's own."""
    host = wire(situation).host
    if situation.endpoint.is_local or host.endswith((".amazonaws.com", ".on.aws")):
        return skipped("the endpoint has no domain of its own")
    seen = wire(situation).ask(Asking(headers=JSON, body=NOTHING))
    return compared("200", [seen], FRONT_DOOR, is_as_expected=seen.status == 200)


def renamed(situation: Situation) -> Found:
    """Under which name WWW-Authenticate comes out; senders read neither, people do."""
    seen = wire(situation).ask(Asking(headers=JSON, body=NOTHING, with_key=False))
    if seen.status != 401:
        return skipped(f"without a key it answers {seen.status}, so there is no WWW-Authenticate to look at")
    names = [name for name in seen.headers if name.endswith("www-authenticate")]
    text = f"WWW-Authenticate or x-amzn-remapped-www-authenticate, saw {', '.join(names) or 'neither'} with"
    return compared(text, [seen], FRONT_DOOR, is_as_expected=bool(names))


def cors(situation: Situation) -> Found:
    """Whether a page may read refusals too, those that the gateway makes among them."""
    origins = situation.environ.get("RAYGATE_CORS_ALLOWED_ORIGINS", "").split(",")
    origin = next((one.strip() for one in origins if one.strip() and "*" not in one), "")
    if not origin:
        return skipped("RAYGATE_CORS_ALLOWED_ORIGINS names no page here: set it as it is in the cloud")
    headers = {**JSON, "origin": origin}
    ask = wire(situation).ask
    seen = [
        ask(Asking("OPTIONS", headers={**headers, "access-control-request-method": "POST"}, with_key=False)),
        ask(Asking(headers=headers, body=NOTHING)),
        ask(Asking(headers=headers, body=NOTHING, with_key=False)),
        ask(Asking(path="/nowhere", headers=headers, body=NOTHING)),
    ]
    without = [str(one.status) for one in seen if one.headers.get("access-control-allow-origin") != origin]
    expected = f"Access-Control-Allow-Origin on each, missing on {', '.join(without) or 'none'},"
    return compared(expected, seen, CORS, is_as_expected=not without)


def http2(situation: Situation) -> Found:
    """Whether HTTP/2 is offered."""
    if not wire(situation).is_tls:
        return skipped("there is no TLS here")
    chosen = wire(situation).protocols()
    return compared("h2", [Seen(200, body=chosen)], FRONT_DOOR, is_as_expected=chosen == "h2")


def by_hand(text: str, _: Situation) -> Found:
    """What no request can ask for without harm."""
    return skipped(f"not probed, since it would harm others: {text}")


LATE: Final = (
    "expected 503 from the gateway after 30 s. In a stack for trying, put a sleep of 31 s into the ingest function, "
    f"send, and see whether it is 503 or 504; then change {OPERATING}"
)
FULL: Final = (
    "expected 429 from the gateway before Lambda runs out of instances. In a stack for trying, deploy with "
    "ReservedConcurrency=1, `raygate send --rate 1000`, and see what is answered beside 200 and 429; then change "
    f"{OPERATING}"
)
RETRY_AFTER: Final = (
    "expected Retry-After unchanged on 429 and 503 of the function. Make a key with --quota 1, send twice with it, and "
    f"look at the second answer's headers; then change {FRONT_DOOR}"
)


def _check(name: str, title: str, look: Callable[[Situation], Found]) -> Check:
    return Check(name, title, look, NEEDS)


GATEWAY: Final[tuple[Check, ...]] = (
    *(_check(probe.id, probe.title, partial(_look, probe)) for probe in PROBES),
    _check("live-domain", "The path behind a domain of one's own", custom_domain),
    _check("live-renamed", "Headers that the gateway renames", renamed),
    _check("live-cors", "CORS on every answer", cors),
    _check("live-http2", "HTTP/2", http2),
    _check("live-late", "A function that is late", partial(by_hand, LATE)),
    _check("live-full", "Lambda without an instance left", partial(by_hand, FULL)),
    _check("live-retry-after", "Retry-After", partial(by_hand, RETRY_AFTER)),
)
