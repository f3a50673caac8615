"""What is drawn in a terminal: waterfalls at any width, durations, names that would command the terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.terminal import waterfall as drawn
from raygate_local.terminal.screen import ASCII, UNICODE, duration, plain, screen
from raygate_local.terminal.xray import XrayError, connect, trace_id_of
from raygate_local.waterfall import waterfall


def a_document(number: int, parent: int = 0, **members):
    document = {"id": f"{number:016x}", "name": f"service-{number}", "start_time": 10 + number / 10, "end_time": 11.0}
    return document | ({"parent_id": f"{parent:016x}"} if parent else {}) | members


TREE = [a_document(1), a_document(2, 1, fault=True), a_document(3, 1, name="\x1b[31mred\x07" * 9), a_document(4, 2)]
EQUAL = [a_document(1), *(a_document(number, 1, type="subsegment", name="query") for number in range(2, 9))]


@pytest.mark.parametrize("width", [40, 80, 120, 160])
def test_each_row_is_a_line_no_wider_than_the_terminal(width):
    lines = [line.plain for line in drawn.lines(waterfall(TREE), width, UNICODE)]
    assert len(lines) == len(TREE)
    assert all(len(line) <= width for line in lines)


def test_the_tree_is_drawn():
    names = [line.plain[:20].rstrip() for line in drawn.lines(waterfall(TREE), 80, ASCII)]
    assert names[0].startswith("service-1")
    assert names[1].startswith("|-service-2")
    assert names[2].startswith("| ` service-4")
    assert names[3].startswith("` ?[31mred?")


@pytest.mark.parametrize(("is_folded", "count"), [(True, 2), (False, 8)])
def test_equal_siblings_are_one_line_unless_all_are_wanted(is_folded, count):
    lines = [line.plain for line in drawn.lines(waterfall(EQUAL), 80, ASCII, is_folded=is_folded)]
    assert len(lines) == count
    assert ("query x7" in lines[1]) == is_folded


def test_a_failure_is_seen_without_colour():
    lines = [line.plain for line in drawn.lines(waterfall(TREE), 80, ASCII)]
    assert [line.endswith(" x") for line in lines] == [False, True, False, False]


def test_a_failure_is_told_where_it_happened():
    broken = {"cause": {"exceptions": [{"type": "Timeout", "message": "no\nanswer"}]}, "fault": True}
    documents = [a_document(1, fault=True), a_document(2, 1, **broken)]
    assert list(drawn.failures(waterfall(documents))) == ["fault: service-2: Timeout: no?answer"]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=12), st.integers(30, 160))
def test_any_trace_can_be_drawn(pairs, width):
    documents = [a_document(number, parent) for number, parent in dict(pairs).items()]
    lines = list(drawn.lines(waterfall(documents), width, ASCII))
    assert all(line.cell_len <= width for line in lines)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 µs"), (0.0000014, "1 µs"), (0.0023, "2.3 ms"), (0.4123, "412 ms"), (1.2, "1.20 s"), (90, "1.5 min")],
)
def test_a_duration_is_short(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("given_", "shown"), [("a\x1b]0;b", "a?]0;b"), ("a\r\nb", "a??b"), ("café", "café"), (None, "")]
)
def test_nothing_commands_the_terminal(given_, shown):
    assert plain(given_) == shown


def test_where_there_is_no_terminal_there_is_no_colour_and_eighty_columns():
    stream = io.StringIO()
    console = screen(stream)
    console.print("x", style="red")
    assert (stream.getvalue(), console.width) == ("x\n", 80)


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals_that_want_it(monkeypatch, environ, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in (environ | {"TERM": "xterm-256color"}).items():
        monkeypatch.setenv(name, value)
    stream = Tty()
    screen(stream).print("x", style="red")
    assert ("\x1b[31m" in stream.getvalue()) == coloured


@pytest.mark.parametrize(
    "text",
    [
        "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37",
        "6921c8f04b7a3e5d9c1f2a8b6d4e0f37",
        "6921C8F04B7A3E5D9C1F2A8B6D4E0F37",
        "http://127.0.0.1:8080/traces/1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37",
        "http://127.0.0.1:8080/traces/1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37/",
    ],
)
def test_a_trace_id_may_be_written_in_any_form(text):
    assert trace_id_of(text) == "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37"


@pytest.mark.parametrize("text", ["", "12", "1-6921c8f0", "g" * 32])
def test_what_is_no_trace_id_is_refused(text):
    with pytest.raises(XrayError, match="is no trace id"):
        trace_id_of(text)


@pytest.mark.parametrize(
    ("asked", "environ", "url"),
    [
        (None, {}, "http://127.0.0.1:8080"),
        ("local", {"AWS_ENDPOINT_URL_XRAY": "http://b:1"}, "http://127.0.0.1:8080"),
        (None, {"AWS_ENDPOINT_URL_XRAY": "http://b:1"}, "http://b:1"),
        ("http://c:2", {"AWS_ENDPOINT_URL_XRAY": "http://b:1"}, "http://c:2"),
        ("aws", {"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_XRAY": "http://b:1"}, ""),
    ],
)
def test_which_x_ray_is_asked(asked, environ, url):
    assert connect(asked, environ).url == url


def test_what_is_no_x_ray_is_refused():
    with pytest.raises(XrayError, match="--xray is local, aws or an address"):
        connect("azure", {})
