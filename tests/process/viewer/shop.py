"""Traces of a shop, as many as a test wants."""

from collections.abc import Iterator
from typing import Any, Final

START_S: Final = 1_795_000_000.0
FLAGS: Final = {200: {}, 404: {"error": True}, 429: {"error": True, "throttle": True}, 500: {"fault": True}}
MARKUP: Final = "<img src=x onerror=alert(1)><b>bold</b>\"'&"


def a_trace_id(number: int) -> str:
    return f"1-{int(START_S) + number:08x}-{number:024x}"


def an_order(number: int, code: int = 200, **members: Any) -> dict[str, Any]:
    """One request, `number` seconds after the first."""
    return {
        "id": f"{number:016x}",
        "trace_id": a_trace_id(number),
        "name": "shop",
        "start_time": START_S + number,
        "end_time": START_S + number + 0.25,
        "http": {
            "request": {"method": "GET", "url": f"https://shop.example.com/orders/{number}"},
            "response": {"status": code},
        },
        "annotations": {"tenant": "acme"},
        **FLAGS[code],
        **members,
    }


def orders(count: int) -> Iterator[dict[str, Any]]:
    """Every tenth failed, every tenth was not found."""
    for number in range(count):
        yield an_order(number, {0: 500, 1: 404}.get(number % 10, 200))
