"""Stack trace text → frames, one parser for each language that the exporter knows.

Takes   the text of `exception.stacktrace` and the resource's `telemetry.sdk.language`.
Gives   the parts of the trace: the first holds the frames of the exception itself, each further one is a cause
        that the text tells of. A frame is {"path", "line", "label"}, all three always there.
        An unknown language or a text without frames gives one part without frames.
Source  xray-conversion.md, section 12: the parsers' oddities are the exporter's. Where it would crash on a text,
        an empty message or a skipped frame stands instead.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, TypeAlias

from raygate.memory import keep, remembered
from raygate.utf8 import EACH_BYTE

Frame: TypeAlias = dict[str, str | int]

MAX_INT64 = 2**63 - 1
MAX_UINT64 = 2**64 - 1
INT64_DIGITS, UINT64_DIGITS = len(str(MAX_INT64)), len(str(MAX_UINT64))

FILE = "  File "
DURING_HANDLING = "During handling of the above exception, another exception occurred:"
"""How lines of Python's traces begin."""

MOST_KNOWN = 64
"""So many traces are remembered of each language."""
LONGEST_KNOWN = 8_192
"""Characters."""
MOST_PIECES = 128
"""Exceptions and frames of a trace that is remembered."""


class Part(NamedTuple):
    """One exception of a trace; the first one's type and message are known from elsewhere and empty here."""

    type: str
    message: str
    frames: list[Frame]


Parser: TypeAlias = Callable[[str], list[Part]]


def parse(trace: str, language: str) -> list[Part]:
    """The trace's parts, the exception itself first."""
    parser = PARSERS.get(language)
    return parser(trace) if parser is not None and trace else [Part("", "", [])]


def known_by(what_comes_again: Callable[[str], str]) -> Callable[[Parser], Parser]:
    """Decorate a parser that gives the same for a trace and for that of it, and remember it by that."""

    def decorate(parse_it: Parser) -> Parser:
        known: dict[str, list[Part]] = {}

        @wraps(parse_it)
        def parse_whole(trace: str) -> list[Part]:
            rest = what_comes_again(trace)
            parts = known.get(rest)
            if parts is None:
                parts = parse_it(rest)
                if len(rest) <= LONGEST_KNOWN and sum(len(part.frames) + 1 for part in parts) <= MOST_PIECES:
                    keep(known, rest, parts, MOST_KNOWN)
            return parts

        return parse_whole

    return decorate


def _below_the_first_line(trace: str) -> str:
    """The first line has the message."""
    return trace.partition("\n")[2]


def _above_the_last_line(trace: str) -> str:
    """Python's last line has the message; an empty one tells as little."""
    above, _, last = trace.removesuffix("\n").rpartition("\n")
    return trace if last.startswith((FILE, DURING_HANDLING)) else above + "\n\n"


@known_by(_below_the_first_line)
def java(trace: str) -> list[Part]:
    """Java and PHP: frames begin with a tab and `at`, causes with `Caused by:` at the margin."""
    parts = [Part("", "", [])]
    lines = _lines(trace)
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if _is_java_frame(line):
            parts[-1].frames.append(_java_frame(line))
        elif line.startswith("Caused by: "):
            kind, text = _type_and_message(line.removeprefix("Caused by: "))
            start = index
            while index < len(lines) and not _is_java_frame(lines[index]):
                index += 1
            parts.append(Part(kind, text + "".join(lines[start:index]), []))
    return parts


@known_by(_above_the_last_line)
def python(trace: str) -> list[Part]:
    """Python: read backwards, so that the innermost frame comes first."""
    parts = [Part("", "", [])]
    lines = trace.split("\n")
    index = len(lines) - 2
    while index >= 0:
        line = lines[index]
        if line.startswith(FILE):
            if frame := _python_frame(line):
                parts[-1].frames.append(frame)
        elif line.startswith(DURING_HANDLING):
            last = index
            index = next((above for above in range(last - 1, -1, -1) if lines[above].startswith(FILE)), -1)
            # The line after the frame is its source, the one before the marker is blank.
            message = "\n".join(lines[index + 2 : last - 1])
            if index < 0 or ":" not in message:
                return parts
            parts.append(Part(*_type_and_message(message), []))
            continue
        index -= 1
    return parts


@known_by(_below_the_first_line)
def javascript(trace: str) -> list[Part]:
    """JavaScript: frames begin with four blanks and `at`."""
    frames = (_javascript_frame(line) for line in _lines(trace) if line.startswith("    at "))
    return [Part("", "", [frame for frame in frames if any(frame.values())])]


@known_by(_below_the_first_line)
def dotnet(trace: str) -> list[Part]:
    """.NET: `at method in file:line n`, indented somehow."""
    lines = (line.strip(_WHITE_SPACE) for line in _lines(trace))
    frames = (_dotnet_frame(line) for line in lines if line.startswith("at "))
    return [Part("", "", [frame for frame in frames if frame])]


