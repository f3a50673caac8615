"""`sql`: which database a span asked, and for what.

Takes   the span's `db.*` attributes, by their names of 2022.
Gives   {"url", "connection_string", "database_type", "user", "sanitized_query"}: strings, all but the
        connection string absent when empty.
Absent  for stores that X-Ray does not draw as SQL; their attributes stay in metadata.
Source  xray-conversion.md, section 17.
"""

from typing import Any

from raygate.segment.values import text
from raygate.span import Span

SYSTEMS = frozenset(
    "db2 derby hive mariadb mssql mysql oracle postgresql sqlite teradata other_sql".split()  # noqa: SIM905 - a word list
)

SYSTEM = "db.system"
"""Without it there is no block."""

CONSUMED = frozenset({"db.connection_string", "db.system", "db.name", "db.statement", "db.user"})
"""Accounted for only when the block is there."""


def build(span: Span) -> dict[str, Any] | None:
    """Describe the query; None when the span made none."""
    attributes = span.attributes
    system = attributes.get(SYSTEM)
    if not isinstance(system, str) or system not in SYSTEMS:
        return None
    server = text(attributes, "db.connection_string") or "localhost"
    fields = {
        "url": span.name,
        "connection_string": f"{server}/{text(attributes, 'db.name')}",
        "database_type": system,
        "user": text(attributes, "db.user"),
        "sanitized_query": text(attributes, "db.statement"),
    }
    return {key: value for key, value in fields.items() if value}
