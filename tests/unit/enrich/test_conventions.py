"""Rows of attributes: what each adds, and when it keeps still."""

from typing import Any

import pytest

from raygate.enrich import conventions, explain
from raygate.enrich.rows import url
from raygate.settings import Settings
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, UNSPECIFIED, Attributes, Resource
from tests.builders import a_resource, a_span, extended

MICROMETER: Attributes = {"uri": "/x", "outcome": "SERVER_ERROR", "exception": "none"}
LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:orders"

ADDED: list[tuple[str, int, Attributes, Attributes]] = [
    ("rpc-system-name", CLIENT, {"rpc.system.name": "aws-api"}, {"rpc.system": "aws-api"}),
    (
        "rpc-method",
        CLIENT,
        {"rpc.system.name": "aws-api", "rpc.method": "DynamoDB/GetItem"},
        {"rpc.system": "aws-api", "rpc.service": "DynamoDB", "rpc.method": "GetItem"},
    ),
    (
        "rpc-method",
        SERVER,
        {"rpc.system.name": "grpc", "rpc.method": "/grpc.health.v1.Health/Check"},
        {"rpc.system": "grpc", "rpc.service": "grpc.health.v1.Health", "rpc.method": "Check"},
    ),
    ("aws-request-id", CLIENT, {"aws.request.id": "R1"}, {"aws.request_id": "R1"}),
    (
        "aws-region",
        CLIENT,
        {"rpc.system": "aws-api", "cloud.region": "eu-west-1"},
        {"aws.region": "eu-west-1"},
    ),
    (
        "aws-region",
        CLIENT,
        {"rpc.system.name": "aws-api", "aws.auth.region": "eu-west-1"},
        {"rpc.system": "aws-api", "aws.region": "eu-west-1"},
    ),
    (
        "aws-invoked-region",
        CLIENT,
        {"faas.invoked_provider": "aws", "faas.invoked_region": "eu-west-1"},
        {"aws.region": "eu-west-1"},
    ),
    ("aws-queue-url", PRODUCER, {"aws.sqs.queue.url": "https://q/1/jobs"}, {"aws.queue_url": "https://q/1/jobs"}),
    (
        "aws-queue-address",
        PRODUCER,
        {"rpc.system": "aws-api", "rpc.service": "SQS", "server.address": "https://q/1/jobs"},
        {"aws.queue_url": "https://q/1/jobs"},
    ),
    ("aws-account-id", SERVER, {"cloud.account.id": "123456789012"}, {"aws.account_id": "123456789012"}),
    (
        "aws-invocation-id",
        SERVER,
        {"faas.invocation_id": "I1", "cloud.resource_id": LAMBDA},
        {"aws.request_id": "I1"},
    ),
    ("aws-invocation-id", CONSUMER, {"faas.execution": "I1", "faas.id": LAMBDA}, {"aws.request_id": "I1"}),
    (
        "http-method-original",
        INTERNAL,
        {"http.request.method": "_OTHER", "http.request.method_original": "PURGE"},
        {"http.request.method": "PURGE"},
    ),
    ("http-status-number", INTERNAL, {"http.status_code": "404"}, {"http.status_code": 404}),
    ("http-status-number", INTERNAL, {"http.response.status_code": 503.0}, {"http.response.status_code": 503}),
    (
        "http-status-number",
        INTERNAL,
        {"http.status_code": "200", "http.response.status_code": "200"},
        {"http.status_code": 200, "http.response.status_code": 200},
    ),
    (
        "http-server-address-port",
        SERVER,
        {"server.address": "127.0.0.1:8090", "server.port": 8090},
        {"server.address": "127.0.0.1"},
    ),
    (
        "http-server-address-port",
        SERVER,
        {"server.address": "[::1]:80", "server.port": 80},
        {"server.address": "[::1]"},
    ),
    ("http-path-as-url", SERVER, {"http.target": "/users/7?a=1"}, {"http.url": "/users/7?a=1"}),
    ("http-path-as-url", SERVER, {"url.path": "/cart", "url.query": "?a=1"}, {"http.url": "/cart?a=1"}),
    ("http-path-as-url", SERVER, {"url.path": "/cart"}, {"http.url": "/cart"}),
    ("http-socket-peer", SERVER, {"net.sock.peer.addr": "203.0.113.9"}, {"net.peer.ip": "203.0.113.9"}),
    (
        "http-user-agent",
        SERVER,
        {"http.method": "GET", "user_agent": "curl/8"},
        {"http.user_agent": "curl/8"},
    ),
    ("micrometer-method", SERVER, MICROMETER | {"method": "GET"}, {"http.request.method": "GET"}),
    ("micrometer-status", SERVER, MICROMETER | {"status": "500"}, {"http.response.status_code": 500}),
    ("peer-micrometer", CLIENT, MICROMETER | {"client.name": "api"}, {"net.peer.name": "api"}),
    ("db-system-name", CLIENT, {"db.system.name": "postgresql"}, {"db.system": "postgresql"}),
    ("db-system-name", CLIENT, {"db.system.name": "microsoft.sql_server"}, {"db.system": "mssql"}),
    ("db-system-name", CLIENT, {"db.system.name": "aws.redshift"}, {"db.system": "other_sql"}),
    ("db-other-sql", CLIENT, {"db.system": "h2"}, {"db.system": "other_sql", "db.system.name": "h2"}),
    (
        "db-namespace",
        CLIENT,
        {"db.system.name": "postgresql", "db.namespace": "shop|public"},
        {"db.system": "postgresql", "db.name": "shop.public"},
    ),
    ("db-namespace", CLIENT, {"db.system.name": "mongodb", "db.namespace": "shop"}, {"db.name": "shop"}),
    (
        "db-query-text",
        CLIENT,
        {"db.system": "sqlite", "db.query.text": "select 1"},
        {"db.statement": "select 1"},
    ),
    (
        "db-connection",
        CLIENT,
        {"db.system": "mysql", "net.peer.name": "db.internal", "net.peer.port": 3306},
        {"db.connection_string": "db.internal:3306"},
    ),
    ("db-connection", CLIENT, {"db.system": "mysql", "net.peer.name": "db"}, {"db.connection_string": "db"}),
    ("peer-service", CLIENT, {"service.peer.name": "payments"}, {"peer.service": "payments"}),
    (
        "peer-address",
        CLIENT,
        {"server.address": "api.example", "server.port": 8443},
        {"net.peer.name": "api.example", "net.peer.port": "8443"},
    ),
    (
        "peer-address",
        CLIENT,
        {"server.address": "https://q.example:8443/1/jobs"},
        {"net.peer.name": "q.example", "net.peer.port": "8443", "http.scheme": "https"},
    ),
    (
        "peer-address",
        CLIENT,
        {"server.address": "https://q.example/1", "url.scheme": "http", "net.peer.port": 1},
        {"net.peer.name": "q.example"},
    ),
    ("peer-destination", CLIENT, {"out.host": "cache"}, {"net.peer.name": "cache"}),
    ("peer-url", CLIENT, {"url.full": "https://u:p@api.example:8443/x"}, {"net.peer.name": "api.example"}),
    ("user-id", SERVER, {"user.id": "u-1"}, {"enduser.id": "u-1"}),
]


