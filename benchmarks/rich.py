"""Rich spans: every branch of the mapping, as services and their libraries would send them.

Takes   a random number generator.
Gives   `batch`: the spans of a few services. What is new each time in reality (ids, times, URLs with an id, request
        ids, statements with a number) is new here; what repeats in reality (methods, hosts, statuses) repeats.
"""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from opentelemetry.proto.trace.v1.trace_pb2 import Status

from benchmarks import messages, stack_traces
from benchmarks.messages import ResourceSpans, Span
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER

SERVICES: Final = ("shop", "checkout", "catalog", "billing", "search", "mail")
AGENTS: Final = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "okhttp/4.12.0", "python-requests/2.32.3")
STATUSES: Final = (200, 200, 200, 200, 201, 204, 301, 404, 429, 500, 503)
SQL_OLD: Final = ("mysql", "postgresql", "mssql", "oracle")
SQL_NEW: Final = ("mysql", "postgresql", "microsoft.sql_server", "cockroachdb")
ERROR: Final = Status(code=Status.STATUS_CODE_ERROR, message="the order could not be stored")
UNTOLD_ERROR: Final = Status(code=Status.STATUS_CODE_ERROR)

PLATFORMS: Final[tuple[dict[str, Any], ...]] = (
    {"cloud.provider": "aws", "cloud.platform": "aws_ec2", "host.id": "i-0abc", "host.type": "c7g.large",
     "cloud.availability_zone": "eu-central-1a", "host.image.id": "ami-0123456789"},
    {"cloud.provider": "aws", "cloud.platform": "aws_ecs", "cloud.account.id": "123456789012",
     "aws.ecs.launchtype": "fargate", "aws.ecs.task.family": "shop", "container.name": "web",
     "aws.ecs.task.arn": "arn:aws:ecs:eu-central-1:123456789012:task/shop/0123456789abcdef",
     "aws.log.group.names": ["/ecs/shop"]},
    {"cloud.provider": "aws", "cloud.platform": "aws_eks", "k8s.cluster.name": "prod", "k8s.pod.name": "shop-5d8-x2x",
     "container.id": "f00dcafe" * 8},
    {"cloud.provider": "aws", "cloud.platform": "aws_elastic_beanstalk", "service.namespace": "shop-env",
     "service.instance.id": "42"},
    {"cloud.provider": "aws", "cloud.platform": "aws_lambda", "faas.name": "shop", "faas.version": "$LATEST",
     "cloud.region": "eu-central-1"},
    {"host.name": "build-7", "os.type": "linux", "process.pid": 4711},
)  # fmt: skip


ELSEWHERE: Final[dict[str, Any]] = {"cloud.provider": "gcp", "cloud.platform": "gcp_kubernetes_engine"}
"""The released exporter ends with a panic for a local root there, so those services have none."""


