"""One request to the endpoint, and what it answered.

Takes   an `Endpoint` and a `Parcel`: a body with its headers.
Gives   `Answer`: the status, how many spans were rejected, what the endpoint said.
Raises  `SendError`, one sentence, when there was no answer.
Note    botocore's HTTP session: it knows proxies and certificates by the settings that AWS's tools know.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from botocore.awsrequest import AWSRequest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from raygate import __version__
from raygate.errors import RaygateError
from raygate_local.sending.endpoint import Endpoint

TIMEOUT_S: Final = 30
PROTOBUF: Final = "application/x-protobuf"
MOST_TEXT: Final = 500
"""Characters of an answer that is not OTLP's."""

ADVICE: Final = {
    400: "The endpoint cannot read it.",
    401: "Give a key with --key: `raygate keys create` makes one.",
    403: "The key is known, and may not send.",
    404: "Nothing takes traces at this address: it needs the path before /v1/traces, if there is one.",
    413: "It is too large: send fewer spans at once.",
    415: "The endpoint takes application/x-protobuf and application/json.",
    429: "The key's quota of spans, or the gateway's of requests, is used up: wait a little.",
    503: "The endpoint could not keep the spans now: send them again.",
}
"""What to do, by the status of the answer."""


class SendError(RaygateError):
    """There was no answer. The message says why and what to do, in one sentence."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": PROTOBUF})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    rejected: int = 0
    message: str = ""
    request_id: str = ""
    seconds: float = 0.0
    date: str = ""
    """The endpoint's clock, as HTTP writes it."""

    @property
    def is_taken(self) -> bool:
        """Whether spans were kept."""
        return 200 <= self.status < 300

    @property
    def advice(self) -> str:
        """What to do about it; `""` when there is nothing to be done."""
        return "" if self.is_taken else ADVICE.get(self.status, "")

    @property
    def phrase(self) -> str:
        """`200 OK`."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "status": self.status,
            "rejected_spans": self.rejected,
            "message": self.message,
            "request_id": self.request_id,
            "seconds": round(self.seconds, 6),
        }


class Sender:
    """Connections to one endpoint, kept open; may be used by several threads at once."""

    def __init__(self, endpoint: Endpoint, side_by_side: int = 1) -> None:
        self.endpoint = endpoint
        proxies = {} if endpoint.is_local else get_environ_proxies(endpoint.url)
        self._session = URLLib3Session(proxies=proxies, timeout=TIMEOUT_S, max_pool_connections=side_by_side)

    def post(self, parcel: Parcel) -> Answer:
        """Send it once."""
        headers = {"user-agent": f"raygate-send/{__version__}", **_lower(parcel.headers), **self.endpoint.headers}
        return self._ask("POST", self.endpoint.url, headers, parcel.body)

    def health(self) -> Answer:
        """Ask whether it is there."""
        return self._ask("GET", self.endpoint.health_url, dict(self.endpoint.headers), b"")

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        request = AWSRequest(method=method, url=url, data=body, headers=headers).prepare()
        began = time.monotonic()
        try:
            response = self._session.send(request)
        except BotoCoreError as error:
            raise SendError(_why(url, error)) from error
        content: bytes = response.content
        told = {name.lower(): value for name, value in response.headers.items()}
        rejected, message = _said(response.status_code, told.get("content-type", ""), content)
        request_id = told.get("apigw-requestid") or told.get("x-amzn-requestid") or ""
        return Answer(
            response.status_code, rejected, message, request_id, time.monotonic() - began, told.get("date", "")
        )


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _said(status: int, content_type: str, content: bytes) -> tuple[int, str]:
    """Rejected spans, and the message; what is not OTLP's is told as the text that it is."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == PROTOBUF and status < 300:
            partial = ExportTraceServiceResponse.FromString(content).partial_success
            return partial.rejected_spans, partial.error_message
        if kind == PROTOBUF:
            return 0, Status.FromString(content).message  # its field has the number that google.rpc.Status gives it
        told = json.loads(content) if content else {}
        success = told.get("partialSuccess") or {}
        return int(success.get("rejectedSpans") or 0), str(success.get("errorMessage") or told.get("message") or "")
    except (ValueError, AttributeError, TypeError, DecodeError):
        text = content[:MOST_TEXT].decode("utf-8", "replace")
        return 0, " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _why(url: str, error: BotoCoreError) -> str:
    if isinstance(error, EndpointConnectionError):
        return f"Nothing answers at {url}: start it with `raygate serve`, or name another with --endpoint."
    if isinstance(error, SSLError):
        return f"The certificate of {url} cannot be trusted: name its authority with AWS_CA_BUNDLE."
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return f"{url} did not answer within {TIMEOUT_S} s."
    if isinstance(error, ConnectionClosedError):
        return f"{url} closed the connection without an answer: is it an OTLP/HTTP endpoint?"
    return f"{url} cannot be reached: {str(error).rstrip('.')}."
