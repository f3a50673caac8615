"""One pass over an input, from gzip'd OTLP to the bodies of PutTraceSegments, in CPU microseconds.

Gives   `warm`: the memory of attributes as earlier requests left it; `cold`: emptied before each request; `by_steps`.
Note    CPU time of this process, so that others on the machine disturb less.
"""

import time
from collections.abc import Iterable
from typing import Any

from benchmarks.conversion import STEPS, end_to_end, forget
from raygate.request import Request
from raygate.settings import Settings


def warm(requests: Iterable[Request], settings: Settings) -> float:
    """A sender's next requests."""
    started = time.process_time_ns()
    for request in requests:
        end_to_end(request, settings)
    return (time.process_time_ns() - started) / 1_000


def cold(requests: Iterable[Request], settings: Settings) -> float:
    """Each request the first one."""
    started = time.process_time_ns()
    for request in requests:
        forget()
        end_to_end(request, settings)
    return (time.process_time_ns() - started) / 1_000


def by_steps(requests: Iterable[Request], settings: Settings) -> dict[str, float]:
    """Each step, warm; what looking at the clock takes is taken off."""
    spent = dict.fromkeys((step.name for step in STEPS), 0.0)
    look = _one_look()
    for request in requests:
        made: Any = request
        for step in STEPS:
            started = time.process_time_ns()
            made = step.run(made, settings)
            spent[step.name] += time.process_time_ns() - started - look
    return {name: nanoseconds / 1_000 for name, nanoseconds in spent.items()}


def _one_look(times: int = 200) -> float:
    started = time.process_time_ns()
    for _ in range(times):
        time.process_time_ns()
    return (time.process_time_ns() - started) / times
