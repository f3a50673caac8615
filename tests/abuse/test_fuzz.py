"""Damaged requests for a while: `make fuzz SECONDS=600` goes on for longer, from another seed finds others."""

import os
import re
import subprocess
import sys
from random import Random
from typing import Any, Final

import pytest

from fuzz import __main__ as fuzz
from fuzz import targets
from fuzz.mutation import mutated
from fuzz.requests import seeds
from tests.process.serving import ENVIRONMENT, ROOT

SECONDS: Final = os.environ.get("FUZZ_SECONDS", "10")
"""`.ci/run` takes 30."""


def test_nothing_breaks_hangs_or_grows():
    environment = ENVIRONMENT | {"PYTHONPATH": f"{ROOT}:{ENVIRONMENT['PYTHONPATH']}"}
    command = [sys.executable, "-m", "fuzz", "--seconds", SECONDS]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=3600, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "nothing broke" in done.stdout


def test_the_same_chance_gives_the_same_request():
    one, two = (mutated(Random(7), seeds()) for _ in range(2))  # noqa: S311 - to be repeated
    assert one == two


def a_broken_decoder(*_: Any) -> None:
    raise IndexError("nobody foresaw this")


def test_what_breaks_is_told_and_can_be_looked_at_again(monkeypatch, capsys):
    monkeypatch.setattr(targets, "decode", a_broken_decoder)
    assert fuzz.main(["--seconds", "60"]) == 1
    told = capsys.readouterr().out
    assert "IndexError: nobody foresaw this" in told
    again = re.findall("again: (.+)", told)[-1]
    with pytest.raises(IndexError):
        fuzz.main(["--again", again])
    monkeypatch.undo()
    assert fuzz.main(["--again", again]) == 0


def work_forever() -> None:
    while True:
        sum(range(1_000))


def test_a_hang_is_noticed():
    with pytest.raises(targets.HangError), targets.bounded(0.05):
        work_forever()
