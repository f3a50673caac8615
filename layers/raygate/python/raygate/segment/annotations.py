"""`annotations`: the attributes that X-Ray indexes.

Takes   what the blocks left over, and the keys to index: from the settings and from the span itself.
Gives   {key: string, number or boolean}; keys with every character outside of `0-9 A-Z a-z .` as `_`.
Source  xray-conversion.md, sections 20.3 and 20.4.
"""

import re

from raygate.span import Attributes

FROM_SPAN = "aws.xray.annotations"
"""A list of keys to index, on the span itself."""

_FORBIDDEN = re.compile(r"[^0-9A-Za-z.]")
_FORBIDDEN_WITH_DOT = re.compile(r"[^0-9A-Za-z]")


def keys_of_span(attributes: Attributes) -> frozenset[str] | None:
    """The keys that the span asks for; None when it does not ask with a list."""
    asked = attributes.get(FROM_SPAN)
    return frozenset(key for key in asked if isinstance(key, str)) if isinstance(asked, list) else None


def sanitized(key: str, *, allow_dot: bool) -> str:
    """The key with the characters that X-Ray allows."""
    return (_FORBIDDEN if allow_dot else _FORBIDDEN_WITH_DOT).sub("_", key)
