"""The attributes that the mapping knows, each with values that it makes something of.

Gives   `SPAN`, by block; `RESOURCE`; `OTHERS`, some that nothing knows.
Source  xray-conversion.md: the tables of sections 7 to 22.
"""

from typing import Final

from compare.given import Value

HOSTS: Final = ("shop.example.com", "db", "10.0.0.1", "::1", "[::1]", "", "a b")
ADDRESSES: Final = (
    "203.0.113.9", "10.0.0.1", "::1", "2001:db8::1", "::ffff:10.0.0.1", "1::", "::1.2.3.4", "1:2:3:4:5:6:7:8",
    "fe80::1%eth0", "[::1]", "1.2.3", "01.2.3.4", "1.2.3.4:80", "1.2.3.4 ", "256.1.1.1", "shop", "", "1:2:3:4:5:6:7",
    "::1%", "0x1.2.3.4", "1.2.3.4/8", "::g", "1::2::3", "1:2:3:4:5:6:7::", "::ffff:010.0.0.1", "00001::1",
    "1.2.3.4.5", "\u0661.2.3.4", "1.2.3.+4", "::1.2.3.04", "1:2:3:4:5:6:1.2.3.4", ":::", ":1", "1:",
    "0:0:0:0:0:0:0:0:0",
)  # fmt: skip
PORTS: Final = (443, 80, 8080, 0, -1, 2**40, "443", "80", "8080", "http", "")
CODES: Final[tuple[Value, ...]] = (
    200,
    204,
    302,
    399,
    400,
    404,
    429,
    499,
    500,
    503,
    599,
    600,
    0,
    -1,
    1_000,
    "404",
    404.0,
    True,
    [404],
)
SCHEMES: Final = ("http", "https", "HTTP", "grpc", "")
URLS: Final = ("https://shop.example.com/orders?id=1", "/orders", "", "not a url", "http://[::1]:8080/\u00e9")
PATHS: Final = ("/orders", "/", "", "orders", "/a?b=c#d", "*")
QUERIES: Final = ("a=1", "?a=1", "", "??", "a=1&b=\u00e9")
SERVICES: Final = (
    "shop", "AWS.SDK.S3", "AWS::DynamoDB", "AWS.SDK.AWS::X", "AWS::AWS.SDK.X", "AWS.SDK.", "AWS::", "aws", "",
)  # fmt: skip
NAMES: Final = ("orders", "", "a/b@c", "n\u00e4me", "x" * 210, "\u6f22\u5b57")
ARNS: Final[tuple[str, ...]] = (
    "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/shop", "arn:aws:logs:eu-west-1:123456789012:log-group:/a:*",
    "arn:aws:logs:eu-west-1:1:log-group", "arn:aws:logs:eu-west-1:1:log-group:", "::::::", ":::::", "", "plain",
    "a:b:c:d:e:f:g&a:b:c:d:e:f:h", "&&", "&a&", "arn:aws:logs:r:1:log-group:x&",
)  # fmt: skip
LISTS_OF_GROUPS: Final[tuple[Value, ...]] = (["a", "b"], [], ["a&b"], [""], [None, 1])
LISTED_ARNS: Final[tuple[Value, ...]] = tuple([one] for one in ARNS)
GROUPS: Final[tuple[str, ...]] = ("/aws/shop", "a&b", "&", "a&&b&", "")
JSON_TEXTS: Final = (
    '{"a":1}', "{}", "null", "[]", "1", '"x"', "true", "", " ", "{", '{"a":1}x', '{"a":1,"a":2}', ' {"a" : null } ',
    '{"a":{"b":[1,2.5,{"c":null}]}}', '{"a":9007199254740993}', '{"a":1e400}', '{"a":-0}', '{"a":-0.0}', '{"a":1e21}',
    '{"a":12345678901234567890123}', '{"a":1E5,"b":1e-7}', '{"a":NaN}', '{"a":Infinity}', '{"a":01}', '{"a":1.}',
    '{"a":"\\ud83d"}', '{"\\ud83d\\ude00":"\\u0000"}', '{"a":"\t"}', "{'a':1}", '{"a":1,}', '{"a":"\\x"}', '{"a":.5}',
    '\ufeff{"a":1}', '{"":""}', '{"otel.resource.x":1,"y":2}', '{"a":"\u00e9<>&\u2028"}', "nullx", "NULL", '{"a":+1}',
    '{"a":1e-400}', '{"a":"\u007f"}', "\u00a0{}", '{"a":0e999999}', "[" * 200, '{"a":' * 90 + "1" + "}" * 90,
    '{"plain":1}', '{"a":"\\uDE00\\uD83D"}', '{"a":"\\ud83dx"}', '{"a":123456789012345680000.5}', '{"a":-}',
)  # fmt: skip
KEYS: Final[tuple[Value, ...]] = (
    ["plain", "http.method", "otel.resource.service.name"], ["plain", 1, None, "a.b-c", ""], [], "plain", [["plain"]],
    ["enduser.id", "aws.xray.annotations", "rpc.method"], ["otel.resource.k", "aws.xray.metadata.x", "db.system"],
)  # fmt: skip
SYSTEMS: Final = (
    "db2", "derby", "hive", "mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite", "teradata", "other_sql",
    "redis", "MySQL", "", "h2", "mongodb",
)  # fmt: skip

