"""Who imports what: the pure steps reach nothing outside, the steps not each other, the layer nothing of a laptop's."""

import ast
import sys
from pathlib import Path

import pytest

from tests.project.tree import PROJECT, tracked

PACKAGE = "layers/raygate/python/raygate"
STEPS = ("decode", "enrich", "segment")
PURE = [
    *(path for step in STEPS for path in tracked(f"{PACKAGE}/{step}/**/*.py")),
    *(PROJECT / PACKAGE / file for file in ("span.py", "request.py", "making.py", "pipeline.py", "tally.py")),
]
OUTSIDE = frozenset(
    {"boto3", "botocore", "os", "time", "random", "secrets", "uuid", "logging", "aws_lambda_powertools", "socket"}
    | {"ssl", "http", "http.client", "http.server", "urllib.request", "urllib3", "subprocess", "tempfile"}
)
TO_AWS = ("deliver", "keep", "keys", "replay")
"""The packages that may know botocore, beside the one module that makes the session and the edge that starts it all."""
CLOCKS = frozenset({"now", "utcnow", "today"})
IN_THE_LAYER = frozenset(
    {"raygate", "aws_lambda_powertools", "backports", "botocore", "google", "opentelemetry", "orjson", "pydantic"}
    | {"compression"}  # of the standard library, from Python 3.14 on
)


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports, and of what it takes from them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


def test_there_are_pure_files():
    assert len(PURE) > 20


@pytest.mark.parametrize("path", PURE, ids=shown)
def test_a_pure_file_imports_nothing_from_outside(path):
    names = imported(path)
    assert OUTSIDE & (names | {name.split(".")[0] for name in names}) == set()


@pytest.mark.parametrize("path", PURE, ids=shown)
def test_a_pure_file_asks_no_clock(path):
    read = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert CLOCKS & read == set()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_knows_no_other_step(step):
    names = set().union(*(imported(path) for path in tracked(f"{PACKAGE}/{step}/**/*.py")))
    others = {"decode", "enrich", "segment", "deliver", "http_api", "pipeline"} - {step}
    assert {name for name in names for other in others if f"{name}.".startswith(f"raygate.{other}.")} == set()


def test_only_few_packages_talk_to_aws():
    knowing = [path for path in tracked(f"{PACKAGE}/**/*.py") if any("botocore" in name for name in imported(path))]
    tops = {path.relative_to(PROJECT / PACKAGE).parts[0] for path in knowing}
    assert tops - {"aws_session.py", "ingest.py"} <= set(TO_AWS)


def test_of_what_is_kept_only_the_adapters_know_aws():
    knowing = {path.name for path in tracked(f"{PACKAGE}/keep/*.py") if any("botocore" in n for n in imported(path))}
    assert knowing == {"aws.py", "s3.py", "sqs.py"}


@pytest.mark.parametrize("path", [*tracked(f"{PACKAGE}/**/*.py"), *tracked("functions/**/*.py")], ids=shown)
def test_what_is_deployed_imports_only_what_the_layers_hold(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert roots - set(sys.stdlib_module_names) - IN_THE_LAYER == set()