def batch(random: Random, spans: int) -> list[ResourceSpans]:
    """So many spans, of three services."""
    counts = [spans // 3, spans // 3, spans - 2 * (spans // 3)]
    return [_of_a_service(random, count) for count in counts if count]


def _of_a_service(random: Random, count: int) -> ResourceSpans:
    language = random.choice(stack_traces.LANGUAGES)
    platform = random.choice((*PLATFORMS, ELSEWHERE))
    resource = {
        "service.name": random.choice(SERVICES),
        "service.version": "2026.11.3",
        "telemetry.sdk.name": "opentelemetry",
        "telemetry.sdk.language": language,
        "telemetry.sdk.version": "1.38.0",
        "deployment.environment.name": "production",
        **platform,
    }
    spans = [_span(random, language, _any_span(random, has_roots=platform is not ELSEWHERE)) for _ in range(count)]
    half = count // 2
    return messages.resource_spans(resource, [("http", spans[:half]), ("shop.orders", spans[half:])])


def _span(random: Random, language: str, besides: dict[str, Any]) -> Span:
    name, kind, attributes = random.choice(MAKERS)(random)
    events, status = _events(random, language)
    return messages.span(
        random,
        name,
        kind,
        attributes | besides,
        parent_span_id=b"" if kind == SERVER and random.random() < 0.5 else random.randbytes(8),
        status=status,
        events=events,
        links=[messages.link(random, {"why": "batch"}) for _ in range(2)] if random.random() < 0.08 else (),
    )


def _events(random: Random, language: str) -> tuple[list[Span.Event], Status | None]:
    chance = random.random()
    if chance < 0.10:
        return [messages.event(random, "exception", stack_traces.attributes(random, language, 30))], ERROR
    if chance < 0.15:
        return [], ERROR
    if chance < 0.17:
        return [], UNTOLD_ERROR
    if chance < 0.25:
        return [messages.event(random, f"message {n}", {"message.type": "SENT", "id": n}) for n in range(3)], None
    return [], None


def _any_span(random: Random, *, has_roots: bool) -> dict[str, Any]:
    """What any span may have besides."""
    given: dict[str, Any] = {"thread.id": random.randrange(64), "thread.name": f"worker-{random.randrange(8)}"}
    chance = random.random()
    if chance < 0.06:
        given |= {"aws.xray.annotations": ["tenant", "plan"], "tenant": f"t-{random.randrange(300)}", "plan": "gold"}
    elif chance < 0.12:
        given["aws.xray.metadata.shop"] = f'{{"order":{{"id":{random.randrange(10**9)},"lines":[1,2,3]}}}}'
    elif chance < 0.18 and has_roots:
        given |= {"aws.span.kind": "LOCAL_ROOT", "aws.local.service": "shop", "aws.remote.service": "billing"}
        given |= {"aws.local.operation": "POST /orders", "aws.remote.operation": "charge"}
    elif chance < 0.24:
        given |= {"tags": ["a", "b", "c"], "options": {"retry": True, "limit": 3}, "ratio": random.random()}
    elif chance < 0.30:
        given |= {"enduser.id": f"user-{random.randrange(10**6)}", "db.password": "not for X-Ray"}
    elif chance < 0.32:
        given["aws.xray.inprogress"] = True
    return given


def _order(random: Random) -> str:
    return f"/orders/{random.randrange(10**9)}"


def _server_old(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "GET /orders/{id}", SERVER, {
        "http.method": "GET", "http.scheme": "https", "http.host": "shop.example.com",
        "http.target": f"{_order(random)}?full=1", "http.route": "/orders/{id}", "http.flavor": "1.1",
        "http.status_code": random.choice(STATUSES), "http.user_agent": random.choice(AGENTS),
        "net.peer.ip": f"10.0.{random.randrange(8)}.{random.randrange(250)}", "net.peer.port": random.randrange(2**16),
        "http.response_content_length": random.randrange(90_000),
    }  # fmt: skip


def _server_new(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "POST /orders", SERVER, {
        "http.request.method": "POST", "url.scheme": "https", "url.path": _order(random), "url.query": "full=1&token=x",
        "http.route": "/orders", "http.response.status_code": random.choice(STATUSES),
        "server.address": "shop.example.com", "server.port": 443, "client.address": f"192.0.2.{random.randrange(250)}",
        "network.peer.address": "10.0.0.7", "network.peer.port": random.randrange(2**16),
        "network.protocol.version": "1.1", "user_agent.original": random.choice(AGENTS),
    }  # fmt: skip


def _client_old(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "HTTP GET", CLIENT, {
        "http.method": "GET", "http.url": f"https://api.example.com{_order(random)}", "http.flavor": "1.1",
        "http.status_code": random.choice(STATUSES), "net.peer.name": "api.example.com", "net.peer.port": 443,
        "peer.service": "api",
    }  # fmt: skip


def _client_new(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "GET", CLIENT, {
        "http.request.method": "GET", "url.full": f"https://api.example.com{_order(random)}?key=abc",
        "http.response.status_code": random.choice(STATUSES), "server.address": "api.example.com", "server.port": 443,
        "network.protocol.version": "2", "http.request.resend_count": 1,
    }  # fmt: skip


def _sql_old(random: Random) -> tuple[str, int, dict[str, Any]]:
    system = random.choice(SQL_OLD)
    return "SELECT shop.orders", CLIENT, {
        "db.system": system, "db.name": "shop", "db.user": "web", "db.operation": "SELECT", "db.sql.table": "orders",
        "db.connection_string": f"{system}://db.example.com:5432", "net.peer.name": "db.example.com",
        "net.peer.port": 5432, "db.statement": f"SELECT * FROM orders WHERE id = {random.randrange(10**9)} LIMIT 10",  # noqa: S608 - nobody runs it
    }  # fmt: skip


def _sql_new(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "SELECT orders", CLIENT, {
        "db.system.name": random.choice(SQL_NEW), "db.namespace": "shop|public", "db.operation.name": "SELECT",
        "db.collection.name": "orders", "server.address": "db.example.com", "server.port": 5432,
        "db.query.text": f"SELECT o.id, o.sum FROM orders o JOIN lines l USING (id) WHERE l.n > {random.random()}",  # noqa: S608 - nobody runs it
        "db.query.summary": "SELECT orders lines", "db.response.returned_rows": random.randrange(50),
    }  # fmt: skip


def _store(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "GET", CLIENT, {
        "db.system": random.choice(("redis", "mongodb", "cassandra")), "db.statement": f"GET cart:{random.random()}",
        "net.peer.name": "cache.example.com", "net.peer.port": 6379, "db.redis.database_index": 2,
    }  # fmt: skip


def _rpc(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "shop.Billing/Charge", random.choice((CLIENT, SERVER)), {
        "rpc.system": "grpc", "rpc.service": "shop.Billing", "rpc.method": "Charge", "rpc.grpc.status_code": 0,
        "server.address": "billing.internal", "server.port": 8443, "network.peer.address": "10.1.2.3",
    }  # fmt: skip


def _message(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "orders process", random.choice((PRODUCER, CONSUMER)), {
        "messaging.system": "kafka", "messaging.destination.name": "orders", "messaging.operation.type": "process",
        "messaging.message.id": f"{random.getrandbits(64):x}", "messaging.message.body.size": random.randrange(10**5),
        "messaging.kafka.message.offset": random.randrange(10**9), "server.address": "kafka.internal",
        "server.port": 9092,
    }  # fmt: skip


def _dynamodb(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "DynamoDB.GetItem", CLIENT, {
        "rpc.system": "aws-api", "rpc.service": "DynamoDB", "rpc.method": "GetItem", "aws.region": "eu-central-1",
        "aws.request_id": f"{random.getrandbits(128):032X}", "aws.dynamodb.table_names": ["orders"],
        "db.system": "dynamodb", "http.status_code": 200, "aws.agent": "java-aws-sdk",
        "aws.remote.service": "AWS::DynamoDB", "aws.remote.operation": "GetItem",
    }  # fmt: skip


def _sqs(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "SQS.SendMessage", PRODUCER, {
        "rpc.system": "aws-api", "rpc.service": "Sqs", "rpc.method": "SendMessage", "cloud.region": "eu-central-1",
        "aws.request_id": f"{random.getrandbits(128):032x}", "messaging.system": "aws_sqs", "http.status_code": 200,
        "aws.sqs.queue.url": "https://sqs.eu-central-1.amazonaws.com/123456789012/orders",
        "http.url": "https://sqs.eu-central-1.amazonaws.com/", "http.method": "POST",
    }  # fmt: skip


def _internal(random: Random) -> tuple[str, int, dict[str, Any]]:
    return "OrderService.place", INTERNAL, {
        "code.function.name": "place", "code.file.path": "/srv/app/orders.py", "code.line.number": 118,
        "order.id": random.randrange(10**9), "order.sum": random.random() * 100, "order.express": random.random() < 0.1,
    }  # fmt: skip


MAKERS: Final[tuple[Callable[[Random], tuple[str, int, dict[str, Any]]], ...]] = (
    _server_old, _server_new, _client_old, _client_new, _sql_old, _sql_new, _store, _rpc, _message, _dynamodb, _sqs,
    _internal, _internal,
)  # fmt: skip
