"""Both forms of Fluent Bit's configuration say the same, and the compose file gives what they ask for."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
import yaml

from tests.corpus import captured
from tests.project.tree import PROJECT

FOLDER: Final = PROJECT / "examples" / "fluent-bit"
ASKED: Final = re.compile(r"\$\{(\w+)\}")


def from_yaml() -> dict[str, list[Mapping[str, str]]]:
    told: dict[str, Any] = yaml.load((FOLDER / "fluent-bit.yaml").read_text(), yaml.BaseLoader)  # noqa: S506 - texts as they stand
    return {"service": [told["service"]], "input": told["pipeline"]["inputs"], "output": told["pipeline"]["outputs"]}


def from_classic() -> dict[str, list[Mapping[str, str]]]:
    sections: dict[str, list[Mapping[str, str]]] = {}
    text = re.sub(r"^#.*\n", "", (FOLDER / "fluent-bit.conf").read_text(), flags=re.MULTILINE)
    for name, body in re.findall(r"^\[(\w+)\]\n((?: +.*\n?)+)", text, re.MULTILINE):
        pairs = (line.split(maxsplit=1) for line in body.splitlines())
        sections.setdefault(name.lower(), []).append({key: value.strip() for key, value in pairs})
    return sections


def test_the_classic_form_says_what_the_yaml_says():
    assert from_classic() == from_yaml()


def test_it_listens_answers_and_sends_as_the_chain_wants():
    (taken,), (sent,) = from_yaml()["input"], from_yaml()["output"]
    assert (taken["port"], taken["successful_response_code"]) == ("3000", "200")
    assert (sent["traces_uri"], sent["header"], sent["add_label"]) == (
        "/v1/traces",
        "x-api-key ${RAYGATE_KEY}",
        "app fluent-bit",
    )


def test_the_compose_file_gives_what_it_asks_for():
    services = yaml.safe_load((PROJECT / "examples" / "compose.yaml").read_text())["services"]
    asked = set(ASKED.findall((FOLDER / "fluent-bit.yaml").read_text()))
    assert asked == set(services["fluent-bit"]["environment"])
    assert services["trace-generator"]["environment"]["OTEL_HOST_ADDR"] == "fluent-bit:3000"


@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
def test_there_are_requests_of_fluent_bit_in_the_corpus(coding):
    found = [one for one in captured() if one.client.startswith("fluent-bit")]
    assert any(one.header("content-encoding") == coding for one in found)
