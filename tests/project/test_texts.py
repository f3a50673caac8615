"""What must stand in no file: where packages come from, and where the project lies on somebody's machine."""

import re
from pathlib import Path

import pytest

from tests.project.tree import PROJECT, everything, tracked

INDEX = re.compile(r"--(extra-)?index-url|--find-links|^-[if] |//[^\s\"']*pypi", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.~])/(work|root|home/\w+|Users/\w+)/")
RECORDED = PROJECT / "tests" / "data"
"""Other people's words, kept as they came."""


def texts() -> list[Path]:
    here = Path(__file__)
    return [path for path in everything() if RECORDED not in path.parents and path != here]


@pytest.mark.parametrize("pattern", [INDEX, MACHINE_PATH], ids=["package index", "path of a machine"])
def test_no_file_names_a(pattern):
    found = {path.relative_to(PROJECT): pattern.search(path.read_text(errors="replace")) for path in texts()}
    assert {path: match.group() for path, match in found.items() if match} == {}


@pytest.mark.parametrize("file", tracked("requirements/*.txt"), ids=lambda path: path.name)
def test_every_requirement_is_one_version_with_its_hashes(file):
    requirements = re.split(r"\n(?=\S)", re.sub(r"^#.*\n|^ +#.*\n", "", file.read_text(), flags=re.MULTILINE).strip())
    loose = [text for text in requirements if not re.match(r"[\w.-]+==\S+( ;.*?)? \\\n +--hash=sha256:\w{64}", text)]
    assert loose == []
    assert "://" not in file.read_text()
