"""The files in `events/` are what the captured requests behind them make, and each is used."""

import pytest

from tests.project.make_events import EVENTS, made
from tests.project.tree import tracked

FILES = sorted(path.name for path in EVENTS.glob("*.json"))


def test_there_is_no_event_without_a_source():
    assert sorted(made()) == FILES


@pytest.mark.parametrize("file", FILES)
def test_an_event_is_what_its_request_makes(file):
    assert (EVENTS / file).read_text() == made()[file], "`make data` writes it again"


@pytest.mark.parametrize("file", FILES)
def test_an_event_is_used_by_a_test(file):
    tests = [path for path in tracked("tests/**/test_*.py") if path.parent.name != "project"]
    assert any(file.removesuffix(".json") in path.read_text() for path in tests)


@pytest.mark.parametrize("file", FILES)
def test_an_event_has_its_line_in_the_guide(file):
    guides = [EVENTS.parent / name for name in ("CONTRIBUTING.md", "docs/replay.md")]
    assert any(f"--event events/{file}\n" in guide.read_text() for guide in guides)
