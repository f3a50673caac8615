"""A process beside the first one is as small as it can be."""

import subprocess
import sys

import pytest

LOOK = "import sys, raygate_local.workers.__main__; print(*sys.modules)"
OF_THE_FIRST = ("grpc", "pydantic", "rich", "raygate_local.server", "raygate_local.viewer", "raygate_local.daemon")


@pytest.fixture(scope="module")
def modules() -> set[str]:
    told = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, timeout=120)
    return set(told.stdout.split())


def test_it_has_the_handler(modules):
    assert {"raygate.ingest", "raygate_local.handling"} <= modules


@pytest.mark.parametrize("name", OF_THE_FIRST)
def test_it_does_not_import_what_only_the_first_one_does(modules, name):
    assert name not in modules
