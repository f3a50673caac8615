"""Stack traces in the form that the exporter's parsers understand. Only frames and causes are made of the text.

Takes   the text of `exception.stacktrace`.
Gives   text; the same text when there is nothing to change.
Source  xray-conversion.md, sections 12.3 and 12.4.
"""

import re
from collections.abc import Callable

from raygate.memory import remembered

DURING = "During handling of the above exception, another exception occurred:"
DIRECT_CAUSE = "The above exception was the direct cause of the following exception:"

MOST_KNOWN = 64
LONGEST_KNOWN = 8_192
"""Characters of a trace below its first line, which has the message: what is below it comes again and again."""

_MARKS = re.compile(r"\n {4}[ ~]*\^[ ~^]*(?=\n)|\n  \[Previous line repeated \d+ more times?\](?=\n)")
"""They begin with the end of the line before: a search for that text is quick, one for the start of any line is not."""
_LOCATION = re.compile(
    r"(?m)(?P<before>^    at .*\(|^    at (?:async )?)"
    r"(?:file://|https?://[^/\s)]*|node:|[A-Za-z]:(?=\\))"
)


def javascript(trace: str) -> str:
    """Locations without scheme, host and drive: the parser ends a path at the first colon."""
    first, end, rest = trace.partition("\n")
    return first + end + _without_origins(rest)


@remembered(MOST_KNOWN, LONGEST_KNOWN)
def _without_origins(rest: str) -> str:
    return _LOCATION.sub(r"\g<before>", rest) if ":" in rest else rest


def python(trace: str) -> str:
    """A trace of several exceptions without what stands between a frame and the next message."""
    if DIRECT_CAUSE in trace:
        trace = trace.replace(DIRECT_CAUSE, DURING)
    elif DURING not in trace:
        return trace
    return _MARKS.sub("", trace)


READABLE: dict[str, Callable[[str], str]] = {
    "javascript": javascript,
    "nodejs": javascript,
    "webjs": javascript,
    "python": python,
}
