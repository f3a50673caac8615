"""What a built function does before its first event: what it imports, and nothing that a snapshot would freeze.

A snapshot is taken after the start and serves many instances: a connection in it is dead, a clock in it is old, and
random numbers in it are the same for all.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.built.artefact import FUNCTIONS, HERE, LAYERS, built, files
from tests.built.emulator import RUNTIME_CLIENT
from tests.project.test_template import environment

pytestmark = pytest.mark.built

PROBE: Final = """
import json, random, secrets, socket, sys, time, uuid
touched = []
def watched(module, name):
    real = getattr(module, name)
    def noted(*given, **named):
        frame = sys._getframe(1)
        while frame and frame.f_globals.get("__name__", "").startswith(("random", "uuid", "secrets")):
            frame = frame.f_back
        if frame and frame.f_globals.get("__name__", "").startswith(("raygate", "app")):
            touched.append(f"{module.__name__}.{name} in {frame.f_globals['__name__']}")
        return real(*given, **named)
    setattr(module, name, noted)
for module, names in {
    random: ("random", "randint", "getrandbits", "uniform", "choice"),
    secrets: ("token_bytes", "token_hex"),
    uuid: ("uuid4", "uuid1"),
    time: ("time", "time_ns", "monotonic", "monotonic_ns"),
}.items():
    for name in names:
        watched(module, name)
def no_network(*_):
    raise AssertionError("a connection at the start")
socket.socket.connect = no_network
socket.getaddrinfo = no_network
import app
assert getattr(app.handler, "problem", "") == "", app.handler.problem
import os, threading
sockets = [fd for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")
           and os.readlink(f"/proc/self/fd/{fd}").startswith("socket:")]
print(json.dumps({"modules": sorted(sys.modules), "touched": touched, "sockets": len(sockets),
                  "threads": threading.active_count(), "one_by_one": sorted(
    name for name, module in sys.modules.items()
    if name != "app" and type(getattr(module.__spec__, "loader", None)).__name__ == "SourceFileLoader"
    and not module.__file__.startswith(sys.base_prefix))}))
"""

FORBIDDEN: Final = frozenset({"boto3", "raygate_local", "moto", "pytest", "click", "uvicorn", "grpc"})
ONLY_REPLAY: Final = "pydantic"
ONE_BY_ONE: Final = frozenset(
    {"raygate", "raygate.quick_imports"}  # before there is a choice
    | {"aws_lambda_powertools.utilities", "aws_lambda_powertools.utilities.jmespath_utils"}  # two of 226
)
FOR_NOTHING: Final = frozenset(
    {"html.parser", "importlib.metadata", "google.protobuf.text_format", "typing_extensions"}
)
"""What only modules import for which others stand in."""
MOST_BYTES: Final = {"DependenciesLayer": 32_000_000, "RaygateLayer": 3_000_000}
MOST_FILES: Final = {"DependenciesLayer": 1_800, "RaygateLayer": 450}
"""Somewhat more than there is: a new dependency is to be seen."""


@pytest.fixture(scope="module")
def opt(tmp_path_factory) -> Path:
    """The layers merged, as Lambda merges them."""
    folder: Path = tmp_path_factory.mktemp("opt")
    for layer in LAYERS:
        shutil.copytree(built(HERE, layer), folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module", params=list(FUNCTIONS))
def started(request, opt) -> tuple[str, dict[str, Any]]:
    """The function's module imported as Lambda imports it: its name, and what was there afterwards."""
    paths = [built(HERE, request.param), opt / "python"]
    variables = {
        **environment(request.param),
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys._base_executable, "-S", "-c", PROBE]  # type: ignore[attr-defined]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return request.param, json.loads(done.stdout.splitlines()[-1])


def test_a_start_opens_no_connection_and_no_thread(started):
    _, found = started
    assert (found["sockets"], found["threads"]) == (0, 1)


def test_a_start_reads_no_clock_and_no_chance_of_ours(started):
    _, found = started
    assert found["touched"] == []


def test_a_start_imports_only_what_the_function_needs(started):
    name, found = started
    packages = {module.partition(".")[0] for module in found["modules"]}
    assert packages & FORBIDDEN == set()
    assert (ONLY_REPLAY in packages) == (name == "ReplayFunction")


def test_a_start_imports_our_modules_and_their_packages_out_of_one_file_each_and_none_for_nothing(started):
    name, found = started
    if name != "ReplayFunction":  # pydantic's are only for that
        assert set(found["one_by_one"]) <= ONE_BY_ONE
        assert FOR_NOTHING & set(found["modules"]) == set()


def test_what_one_function_needs_is_not_imported_by_another(started):
    name, found = started
    own = {"IngestFunction": "raygate.ingest", "DeliverFunction": "raygate.worker", "ReplayFunction": "raygate.replay"}
    others = {module for other, module in own.items() if other != name} & set(found["modules"])
    assert others - ({"raygate.worker"} if name == "ReplayFunction" else set()) == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_does_not_grow_unseen(layer, record_property):
    found = files(HERE, layer)
    size = sum(path.stat().st_size for path in found)
    record_property(f"{layer}.bytes", size)
    record_property(f"{layer}.files", len(found))
    assert size < MOST_BYTES[layer], f"{size} bytes"
    assert len(found) < MOST_FILES[layer], f"{len(found)} files"


def test_nothing_that_lambda_brings_itself_is_in_a_layer():
    names = {path.name for layer in LAYERS for path in (built(HERE, layer) / "python").iterdir()}
    assert names & set(RUNTIME_CLIENT) == set()


@pytest.mark.parametrize("name", [*LAYERS, *FUNCTIONS])
def test_no_file_is_only_for_those_who_work_on_it(name):
    unwanted = {".pyi", ".md", ".ipynb", ".c", ".h", ".pyx"}
    inside = [path for path in files(HERE, name) if ".dist-info" not in str(path)]
    assert [str(path) for path in inside if path.suffix in unwanted] == []
