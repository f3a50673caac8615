"""A document that X-Ray refused for good ↔ the object that is kept of it.

Takes   `Parked`: the document as the text that X-Ray got, X-Ray's code and message, and the request it came from.
Gives   one JSON object; and back.
Raises  `MessageError` for an object that is none. It holds nothing of what is in it.
Note    X-Ray's message may quote the document. It stands beside the document here, and nowhere else: never in a log.
"""

from dataclasses import asdict, fields
from typing import Any, Final

import orjson

from raygate.keep.layout import parked_key
from raygate.keep.message import MessageError
from raygate.keep.stores import Object
from raygate.records import dataclass

PARKED: Final = "application/vnd.raygate.parked+json"


@dataclass(frozen=True, slots=True)
class Parked:
    """One refused document and why."""

    document: str
    """The text that X-Ray got."""
    trace_id: str = ""
    id: str = ""
    code: str = ""
    """X-Ray's."""
    message: str = ""
    """X-Ray's."""
    tenant: str = ""
    request_id: str = ""
    """The request it came in, as in the log."""
    received_ms: int = 0
    """When that came in, in milliseconds since 1970; 0 when nobody knows."""
    parked_ms: int = 0

    @property
    def key(self) -> str:
        """Where it lies."""
        return parked_key(self.tenant, self.received_ms or self.parked_ms, self.trace_id, self.id)


def parked_object(parked: Parked) -> Object:
    """The object for it."""
    return Object(orjson.dumps(asdict(parked)), {"content-type": PARKED})


def read_parked(stored: Object) -> Parked:
    """What was parked."""
    try:
        members = orjson.loads(stored.body)
    except orjson.JSONDecodeError as error:
        raise MessageError("the parked object is no JSON") from error
    if not isinstance(members, dict) or not isinstance(members.get("document"), str):
        raise MessageError("the parked object holds no document")
    return Parked(**{field.name: _member(members, field.name, field.type) for field in fields(Parked)})


def _member(members: dict[str, Any], name: str, kind: Any) -> Any:
    value = members.get(name, kind())
    if type(value) is not kind:
        raise MessageError(f"the parked object's {name} is no {kind.__name__}")
    return value
