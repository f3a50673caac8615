"""A unary `Export` of OTLP/gRPC as the event that the gateway would make of it, and the handler's answer as a status.

Takes   the message's bytes, not parsed, and the call's metadata; a result of the handler.
Gives   `event_of`: POST /v1/traces in protobuf, with the metadata as headers, so that keys are found where they always
        are. `answer_of`: the response's bytes, or the status with `RetryInfo` where the sender is to come again.
Rules   gRPC has inflated the message. A code that senders repeat without `RetryInfo` is only given to what may pass.
Source  OTLP/gRPC, "Failures" and "OTLP/gRPC Throttling"; google/rpc/error_details.proto.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from raygate_local.gateway import Call, event

CODES: Final = {code.value[0]: code for code in grpc.StatusCode}
OF_A_TRANSPORT: Final = frozenset({"content-type", "content-encoding", "te", "grpc-encoding", "grpc-accept-encoding"})
DETAILS: Final = "grpc-status-details-bin"


class Answer(NamedTuple):
    """What goes back to the sender."""

    body: bytes = b""
    code: grpc.StatusCode = grpc.StatusCode.OK
    message: str = ""
    details: bytes = b""
    """google.rpc.Status, for the metadata behind the answer."""


def event_of(body: bytes, metadata: Iterable[tuple[str, str | bytes]], peer: str, request_id: str) -> dict[str, Any]:
    """The event."""
    said = [
        (name.encode(), value.encode("latin-1", "replace"))
        for name, value in metadata
        if isinstance(value, str) and name not in OF_A_TRANSPORT
    ]
    headers = [*said, (b"content-type", b"application/x-protobuf"), (b"content-length", b"%d" % len(body))]
    return event(Call("POST", b"/v1/traces", headers, body, _address(peer), "HTTP/2.0", request_id))


def answer_of(result: Mapping[str, Any]) -> Answer:
    """The answer."""
    body = b64decode(result["body"]) if result["isBase64Encoded"] else result["body"].encode()
    if result["statusCode"] == 200:
        return Answer(body)
    status = Status.FromString(body)
    if seconds := _seconds(result["headers"].get("retry-after", "")):
        again = Packed()
        again.Pack(RetryInfo(retry_delay=Duration(seconds=seconds)))
        status.details.append(again)
    return Answer(b"", CODES[status.code], status.message, status.SerializeToString())


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _address(peer: str) -> str:
    """`ipv4:127.0.0.1:4711` → `127.0.0.1`; `ipv6:%5B::1%5D:4711` → `::1`."""
    host = peer.partition(":")[2].rpartition(":")[0]
    return host.replace("%5B", "").replace("%5D", "").strip("[]")
