"""Keys in a JSON file: `{"keys": [record, …]}`.

Gives   `FileStore`. Readers see the old file or the new one, never half of one; writers take turns. What stands in the
        file and is not known here stays as it is.
Raises  `StoreError`: not there, not JSON, not such a file, not to be read or written.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from raygate_local.key_stores.store import Fields, StoreError

LOCK_TIMEOUT_S: Final = 10.0
LOCK_PAUSE_S: Final = 0.02


class FileStore:
    """The keys of one file, which is made with the first of them."""

    def __init__(self, file: str) -> None:
        self.name = file
        self.path = Path(os.path.realpath(file))  # what a link points to is replaced, not the link

    def records(self) -> list[Fields]:
        """Every key."""
        if not self.path.exists():
            raise StoreError(f"There is no file {self.name}; `raygate keys create` makes it.")
        return self._keys(self._read())

    def add(self, fields: Fields) -> None:
        """Keep a new key; a hash that is there already is an error."""
        with self._changing() as keys:
            if _of(keys, fields["hash"]):
                raise StoreError(f"This token is a key already, in {self.name}.")
            keys.append(fields)

    def change(self, key_hash: str, changes: Fields) -> None:
        """Set some fields of a key."""
        with self._changing() as keys:
            found = _of(keys, key_hash)
            if not found:
                raise StoreError(f"The key was taken out of {self.name} by somebody else.")
            for one in found:
                one.update(changes)

    @contextmanager
    def _changing(self) -> Iterator[list[Fields]]:
        """The keys, to be changed; written when nothing went wrong."""
        try:
            with _only_writer(self.path.parent):
                document = self._read() if self.path.exists() else {"keys": []}
                yield self._keys(document)
                self._write(document)
        except TimeoutError as error:
            raise StoreError(f"{self.name} cannot be written: another process does not finish writing.") from error
        except OSError as error:
            raise StoreError(f"{self.name} cannot be written: {error.strerror or error}.") from error

    def _read(self) -> Fields:
        try:
            document = json.loads(self.path.read_bytes())
        except OSError as error:
            raise StoreError(f"{self.name} cannot be read: {error.strerror or error}.") from error
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{self.name} is not JSON: {error}.") from error
        if not isinstance(document, dict):
            raise StoreError(f'{self.name} is not a file of keys: it has to be {{"keys": [...]}}.')
        return document

    def _keys(self, document: Fields) -> list[Fields]:
        keys = document.setdefault("keys", [])
        if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
            raise StoreError(f'{self.name} is not a file of keys: "keys" has to be a list of objects.')
        return keys

    def _write(self, document: Fields) -> None:
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise PermissionError(None, "it is read-only")
        number, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")  # its mode is 0600
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2, ensure_ascii=False)
                file.write("\n")
                file.flush()
                self._keep_owner(number)
                os.fsync(number)
            Path(temporary).replace(self.path)
        except BaseException:
            Path(temporary).unlink()
            raise

    def _keep_owner(self, number: int) -> None:
        """A server that runs as somebody else can still read its file after root has changed it."""
        with suppress(FileNotFoundError, PermissionError):
            status = self.path.stat()
            os.fchown(number, status.st_uid, status.st_gid)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Wait for other writers. The folder is locked, since the file itself is replaced."""
    number = os.open(folder, os.O_RDONLY)
    until = time.monotonic() + LOCK_TIMEOUT_S
    try:
        while not _locked(number):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(LOCK_PAUSE_S)
        yield
    finally:
        os.close(number)


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _of(keys: list[Fields], key_hash: str) -> list[Fields]:
    return [one for one in keys if one.get("hash") == key_hash]
