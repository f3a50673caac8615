"""`docs/mapping.md`, written from the tables of `raygate.enrich`.

Gives   `page()`: the whole text. `python -m raygate_local.mapping_page FILE` writes it there; without a file it is
        printed. A test says when the file in `docs/` is not what this would write.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from raygate.enrich import REDACTION_ID, conventions, resource
from raygate.enrich.row import AttributeRow, Row
from raygate.enrich.rows import calls, database, events, http, peers
from raygate.redact import redaction, secret_text

HEAD = "| row | reads | writes | when | source | effect |\n| --- | --- | --- | --- | --- | --- |\n"
KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")

INTRODUCTION = """\
# Mapping: where a document differs from the exporter's

Written by `python -m raygate_local.mapping_page docs/mapping.md` from the tables in
`layers/raygate/python/raygate/enrich/`; a test fails when it is stale.

With `RAYGATE_MAPPING=adot` a document is the one that the released `awsxrayexporter` makes of the same span, field by
field. The exporter reads the attribute names of older conventions for the most part. With `RAYGATE_MAPPING=extended`,
the default, `enrich` restates a span before it is converted, and each difference is due to a row below.

* A row applies when one of the attributes that it *reads* is present and what *when* says holds: the kind of the span
  first. What a sender says under the name that the exporter reads always stands.
* An attribute is copied: the original stays, and is in the metadata unless the exporter takes it in. Where a row
  replaces a value it says so.
* Rows run in the order of this page. `raygate.enrich.explain` names the rows that apply to a span.
"""

NOT_DONE = """\
## Left as it is

Known, and not changed, because the right value is not certain:

* `client_ip` of a client span with `network.peer.address` is the server's address, as the exporter makes it.
* `x_forwarded_for` is true for every `client.address` without a peer's address (OpenTelemetry Python, stable HTTP).
* A `host.id` makes an `aws.ec2` block outside EC2 too.
* A gRPC status makes no HTTP status: a failed call is a fault, whatever the status is.
* SQLite and in-memory databases have no host: `sql.connection_string` begins with `localhost`.
* `messaging.destination.name`, S3 buckets, SNS topics and function names have no member in a document. They stay in
  the metadata.
"""

SECTIONS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("Kind", (conventions.KIND_ROW,)),
    ("Calls and functions", calls.ROWS),
    ("HTTP", http.ROWS),
    ("Databases", database.ROWS),
    ("Peers and users", peers.ROWS),
    ("Exceptions and sizes", (*events.BY_ATTRIBUTE, *events.BY_EVENT)),
    ("Resource", resource.ROWS),
)


def page() -> str:
    """The text of `docs/mapping.md`."""
    sections = [f"## {title}\n\n{HEAD}{''.join(map(_row, rows))}" for title, rows in SECTIONS]
    return "\n".join((INTRODUCTION, *sections, _redaction(), NOT_DONE))


def _row(row: Row) -> str:
    cells = (f"`{row.id}`", _keys(row.reads) or "events", _keys(row.writes), _condition(row), row.source, row.effect)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _condition(row: Row) -> str:
    kinds = sorted(row.kinds) if isinstance(row, AttributeRow) else []
    parts = (
        ", ".join(KINDS[kind] for kind in kinds),
        row.when,
        f"with {_keys(row.needs, ' or ')}" if row.needs else "",
        f"not with {_keys(row.unless)}" if row.unless else "",
    )
    return "; ".join(filter(None, parts))


def _keys(keys: Iterable[str], separator: str = ", ") -> str:
    return separator.join(key if "`" in key or " " in key else f"`{key}`" for key in keys)


def _redaction() -> str:
    return f"""\
## `{REDACTION_ID}`

Last of all, values that must never be stored are replaced by `{secret_text.REDACTED}`, in the attributes of span,
resource, events and links, all the way down in lists and maps, and within the span's name and status message. The
replaced values are counted. The mapping `extended` always redacts; `adot` does when `RAYGATE_REDACT_KEYS` names keys:
then by the built-in list and those keys.

| what | by |
| --- | --- |
| whole values, by the attribute's key | {_keys(redaction.KEYS)} |
| whole values, by the name of a header or of metadata (`http.request.header.cookie`), or a key that is only this name | {_keys(redaction.NAMES)} |
| whole values | the keys of `RAYGATE_REDACT_KEYS` |
| within any text | the password in the user info of a URL, also `user:password@tcp(…)` and `oracle:thin:user/password@…`; of `http` and `https` the user too. Within a URL the text is `{secret_text.REDACTED_USER}` without brackets, which are not allowed there |
| within any text, before `=`, also at the end of a longer name | {_keys(secret_text.PASSWORD_NAMES)} |
| within any text, before `=`, as a whole name | {_keys(secret_text.PARAMETER_NAMES)} |

Keys are compared without regard to case, `_` like `-`. Placeholders (`?`, `$1`, `%s`, `:password`) and empty values
are left alone.
"""  # noqa: E501 - a row of a table is one line


def main() -> None:
    """Write the page to the file that is named, or print it."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
