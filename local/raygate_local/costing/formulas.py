"""The formulas of a month's bill, as docs/cost.md shows them.

Gives   `QUANTITIES`, each made of the load, the figures and those before it; `ITEMS`, what is billed, by which price.
Source  the price pages of the services, for what counts as one: API Gateway counts 512 KB, SQS 64 KB.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

QUANTITIES: Final[Mapping[str, str]] = {
    "spans": "spans_per_second * 3600 * hours",
    "requests": "spans / spans_per_request",
    "requests_per_second": "spans_per_second / spans_per_request",
    "traces": "spans / spans_per_trace",
    "processor_share": "min(1, memory / whole_processor_mb)",
    "direct_ms": (
        "(request_ms + span_ms * spans_per_request) / processor_share"
        " + xray_call_ms * ceil(ceil(spans_per_request * documents_a_span / 50) / 8)"
    ),
    "accept_ms": "(request_ms + span_decoded_ms * spans_per_request) / processor_share + sqs_call_ms",
    "ingest_ms": "buffered * accept_ms + (1 - buffered) * direct_ms",
    "messages": "buffered * requests",
    "batch": "min(batch_size, max(1, requests_per_second * window_seconds))",
    "batches": "messages / batch",
    "batch_ms": (
        "(request_ms + span_ms * spans_per_request * batch) / processor_share"
        " + xray_call_ms * ceil(ceil(spans_per_request * batch * documents_a_span / 50) / 8)"
    ),
    "gb_seconds": "(requests * ingest_ms + batches * batch_ms) / 1000 * memory / 1024",
    "ingest_concurrency": "ceil(requests_per_second * ingest_ms / 1000)",
    "key_reads": "with_keys * min(requests, tenants * ingest_concurrency * 60 * hours)",
    "message_parts": "ceil(body_bytes * 4 / 3 / 65536)",
    "archived_gb": "archive * requests * body_bytes / 1000000000",
    "log_gb": "((requests + batches) * log_bytes + requests * access_log_bytes) / 1000000000",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the bill."""

    service: str
    what: str
    quantity: str
    price: str


ITEMS: Final = (
    Item("API Gateway", "requests of 512 KB", "requests * ceil(body_bytes / 524288)", "api_requests"),
    Item("Lambda", "invocations", "requests + batches", "lambda_requests"),
    Item("Lambda", "GB-seconds", "gb_seconds", "lambda_gb_seconds"),
    Item("X-Ray", "traces recorded", "traces", "xray_traces"),
    Item(
        "SQS",
        "requests of 64 KB",
        "messages * message_parts + 2 * batches * ceil(batch / 10) * message_parts + polls_an_hour * hours",
        "sqs_requests",
    ),
    Item("DynamoDB", "reads of a key", "key_reads", "dynamodb_reads"),
    Item("S3", "writes of the archive", "archive * (buffered * batches + (1 - buffered) * requests)", "s3_writes"),
    Item("S3", "GB-months of the archive", "archived_gb * archive_days / 30", "s3_gb_months"),
    Item("CloudWatch", "GB of logs", "log_gb", "log_gb"),
    Item("CloudWatch", "GB-months of logs, compressed", "log_gb * 0.15 * log_days / 30", "log_gb_months"),
    Item("CloudWatch", "metrics", "metrics + tenants * metrics_by_tenant", "metrics"),
    Item("CloudWatch", "alarms", "alarms", "alarms"),
)
