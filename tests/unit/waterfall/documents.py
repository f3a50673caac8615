"""Documents for waterfalls: times are seconds on a clock that starts at 1,000,000."""

from typing import Any

START_S = 1_000_000.0


def an_id(number: int) -> str:
    return f"{number:016x}"


def a_segment(number: int, start_s: float, end_s: float, parent: int | None = None, **members: Any) -> dict[str, Any]:
    """None leaves a member away."""
    given = {
        "trace_id": "1-5f84c7a1-e7d1852db8c4fd35d88bf49a",
        "id": an_id(number),
        "parent_id": an_id(parent) if parent else None,
        "name": f"service-{number}",
        "start_time": START_S + start_s,
        "end_time": START_S + end_s,
    } | members
    return {name: value for name, value in given.items() if value is not None}


def a_subsegment(number: int, start_s: float, end_s: float, parent: int | None, **members: Any) -> dict[str, Any]:
    return a_segment(number, start_s, end_s, parent, **({"type": "subsegment"} | members))
