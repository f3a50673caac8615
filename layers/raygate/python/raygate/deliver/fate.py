"""What X-Ray's answers mean for a document.

Takes   the errors that botocore raises, and the entries of `UnprocessedTraceSegments`.
Gives   `Fate`: delivered, refused for good, throttled, or unavailable.
Rules   By code and not by status: X-Ray answers 400 to a bad document and to expired credentials alike. A code that
        nobody knows is never a refusal of a whole call, since refusing loses spans; of one document it is, since
        X-Ray took the documents beside it, and a refused document is parked and not lost.
Source  X-Ray API reference, PutTraceSegments and "Common Errors".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from raygate.records import dataclass

Put: TypeAlias = Callable[[list[str]], Mapping[str, Any]]
"""PutTraceSegments: documents as JSON texts in, X-Ray's response out."""

State: TypeAlias = Literal["delivered", "queued", "parked", "refused", "throttled", "unavailable"]
"""X-Ray says delivered, refused or throttled. What it did not take may be queued or parked afterwards (`keep`)."""

Mend: TypeAlias = Callable[[str, str], str | None]
"""A refused document and X-Ray's code: the document mended, or None when there is nothing to mend."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Where one document ended."""

    state: State
    reason: str = ""
    """X-Ray's code, or the kind of fault."""
    is_retryable: bool = False
    message: str = ""
    """What X-Ray says about a document that it refuses. It may quote the document: it is parked with it, not logged."""


DELIVERED: Final = Fate("delivered")
MENDED: Final = Fate("unavailable", "mended, and not sent again in time", is_retryable=True)
LATE: Final = Fate("unavailable", "no time left", is_retryable=True)

CALL_FAILED: Final = (ClientError, BotoCoreError, ResponseParserError)
"""What `put` raises: an error of X-Ray's, no connection or credentials, an answer that is no JSON."""

MOST_MESSAGE: Final = 4_000
"""Characters of a message that are kept."""

_CODE: Final = re.compile(r"[\w.:/ -]{1,100}")
"""What a code looks like. It goes into logs, metrics and answers; anything else might be anything."""

_RATE: Final = ("throttl", "requestthrottled", "toomanyrequests", "requestlimitexceeded", "slowdown", "429")
_TROUBLE: Final = ("internal", "service", "requesttimeout")
_REFUSED: Final = frozenset(
    {
        "InvalidRequestException",
        "SerializationException",
        "ValidationException",
        "RequestEntityTooLargeException",
        "413",
    }
)
_CREDENTIALS: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NoCredentialsError",
        "OptInRequired",
        "PartialCredentialsError",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""A try a moment later meets the same credentials."""


def of_error(error: Exception) -> Fate:
    """The fate of all documents of a call that failed."""
    code = _code(error)
    if code in _REFUSED:
        return Fate("refused", code, message=_message(error))
    if code.lower().startswith(_RATE):
        return Fate("throttled", code, is_retryable=True)
    return Fate("unavailable", code, is_retryable=code not in _CREDENTIALS)


def of_entry(entry: Mapping[str, Any]) -> Fate:
    """The fate of the document that an entry of `UnprocessedTraceSegments` is about."""
    code = str(entry.get("ErrorCode") or "without a code")
    code = code if _CODE.fullmatch(code) else "an unreadable code"
    if code.lower().startswith(_RATE):
        return Fate("throttled", code, is_retryable=True)
    if code.lower().startswith(_TROUBLE):
        return Fate("unavailable", code, is_retryable=True)
    return Fate("refused", code, message=str(entry.get("Message") or "")[:MOST_MESSAGE])


def _message(error: Exception) -> str:
    told = error.response.get("Error", {}).get("Message") if isinstance(error, ClientError) else None
    return str(told or "")[:MOST_MESSAGE]


def _code(error: Exception) -> str:
    if not isinstance(error, ClientError):
        return type(error).__name__
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    code = str(error.response.get("Error", {}).get("Code") or status).rpartition("#")[2]
    code = status if status == "429" and not code.lower().startswith(_RATE) else code
    return code if _CODE.fullmatch(code) else "an unreadable code"
