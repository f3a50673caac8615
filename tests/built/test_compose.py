"""The images of `examples/Dockerfile` and the chain of `examples/compose.yaml`, built and run on this machine's Python.

The engine and compose are Debian's, in namespaces that have no network: packages are fetched before, and handed in as
the image that pip installs in. Where that cannot be had, the summary says NOT RUN and why.
"""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.built.compose_up import OVER_GRPC, OVER_HTTP
from tests.built.engine import ENGINE, missing, with_engine
from tests.built.image import for_docker
from tests.corpus import captured_one
from tests.process.serving import raygate
from tests.process.test_demo import DOCUMENTS
from tests.project.tree import PROJECT

pytestmark = pytest.mark.built

WHEELS: Final = ENGINE.parent / "wheels"
COMPOSE: Final = (
    *("docker-compose", "python3-docker", "python3-dockerpty", "python3-dotenv", "python3-texttable"),
    *("python3-websocket", "python3-docopt", "python3-jsonschema", "python3-yaml", "python3-requests"),
    *("python3-distro", "python3-urllib3", "python3-chardet", "python3-idna", "python3-certifi", "python3-attr"),
    *("python3-pyrsistent", "python3-six", "python3-distutils", "python3-lib2to3", "python3-pkg-resources"),
)
PATIENCE_S: Final = 300
MOST_MB: Final = {"raygate": 100, "trace-generator": 60}
"""What may be in an image beside its base."""
PORTS: Final = {"4317", "4318", "8080", "55679"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict[str, Any]:
    """What `compose_up.py` saw."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder  # once for all processes of a run
    with (folder / "compose.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        if not text:
            image = tmp_path_factory.mktemp("base") / "image.tar"
            for_docker(image)
            text = with_engine("compose_up.py", image, _wheels(), within_s=PATIENCE_S, packages=COMPOSE)
            file.write(text)
    told: dict[str, Any] = json.loads(text.splitlines()[-1])
    return told


def _wheels() -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    files = [f"--requirement={PROJECT / 'requirements' / name}.txt" for name in ("local", "generator")]
    command = [*pip, "--require-hashes", *files, "--dest", str(WHEELS)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        missing("the packages of the images cannot be had")
    return WHEELS


def test_compose_reads_the_file(seen):
    services = seen["configured"]["services"]
    assert {port.split(":")[1] for port in services["raygate"]["ports"]} == PORTS
    assert services["fluent-bit"]["depends_on"] == {"raygate": {"condition": "service_healthy"}}


def test_the_images_are_small(seen):
    base = seen["bytes"]["base"]
    added = {name: (seen["bytes"][f"examples_{name}"] - base) / 1e6 for name in MOST_MB}
    assert {name: size for name, size in added.items() if size > MOST_MB[name]} == {}


def test_the_containers_are_healthy_and_write_nowhere_but_into_their_data(seen):
    assert seen["health"] == ["healthy", "healthy"]
    assert seen["container"] == {"user": 10001, "writable": ["/data", "/tmp"]}  # noqa: S108 - in the container
    assert seen["page"] == "<!doctype html>"


@pytest.mark.parametrize("file", [OVER_HTTP, OVER_GRPC], ids=["over HTTP", "over gRPC"])
def test_a_captured_request_becomes_its_documents_and_they_outlive_the_container(seen, tmp_path, file):
    one = captured_one(file)
    body = tmp_path / "body"
    body.write_bytes(one.body)
    headers = ("--content-type", one.header("content-type"), "--content-encoding", one.header("content-encoding"))
    status, output, errors = raygate("convert", *headers, str(body))
    assert status == 0, errors
    made = sorted(map(json.loads, output.splitlines()), key=_id)
    assert sorted(seen["documents"][file], key=_id) == made
    assert sorted(seen["kept"][file], key=_id) == made


def _id(document: dict[str, Any]) -> str:
    return str(document["id"])


def test_each_route_of_the_trace_generator_arrives_and_the_counts_add_up(seen):
    assert seen["routes"] == DOCUMENTS
    assert seen["spans"]["received"] == seen["spans"]["delivered"] > sum(DOCUMENTS.values())
    assert seen["spans"]["unaccounted"] == 0


def test_a_stopped_container_ends_cleanly(seen):
    assert seen["ended"] == "0 false"
    assert "Traceback" not in seen["said"]


def test_credentials_that_their_owner_alone_may_read_are_found_by_a_container_of_theirs(seen):
    assert seen["profile"] == [4321, "of-dev"]


def test_where_there_is_no_engine_the_files_still_agree_with_each_other():
    """The structure, on any machine."""
    chain = yaml.safe_load((PROJECT / "examples" / "compose.yaml").read_text())["services"]
    dockerfile = (PROJECT / "examples" / "Dockerfile").read_text()
    for name in ("raygate", "trace-generator"):
        assert (PROJECT / "examples" / chain[name]["build"]["context"] / chain[name]["build"]["dockerfile"]).exists()
        assert f" AS {chain[name]['build']['target']}\n" in dockerfile
        assert chain[name]["read_only"] is True
    exposed = next(line for line in dockerfile.splitlines() if line.startswith("EXPOSE 4317"))
    assert set(exposed.split()[1:]) == PORTS == {port.split(":")[1] for port in chain["raygate"]["ports"]}
