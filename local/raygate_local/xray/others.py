"""X-Ray's operations that are not ours: moto answers them, as well as it can.

Takes   the path of an operation, and its body.
Gives   moto's answer, or nothing when moto does not know the operation either.
Note    moto is imported with the first such call: it takes longer than everything else here together. It has none of
        our documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

URL: Final = "https://xray.us-east-1.amazonaws.com"
"""What moto would intercept; nothing is sent there."""
NOT_FOUND: Final = 404
"""What moto answers, too, for what it does not have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What moto says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(path: str, body: bytes) -> Answer | None:
    """Let moto answer."""
    from botocore.awsrequest import AWSPreparedRequest  # noqa: PLC0415 a second of imports
    from botocore.compat import HTTPHeaders  # noqa: PLC0415 the same
    from moto.core.botocore_stubber import BotocoreStubber  # noqa: PLC0415 the same

    headers = HTTPHeaders.from_pairs([("Content-Type", "application/json")])
    request = AWSPreparedRequest("POST", URL + path, headers, body, stream_output=False)
    found = BotocoreStubber().process_request(request)
    if found is None or found[0] == NOT_FOUND:
        return None
    status, given, text = found
    kept = {name: str(value) for name, value in given.items() if name.lower().startswith(("x-", "content-type"))}
    return Answer(int(status), kept, text.encode() if isinstance(text, str) else bytes(text))
