"""The result of the function: what the gateway turns into the HTTP answer.

Gives   `Answer`; its `result()` always has the four members `statusCode`, `headers`, `body` and `isBase64Encoded`,
        since without `statusCode` the gateway takes whatever it gets as a body with 200.
Rules   A protobuf request is answered in protobuf, whatever `Accept` says, under the request's type without
        parameters: two senders compare it byte for byte. When the request's encoding is unknown the answer is JSON.
        200 only for spans that were kept; a reason that may pass is for the whole request, never a partial success.
        Of queued spans nothing is said: they arrive. Parked ones are kept, with a warning: 0 rejected and why.
Source  OTLP/HTTP, "Response"; API Gateway developer guide, payload format 2.0.
"""

from base64 import b64encode
from collections import Counter
from dataclasses import field
from typing import Any, Final

from raygate.http_api.content import encoding_of
from raygate.http_api.event import Call
from raygate.http_api.messages import reply, status
from raygate.http_api.refusal import Refusal
from raygate.records import dataclass
from raygate.request import Encoding, Outcome, Request

CONTENT_TYPES: Final[dict[Encoding, str]] = {"protobuf": "application/x-protobuf", "json": "application/json"}
EVERY_ANSWER: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
MOST_REASONS: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, not yet packed for the gateway."""

    status: int
    encoding: Encoding | None
    """`None` for an answer that has no content."""
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def result(self) -> dict[str, Any]:
        """The function's result in payload format 2.0."""
        is_binary = self.encoding == "protobuf"
        content_type = {"content-type": CONTENT_TYPES[self.encoding]} if self.encoding else {}
        return {
            "statusCode": self.status,
            "headers": {**content_type, **EVERY_ANSWER, **self.headers},
            "body": b64encode(self.body).decode("ascii") if is_binary else self.body.decode("utf-8"),
            "isBase64Encoded": is_binary,
        }


def accept(request: Request, outcome: Outcome) -> Answer:
    """200, with what was rejected; `Refusal` when nothing was kept or the sender has to come again."""
    if outcome.unavailable:
        raise returned(outcome)
    rejected = outcome.rejected.total()
    message = _message(outcome)
    if rejected and rejected == outcome.spans:
        raise Refusal.bad_request(message)
    return Answer(200, request.encoding, reply(request.encoding, rejected, message))


def refuse(call: Call | None, refusal: Refusal) -> Answer:
    """Any other status, in the request's own encoding where that is known; `HEAD` gets no body."""
    encoding = (encoding_of(call.header("content-type")) if call else None) or "json"
    is_bodyless = call is not None and call.method == "HEAD"
    body = b"" if is_bodyless else status(encoding, refusal.code, str(refusal), refusal.cause)
    return Answer(refusal.status, encoding, body, refusal.headers)


def healthy(call: Call) -> Answer:
    """200 for a health check."""
    return Answer(200, "json", b"" if call.method == "HEAD" else b'{"status":"ok"}')


def returned(outcome: Outcome) -> Refusal:
    """429 or 503, for spans that nobody took."""
    if outcome.throttled:
        return Refusal.throttled(outcome.unavailable, outcome.retry_after_s)
    return Refusal.unavailable(outcome.unavailable)


def _message(outcome: Outcome) -> str:
    parts = [_counted("rejected", outcome.rejected, outcome.spans)] if outcome.rejected else []
    parts += [_counted("parked, X-Ray refused them", outcome.parked, outcome.spans)] if outcome.parked else []
    return "; ".join([*parts, *outcome.warnings])


def _counted(what: str, counted: Counter[str], spans: int) -> str:
    """`2 of 512 spans rejected: traceId is all zeros (2)`."""
    reasons = counted.most_common()
    named = ", ".join(f"{reason} ({count})" for reason, count in reasons[:MOST_REASONS])
    others = sum(count for _, count in reasons[MOST_REASONS:])
    rest = f", other reasons ({others})" if others else ""
    return f"{counted.total()} of {spans} spans {what}: {named}{rest}"
