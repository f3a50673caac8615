"""The data folder: made when it is not there, and owned by one process at a time.

Takes   a path.
Gives   `Folder`, to be released at the end. The system releases it too, however the process ends.
Raises  `FolderError`, one sentence: somebody else owns it, or it cannot be written.
Note    The lock is a file of its own, so that other commands can still read what is kept beside it.
"""

import fcntl
import os
from pathlib import Path
from typing import Final, Self

LOCK: Final = "owner.lock"
HINT: Final = "choose another folder with --data, or none with --data ''"


class FolderError(Exception):
    """Nothing can be kept in this folder. The message says why and what to do, in one sentence."""


class Folder:
    """A folder that is ours until it is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            why = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror
            raise FolderError(f"Cannot keep anything in {path}: {why}; {HINT}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(self._lock, 20, 0).decode("ascii", "replace").strip()
            os.close(self._lock)
            who = f"another raygate serve, process {owner}," if owner.isdigit() else "another raygate serve"
            raise FolderError(f"The folder {path} belongs to {who} that is running; {HINT}.") from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Let somebody else have it. The file stays: removing it could remove the lock of the next owner."""
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
