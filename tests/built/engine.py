"""A container engine of our own, in private namespaces of network, mounts and processes. Nothing of it is left.

Takes   a script beside this file, what it is called with, and more Debian packages that it needs.
Gives   what it printed. Its last argument is a folder to work in; `DOCKER_HOST` is set for it.
Skips   the test, and says NOT RUN and why, where no engine can be had, as without root, without Linux or off CI.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from tests.project.tree import PROJECT

HERE: Final = Path(__file__).parent
ENGINE: Final = PROJECT / ".aws-sam" / "engine"
PACKAGES: Final = (
    *("docker.io", "containerd", "runc", "tini", "iptables", "libip4tc2", "libip6tc2", "libxtables12"),
    *("libnetfilter-conntrack3", "libnfnetlink0", "libnftnl11"),
)
PROGRAMS: Final = ("dockerd", "docker", "docker-proxy", "containerd", "runc", "unshare", "ip")
IPTABLES: Final = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" XTABLES_LIBDIR="{libraries}/xtables"
exec "{sbin}/iptables-nft" "$@"
"""
"""Debian's, under the name by which the engine calls it: by its rules, names of containers are resolved."""
NO_ENGINE: Final = 125
"""What `in_namespace.sh` ends with when the engine does not come up."""


def with_engine(script: str, *arguments: Any, within_s: float, packages: Sequence[str] = ()) -> str:
    """Run it, and give what it printed."""
    path = _programs(packages)
    # A short name, unlike `tmp_path`: the engine's sockets are in it.
    work = Path(tempfile.mkdtemp(prefix="rg-"))
    command: list[Any] = ["sh", HERE / "in_namespace.sh", path, work, sys.executable, HERE / script, *arguments, work]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within_s)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if done.returncode == NO_ENGINE:
        missing(f"it does not start here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def missing(why: str) -> NoReturn:
    """Skip, and say it."""
    pytest.skip(f"NOT RUN: it needs a container engine in namespaces of its own, and {why}")


def _programs(packages: Sequence[str]) -> str:
    """Where the engine's programs are: this machine's own, or Debian's packages, unpacked and not installed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        missing("only root on Linux can make those")
    ENGINE.mkdir(parents=True, exist_ok=True)
    with (ENGINE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may want the same packages
        return _found(packages)


def _found(packages: Sequence[str]) -> str:
    path = os.pathsep.join([str(ENGINE / "usr" / "bin"), str(ENGINE / "usr" / "sbin"), os.environ["PATH"]])
    wanted = list(packages) + list(() if shutil.which("dockerd", path=path) else PACKAGES)
    lacking = [name for name in wanted if not list(ENGINE.glob(f"{name}_*.deb"))]
    if lacking:
        if not os.environ.get("CI"):
            missing(f"there is no {lacking[0]}; with CI=true it is fetched from Debian")
        _fetch(lacking)
    absent = [name for name in PROGRAMS if not shutil.which(name, path=path)]
    if absent:
        missing(f"there is no {', '.join(absent)}")
    return path


def _fetch(packages: Sequence[str]) -> None:
    for command in (["apt-get", "update", "-qq"], ["apt-get", "download", "-qq", *packages]):
        if (
            not shutil.which("apt-get")
            or subprocess.run(command, cwd=ENGINE, check=False, capture_output=True).returncode
        ):
            missing("Debian's packages cannot be had")
    for package in packages:
        for file in ENGINE.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", file, ENGINE], check=True)  # noqa: S607 - the system's own
    sbin, libraries = ENGINE / "usr" / "sbin", ENGINE / "usr" / "lib" / f"{platform.machine()}-linux-gnu"
    if (sbin / "iptables-nft").exists():
        (sbin / "iptables").write_text(IPTABLES.format(sbin=sbin, libraries=libraries))
        (sbin / "iptables").chmod(0o755)
