"""A container image from this machine's own Python 3.13 and Lambda's runtime client, for `sam local invoke`.

Takes   a file to write.
Gives   a tar for `docker import`: the interpreter where it lies here, the libraries that it and its modules load, the
        runtime's client, `/var/runtime/bootstrap` as Lambda's images have it, and the few commands that SAM runs in it.
"""

import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

CLIENT: Final = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
COMMANDS: Final = ("/bin/sh", "/bin/cp", "/bin/mv", "/bin/rm", "/bin/chmod")
BOOTSTRAP: Final = (
    '#!/bin/sh\nexport PYTHONPATH="/var/runtime:/var/task:/opt/python"\nexec {python} -S -m awslambdaric "$_HANDLER"\n'
)
GLIBC: Final = (
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libgcc_s.so.1",
)
"""What every image of Lambda's has, whoever asks for it: the layers' own libraries do."""
LEFT_OUT: Final = ("test", "idlelib", "tkinter", "ensurepip", "site-packages", "__pycache__", "turtledemo")


def main(target: str) -> None:
    """Write it."""
    python = Path(sys._base_executable).resolve()  # type: ignore[attr-defined]
    with tarfile.open(target, "w") as archive:
        standard = python.parent.parent / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
        archive.add(python)
        archive.add(standard, filter=_wanted)
        programs = [python, *map(Path, COMMANDS), *standard.glob("lib-dynload/*.so")]
        for command in COMMANDS:
            archive.add(Path(command).resolve(), command)
        for module in CLIENT:
            origin = _origin(module)
            archive.add(origin, f"var/runtime/{origin.name}")
            programs += [origin] if origin.suffix == ".so" else origin.rglob("*.so")
        libraries = {library for program in programs for library in _libraries(program)}
        beside = next(Path(library).parent for library in libraries if library.endswith("/libc.so.6"))
        libraries |= {str(beside / name) for name in GLIBC if (beside / name).exists()}
        for library in sorted(libraries):
            archive.add(Path(library).resolve(), library)
        _write(archive, "var/runtime/bootstrap", BOOTSTRAP.format(python=python))
        for folder in ("tmp", "var/task", "var/rapid", "opt"):
            _folder(archive, folder)


def _wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(entry.name).name in LEFT_OUT else entry


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


main(*sys.argv[1:])
