"""X-Ray's own documents through the function as it is deployed; moto for AWS."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.ingest import app
from raygate import reporting
from raygate_local import gateway

TRACE_ID = "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37"
DOCUMENT = {"id": "a1b2c3d4e5f60718", "trace_id": TRACE_ID, "name": "shop", "start_time": 1.5, "end_time": 2.5}


@pytest.fixture(autouse=True)
def xray() -> Iterator[Any]:
    """X-Ray's own client."""
    with mock_aws():
        client = boto3.client("xray")
        client.batch_get_traces(TraceIds=[])  # moto's first answer is slow, and the handler has 8 s
        yield client


def test_documents_are_delivered_and_logged_as_spans_are(xray, monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(reporting.log.registered_handler, "stream", log)
    body = json.dumps({"TraceSegmentDocuments": [json.dumps(DOCUMENT), "no secret of mine"]}).encode()
    headers = [(b"content-type", b"application/json")]
    result = app.handler(gateway.event(gateway.Call("POST", b"/TraceSegments", headers, body)), None)
    assert result["statusCode"] == 200
    assert json.loads(result["body"]) == {
        "UnprocessedTraceSegments": [{"ErrorCode": "ParseError", "Message": "not JSON"}]
    }
    (trace,) = xray.batch_get_traces(TraceIds=[TRACE_ID])["Traces"]
    assert json.loads(trace["Segments"][0]["Document"]) == DOCUMENT
    line = json.loads(log.getvalue().splitlines()[0])
    assert {name: line[name] for name in ("message", "encoding", "spans", "delivered", "rejected", "unaccounted")} == {
        "message": "exported",
        "encoding": "documents",
        "spans": 2,
        "delivered": 1,
        "rejected": 1,
        "unaccounted": 0,
    }
    assert line["reasons"] == {"document: not JSON (ParseError)": 1}
    assert "secret" not in log.getvalue()
