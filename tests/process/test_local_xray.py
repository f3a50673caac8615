"""The local X-Ray in a process of its own: killed while it is written to, and asked by the AWS CLI."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import requests

from raygate_local.xray.store import Store
from tests.process.serving import ENVIRONMENT, ROOT, TIMEOUT_S
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, an_id

AWS = Path(sys.executable).with_name("aws")
ENOUGH = 10
"""Requests of each sender, before the server is killed."""
SERVER = Path(__file__).with_name("local_xray_server.py")


@contextmanager
def served(folder):
    """A local X-Ray that keeps its traces there; its address, and its process."""
    command = [sys.executable, str(SERVER), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def put(url, *documents):
    body = {"TraceSegmentDocuments": [json.dumps(one) for one in documents]}
    answer = requests.post(f"{url}/TraceSegments", json=body, timeout=TIMEOUT_S)
    assert answer.json() == {"UnprocessedTraceSegments": []}


def test_killed_at_any_moment_it_has_all_that_it_acknowledged(tmp_path):
    acknowledged, lock, threads = set(), threading.Lock(), 3

    def send(url, life, number, enough):
        for count in range(10_000):
            ids = [life * 1_000_000 + number * 100_000 + count * 5 + place for place in range(5)]
            try:
                put(url, *(a_document(one, trace_id=a_trace_id(one % 50)) for one in ids))
            except requests.RequestException:
                return
            with lock:
                acknowledged.update(ids)
            if count == ENOUGH:
                enough.release()

    for life in (1, 2):
        with served(tmp_path) as (url, process):
            enough = threading.Semaphore(0)
            senders = [threading.Thread(target=send, args=(url, life, number, enough)) for number in range(threads)]
            for one in senders:
                one.start()
            for _ in senders:
                assert enough.acquire(timeout=TIMEOUT_S)
            process.send_signal(signal.SIGKILL)
            for one in senders:
                one.join(TIMEOUT_S)
    with closing(Store.open(tmp_path)) as store:
        traces = [store.trace(one.trace_id) for one in store.find(0, 1e10)]
        kept = {int(document_id, 16) for trace in traces if trace for document_id in trace.stored}
        assert len(acknowledged) >= 2 * threads * ENOUGH * 5
        assert acknowledged - kept == set()
        assert store.counts().documents == len(kept)
        assert all(one.summary["Id"] == one.trace_id for one in store.find(0, 1e10))


def test_the_aws_cli_speaks_with_it(tmp_path):
    def aws(*arguments):
        done = subprocess.run(
            [sys.executable, str(AWS), "xray", *arguments, "--endpoint-url", url, "--output", "json"],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S * 3,
            check=False,
            env=ENVIRONMENT
            | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
            | {"HOME": os.fspath(tmp_path)},
        )
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr

    times = ["--start-time", str(int(START_S) - 60), "--end-time", str(int(START_S) + 60)]
    call = a_subsegment(2, 1, name="billing.test", namespace="remote", fault=True)
    with served(tmp_path / "data") as (url, _):
        status, answer, said = aws("put-trace-segments", "--trace-segment-documents", json.dumps(a_document(1)), "{}")
        assert (status, said) == (0, "")
        assert [one["ErrorCode"] for one in answer["UnprocessedTraceSegments"]] == ["MissingId"]
        put(url, call)
        answer = aws("batch-get-traces", "--trace-ids", TRACE_ID)[1]
        assert [one["Id"] for one in answer["Traces"][0]["Segments"]] == [an_id(1), an_id(2)]
        answer = aws("get-trace-summaries", *times, "--filter-expression", 'service("billing.test") { fault }')[1]
        assert [one["Id"] for one in answer["TraceSummaries"]] == [TRACE_ID]
        status, _, said = aws("get-trace-summaries", *times, "--filter-expression", "fault = = 1")
        assert status != 0
        assert "InvalidRequestException" in said
        assert "column 9" in said
        answer = aws("get-service-graph", *times)[1]
        assert sorted(one["Name"] for one in answer["Services"]) == ["billing.test", "shop", "shop"]
        rules = aws("get-sampling-rules")[1]["SamplingRuleRecords"]
        assert [one["SamplingRule"]["RuleName"] for one in rules] == ["Default"]
        status, answer, said = aws("get-trace-segment-destination")
        assert (status, answer) == (0, {"Destination": "XRay", "Status": "ACTIVE"}), said
