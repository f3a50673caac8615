"""Stack traces as each language writes them, and the texts on which the exporter crashes."""

from inspect import unwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.segment.stacktrace import PARSERS, parse, python

JAVA = """java.lang.IllegalStateException: state is not legal
\tat io.x.Shop.buy(Shop.java:155)
\tat app//jdk.internal.Reflect.invoke0(Native Method)
\t\tat not.a.Frame(X.java:1)
\tSuppressed: java.lang.Exception: hidden
Caused by: java.lang.IllegalArgumentException: bad argument
over two lines
\tat io.x.Shop.check(Shop.java)
\t... 2 more"""

PYTHON = """Traceback (most recent call last):
  File "a.py", line 1, in first
    f()
ValueError: one

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "b.py", line 2, in second
    g()
  File "c.py", line x, in <module>
TypeError: two
"""

JAVASCRIPT = """TypeError: x
    at run (/srv/app.js:10:7)
    at /srv/plain.js:3:9
    at Array.map (native)
    at async broken (/srv/app.js:1:2
    at node:internal/x:95:5
  at not.indented (a.js:1:1)"""

DOTNET = """System.Exception: x
   at Shop.Buy(Int32 id) in /src/Shop.cs:line 42
   at Shop.Run(String[] args)
   at A.B() in C:\\\\src\\\\B.cs:7
   at X in Y
   without a call"""

GO = """goroutine 1 [running]:
main.buy(0x1)
\t/src/shop.go:42 +0x1d
goroutine 7 [running]:
main.run()
\tno place here
created by main.main"""

HANDLING = "During handling of the above exception, another exception occurred:\nx"


def frames(language: str, trace: str) -> list[tuple[str, int, str]]:
    (part,) = parse(trace, language)
    return [(str(frame["path"]), int(frame["line"]), str(frame["label"])) for frame in part.frames]


def test_java_frames_lose_their_module_and_causes_their_line_breaks():
    first, cause = parse(JAVA, "java")
    assert [tuple(frame.values()) for frame in first.frames] == [
        ("Shop.java", 155, "io.x.Shop.buy"),
        ("Native Method", 0, "/jdk.internal.Reflect.invoke0"),
    ]
    assert (cause.type, cause.message) == ("java.lang.IllegalArgumentException", "bad argumentover two lines")
    assert [tuple(frame.values()) for frame in cause.frames] == [("Shop.java", 0, "io.x.Shop.check")]


def test_python_frames_come_innermost_first_and_the_handled_exception_follows():
    first, handled = parse(PYTHON, "python")
    assert [tuple(frame.values()) for frame in first.frames] == [("c.py", 0, "<module>"), ("b.py", 2, "second")]
    assert (handled.type, handled.message) == ("ValueError", "one")
    assert [tuple(frame.values()) for frame in handled.frames] == [("a.py", 1, "first")]


@pytest.mark.parametrize(
    ("language", "trace", "expected"),
    [
        ("javascript", JAVASCRIPT, [
            ("/srv/app.js", 10, "run "), ("/srv/plain.js", 3, ""), ("native", 0, "Array.map "), ("node", 0, ""),
        ]),
        ("dotnet", DOTNET, [
            ("/src/Shop.cs", 42, "Shop.Buy(Int32 id)"), ("", 0, "Shop.Run(String[] args)"),
            ("C:\\\\src\\\\B.cs", 7, "A.B()"), ("Y", 0, "X"),
        ]),
        ("go", GO, [
            ("/src/shop.go", 42, "main.buy(0x1)"), ("/src/shop.go", 42, "main.run()"),
            ("/src/shop.go", 42, "created by main.main"),
        ]),
        ("nodejs", JAVASCRIPT, []),
        ("", JAVA, []),
    ],
)  # fmt: skip
def test_a_trace_gives_the_frames_of_its_language(language, trace, expected):
    assert frames(language, trace) == expected


@pytest.mark.parametrize(
    ("language", "trace", "parts"),
    [
        ("java", "X\nCaused by: T:", [("", ""), ("T", "")]),
        ("java", "X\nCaused by: T", [("", ""), ("T", "")]),
        (
            "java",
            "X\nCaused by: A: a\n\t... 1 more\nCaused by: B: b",
            [("", ""), ("A", "a\t... 1 moreCaused by: B: b")],
        ),
        (
            "python",
            '  File "a.py", line 1, in f\n    g()\nValueError:\n\n' + HANDLING,
            [("", ""), ("ValueError", "")],
        ),
        ("python", HANDLING, [("", "")]),
        (
            "python",
            '  File "a.py", line 1, in f\n' + HANDLING,
            [("", "")],
        ),
    ],
)
def test_a_cause_without_a_message_has_an_empty_one(language, trace, parts):
    assert [(part.type, part.message) for part in parse(trace, language)] == parts


