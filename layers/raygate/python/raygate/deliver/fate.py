"""What X-Ray's answers mean for a document.

Takes   the errors that botocore raises, and the entries of `UnprocessedTraceSegments`.
Gives   `Fate`: delivered, refused for good, throttled, or unavailable.
Rules   By code and not by status: X-Ray answers 400 to a bad document and to expired credentials alike. A code that
        nobody knows is never a refusal of a whole call, since refusing loses spans; of one document it is, since
        X-Ray took the documents beside it.
Source  X-Ray API reference, PutTraceSegments and "Common Errors".
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

Put: TypeAlias = Callable[[list[str]], Mapping[str, Any]]
"""PutTraceSegments: documents as JSON texts in, X-Ray's response out."""

State: TypeAlias = Literal["delivered", "refused", "throttled", "unavailable"]


class Fate(NamedTuple):
    """Where one document ended."""

    state: State
    reason: str = ""
    """X-Ray's code, or the kind of fault; never X-Ray's message, which may quote the document."""
    is_retryable: bool = False


DELIVERED: Final = Fate("delivered")
LATE: Final = Fate("unavailable", "no time left", is_retryable=True)

CALL_FAILED: Final = (ClientError, BotoCoreError, ResponseParserError)
"""What `put` raises: an error of X-Ray's, no connection or credentials, an answer that is no JSON."""

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
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""A try a moment later meets the same credentials."""


def of_error(error: Exception) -> Fate:
    """The fate of all documents of a call that failed."""
    code = _code(error)
    if code in _REFUSED:
        return Fate("refused", code)
    if code.lower().startswith(_RATE):
        return Fate("throttled", code, is_retryable=True)
    return Fate("unavailable", code, is_retryable=code not in _CREDENTIALS)


def of_entry(entry: Mapping[str, Any]) -> Fate:
    """The fate of the document that an entry of `UnprocessedTraceSegments` is about."""
    code = str(entry.get("ErrorCode") or "without a code")
    if code.lower().startswith(_RATE):
        return Fate("throttled", code, is_retryable=True)
    if code.lower().startswith(_TROUBLE):
        return Fate("unavailable", code, is_retryable=True)
    return Fate("refused", code)


def _code(error: Exception) -> str:
    if not isinstance(error, ClientError):
        return type(error).__name__
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    code = str(error.response.get("Error", {}).get("Code") or status).rpartition("#")[2]
    return status if status == "429" and not code.lower().startswith(_RATE) else code
