"""Each command of docs/runbook.md exists, with its options; each alarm of the template is told there, and no other."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from botocore.session import Session

from raygate_local.cli import main
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

PAGE = (PROJECT / "docs" / "runbook.md").read_text()
BLOCKS = re.findall(r"^ *```(\w+[^\n]*)\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line.strip() for _, block in BLOCKS for line in block.splitlines()]
OF_THE_CLI = {"--query", "--output", "--region", "--profile"}
BESIDES_THE_API = {("logs", "tail"): {"--since", "--filter-pattern", "--follow"}}
"""Operations that only the AWS CLI has."""
WORDS = ("raygate", "make", "aws", "git", "export", "local/verify_live.sh")


def command_of(line: str) -> list[str]:
    """Its words, without settings before them."""
    words = shlex.split(line)
    while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words.pop(0)
    return words


def lines_of(word: str) -> list[str]:
    return [line for line in LINES if command_of(line)[0] == word]


def test_every_block_needs_aws_and_every_line_is_known():
    assert {mark for mark, _ in BLOCKS} == {"sh aws"}
    assert len(LINES) > 20
    assert [line for line in LINES if command_of(line)[0] not in WORDS] == []


def inline() -> Iterator[str]:
    """`raygate …` in the text, where it has options or is a command's name."""
    yield from re.findall(r"`(raygate [a-z][^`…]*)`", PAGE)


@pytest.mark.parametrize("line", [*lines_of("raygate"), *sorted(set(inline()))])
def test_a_command_of_raygate_has_its_options(line):
    words = command_of(line)[1:]
    command: click.Command = main
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not main
    if command.name == "create" and "--tenant" not in words:
        words += ["--tenant", "t"]  # named in the text for one option
    command.make_context(command.name, words)


@pytest.mark.parametrize("line", lines_of("make"))
def test_a_verb_of_make_exists(line):
    (verb,) = command_of(line)[1:]
    assert re.search(rf"^{verb}:", (PROJECT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("line", lines_of("aws"))
def test_a_command_of_aws_has_its_options(line):
    service, operation, *words = command_of(line)[1:]
    given = {word for word in words if word.startswith("--")} - OF_THE_CLI
    known = BESIDES_THE_API.get((service, operation))
    if known is None:
        model = Session().get_service_model(service)
        name = "".join(part.capitalize() for part in operation.split("-"))
        shape = model.operation_model(name).input_shape
        assert shape is not None
        known = {"--" + re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower() for member in shape.members}
    assert given <= known


def test_scripts_and_outputs_that_it_names_exist():
    outputs = {name.upper() for name in TEMPLATE["Outputs"]}
    assert (PROJECT / "local" / "verify_live.sh").is_file()
    assert {"URL", "KEYSTABLE", "QUEUE", "BUCKET", "DEADLETTERQUEUE", "LOGGROUP"} <= outputs
    named = set(re.findall(r"`((?:[A-Z][a-z]+){2,})`", PAGE))
    parameters = set(TEMPLATE["Parameters"]) | set(TEMPLATE["Outputs"]) | set(TEMPLATE["Resources"])
    assert named - parameters == set()


def test_every_alarm_is_told_and_no_other():
    told = re.findall(r"^\| `(\w+Alarm)` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(resources("AWS::CloudWatch::Alarm"))