@pytest.mark.parametrize(
    ("language", "trace"),
    [
        ("python", "  File , line 1, in f\nx\n"),
        ("python", '  File "a,b.py", line 1, in f\nx\n'),
        ("dotnet", "X\n   at in file.cs:line 4"),
        ("java", "\tat one.Line(Only.java:1)"),
        ("java", "X\n\tat no.parentheses\n\tat open.only(X.java:1"),
        *((language, "") for language in PARSERS),
        *((language, "\n") for language in PARSERS if language != "go"),
    ],
)
def test_what_is_no_frame_gives_none(language, trace):
    assert frames(language, trace) == []


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("7", 7), ("+7", 7), ("-7", -7), ("007", 7), ("0", 0), ("", 0), (" 7", 0), ("7 ", 0), ("7x", 0), ("1_0", 0),
        ("9" * 25 + ":x", 2**63 - 1), ("-" + "9" * 25 + "x", -(2**63)), ("18446744073709551615x", 0), ("+", 0),
        ("\u0667", 0), ("9223372036854775808", 2**63 - 1), ("-9223372036854775809", -(2**63)), ("9" * 5000, 2**63 - 1),
    ],
)  # fmt: skip
def test_a_line_number_is_digits_within_64_bits(number, line):
    assert frames("java", f"X\n\tat a.B(C.java:{number})") == [("C.java", line, "a.B")]


@pytest.mark.parametrize(
    ("language", "trace", "parts"),
    [
        ("java", "X\nCaused by: T:é", [("", ""), ("T", "\ufffd")]),
        ("java", "X\nCaused by: T:漢字", [("", ""), ("T", "\ufffd\ufffd字")]),
        ("python", '  File "a.py", line 1, in f\n    g()\nT:éa\n\n' + HANDLING, [("", ""), ("T", "\ufffda")]),
    ],
)
def test_a_message_begins_a_byte_behind_its_colon(language, trace, parts):
    assert [(part.type, part.message) for part in parse(trace, language)] == parts


@pytest.mark.parametrize(
    ("language", "trace", "expected"),
    [
        ("python", "  File /a, line 1, in f\nx", [("", 1, "f")]),
        ("python", "  File /aé, line 1, in f\nx", [("a\ufffd", 1, "f")]),
        ("python", "  File é, line 1, in f\nx", [("", 1, "f")]),
        ("dotnet", "X\n   at A.B() in a.cs:lineé4", [("a.cs", 0, "A.B()")]),
        ("dotnet", "X\n\x85\u2003at A.B()\u3000", [("", 0, "A.B()")]),
        ("dotnet", "X\n\x1fat A.B()", []),
    ],
)
def test_a_place_is_cut_out_by_bytes(language, trace, expected):
    assert frames(language, trace) == expected


def test_a_dotnet_source_that_ends_in_line_has_line_zero():
    assert frames("dotnet", "X\n   at A.B() in a.cs:line") == [("a.cs", 0, "A.B()")]


def test_lines_may_end_in_carriage_returns():
    assert frames("java", "X\r\n\tat a.B(C.java:1)\r\n") == [("C.java", 1, "a.B")]


@pytest.mark.parametrize("language", PARSERS)
def test_ten_thousand_causes_or_markers_take_no_time_of_note(language):
    marker = "During handling of the above exception, another exception occurred:\n"
    frame = '  File "a.py", line 1, in f\n    g()\nE: m\n\n'
    parts = parse("X\n" + ("Caused by: A: b\n\tat a.B(C.java:1)\n" + frame + marker) * 10_000, language)
    assert 1 <= len(parts) <= 10_001


def test_a_trace_that_comes_again_has_the_same_frames_below_another_message():
    for language, trace in (("java", JAVA), ("javascript", JAVASCRIPT), ("dotnet", DOTNET)):
        again = "another message\n" + trace.partition("\n")[2]
        assert parse(again, language) == parse(trace, language)
        assert parse(f"{trace}\n", language)[0].frames[:1] == parse(trace, language)[0].frames[:1]


@given(st.lists(st.sampled_from([*PYTHON.split("\n"), '  File "d.py", line 4, in last', HANDLING, "\n", "x: y"])))
def test_a_python_trace_gives_the_same_whatever_is_known(lines):
    trace = "\n".join(lines)
    assert python(trace) == unwrap(python)(trace)


def test_a_python_trace_with_another_message_is_known():
    again = PYTHON.replace("two", "three")
    assert parse(PYTHON, "python") is parse(again, "python") is parse(again.removesuffix("\n"), "python")