@known_by(_below_the_first_line)
def go(trace: str) -> list[Part]:
    """Go: pairs of lines, the function and its place; without a place the previous frame's stands."""
    frames: list[Frame] = []
    path, number = "", 0
    lines = iter(_lines(trace))
    for line in lines:
        label = next(lines, "") if _is_goroutine(line) else line
        if place := _GO_PLACE.search(next(lines, "")):
            path, number = place[1], _number(place[2])
        frames.append(_frame(path, number, label))
    return [Part("", "", frames)]


PARSERS: dict[str, Parser] = {
    "java": java,
    "php": java,
    "python": python,
    "javascript": javascript,
    "dotnet": dotnet,
    "go": go,
}

_RUNNING = re.compile(r"\brunning\b", re.ASCII)
_GO_PLACE = re.compile(r"(?<![^:\t\n\f\r ])([^:\t\n\f\r ]+):([0-9]+)")
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9]+)")
_WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""Go's; Python's own has four control characters more."""


def _frame(path: str, line: int, label: str) -> Frame:
    return {"path": path, "line": line, "label": label}


def _lines(trace: str) -> list[str]:
    """Lines end at LF, with a CR before it or not; an LF at the very end begins no other line."""
    lines = trace.split("\n")
    last = lines.pop()
    if "\r" in trace:
        lines = [line.removesuffix("\r") for line in lines]
    return [*lines, last] if last else lines


def _number(text: str) -> int:
    """A decimal number within 64 bits; 0 for anything else. Behind digits that do not fit nothing is looked at."""
    if len(text) < INT64_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    match = _NUMBER.match(text)
    if match is None:
        return 0
    digits = match["digits"].lstrip("0")
    size = int(digits or "0") if len(digits) <= UINT64_DIGITS else MAX_UINT64 + 1
    if match.end() != len(text) and size <= MAX_UINT64:
        return 0
    return max(-size, -MAX_INT64 - 1) if match["sign"] == "-" else min(size, MAX_INT64)


def _type_and_message(text: str) -> tuple[str, str]:
    """`Type: message`; the colon and the byte behind it belong to neither."""
    kind, colon, message = text.partition(":")
    return (kind, _behind_a_byte(message)) if colon else (text, "")


def _behind_a_byte(text: str) -> str:
    """The exporter counts bytes: what is left of a longer character is no character."""
    return text[1:] if text[:1].isascii() else text.encode()[1:].decode(errors=EACH_BYTE)


def _is_java_frame(line: str) -> bool:
    return line.startswith("\tat ") and "(" in line and line.endswith(")")


# A frame is shared by all traces it is in: most of them go through the same servers and frameworks.


@remembered(4096)
def _java_frame(line: str) -> Frame:
    label, _, source = line[len("\tat ") : -1].partition("(")
    _, slash, without_module = label.partition("/")
    path, _, number = source.partition(":")
    return _frame(path, _number(number), without_module if slash else label)


def _is_goroutine(line: str) -> bool:
    start, end = len("goroutine"), len(line) - 1
    return line.startswith("goroutine") and line.endswith(":") and bool(_RUNNING.search(line, start, end))


@remembered(4096)
def _python_frame(line: str) -> Frame | None:
    parts = line.split(",")
    if len(parts) != 3:
        return None
    file, number, function = parts
    quote, raw = len('  File "'), file.encode()
    if len(raw) <= quote:
        return None
    return _frame(
        raw[quote:-1].decode(errors=EACH_BYTE),
        _number(number.removeprefix(" line ")) if number.startswith(" line ") else 0,
        function.removeprefix(" in ") if function.startswith(" in ") else "",
    )


@remembered(4096)
def _javascript_frame(line: str) -> Frame:
    label, parenthesis, path = line[len("    at ") :].partition("(")
    if not parenthesis:
        label, path = "", label
    elif path.endswith(")"):
        path = path[:-1]
    else:
        return _frame("", 0, "")
    parts = path.split(":")
    if len(parts) > 2:
        return _frame(parts[0], _number(parts[1]), label)
    if len(parts) == 1 and "native" in path:
        path = "native"
    return _frame(path, 0, label)


@remembered(4096)
def _dotnet_frame(line: str) -> Frame | None:
    if " in " in line:
        label, source = line.split(" in ")[:2]
        if not label.startswith("at "):
            return None
        path, colon, place = source.rpartition(":")
        if colon:
            number = _behind_a_byte(place.removeprefix("line")) if place.startswith("line") else place
            return _frame(path, _number(number), label.removeprefix("at "))
        return _frame(source, 0, label.removeprefix("at "))
    if ")" in line:
        return _frame("", 0, line[len("at ") : line.rindex(")") + 1])
    return None