SPAN: Final[dict[str, dict[str, tuple[Value, ...]]]] = {
    "time": {"aws.xray.inprogress": (True, False, True, False, "true", 1)},
    "root": {
        "aws.span.kind": ("LOCAL_ROOT", "LOCAL_ROOT", "LOCAL_ROOT", "LOCAL_ROOT", "local_root", "CLIENT", ""),
        "aws.local.service": SERVICES,
        "aws.local.operation": NAMES,
        "aws.remote.service": SERVICES,
        "aws.remote.operation": NAMES,
        "remoteTarget": NAMES,
        "K8s.RemoteNamespace": NAMES,
    },
    "name": {
        "peer.service": NAMES,
        "aws.service": SERVICES,
        "rpc.system": ("aws-api", "aws-api", "grpc", "AWS-API", ""),
        "rpc.service": NAMES,
    },
    "http": {
        "http.method": ("GET", "POST", ""),
        "http.request.method": ("GET", "_OTHER", ""),
        "http.user_agent": ("curl/8", ""),
        "user_agent.original": ("Mozilla", ""),
        "http.status_code": CODES,
        "http.response.status_code": CODES,
        "http.url": URLS,
        "url.full": URLS,
        "http.scheme": SCHEMES,
        "url.scheme": SCHEMES,
        "http.host": HOSTS,
        "http.target": PATHS,
        "http.server_name": HOSTS,
        "net.host.port": PORTS,
        "url.path": PATHS,
        "url.query": QUERIES,
        "http.client_ip": ADDRESSES,
        "client.address": ADDRESSES,
        "net.peer.ip": ADDRESSES,
        "network.peer.address": ADDRESSES,
        "net.peer.name": HOSTS,
        "net.peer.port": PORTS,
        "net.host.name": HOSTS,
        "host.name": HOSTS,
        "server.address": HOSTS,
        "server.port": PORTS,
        "http.status_text": ("Not Found", ""),
        "message.type": ("RECEIVED", "RECEIVED", "SENT", "received"),
        "messaging.message_payload_size_bytes": (0, 1, 4096, -1, "7", 7.0),
    },
    "aws": {
        "aws.operation": ("GetItem", ""),
        "rpc.method": ("PutItem", ""),
        "aws.account_id": ("123456789012", "", None, 123456789012),
        "aws.region": ("eu-west-1", ""),
        "aws.request_id": ("r1", ""),
        "aws.requestId": ("r2", ""),
        "aws.queue_url": ("https://sqs/q1", ""),
        "aws.queue.url": ("https://sqs/q2", ""),
        "messaging.url": ("https://sqs/q3", ""),
        "aws.table_name": ("t1", ""),
        "aws.table.name": ("t2", ""),
        "aws.dynamodb.table_names": (["t3"], ["t3", "t4"], [], "t5", "", [None], [1, "t6"], [""], ["", ""]),
    },
    "sql": {
        "db.system": SYSTEMS,
        "db.name": ("shop", "", "a/b"),
        "db.connection_string": (
            "mysql://db.example.com:3306",
            "Server=db;Port=1",
            "",
            "jdbc:mysql://u:p@db:3306/x?y#z",
        ),
        "db.statement": ("SELECT 1", ""),
        "db.user": ("root", ""),
    },
    "user": {"enduser.id": ("u-1", "", 7), "user.id": ("u-2",)},
    "index": {"aws.xray.annotations": KEYS},
    "metadata": {
        "aws.xray.metadata.default": JSON_TEXTS,
        "aws.xray.metadata.Default": JSON_TEXTS,
        "aws.xray.metadata.x": JSON_TEXTS,
        "aws.xray.metadata.": JSON_TEXTS,
        "aws.xray.metadata.AWS.x": JSON_TEXTS,
        "aws.xray.metadata": JSON_TEXTS,
    },
}

