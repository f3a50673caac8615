"""Databases: the stable conventions under the names that the `sql` block is made of.

Source  OpenTelemetry semantic conventions for databases, up to 1.25 (old) and stable; xray-conversion.md, section 17.
        The block knows eleven systems. Any other SQL database becomes `other_sql`, its own name stays in metadata.
"""

from raygate.enrich.row import AttributeRow, first_text
from raygate.enrich.rows import url
from raygate.memory import remembered
from raygate.span import Attributes, Span

SQL = frozenset(
    {
        "db2",
        "derby",
        "hive",
        "mariadb",
        "mssql",
        "mysql",
        "oracle",
        "postgresql",
        "sqlite",
        "teradata",
        "other_sql",
    }
)
"""The systems that the exporter makes a block for."""

RENAMED = {"microsoft.sql_server": "mssql", "mssqlcompact": "mssql", "oracle.db": "oracle", "ibm.db2": "db2"}

OTHER_SQL = frozenset(
    {
        "actian.ingres",
        "adabas",
        "aws.redshift",
        "clickhouse",
        "cockroachdb",
        "edb",
        "firebird",
        "firebirdsql",
        "gcp.spanner",
        "h2",
        "h2database",
        "hanadb",
        "hsqldb",
        "ibm.informix",
        "ibm.netezza",
        "informix",
        "ingres",
        "instantdb",
        "interbase",
        "intersystems.cache",
        "maxdb",
        "netezza",
        "pervasive",
        "pointbase",
        "redshift",
        "sap.hana",
        "sap.maxdb",
        "snowflake",
        "softwareag.adabas",
        "spanner",
        "sybase",
        "tidb",
        "trino",
        "vertica",
    }
)
"""Relational systems of the old and of the stable conventions that the exporter leaves out."""

SYSTEMS = {**{name: name for name in SQL}, **RENAMED, **dict.fromkeys(OTHER_SQL, "other_sql")}

RENAMED_HERE: dict[str, Attributes] = {
    name: {"db.system": system} for name, system in SYSTEMS.items() if system != name
}
KEPT_TOO: dict[str, Attributes] = {name: {**renamed, "db.system.name": name} for name, renamed in RENAMED_HERE.items()}
"""What is set where an old name is to be another, and there is no new name yet. Shared, not to be changed."""

NAMED_BY_DATABASE = frozenset({"mongodb", "cassandra"})
"""Not SQL, and the database was what named the span in the old conventions."""


DB_SYSTEMS = ("db.system", "db.system.name")


def _system_name(_span: Span, attributes: Attributes) -> Attributes | None:
    name = attributes["db.system.name"]
    system = SYSTEMS.get(name) if type(name) is str else None
    return {"db.system": system} if system else None


def _other_system(_span: Span, attributes: Attributes) -> Attributes | None:
    name = attributes["db.system"]
    if type(name) is not str:
        return None
    return RENAMED_HERE.get(name) if "db.system.name" in attributes else KEPT_TOO.get(name)


def _is_sql(attributes: Attributes) -> bool:
    system = attributes.get("db.system")
    return type(system) is str and system in SQL


def _name(_span: Span, attributes: Attributes) -> Attributes | None:
    name = first_text(attributes, ("db.namespace", "db.instance"))
    if not name or not (_is_sql(attributes) or first_text(attributes, DB_SYSTEMS) in NAMED_BY_DATABASE):
        return None
    return {"db.name": name.replace("|", ".")}


def _statement(_span: Span, attributes: Attributes) -> Attributes | None:
    text = attributes["db.query.text"]
    return {"db.statement": text} if text and type(text) is str and _is_sql(attributes) else None


def _connection(_span: Span, attributes: Attributes) -> Attributes | None:
    if not _is_sql(attributes):
        return None
    address = first_text(attributes, ("server.address", "net.peer.name", "out.host"))
    port = url.port(attributes, "server.port") or url.port(attributes, "net.peer.port")
    connection = _host_and_port((address, port))
    return {"db.connection_string": connection} if connection else None


@remembered(1024)
def _host_and_port(address_and_port: tuple[str, str]) -> str:
    address, port = address_and_port
    authority = url.of_address(address)
    port = authority.port or port
    return f"{authority.host}:{port}" if authority.host and port else authority.host


ROWS = (
    AttributeRow(
        id="db-system-name",
        reads=("db.system.name",),
        writes=("db.system",),
        unless=("db.system",),
        when="the system is an SQL database; `microsoft.sql_server` becomes `mssql`, `oracle.db` `oracle`, "
        "`ibm.db2` `db2`, other relational systems (H2, CockroachDB, Redshift, …) `other_sql`",
        source="the stable database conventions",
        effect="the `sql` block, with `database_type`",
        change=_system_name,
    ),
    AttributeRow(
        id="db-other-sql",
        reads=("db.system",),
        writes=("db.system", "db.system.name"),
        when="the system is a relational database that the exporter has no block for; the value is replaced by "
        "`other_sql` and kept in `db.system.name`",
        source="old conventions; Java agent and ADOT Java with H2",
        effect="the `sql` block. An annotation made of `db.system` reads `other_sql`: index `db.system.name`",
        change=_other_system,
    ),
    AttributeRow(
        id="db-namespace",
        reads=("db.namespace", "db.instance"),
        writes=("db.name",),
        unless=("db.name",),
        needs=DB_SYSTEMS,
        when="the system is an SQL database, MongoDB or Cassandra; `|` between the parts becomes a dot. Not for "
        "DynamoDB, where it is a table, nor for Redis, where it is a number",
        source="database conventions since 1.26; OpenTracing (`db.instance`)",
        effect="the database in `sql.connection_string`; `name` is the database, as with the old conventions, "
        "instead of the span's own name",
        change=_name,
    ),
    AttributeRow(
        id="db-query-text",
        reads=("db.query.text",),
        writes=("db.statement",),
        unless=("db.statement",),
        needs=DB_SYSTEMS,
        when="the span gets an `sql` block",
        source="database conventions since 1.26",
        effect="`sql.sanitized_query`",
        change=_statement,
    ),
    AttributeRow(
        id="db-connection",
        reads=("server.address", "net.peer.name", "out.host"),
        writes=("db.connection_string",),
        unless=("db.connection_string",),
        needs=DB_SYSTEMS,
        when="the span gets an `sql` block",
        source="database conventions since 1.26, which have no connection string; OpenTelemetry Python always",
        effect="`sql.connection_string` begins with host and port instead of `localhost`. `name` stays: without "
        "`//` it does not give a host to it",
        change=_connection,
    ),
)
