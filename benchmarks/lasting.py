"""Whether memory grows from request to request: the function's handler, and senders who never repeat anything.

Takes   `--requests`.
Gives   the memory of the process after each tenth of them, and how much of it came in the second half.
Note    Nothing of a request came before: keys, values, names, resource, scope, addresses, stack trace. So whatever is
        remembered is filled to its bound, again and again. X-Ray is faked at botocore's transport. Linux only.
"""

import argparse
from collections.abc import Sequence
from random import Random
from typing import Final

from opentelemetry.proto.trace.v1.trace_pb2 import Status

from benchmarks import fixed_cost, messages, status
from raygate.span import STATUS_ERROR

MIB: Final = 2**20
TENTHS: Final = 10
FRAMES: Final = 12


def never_seen(number: int) -> bytes:
    """A request that has nothing in common with the others."""
    random, new = Random(number), f"{number:08}"  # noqa: S311 - the same each time, on purpose
    frames = "\n".join(f"\tat com.example.C{new}.m{at}(C{new}.java:{at})" for at in range(FRAMES))
    trace = f"com.example.E{new}: {new}\n{frames}\nCaused by: E{new}: {new}"
    told = {"exception.type": f"E{new}", "exception.message": new, "exception.stacktrace": trace}
    span = messages.span(
        random,
        f"GET /{new}",
        3 - number % 2,
        {
            "http.request.method": "GET",
            "http.response.status_code": 500,
            "url.full": f"https://{new}.example.com/{new}",
            "server.address": f"{new}.example.com",
            "db.system": "postgresql",
            "db.statement": f"SELECT {new} WHERE a = 1 -- {'x' * 200}",
            "enduser.id": new,
            f"key.{new}": f"{new}{'x' * 150}",
            f"map.{new}": {f"k{new}": new},
        },
        status=Status(code=STATUS_ERROR, message=f"failed {new}"),  # type: ignore[arg-type] # a number is its value
        events=[messages.event(random, "exception", told)],
    )
    resource = {"service.name": f"s{new}", "telemetry.sdk.language": "java", f"r.{new}": f"{new}{'x' * 100}"}
    return messages.packed([messages.resource_spans(resource, [(f"scope.{new}", [span])])])


def memory(requests: int) -> list[int]:
    """Bytes before the first request and after each tenth of them."""
    handler, context, marks = fixed_cost.handler(), fixed_cost.Context(), [status.in_bytes("VmRSS")]
    with fixed_cost.faked(), fixed_cost.silenced():
        for number in range(requests):
            answer = handler(fixed_cost.event(never_seen(number)), context)
            if answer["statusCode"] != 200:
                raise ValueError(f"request {number}: {answer}")
            if (number + 1) * TENTHS // requests > number * TENTHS // requests:
                marks.append(status.in_bytes("VmRSS"))
    return marks


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lasting", description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=100_000)
    requests = parser.parse_args(arguments).requests
    marks = memory(requests)
    print("| requests | memory, MiB |\n| --- | --- |")  # noqa: T201
    for tenth, mark in enumerate(marks):
        print(f"| {requests * tenth // TENTHS:,} | {mark / MIB:.1f} |")  # noqa: T201
    print(f"\nin the second half: {(marks[-1] - marks[TENTHS // 2]) / MIB:+.1f} MiB")  # noqa: T201


if __name__ == "__main__":
    main()
