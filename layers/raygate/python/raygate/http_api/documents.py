"""Answers to X-Ray's documents, as X-Ray would give them: its SDKs, boto and the daemon read them.

Takes   what became of the documents; a refusal.
Gives   `accept_documents`: 200, with the documents that X-Ray will not have, each with a code. `refuse_documents`: any
        other status, with an error's name in `x-amzn-errortype`.
Rules   Statuses are those of spans: what may pass is 429 or 503. What is queued is on its way: nothing is said of it.
Source  X-Ray API reference, PutTraceSegments and "Common Errors"; the Smithy specification of `restJson1`.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from raygate.http_api.answers import Answer, returned
from raygate.http_api.messages import shortened
from raygate.http_api.refusal import Refusal

if TYPE_CHECKING:
    from raygate.documents import Taken

ERRORS: Final = {
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    413: "RequestEntityTooLargeException",
    429: "ThrottledException",
    503: "ServiceUnavailableException",
}
"""By status; `InvalidRequestException` for any other."""


def accept_documents(taken: "Taken") -> Answer:
    """200, or `Refusal` when the sender has to come again."""
    if taken.outcome.unavailable:
        raise returned(taken.outcome)
    entries = [_entry(one.id, one.code, one.message) for one in taken.unprocessed]
    return Answer(200, "json", _json({"UnprocessedTraceSegments": entries}))


def refuse_documents(refusal: Refusal) -> Answer:
    """An error of X-Ray's form."""
    headers = {"x-amzn-errortype": ERRORS.get(refusal.status, "InvalidRequestException"), **refusal.headers}
    return Answer(refusal.status, "json", _json({"Message": shortened(str(refusal))}), headers)


def _entry(known: str, code: str, message: str) -> dict[str, str]:
    return ({"Id": known} if known else {}) | {"ErrorCode": code, "Message": message}


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")