@pytest.mark.parametrize(("row", "kind", "given", "added"), ADDED)
def test_a_row_adds_what_the_mapping_reads(row: str, kind: int, given: Attributes, added: Attributes) -> None:
    span = a_span(given, kind=kind)
    used: list[str] = []
    assert extended(span, used).attributes == {**given, **added}
    assert row in used


@pytest.mark.parametrize(("row", "kind", "given", "added"), ADDED)
def test_what_is_there_under_the_old_name_stands(row: str, kind: int, given: Attributes, added: Attributes) -> None:
    new = {key: value for key, value in added.items() if key not in given}
    said: Attributes = dict.fromkeys(new, "said by the sender")
    enriched = extended(a_span({**given, **said}, kind=kind)).attributes
    assert {key: enriched[key] for key in said} == said


def test_each_row_of_attributes_has_a_case() -> None:
    assert {row.id for row in conventions.ATTRIBUTE_ROWS} == {case[0] for case in ADDED}


STILL: list[tuple[str, int, Attributes]] = [
    ("the service is no part of the method", CLIENT, {"rpc.system": "grpc", "rpc.method": "a.B/C"}),
    ("a region that is not of a call of AWS", CLIENT, {"cloud.region": "eu-west-1"}),
    ("a function of another cloud", CLIENT, {"faas.invoked_region": "eu", "faas.invoked_provider": "gcp"}),
    ("an account of another cloud", SERVER, {"cloud.account.id": "my-project"}),
    ("an invocation outside AWS", SERVER, {"faas.invocation_id": "I1"}),
    (
        "a queue's address that is a host",
        SERVER,
        {"rpc.system": "aws-api", "rpc.service": "SQS", "server.address": "q"},
    ),
    ("a method that is known", CLIENT, {"http.request.method": "GET", "http.request.method_original": "get"}),
    ("a status that is no number", CLIENT, {"http.status_code": "OK"}),
    ("a status that is a number already", CLIENT, {"http.status_code": 200}),
    ("a bare IPv6 address", SERVER, {"server.address": "::80", "server.port": 80}),
    ("another port", SERVER, {"server.address": "a:81", "server.port": 80}),
    ("an address without a port", SERVER, {"server.address": "a", "server.port": 80}),
    ("an address that is no text", SERVER, {"server.address": 7, "server.port": 80}),
    ("a path of nothing", SERVER, {"url.path": ""}),
    ("a path of a page", INTERNAL, {"url.path": "/page"}),
    ("a path beside a host", SERVER, {"url.path": "/page", "server.address": "a"}),
    ("a peer's socket file", SERVER, {"net.sock.peer.addr": "/run/sock"}),
    ("a method that is not Micrometer's", SERVER, {"method": "GET", "outcome": "x"}),
    ("a status that is not Micrometer's", SERVER, {"status": "500", "outcome": "x"}),
    ("a client's name that is not Micrometer's", CLIENT, {"client.name": "a", "outcome": "x"}),
    ("a status of Micrometer that is text", CLIENT, MICROMETER | {"status": "CLIENT_ERROR"}),
    ("no client's name", CLIENT, MICROMETER | {"client.name": "none", "method": "none"}),
    ("a database without SQL", CLIENT, {"db.system.name": "redis", "db.namespace": "0", "db.query.text": "GET ?"}),
    ("a table of DynamoDB", CLIENT, {"db.system.name": "aws.dynamodb", "db.namespace": "carts"}),
    ("a system that is known", CLIENT, {"db.system": "postgresql"}),
    ("a database in a file", CLIENT, {"db.system": "sqlite", "net.peer.name": "/srv/x.db"}),
    ("a host beside a store without SQL", INTERNAL, {"db.system": "redis", "server.address": "cache"}),
    ("a peer of a server", SERVER, {"service.peer.name": "caller", "server.address": "me", "out.host": "me"}),
    ("the address of a broker", CLIENT, {"messaging.system": "kafka", "server.address": "broker"}),
    ("an address that is no text", CLIENT, {"server.address": 7}),
    ("an address that is a path", CLIENT, {"server.address": "/var/run/x.sock"}),
    ("a URL without a host", CLIENT, {"url.full": "/only/a/path"}),
    ("a user of a client", CLIENT, {"user.id": "u-1"}),
]


