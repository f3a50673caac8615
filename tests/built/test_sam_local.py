"""`sam local invoke` for every event of `events/`, with a container engine of our own in private namespaces.

Where none can be had, as without root, without Linux or off CI, the summary says NOT RUN and why; `test_events.py` has
run the same events under the emulator then.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.built.test_events import FILES, check
from tests.project.tree import PROJECT

pytestmark = pytest.mark.built

HERE: Final = Path(__file__).parent
ENGINE: Final = PROJECT / ".aws-sam" / "engine"
PACKAGES: Final = (
    *("docker.io", "containerd", "runc", "tini", "iptables", "libip4tc2", "libip6tc2", "libxtables12"),
    *("libnetfilter-conntrack3", "libnfnetlink0", "libnftnl11"),
)
PROGRAMS: Final = ("dockerd", "docker", "docker-proxy", "containerd", "runc", "unshare", "ip")
NO_ENGINE: Final = 125
"""What `in_namespace.sh` ends with when the engine does not come up."""
PATIENCE_S: Final = 540


def missing(why: str) -> None:
    pytest.skip(f"NOT RUN: `sam local invoke` needs a container engine in namespaces of its own, and {why}")


def programs() -> str:
    """Where the engine's programs are: this machine's own, or Debian's packages, unpacked and not installed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        missing("only root on Linux can make those")
    path = os.pathsep.join([str(ENGINE / "usr" / "bin"), str(ENGINE / "usr" / "sbin"), os.environ["PATH"]])
    if not shutil.which("dockerd", path=path):
        if not os.environ.get("CI"):
            missing("there is no dockerd; with CI=true it is fetched from Debian")
        _fetch()
    absent = [name for name in PROGRAMS if not shutil.which(name, path=path)]
    if absent:
        missing(f"there is no {', '.join(absent)}")
    return path


def _fetch() -> None:
    ENGINE.mkdir(parents=True, exist_ok=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "download", "-qq", *PACKAGES]):
        if (
            not shutil.which("apt-get")
            or subprocess.run(command, cwd=ENGINE, check=False, capture_output=True).returncode
        ):
            missing("Debian's packages cannot be had")
    for package in ENGINE.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, ENGINE], check=True)  # noqa: S607 - the system's own


@pytest.fixture
def work() -> Iterator[Path]:
    """A folder with a short name, unlike `tmp_path`: the engine's sockets are in it."""
    folder = Path(tempfile.mkdtemp(prefix="rg-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_every_event_is_done_in_a_container(work, tmp_path):
    path = programs()
    image = tmp_path / "image.tar"
    subprocess.run([sys.executable, HERE / "image.py", image], check=True)
    command: list[Any] = [
        "sh",
        HERE / "in_namespace.sh",
        path,
        work,
        sys.executable,
        HERE / "invoke_all.py",
        image,
        work,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode == NO_ENGINE:
        missing(f"it does not start here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr[-3_000:]
    told = {one["event"]: one["result"] for one in map(json.loads, done.stdout.splitlines())}
    assert list(told) == FILES
    for event, result in told.items():
        assert not result.keys() & {"failed", "errorType"}, (event, result)
        check(event, result)
