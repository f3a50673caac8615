"""Keys in a JSON file, for local use: `{"keys": [{"hash": …, "id": …, "tenant": …}, …]}`.

Takes   the file's path.
Gives   `Find`. The file is read again when it has changed, so a revoked key stops working at once.
Raises  `KeyStoreError` when the file cannot be read, is not JSON or has another shape: whether a key is right cannot
        be told then. `RecordError` when the one record that is asked for is malformed.
"""

import json
from pathlib import Path
from typing import Any

from raygate.errors import KeyStoreError
from raygate.keys.check import Find
from raygate.keys.record import Record


def in_file(path: Path) -> Find:
    """Find keys in this file."""
    last: tuple[object, dict[str, dict[str, Any]]] = (None, {})

    def find(digest: str) -> Record | None:
        nonlocal last
        try:
            stat = path.stat()
            version = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if version != last[0]:
                last = (version, _by_hash(path.read_bytes()))
        except OSError as error:
            raise KeyStoreError(f"keys cannot be checked now: their file cannot be read ({error.strerror})") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise KeyStoreError("keys cannot be checked now: their file is not a list of keys in JSON") from error
        fields = last[1].get(digest)
        return Record.parse(fields) if fields else None

    return find


def _by_hash(text: bytes) -> dict[str, dict[str, Any]]:
    listed = json.loads(text)["keys"]
    by_hash = {fields["hash"]: dict(fields) for fields in listed}
    if len(by_hash) != len(listed):
        raise ValueError("a key is listed twice")
    return by_hash