@pytest.mark.parametrize(("kind", "given"), [case[1:] for case in STILL], ids=[case[0] for case in STILL])
def test_a_span_that_no_row_speaks_of_stays_the_same_object(kind: int, given: Attributes) -> None:
    span = a_span(given, kind=kind)
    assert extended(span) is span


def test_the_platform_of_the_resource_tells_that_a_function_runs_on_lambda() -> None:
    span = a_span({"faas.invocation_id": "I1"}, kind=SERVER, resource=a_resource(cloud__platform="aws_lambda"))
    assert extended(span).attributes["aws.request_id"] == "I1"
    span = a_span({"faas.invocation_id": "I1"}, kind=SERVER, resource=a_resource(cloud__resource_id=LAMBDA))
    assert extended(span).attributes["aws.request_id"] == "I1"


def test_a_queue_of_go_is_called_like_one_of_any_other_language() -> None:
    given: Attributes = {
        "rpc.system.name": "aws-api",
        "rpc.method": "SQS/SendMessage",
        "messaging.system": "aws_sqs",
        "db.system.name": "aws.dynamodb",
        "server.address": "http://127.0.0.1:5555/123456789012/jobs",
    }
    assert extended(a_span(given, kind=CLIENT)).attributes == given | {
        "rpc.system": "aws-api",
        "rpc.service": "SQS",
        "rpc.method": "SendMessage",
        "aws.queue_url": "http://127.0.0.1:5555/123456789012/jobs",
        "net.peer.name": "127.0.0.1",
        "net.peer.port": "5555",
        "http.scheme": "http",
    }


