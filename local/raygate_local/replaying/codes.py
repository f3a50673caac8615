"""X-Ray's codes for documents that it refuses: what each means, and what can be done.

Gives   `explained`: meaning and advice for a code; of one that nobody knows, what can be said of any.
Source  xray-conversion.md, section 27. `MissingId`, `MissingTraceId`, `InvalidTraceId`, `InvalidName`, `InvalidSegment`
        and `ParseError` were seen from the service; it documents none, so the others are known by their pattern.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


class Explained(NamedTuple):
    """A code in words."""

    meaning: str
    advice: str


AGAIN: Final = "then `raygate replay --parked --code {code}`"

CODES: Final[Mapping[str, Explained]] = {
    "InvalidTraceId": Explained(
        "The trace id is malformed, or its first eight digits are a time that is more than 30 days ago or to come.",
        "What has grown too old stays refused: look at it here. If new ones are refused, the sender's clock "
        "is wrong or it makes its ids by itself: use the standard id generator or AWS's.",
    ),
    "MissingTraceId": Explained("There is no trace id.", "This is a mistake of the sender or of Raygate: report it."),
    "MissingId": Explained(
        "There is no segment id, or the document is no JSON object.",
        "This is a mistake of the sender or of Raygate: report it.",
    ),
    "InvalidId": Explained(
        "The segment id is not 16 hexadecimal digits.", "The sender makes its span ids by itself: correct it there."
    ),
    "InvalidParentId": Explained(
        "The parent's id is not 16 hexadecimal digits.", "The sender makes its span ids by itself: correct it there."
    ),
    "InvalidName": Explained(
        "The name is empty, longer than 200 characters, or has characters that X-Ray does not take.",
        "Raygate repairs such names. Upgrade it, {again}; or give the service a plainer service.name.",
    ),
    "MissingName": Explained("There is no name.", "Set service.name in the sender."),
    "MissingStartTime": Explained("There is no start time.", "Correct the sender: spans need both times."),
    "MissingEndTime": Explained(
        "There is neither an end time nor in_progress.",
        "Correct the sender: it must export spans when they have ended.",
    ),
    "InvalidStartTime": Explained("The start time is no time.", "Correct the sender's clock."),
    "InvalidEndTime": Explained("The end time is no time.", "Correct the sender's clock."),
    "InvalidAnnotations": Explained(
        "An annotation has a key or a value that X-Ray cannot index, or there are too many.",
        "Raygate moves such ones to metadata. Index fewer attributes (RAYGATE_INDEXED_ATTRIBUTES), {again}.",
    ),
    "InvalidMetadata": Explained(
        "The metadata are no JSON objects by namespace, or a namespace begins with `AWS.`.",
        "Raygate renames such ones. Upgrade it, {again}.",
    ),
    "InvalidHttp": Explained("The block `http` has a member of a wrong kind.", "Upgrade Raygate, {again}."),
    "InvalidAws": Explained("The block `aws` has a member of a wrong kind.", "Upgrade Raygate, {again}."),
    "InvalidSql": Explained("The block `sql` has a member of a wrong kind.", "Upgrade Raygate, {again}."),
    "InvalidCause": Explained("The block `cause` has a member of a wrong kind.", "Upgrade Raygate, {again}."),
    "InvalidSubsegments": Explained("A subsegment is wrong in itself.", "Upgrade Raygate, {again}."),
    "InvalidSegment": Explained(
        "The document as a whole is refused, mostly for its size: more than 64 KB.",
        "Raygate cuts what is too large. Upgrade it, {again}; or send shorter stack traces, queries and attributes.",
    ),
    "ParseError": Explained(
        "The document is no JSON that X-Ray can read.", "This is a mistake of Raygate: report it with the document."
    ),
    "InvalidRequestException": Explained(
        "X-Ray refused the whole call, and this document even alone, without saying more.",
        "Look at the document with `raygate parked show`; what `raygate serve`'s local X-Ray says of it may tell more.",
    ),
    "SerializationException": Explained(
        "X-Ray could not read the call that held this document alone.",
        "This is a mistake of Raygate: report it with the document.",
    ),
    "413": Explained("The call with this document alone was too large.", "Send shorter values, {again}."),
}

UNKNOWN: Final = Explained(
    "X-Ray documents no codes, and this one is not known.",
    "Read X-Ray's message. It may be passing: try `raygate replay --parked --code {code}`.",
)
_MEMBER: Final = re.compile(r"(Invalid|Missing)([A-Z][A-Za-z]+)")


def explained(code: str) -> Explained:
    """The code in words."""
    found = CODES.get(code) or _by_pattern(code) or UNKNOWN
    advice = found.advice.replace("{again}", AGAIN).replace("{code}", code)
    return Explained(found.meaning, advice)


def _by_pattern(code: str) -> Explained | None:
    match = _MEMBER.fullmatch(code)
    if not match:
        return None
    member = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", match[2]).lower()
    what = "is missing" if match[1] == "Missing" else "is not as X-Ray wants it"
    return Explained(f"The document's member `{member}` {what}.", "Upgrade Raygate, {again}.")
