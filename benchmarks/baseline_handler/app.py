"""The least that a function like ours starts with: X-Ray's client, a log, metrics, OTLP's messages, orjson.

Used    by `benchmarks.cold_start`, which measures ours against it.
"""

import os
from typing import Any

import orjson
from aws_lambda_powertools import Logger, Metrics
from botocore.session import get_session
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

logger = Logger(service="baseline")
metrics = Metrics(namespace="Baseline", service="baseline")
xray = get_session().create_client("xray", region_name=os.environ["AWS_REGION"])


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Answer as a function behind the gateway does."""
    return {"statusCode": 200, "body": orjson.dumps(ExportTraceServiceRequest().ByteSize()).decode()}
