"""Container images from this machine's own Python, for `docker import`: no registry of images is asked.

Takes   a file to write.
Gives   a tar: the interpreter where it lies here, the libraries that it and its modules load, a few commands.
        `for_lambda` has Lambda's runtime client and `/var/runtime/bootstrap` too, as Lambda's images do, for
        `sam local invoke`; `for_docker` has `python3` on the path, and what makes a virtual environment.
"""

import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

CLIENT: Final = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
SAMS_COMMANDS: Final = ("/bin/sh", "/bin/cp", "/bin/mv", "/bin/rm", "/bin/chmod")
DOCKERS_COMMANDS: Final = ("/bin/sh", "/bin/mkdir", "/bin/chmod", "/bin/chown", "/bin/touch")
BOOTSTRAP: Final = (
    '#!/bin/sh\nexport PYTHONPATH="/var/runtime:/var/task:/opt/python"\nexec {python} -S -m awslambdaric "$_HANDLER"\n'
)
USUAL: Final = (
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libgcc_s.so.1",
    "libstdc++.so.6",
)
"""What every image has, whoever asks for it: the layers' own libraries do, and wheels."""
LEFT_OUT: Final = frozenset({"test", "idlelib", "tkinter", "site-packages", "__pycache__", "turtledemo"})
PYTHON: Final = Path(sys._base_executable).resolve()  # type: ignore[attr-defined]


def for_lambda(target: Path) -> None:
    """With Lambda's runtime client."""
    with tarfile.open(target, "w") as archive:
        origins = [_origin(module) for module in CLIENT]
        for origin in origins:
            archive.add(origin, f"var/runtime/{origin.name}")
        objects = [one for origin in origins for one in (origin.rglob("*.so") if origin.is_dir() else (origin,))]
        _add_python(archive, SAMS_COMMANDS, LEFT_OUT | {"ensurepip"}, objects)
        _write(archive, "var/runtime/bootstrap", BOOTSTRAP.format(python=PYTHON))
        for folder in ("tmp", "var/task", "var/rapid", "opt"):
            _folder(archive, folder)


def for_docker(target: Path) -> None:
    """A base for `examples/Dockerfile`."""
    with tarfile.open(target, "w") as archive:
        _add_python(archive, DOCKERS_COMMANDS, LEFT_OUT)
        link = tarfile.TarInfo("usr/local/bin/python3")
        link.type, link.linkname = tarfile.SYMTYPE, str(PYTHON)
        archive.addfile(link)
        _folder(archive, "tmp")


def _add_python(
    archive: tarfile.TarFile, commands: Iterable[str], left_out: frozenset[str], objects: Iterable[Path] = ()
) -> None:
    """The interpreter, its library, these commands, and what all of that and these objects load."""

    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        name = Path(entry.name).name
        return None if name in left_out or name.startswith("config-") else entry

    standard = PYTHON.parent.parent / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    archive.add(PYTHON)
    archive.add(standard, filter=wanted)
    for command in commands:
        archive.add(Path(command).resolve(), command)
    programs = [PYTHON, *map(Path, commands), *standard.glob("lib-dynload/*.so"), *objects]
    libraries = {library for program in programs for library in _libraries(program)}
    beside = next(Path(library).parent for library in libraries if library.endswith("/libc.so.6"))
    libraries |= {str(beside / name) for name in USUAL if (beside / name).exists()}
    for library in sorted(libraries):
        archive.add(Path(library).resolve(), library)


def _origin(module: str) -> Path:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)


def _libraries(program: Path) -> Iterator[str]:
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout  # noqa: S607 - the system's
    yield from re.findall(r"(?:=> )?(/\S+) \(0x", said)


def _write(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), 0o755
    archive.addfile(entry, io.BytesIO(text.encode()))


def _folder(archive: tarfile.TarFile, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o777
    archive.addfile(entry)
