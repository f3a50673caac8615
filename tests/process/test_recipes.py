"""The settings that docs/sending.md gives are sent with as they stand there, to an endpoint that asks for a key.

What is replaced is what a reader replaces: the address and `YOUR_KEY`.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
import yaml

from tests.process.reading import documents_of
from tests.process.serving import ENVIRONMENT, ROOT, TIMEOUT_S, Running, raygate, running
from tests.project.blocks import TRIED

PAGE = (ROOT / "docs" / "sending.md").read_text()
SECTIONS: dict[str, str] = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
NO_SENDERS = {"The settings", "What senders do with an answer", "When nothing arrives"}

SHOP = """
from opentelemetry import trace
from opentelemetry.sdk._configuration import _OTelSDKConfigurator as Configurator

Configurator().configure()
with trace.get_tracer("shop").start_as_current_span("GET /orders", kind=trace.SpanKind.SERVER) as span:
    print(trace.format_trace_id(span.get_span_context().trace_id))
"""
"""A program with no settings of its own: the SDK sets itself up as under `opentelemetry-instrument`."""


def blocks(section: str, language: str) -> list[str]:
    """The code of that language in a section."""
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTIONS[section], re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> dict[str, str]:
    """Where the keys are, as settings of the endpoint."""
    return {"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": str(tmp_path_factory.mktemp("keys") / "keys.json")}


@pytest.fixture(scope="module")
def key(keys) -> str:
    status, output, errors = raygate("keys", "create", "--tenant", "shop", environ=keys)
    assert status == 0, errors
    return output.strip()


@pytest.fixture(scope="module")
def guarded(keys, key) -> Iterator[Running]:
    with running("--xray-port", "0", environ=keys) as server:
        yield server


def here(text: str, server: Running, key: str) -> str:
    return text.replace("http://127.0.0.1:4318", server.url).replace("YOUR_KEY", key)


def exported(block: str) -> dict[str, str]:
    """The variables that a block of `export` lines sets."""
    words = [word for word in shlex.split(block) if word != "export"]
    return dict(word.split("=", 1) for word in words)


def run_shop(settings: dict[str, str]) -> tuple[str, str]:
    """The identifier of the trace of a program with these settings, and what it wrote to standard error."""
    environ = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("OTEL_")} | settings
    done = subprocess.run(
        [sys.executable, "-c", SHOP], capture_output=True, text=True, env=environ, timeout=TIMEOUT_S, check=True
    )
    digits = done.stdout.strip()
    return f"1-{digits[:8]}-{digits[8:]}", done.stderr


SETTINGS = blocks("The settings", "sh")


@pytest.mark.parametrize("block", SETTINGS, ids=["of everything", "of traces alone"])
def test_the_settings_of_the_page_send_a_trace(guarded, key, block):
    trace_id, errors = run_shop(exported(here(block, guarded, key)))
    assert errors == ""
    assert [one["name"] for one in documents_of(guarded, trace_id)] == ["shop"]


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("YOUR_KEY", "rg_abcdefgh_abc", 401),
        ("Bearer%20", "Bearer%2520", 401),
        ("Authorization=Bearer%20YOUR_KEY", "", 401),
        ("127.0.0.1:4318", "127.0.0.1:4318/v1/traces", 404),
    ],
    ids=["a wrong key", "a blank that stays encoded", "no key", "the path twice"],
)
def test_what_the_page_warns_of_is_refused(guarded, key, old, new, status):
    assert old in SETTINGS[0]
    trace_id, errors = run_shop(exported(here(SETTINGS[0].replace(old, new), guarded, key)))
    assert f"code: {status}" in errors
    assert documents_of(guarded, trace_id) == []


def test_curl_sends_with_a_key(guarded, key):
    (block,) = blocks("curl", "sh")
    done = subprocess.run(
        ["sh", "-euc", here(block, guarded, key)],  # noqa: S607 - the shell that is there, as for the reader
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=TIMEOUT_S,
        check=True,
    )
    assert done.stdout == "{}{}"


@pytest.mark.parametrize("sender", [title for title in SECTIONS if title not in NO_SENDERS])
def test_every_recipe_says_whether_it_was_tried(sender):
    assert len(TRIED.findall(SECTIONS[sender])) == 1


def test_fluent_bit_is_told_the_path_and_the_key():
    (block,) = blocks("Fluent Bit", "yaml configuration")
    (output,) = yaml.safe_load(block)["pipeline"]["outputs"]
    assert (output["traces_uri"], output["header"]) == ("/v1/traces", "x-api-key YOUR_KEY")


def test_the_collector_uses_all_that_it_configures():
    (block,) = blocks("OpenTelemetry collector", "yaml configuration")
    configuration = yaml.safe_load(block)
    pipeline = configuration["service"]["pipelines"]["traces"]
    assert {kind: list(configuration[kind]) for kind in pipeline} == pipeline
