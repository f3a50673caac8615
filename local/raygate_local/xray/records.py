"""Small things that the local X-Ray remembers besides traces: sampling rules, groups, tags, settings.

Takes   a kind, and JSON objects by key.
Gives   `Records`, a mapping that is in the file: each look is a look at the file, each change is kept at once.
Note    What is looked up is a copy: to change it, put it back.
"""

import json
from collections.abc import Iterator, MutableMapping
from typing import Any

from raygate_local.xray.database import Database


class Records(MutableMapping[str, dict[str, Any]]):
    """The records of one kind, by key."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind

    def __getitem__(self, key: str) -> dict[str, Any]:
        with self._database.reading() as file:
            found = file.execute("SELECT value FROM records WHERE kind = ? AND key = ?", (self._kind, key)).fetchone()
        if found is None:
            raise KeyError(key)
        value: dict[str, Any] = json.loads(found[0])
        return value

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        row = (self._kind, key, json.dumps(value))
        with self._database.writing() as file:
            file.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", row)

    def __delitem__(self, key: str) -> None:
        with self._database.writing() as file:
            gone = file.execute("DELETE FROM records WHERE kind = ? AND key = ?", (self._kind, key))
            if not gone.rowcount:
                raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        with self._database.reading() as file:
            rows = file.execute("SELECT key FROM records WHERE kind = ? ORDER BY key", (self._kind,)).fetchall()
        return iter([key for (key,) in rows])

    def __len__(self) -> int:
        with self._database.reading() as file:
            (count,) = file.execute("SELECT count(*) FROM records WHERE kind = ?", (self._kind,)).fetchone()
        return int(count)
