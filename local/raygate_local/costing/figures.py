"""What a load is worked out with: measured, or AWS's own rules, or said to be assumed.

Source  docs/performance.md for what says "measured": the row `rich`, `extended`, of its table of steps, which is the
        dearest of them; a processor of Lambda's may be slower or faster.
"""

from collections.abc import Mapping
from typing import Final

FIGURES: Final[Mapping[str, float]] = {
    "request_ms": 1.2,
    "span_ms": 0.060,
    "span_decoded_ms": 0.030,
    "xray_call_ms": 25,
    "sqs_call_ms": 10,
    "documents_a_span": 1.1,
    "log_bytes": 2_700,
    "access_log_bytes": 450,
    "metrics_by_tenant": 8,
    "metrics": 30,
    "alarms": 20,
    "whole_processor_mb": 1_769,
    "polls_an_hour": 900,
}

MEANING: Final[Mapping[str, str]] = {
    "request_ms": "processor time of a request, without its spans; measured",
    "span_ms": "processor time of a span, from gzip'd OTLP to the body of the call; measured",
    "span_decoded_ms": "the same for reading and redacting alone; measured",
    "xray_call_ms": "a call of X-Ray; assumed",
    "sqs_call_ms": "a call of SQS; assumed",
    "documents_a_span": "documents of a span; assumed, most spans are one",
    "log_bytes": "the function's lines for a request, with Lambda's own three; measured, but for Lambda's",
    "access_log_bytes": "the API's line for a request; assumed",
    "metrics_by_tenant": "metrics that are written once more for each tenant, at most",
    "metrics": "metrics that the functions write, at most",
    "alarms": "alarms of the template, at most",
    "whole_processor_mb": "memory from which on a function has a whole processor; AWS",
    "polls_an_hour": "how often Lambda asks an empty queue: five pollers, every 20 s; AWS",
}
