"""Every fenced block of every page is run, compared, or says by its mark why not; what is not run exists all the same.

`tests/process/test_written_commands.py` runs those without a mark. Here are the others, and commands within sentences.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import click
import pytest
import yaml
from botocore.session import Session

from raygate_local.cli import main
from tests.project.blocks import BLOCKS, CODE, OUTPUTS, PAGES, SHELLS, TRIED, Block, commands
from tests.project.template import TEMPLATE
from tests.project.tree import PROJECT, everything

OF_THE_CLI: Final = {"--query", "--output", "--region", "--profile"}
BESIDES_THE_API: Final = {
    ("logs", "tail"): {"--since", "--filter-pattern", "--follow"},
    ("lambda", "invoke"): {"--function-name", "--invocation-type", "--payload"},
}
"""Operations that only the AWS CLI has, or that it calls otherwise."""
VERBS: Final = {
    "make run": ".venv/bin/raygate serve",
    "make demo": "-m examples.demo",
    "make test": ".venv/bin/pytest",
    "make deploy": "local/sam.sh deploy",
}
"""What they would run."""
OTHERS: Final = frozenset({"git", "export", "curl", "local/verify_live.sh"})
"""Whose options are not looked up: programs that everybody has, and our own that has none."""


def words_of(line: str) -> list[str]:
    """A command's words, without settings before them and the comment behind."""
    words = shlex.split(line, comments=True)
    while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words.pop(0)
    return words


READ: Final = [(block, line) for block in BLOCKS if block.is_read for line in commands(block)]


def read(program: str) -> list[object]:
    """The commands of this program that no test runs."""
    return [
        pytest.param(words_of(line)[1:], id=f"{block}: {line}")
        for block, line in READ
        if words_of(line)[0] == program and block.mark != "toolchain"
    ]


def test_there_are_blocks_of_every_page_that_has_some():
    assert len(BLOCKS) > 90
    assert {block.page for block in BLOCKS} >= {"README.md", "CONTRIBUTING.md", "docs/sending.md"}
    assert sum(path.read_text().count("```") for path in PAGES) == 2 * len(BLOCKS)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_run_or_compared_or_says_why_not(block: Block):
    assert block.is_run or block.is_read or block.words in OUTPUTS | CODE, f"{block}: what becomes of {block.words!r}?"


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.mark == "toolchain"], ids=str)
def test_the_section_of_what_needs_a_toolchain_says_whether_it_was_tried(block: Block):
    assert len(TRIED.findall(block.section)) == 1


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.words == "yaml configuration"], ids=str)
def test_a_configuration_can_be_read(block: Block):
    assert isinstance(yaml.safe_load(block.text), dict)


def test_every_program_that_is_not_run_is_known():
    known = OTHERS | {"raygate", "make", "aws", "sam", "local/sam.sh", "python", ".venv/bin/python", ".venv/bin/pytest"}
    unknown = [
        f"{block}: {line}" for block, line in READ if block.mark != "toolchain" and words_of(line)[0] not in known
    ]
    assert unknown == []


def inline() -> Iterator[object]:
    """`raygate …` within a sentence, where it has options or is a command's name."""
    for path in PAGES:
        for found in sorted(set(re.findall(r"`(raygate [a-z][^`…\[|]*)`", path.read_text()))):
            words = ["bash" if word == "SHELL" else word for word in words_of(found)[1:]]
            yield pytest.param(words, id=f"{path.relative_to(PROJECT)}: {found}")


@pytest.mark.parametrize("words", [*read("raygate"), *inline()])
def test_a_command_of_raygate_has_its_options(words: list[str]):
    command: click.Command = main
    words = list(words)
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not main
    if not isinstance(command, click.Group):
        with_what_is_missing(command, words)


def with_what_is_missing(command: click.Command, words: list[str]) -> None:
    """A sentence may name an option alone, and leave out what the command is about."""
    for _ in range(3):
        try:
            command.make_context(command.name, list(words))
        except click.BadOptionUsage:
            words = [*words, "1"]
        except click.MissingParameter as error:
            words = [*words, *placeholder(error.param)]
        else:
            return
    pytest.fail(f"more is missing than a sentence may leave out: {words}")


def placeholder(missing: click.Parameter | None) -> list[str]:
    """Something in its place."""
    kind = missing and missing.type
    value = str(kind.choices[0]) if isinstance(kind, click.Choice) else "x"
    return [missing.opts[0], value] if isinstance(missing, click.Option) else [value]


@pytest.mark.parametrize("words", read("make"))
def test_a_verb_of_make_exists(words: list[str]):
    (verb,) = words
    assert re.search(rf"^{verb}:", (PROJECT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("command", VERBS)
def test_the_verbs_of_the_readme_run_what_they_say(command: str):
    assert command in [line for block, line in READ if block.page == "README.md"]
    said = subprocess.run([*command.split(), "--dry-run"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert VERBS[command] in said.stdout


@pytest.mark.parametrize("words", read("aws"))
def test_a_command_of_aws_has_its_options(words: list[str]):
    service, operation, *rest = words
    given = {word for word in rest if word.startswith("--")} - OF_THE_CLI
    known = BESIDES_THE_API.get((service, operation))
    if known is None:
        model = Session().get_service_model(service)
        name = "".join(part.capitalize() for part in operation.split("-"))
        shape = model.operation_model(name).input_shape
        assert shape is not None
        known = {"--" + re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower() for member in shape.members}
    assert given <= known


@pytest.mark.parametrize("words", [*read("sam"), *read("local/sam.sh")])
def test_an_invocation_names_a_function_and_an_event_that_exist(words: list[str]):
    local, invoke, function, *options = words
    assert (local, invoke) == ("local", "invoke")
    assert TEMPLATE["Resources"][function]["Type"] == "AWS::Serverless::Function"
    given = dict(zip(options[::2], options[1::2], strict=True))
    assert (PROJECT / given["--event"]).is_file()


@pytest.mark.parametrize("words", [*read("python"), *read(".venv/bin/python")])
def test_a_module_that_takes_minutes_has_its_options(words: list[str]):
    m, module, *options = words
    assert m == "-m"
    said = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert [word for word in options if word.startswith("--") and word not in said.stdout] == []


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.words == "text tree"], ids=str)
def test_a_map_of_the_tree_names_what_is_there_and_every_folder(block: Block):
    named = [part for line in block.text.splitlines() for part in re.split(r", ", line.split("  ")[0])]
    assert [one for one in named if not (PROJECT / one).exists()] == []
    tops = {path.relative_to(PROJECT).parts[0] for path in everything() if path.parent != PROJECT}
    assert {top for top in tops if not top.startswith(".")} == {one.split("/")[0] for one in named if "/" in one}


def test_a_script_that_is_named_is_there():
    assert (PROJECT / "local" / "verify_live.sh").stat().st_mode & 0o100


def test_the_marks_of_commands_are_those_of_shells():
    assert {block.language for block in BLOCKS if block.is_read} == set(SHELLS)
