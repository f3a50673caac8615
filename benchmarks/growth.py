"""Does the cost grow with what is sent, and no faster? Twice as much of one thing, in CPU time.

Takes   `--rounds`.
Gives   for each sweep the cost of 2n over that of n: about 2 where nothing is quadratic, 4 where something is. And the
        cost of a span in a request of 10,000 over that in a request of 500.
"""

import argparse
import gc
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from benchmarks import messages, passes, stack_traces
from benchmarks.inputs import LIMITS, synthetic_request
from benchmarks.messages import Span
from benchmarks.timing import Series, figure
from raygate.request import Request
from raygate.span import CLIENT, INTERNAL

SPANS: Final = 4
"""In each request of a sweep."""


def _attributes(random: Random, size: int) -> Span:
    return _span(random, {f"shop.attribute.{number}": f"{random.random()}" for number in range(size)})


def _long_text(random: Random, size: int) -> Span:
    return _span(random, {"db.system": "mysql", "db.statement": "x, " * size})


def _events(random: Random, size: int) -> Span:
    return _span(random, {}, events=[messages.event(random, "cache miss", {"key": n}) for n in range(size)])


def _links(random: Random, size: int) -> Span:
    return _span(random, {}, links=[messages.link(random, {"n": number}) for number in range(size)])


def _exceptions(random: Random, size: int) -> Span:
    told = [stack_traces.attributes(random, "python", 3) for _ in range(size)]
    return _span(random, {}, events=[messages.event(random, "exception", one) for one in told])


def _lines(language: str) -> Callable[[Random, int], Span]:
    def make(random: Random, size: int) -> Span:
        told = stack_traces.attributes(random, language, size)
        return _span(random, {}, events=[messages.event(random, "exception", told)])

    return make


def _span(random: Random, attributes: dict[str, Any], **fields: Any) -> Span:
    return messages.span(random, "SELECT orders", CLIENT if attributes else INTERNAL, attributes, **fields)


SWEEPS: Final[dict[str, tuple[Callable[[Random, int], Span], int, str]]] = {
    "attributes": (_attributes, 250, "python"),
    "a long attribute": (_long_text, 8_000, "python"),
    "events": (_events, 500, "python"),
    "links": (_links, 150, "python"),
    "links, shrunk": (_links, 2_000, "python"),
    "exceptions": (_exceptions, 40, "python"),
    "exceptions, shrunk": (_exceptions, 400, "python"),
    **{f"lines, {language}": (_lines(language), 150, language) for language in stack_traces.LANGUAGES},
}
"""What there is more of; n; the language of the stack traces. Either n and 2n fit in a document or both are shrunk."""


def request(name: str, size: int, seed: int) -> Request:
    """So much of that thing in each of a few spans."""
    make, _, language = SWEEPS[name]
    random = Random(f"{name} {seed}")  # noqa: S311 - the same each time, on purpose
    resource = {"service.name": "shop", "telemetry.sdk.language": language}
    spans = [make(random, size) for _ in range(SPANS)]
    return Request(messages.packed([messages.resource_spans(resource, [("sweep", spans)])]), "protobuf", "gzip")


def measure(rounds: int) -> dict[str, Series]:
    """The ratios, round by round."""
    work = {name: [[request(name, factor * size, seed) for seed in range(2)] for factor in (1, 2)]
            for name, (_, size, _) in SWEEPS.items()}  # fmt: skip
    large = [Request(messages.packed(synthetic_request(1, 10_000)), "protobuf", "gzip")]
    small = [Request(messages.packed(synthetic_request(seed, 500)), "protobuf", "gzip") for seed in range(20)]
    gc.collect()
    gc.freeze()
    results = {name: Series() for name in (*SWEEPS, "10,000 spans over 500")}
    for number in range(rounds + 1):
        ratios = {name: passes.cold(more, LIMITS) / passes.cold(less, LIMITS) for name, (less, more) in work.items()}
        ratios["10,000 spans over 500"] = passes.warm(large, LIMITS) / passes.warm(small, LIMITS)
        if number:  # the first fills caches
            for name, ratio in ratios.items():
                results[name].add(ratio)
    gc.unfreeze()
    return results


def table(results: dict[str, Series]) -> str:
    """Markdown."""
    lines = ["| what there is more of | n | cost of 2n over n |", "| --- | --- | --- |"]
    for name, series in results.items():
        size = f"{SWEEPS[name][1]:,}" if name in SWEEPS else "a span"
        lines.append(f"| {name} | {size} | {figure(series, 2)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    print(table(measure(parser.parse_args(arguments).rounds)))  # noqa: T201


if __name__ == "__main__":
    main()
