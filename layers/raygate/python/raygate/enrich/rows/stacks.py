"""Stack traces in the form that the exporter's parsers understand. Only frames and causes are made of the text.

Takes   the text of `exception.stacktrace`.
Gives   text; the same text when there is nothing to change.
Source  xray-conversion.md, sections 12.3 and 12.4.
"""

import re
from collections.abc import Callable

DURING = "During handling of the above exception, another exception occurred:"
DIRECT_CAUSE = "The above exception was the direct cause of the following exception:"

_MARKS = re.compile(r"^ {4}[ ~]*\^[ ~^]*\n|^  \[Previous line repeated \d+ more times?\]\n", re.MULTILINE)
_LOCATION = re.compile(
    r"(?m)(?P<before>^    at .*\(|^    at (?:async )?)"
    r"(?:file://|https?://[^/\s)]*|node:|[A-Za-z]:(?=\\))"
)


def javascript(trace: str) -> str:
    """Locations without scheme, host and drive: the parser ends a path at the first colon."""
    return _LOCATION.sub(r"\g<before>", trace) if ":" in trace else trace


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
