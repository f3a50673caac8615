"""The figures of README.md are those of the pages that it names for them."""

import re
from typing import Final

import pytest

from tests.project.tree import PROJECT

README: Final = (PROJECT / "README.md").read_text()
ROWS: Final = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (`[^|]+`) \| \[\w+\]\((docs/\w+\.md)[^|]*\) \|$", README, re.MULTILINE
)
NUMBER: Final = re.compile(r"\d[\d.,]*")


@pytest.mark.parametrize(("what", "ours", "theirs", "command", "page"), ROWS, ids=[row[0] for row in ROWS])
def test_a_figure_stands_on_the_page_too(what: str, ours: str, theirs: str, command: str, page: str):
    known = set(NUMBER.findall((PROJECT / page).read_text()))
    figures = NUMBER.findall(f"{ours} {theirs}")
    assert figures
    assert [one for one in figures if one not in known] == [], f"{what}: measure again with {command}"


def test_there_are_figures():
    assert len(ROWS) == 9
