"""`sql`: which database a span asked, and for what.

Takes   the span's `db.*` attributes, by their names of 2022.
Gives   {"url", "connection_string", "database_type", "user", "sanitized_query"}: strings, all but the
        connection string absent when empty.
Absent  for stores that X-Ray does not draw as SQL; their attributes stay in metadata.
Source  xray-conversion.md, section 17.
"""

from typing import Any

from raygate.span import Span

SYSTEMS = frozenset(
    "db2 derby hive mariadb mssql mysql oracle postgresql sqlite teradata other_sql".split()  # noqa: SIM905 - a word list
)

SYSTEM = "db.system"
"""Without it there is no block."""

CONSUMED = frozenset({"db.connection_string", "db.system", "db.name", "db.statement", "db.user"})
"""Accounted for only when the block is there."""

TEXTS = (("user", "db.user"), ("sanitized_query", "db.statement"))
"""Members that are attributes as they are."""


def build(span: Span) -> dict[str, Any] | None:
    """Describe the query; None when the span made none."""
    attributes = span.attributes
    system = attributes.get(SYSTEM)
    if type(system) is not str or system not in SYSTEMS:
        return None
    server, name = attributes.get("db.connection_string"), attributes.get("db.name")
    if type(server) is not str or not server:
        server = "localhost"
    block = {"url": span.name} if span.name else {}
    block["connection_string"] = f"{server}/{name if type(name) is str else ''}"
    block["database_type"] = system
    for member, key in TEXTS:
        value = attributes.get(key)
        if type(value) is str and value:
            block[member] = value
    return block
