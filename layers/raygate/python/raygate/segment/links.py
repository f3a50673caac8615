"""`links`: the spans that this one points to, in order.

Gives   [{"trace_id", "id", "attributes"}]; the id is `""` when the link has none, attributes absent when empty.
Raises  `SpanError` for a trace id out of time, where the age is checked.
Source  xray-conversion.md, section 19.
"""

from collections.abc import Sequence
from typing import Any

from raygate.segment import ids
from raygate.segment.values import plain
from raygate.span import Link


def build(links: Sequence[Link], now_s: int | None) -> list[dict[str, Any]]:
    """One entry for each link."""
    return [_entry(link, now_s) for link in links]


def _entry(link: Link, now_s: int | None) -> dict[str, Any]:
    entry = {"trace_id": ids.trace_id(link.trace_id, now_s), "id": ids.span_id(link.span_id) or ""}
    if link.attributes:
        return entry | {"attributes": plain(link.attributes)}
    return entry
