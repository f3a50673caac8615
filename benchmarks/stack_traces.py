"""Exceptions as each language prints them: type, message and a stack trace of so many frames.

Takes   a random number generator, how many frames. The frames of one place in the code are the same each time, as
        they are in a real service; the message is new each time.
Gives   `attributes`: those of an `exception` event.
"""

from collections.abc import Callable
from random import Random
from typing import Final

MODULES: Final = ("orders", "checkout", "inventory", "billing", "shipping", "catalog", "session", "retry")
VERBS: Final = ("load", "save", "validate", "dispatch", "handle", "invoke", "await_all", "commit")


def attributes(random: Random, language: str, frames: int) -> dict[str, str]:
    """`exception.type`, `exception.message`, `exception.stacktrace`."""
    message = f"order {random.randrange(10**9)} cannot be stored: connection refused"
    kind, trace = _TRACES[language]
    return {
        "exception.type": kind,
        "exception.message": message,
        "exception.stacktrace": trace(f"{kind}: {message}", random.randrange(50), frames),
    }


def _place(first: int, frame: int) -> tuple[str, str, int]:
    number = first * 31 + frame * 7
    return MODULES[number % 8], VERBS[number // 8 % 8], 10 + number % 900


def _java(head: str, first: int, frames: int) -> str:
    lines = [head]
    for frame in range(frames):
        module, verb, line = _place(first, frame)
        if frame and frame % 25 == 0:
            lines.append(f"Caused by: java.io.IOException: {module} did not answer")
        lines.append(f"\tat com.example.{module}.{module.title()}Service.{verb}({module.title()}Service.java:{line})")
    return "\n".join([*lines, "\t... 12 more", ""])


def _python(head: str, first: int, frames: int) -> str:
    lines = ["Traceback (most recent call last):"]
    for frame in range(frames):
        module, verb, line = _place(first, frame)
        if frame and frame % 25 == 0:
            again = "During handling of the above exception, another exception occurred:"
            lines += [f"KeyError: '{module}'", "", again, "", "Traceback (most recent call last):"]
        lines += [f'  File "/srv/app/{module}/{verb}.py", line {line}, in {verb}', f"    return {module}.{verb}(order)"]
    return "\n".join([*lines, head, ""])


def _javascript(head: str, first: int, frames: int) -> str:
    places = (_place(first, frame) for frame in range(frames))
    frame_lines = (f"    at {module}.{verb} (/srv/app/{module}.js:{line}:17)" for module, verb, line in places)
    return "\n".join([head, *frame_lines])


def _dotnet(head: str, first: int, frames: int) -> str:
    places = (_place(first, frame) for frame in range(frames))
    frame_lines = (
        f"   at Example.{module.title()}.{verb}(Order order) in C:\\src\\{module}.cs:line {line}"
        for module, verb, line in places
    )
    return "\r\n".join([head, *frame_lines])


def _go(head: str, first: int, frames: int) -> str:
    lines = [head, "goroutine 1 [running]:"]
    for frame in range(frames):
        module, verb, line = _place(first, frame)
        lines += [f"example.com/shop/{module}.{verb}(0xc000123456)", f"\t/srv/app/{module}/{verb}.go:{line} +0x1d"]
    return "\n".join(lines)


_TRACES: Final[dict[str, tuple[str, Callable[[str, int, int], str]]]] = {
    "java": ("java.sql.SQLException", _java),
    "python": ("shop.errors.StorageError", _python),
    "javascript": ("TypeError", _javascript),
    "nodejs": ("TypeError", _javascript),
    "dotnet": ("System.InvalidOperationException", _dotnet),
    "go": ("*errors.errorString", _go),
    "php": ("RuntimeException", _java),
}
LANGUAGES: Final = tuple(_TRACES)