RESOURCE: Final[dict[str, tuple[Value, ...]]] = {
    "service.name": ("shop", "shop", ""),
    "cloud.provider": ("aws", "aws", "aws", "aws", "AWS", "gcp", ""),
    "cloud.platform": (
        *("aws_app_runner", "aws_eks", "aws_elastic_beanstalk", "aws_ecs", "aws_ecs", "aws_ec2", "aws_lambda"),
        *("gcp_app_engine", "", "AWS_EC2"),
    ),
    "cloud.account.id": ("123456789012", ""),
    "cloud.availability_zone": ("eu-west-1a", ""),
    "cloud.region": ("eu-west-1",),
    "host.id": ("i-1", ""),
    "host.type": ("m5", ""),
    "host.image.id": ("ami-1", ""),
    "host.name": HOSTS,
    "container.name": ("c", ""),
    "container.id": ("0123", ""),
    "container.image.tag": ("1.1", ""),
    "container.image.tags": (["1.2"], ["1.3", "x"], [], [""], [None], [7], "1.4", ""),
    "k8s.cluster.name": ("k", ""),
    "k8s.pod.name": ("p", ""),
    "k8s.pod.uid": ("uid",),
    "service.namespace": ("ns", ""),
    "service.instance.id": (
        "17",
        "+17",
        "-17",
        "0017",
        "0" * 30 + "17",
        str(2**63),
        str(-(2**63)),
        "1_7",
        "",
        "x",
        " 1",
    ),
    "service.version": ("1.0", ""),
    "aws.ecs.cluster.arn": ("arn:c", ""),
    "aws.ecs.container.arn": ("arn:co", ""),
    "aws.ecs.task.arn": ("arn:t", ""),
    "aws.ecs.task.family": ("f", ""),
    "aws.ecs.launchtype": ("ec2", "fargate", "FARGATE", ""),
    "telemetry.sdk.name": ("opentelemetry", ""),
    "telemetry.sdk.language": (
        *("java", "php", "python", "javascript", "dotnet", "go", "java", "python", "javascript", "dotnet", "go"),
        *("nodejs", "webjs", "Java", ""),
    ),
    "telemetry.sdk.version": ("1.2", ""),
    "telemetry.auto.version": ("1", ""),
    "telemetry.distro.version": ("2", ""),
    "aws.log.group.names": (*GROUPS, *LISTS_OF_GROUPS, 5),
    "aws.log.group.arns": (*ARNS, *LISTED_ARNS, [], [None], 5),
}

OTHERS: Final = (
    "plain", "a.b-c", "a_b_c", "k", "otel.resource.x", "otel.resource.service.name", "http.route",
    "d\u00e9 \U0001f600", "db.system.name", "db.namespace", "messaging.system", "net.transport", "", "x" * 60,
    "aws.xray.x", "default", "network.peer.port", "server", "aws.s3.bucket", "faas.id", "a b", "a-b", "component",
)  # fmt: skip