def test_the_first_row_that_knows_the_peer_decides() -> None:
    given: Attributes = {"server.address": "a.example", "url.full": "https://b.example/"}
    used: list[str] = []
    assert extended(a_span(given, kind=CLIENT), used).attributes["net.peer.name"] == "a.example"
    assert used == ["peer-address"]


def test_first_and_last_values_of_repeated_keys_both_gain() -> None:
    span = a_span({"rpc.system.name": "b"}, first={"rpc.system.name": "a"})
    enriched = extended(span)
    assert enriched.attributes == {"rpc.system.name": "b", "rpc.system": "b"}
    assert enriched.first == {"rpc.system.name": "a", "rpc.system": "b"}


def test_without_repeated_keys_first_and_last_values_stay_one_object() -> None:
    enriched = extended(a_span({"rpc.system.name": "grpc"}))
    assert enriched.first is enriched.attributes


@pytest.mark.parametrize(
    ("kind", "named", "expected"),
    [
        (UNSPECIFIED, "client", CLIENT),
        (UNSPECIFIED, "Server", SERVER),
        (UNSPECIFIED, "elsewhere", UNSPECIFIED),
        (UNSPECIFIED, 3, UNSPECIFIED),
        (INTERNAL, "client", INTERNAL),
    ],
)
def test_a_kind_that_only_an_attribute_tells_is_the_spans_kind(kind: int, named: Any, expected: int) -> None:
    assert extended(a_span({"span.kind": named}, kind=kind)).kind == expected


def test_the_rows_of_a_kind_apply_to_a_kind_that_an_attribute_tells() -> None:
    span = a_span({"span.kind": "client", "out.host": "cache"}, kind=UNSPECIFIED)
    assert explain(span, Settings()) == ["span-kind", "peer-destination"]


def test_rows_have_names_of_their_own() -> None:
    ids = [row.id for row in conventions.ROWS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://u:p@h:1/x", ("https", "h", "1")),
        ("HTTP://[::1]:80/", ("http", "[::1]", "80")),
        ("h:1", ("", "h", "1")),
        ("::1", ("", "[::1]", "")),
        ("[::1]:5", ("", "[::1]", "5")),
        ("a b", ("", "", "")),
        ("", ("", "", "")),
        ("://x", ("", "", "")),
    ],
)
def test_host_and_port_are_read_from_urls_and_addresses(text: str, expected: tuple[str, str, str]) -> None:
    assert url.of_address(text) == url.Authority(*expected)


@pytest.mark.parametrize(
    ("value", "expected"), [(80, "80"), ("80", "80"), (-1, ""), ("http", ""), (None, ""), (True, "")]
)
def test_a_port_is_a_number_or_digits(value: Any, expected: str) -> None:
    assert url.port({"server.port": value}, "server.port") == expected


def test_nothing_given_is_changed() -> None:
    resource = Resource()
    given: Attributes = {"db.system": "h2", "server.address": "a"}
    before = dict(given)
    extended(a_span(given, kind=CLIENT, resource=resource))
    assert given == before
