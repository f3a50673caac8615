"""OTLP/JSON as the collector's reader takes it besides: original member names, numbers unquoted, enums by name.

Takes   a request as OTLP/JSON has it, parsed.
Gives   the same, written loosely.
"""

import re
from typing import Any, Final

KINDS: Final = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
CODES: Final = ("UNSET", "OK", "ERROR")
NUMBERS: Final = frozenset({"intValue", "startTimeUnixNano", "endTimeUnixNano", "timeUnixNano"})


def loosely(value: Any) -> Any:
    """All the way down. What is empty says the same as what is absent, but for a value."""
    if isinstance(value, list):
        return [loosely(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {_snake(key): _member(key, item) for key, item in value.items() if item not in ("", []) or _says(key)}


def _member(key: str, value: Any) -> Any:
    if key in NUMBERS:
        return int(value)
    if key == "kind" and value in range(len(KINDS)):
        return f"SPAN_KIND_{KINDS[value]}"
    if key == "code" and value in range(len(CODES)):
        return f"STATUS_CODE_{CODES[value]}"
    return loosely(value)


def _says(key: str) -> bool:
    return key.endswith("Value")


def _snake(key: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", key)
