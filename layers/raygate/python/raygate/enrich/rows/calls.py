"""Calls of AWS and of other remote procedures, and invocations of functions.

Source  OpenTelemetry semantic conventions for RPC, AWS SDK, messaging and FaaS; otelaws 0.72.
"""

from raygate.enrich.row import AttributeRow, copied, first_text
from raygate.span import CLIENT, CONSUMER, PRODUCER, SERVER, Attributes, Span

REQUEST_IDS = ("aws.request_id", "aws.requestId")
FUNCTION_ARNS = ("cloud.resource_id", "faas.id", "aws.lambda.invoked_arn")
RPC_SYSTEMS = ("rpc.system", "rpc.system.name")
QUEUE_URLS = ("aws.queue_url", "aws.queue.url", "messaging.url")


def _service_and_method(_span: Span, attributes: Attributes) -> Attributes | None:
    service, _, method = first_text(attributes, ("rpc.method",)).removeprefix("/").rpartition("/")
    return {"rpc.service": service, "rpc.method": method} if service and method else None


def is_aws_call(attributes: Attributes) -> bool:
    """Whether an AWS SDK made the call."""
    return attributes.get("rpc.system") == "aws-api"


def _region(_span: Span, attributes: Attributes) -> Attributes | None:
    region = first_text(attributes, ("cloud.region", "aws.auth.region")) if is_aws_call(attributes) else ""
    return {"aws.region": region} if region else None


def _invoked_region(_span: Span, attributes: Attributes) -> Attributes | None:
    region = first_text(attributes, ("faas.invoked_region",))
    return {"aws.region": region} if region and attributes.get("faas.invoked_provider") == "aws" else None


def _queue_address(_span: Span, attributes: Attributes) -> Attributes | None:
    address = first_text(attributes, ("server.address",))
    is_queue = is_aws_call(attributes) and first_text(attributes, ("rpc.service",)).upper() == "SQS"
    return {"aws.queue_url": address} if is_queue and address.startswith(("http://", "https://")) else None


def _account(_span: Span, attributes: Attributes) -> Attributes | None:
    account = first_text(attributes, ("cloud.account.id",))
    return {"aws.account_id": account} if len(account) == 12 and account.isascii() and account.isdigit() else None


def _invocation(span: Span, attributes: Attributes) -> Attributes | None:
    invocation = first_text(attributes, ("faas.invocation_id", "faas.execution"))
    return {"aws.request_id": invocation} if invocation and _is_lambda(span, attributes) else None


def _is_lambda(span: Span, attributes: Attributes) -> bool:
    read = span.resource.first
    arn = first_text(attributes, FUNCTION_ARNS) or first_text(read, FUNCTION_ARNS)
    return arn.startswith("arn:aws") or read.get("cloud.platform") == "aws_lambda"


ROWS = (
    AttributeRow(
        id="rpc-system-name",
        reads=("rpc.system.name",),
        writes=("rpc.system",),
        unless=("rpc.system",),
        source="RPC conventions after 1.37; otelaws and otelgrpc 0.72 (Go)",
        effect="`namespace` is `aws` for calls of AWS (`aws-api`), and the rules for such calls apply",
        change=copied("rpc.system.name", "rpc.system"),
    ),
    AttributeRow(
        id="rpc-method",
        reads=("rpc.system.name",),
        writes=("rpc.service", "rpc.method"),
        unless=("rpc.service",),
        needs=("rpc.method",),
        when="`rpc.method` holds both (`DynamoDB/GetItem`); it is replaced by the method alone",
        source="RPC conventions after 1.37; otelaws and otelgrpc 0.72 (Go)",
        effect="`name` is the service (`DynamoDB`), `aws.operation` the method (`GetItem`), as with the old "
        "conventions",
        change=_service_and_method,
    ),
    AttributeRow(
        id="aws-request-id",
        reads=("aws.request.id",),
        writes=("aws.request_id",),
        unless=REQUEST_IDS,
        source="OpenTelemetry JS, aws-sdk instrumentation",
        effect="`aws.request_id`",
        change=copied("aws.request.id", "aws.request_id"),
    ),
    AttributeRow(
        id="aws-region",
        reads=("cloud.region", "aws.auth.region"),
        writes=("aws.region",),
        unless=("aws.region",),
        needs=RPC_SYSTEMS,
        when="the span is a call of AWS",
        source="AWS SDK conventions (`cloud.region`); OpenTelemetry Python (botocore) and JS; ADOT (`aws.auth.region`)",
        effect="`aws.region`",
        change=_region,
    ),
    AttributeRow(
        id="aws-invoked-region",
        reads=("faas.invoked_region",),
        writes=("aws.region",),
        unless=("aws.region",),
        kinds=frozenset({CLIENT, PRODUCER}),
        when="`faas.invoked_provider` is `aws`",
        source="FaaS conventions",
        effect="`aws.region`",
        change=_invoked_region,
    ),
    AttributeRow(
        id="aws-queue-url",
        reads=("aws.sqs.queue.url",),
        writes=("aws.queue_url",),
        unless=QUEUE_URLS,
        source="AWS SDK conventions; Java agent 2.33",
        effect="`aws.queue_url`",
        change=copied("aws.sqs.queue.url", "aws.queue_url"),
    ),
    AttributeRow(
        id="aws-queue-address",
        reads=("server.address",),
        writes=("aws.queue_url",),
        unless=(*QUEUE_URLS, "aws.sqs.queue.url"),
        needs=RPC_SYSTEMS,
        when="the span is a call of SQS and the address is a URL",
        source="otelaws 0.72 (Go): the queue's URL as `server.address`",
        effect="`aws.queue_url`",
        change=_queue_address,
    ),
    AttributeRow(
        id="aws-account-id",
        reads=("cloud.account.id",),
        writes=("aws.account_id",),
        unless=("aws.account_id",),
        when="it is an AWS account: twelve digits",
        source="OpenTelemetry's Lambda instrumentations: the account on the span",
        effect="`aws.account_id`",
        change=_account,
    ),
    AttributeRow(
        id="aws-invocation-id",
        reads=("faas.invocation_id", "faas.execution"),
        writes=("aws.request_id",),
        unless=REQUEST_IDS,
        kinds=frozenset({SERVER, CONSUMER}),
        when="the function runs on Lambda: by an ARN on the span or by the platform of the resource",
        source="FaaS conventions; the older ones say `faas.execution`",
        effect="`aws.request_id` is the invocation's, as in Lambda's own segments",
        change=_invocation,
    ),
)
