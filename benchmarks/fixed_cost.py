"""What one request costs however small it is: the function's handler, with X-Ray faked at botocore's transport.

Takes   `--rounds`.
Gives   CPU and wall milliseconds of a request of one span, what botocore's one call alone takes, and the wall time of
        a request of 512 spans with an X-Ray that takes 25 ms a call, beside the number of calls side by side.
Note    The handler is the one of Lambda with its log line and metrics, which go to /dev/null. botocore does all of its
        own work, signing included; its transport is left out, and with it the connection that would be kept.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from importlib import import_module
from typing import Any, Final

import botocore.httpsession
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from urllib3 import HTTPHeaderDict

from benchmarks import messages
from benchmarks.exporter import PRETEND
from benchmarks.inputs import INPUTS, synthetic_request
from benchmarks.timing import Series, figure
from raygate.settings import Settings
from raygate_local import gateway

ANSWER: Final = b'{"UnprocessedTraceSegments":[]}'
MANY: Final = 512
SLOW_S: Final = 0.025
CALLS: Final = 100
"""Requests of one span in a round."""

Handler = Callable[[Any, Any], dict[str, Any]]


class Transport:
    """What is in the place of botocore's."""

    delay_s = 0.0
    calls = 0

    @classmethod
    def send(cls, request: AWSPreparedRequest) -> AWSResponse:
        """X-Ray took it all. Being bound to this class, it is not bound to a session."""
        cls.calls += 1
        if cls.delay_s:
            time.sleep(cls.delay_s)
        headers: Any = HTTPHeaderDict({"Content-Type": "application/json", "Content-Length": str(len(ANSWER))})
        response = AWSResponse(request.url, 200, headers, io.BytesIO())
        response._content = ANSWER  # type: ignore[attr-defined] # noqa: SLF001 - what reading the socket sets
        return response


@contextmanager
def faked() -> Iterator[None]:
    """No network: botocore's transport is ours."""
    real = botocore.httpsession.URLLib3Session.send
    botocore.httpsession.URLLib3Session.send = Transport.send  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        botocore.httpsession.URLLib3Session.send = real  # type: ignore[method-assign]


@contextmanager
def silenced() -> Iterator[None]:
    """What the handler logs goes nowhere."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def handler() -> Handler:
    """The function's."""
    os.environ |= PRETEND | {"POWERTOOLS_SERVICE_NAME": "raygate", "POWERTOOLS_METRICS_NAMESPACE": "Raygate"}
    if "auth" in {field.name for field in fields(Settings)}:
        os.environ["RAYGATE_AUTH"] = "none"  # who may send is looked up once in a while, not in each request
    made: Handler = import_module("functions.ingest.app").handler
    return made


def event(body: bytes) -> dict[str, Any]:
    """The gateway's event for it."""
    headers = [(b"content-type", b"application/x-protobuf"), (b"content-encoding", b"gzip"), (b"host", b"example.com")]
    return gateway.event(
        gateway.Call("POST", b"/v1/traces", headers, body, source_ip="192.0.2.1", request_id="a-request")
    )


class Context:
    """Lambda's, as far as it is asked."""

    function_name = "raygate"
    function_version = "$LATEST"
    memory_limit_in_mb = "1024"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:raygate"
    aws_request_id = "a-request"

    def get_remaining_time_in_millis(self) -> int:
        """Plenty."""
        return 30_000


def measure(rounds: int) -> dict[str, Series]:
    """All rounds."""
    names = ("cpu", "wall", "botocore", "many", "many at once", "calls")
    results = {name: Series() for name in names}
    ask, small = handler(), [event(body) for number in range(4) for body in INPUTS["1"].requests(number)]
    many = [event(messages.packed(synthetic_request(number, MANY))) for number in range(4)]
    put = _put()
    with faked(), silenced():
        _run(ask, [*small, *many])
        for number in range(rounds):
            some = [small[(number * CALLS + call) % len(small)] for call in range(CALLS)]
            cpu, wall = _run(ask, some)
            results["cpu"].add(cpu / CALLS)
            results["wall"].add(wall / CALLS)
            results["botocore"].add(_clocked(lambda: [put() for _ in range(CALLS)])[0] / CALLS)
            results["many at once"].add(_run(ask, [many[number % 4]])[1])
            before, Transport.delay_s = Transport.calls, SLOW_S
            results["many"].add(_run(ask, [many[number % 4]])[1])
            Transport.delay_s = 0.0
            results["calls"].add(Transport.calls - before)
    return results


def _put() -> Callable[[], object]:
    """One call with one document, by botocore alone, with the client as it comes."""
    client = import_module("botocore.session").get_session().create_client("xray", region_name="us-east-1")
    document = f'{{"name":"shop","id":"a1b2c3d4e5f60718","trace_id":"1-{0:08x}-{0:024x}"}}'
    return lambda: client.put_trace_segments(TraceSegmentDocuments=[document])


def _run(ask: Handler, events: Sequence[dict[str, Any]]) -> tuple[float, float]:
    def all_of_them() -> None:
        for one in events:
            answer = ask(one, Context())
            if answer["statusCode"] != 200:
                raise ValueError(answer)

    return _clocked(all_of_them)


def _clocked(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall, in milliseconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1_000, (time.perf_counter() - wall) * 1_000


def table(results: dict[str, Series]) -> str:
    """Markdown."""
    calls = int(results["calls"].median)
    limit = Series([4 * SLOW_S * 1_000 + conversion for conversion in results["many at once"].values])
    rows = {
        "one span, CPU": figure(results["cpu"], 2),
        "one span, wall": figure(results["wall"], 2),
        "botocore alone, one document, CPU": figure(results["botocore"], 2),
        f"{MANY} spans, X-Ray at once, wall": figure(results["many at once"]),
        f"{MANY} spans in {calls} calls, X-Ray after {SLOW_S * 1_000:.0f} ms, wall": figure(results["many"]),
        f"the same, over 4 x {SLOW_S * 1_000:.0f} ms + conversion": figure(results["many"].over(limit), 2),
    }
    return "\n".join(["| request | ms |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in rows.items())])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fixed_cost", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    print(table(measure(parser.parse_args(arguments).rounds)))  # noqa: T201


if __name__ == "__main__":
    main()
