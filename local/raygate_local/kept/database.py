"""The SQLite file behind queue and bucket: opened, brought up to date, and used by many threads.

Takes   a folder.
Gives   `Database`: `writing`, a transaction that is on the disk when it ends; `reading`, a look at what is there.
Raises  `DatabaseError`, one sentence, when the file is none of ours, is newer than we are, or cannot be used.
Rules   Write-ahead log, and synchronous FULL: a commit has reached the disk when it returns. One connection behind a
        lock, since commits wait for each other anyway.
Source  SQLite, "Write-Ahead Logging", "PRAGMA synchronous".
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

FILE: Final = "kept.sqlite3"
BUSY_S: Final = 5.0
"""How long a command on the same file, such as a replay, may be waited for."""

MIGRATIONS: Final = (
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,
        sent_ms INTEGER NOT NULL,
        first_ms INTEGER NOT NULL DEFAULT 0,
        visible_ms INTEGER NOT NULL,
        receives INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX visible ON messages (queue, visible_ms, id);
    CREATE TABLE objects (
        key TEXT PRIMARY KEY,
        body BLOB NOT NULL,
        metadata TEXT NOT NULL,
        stored_ms INTEGER NOT NULL
    );
    """,
)
"""How a file of one version becomes one of the next. Rows are only added: older files are out there."""


class DatabaseError(Exception):
    """The file cannot be used. The message says why, in one sentence."""


class Database:
    """One file, one connection, one lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise DatabaseError(f"Cannot use {self.path}: {error}.") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise DatabaseError(f"Cannot use {self.path}: {error}.") from error
        except DatabaseError:
            self._connection.close()
            raise

    @contextmanager
    def writing(self, timeout_s: float = BUSY_S) -> Iterator[sqlite3.Connection]:
        """All that is done within, or nothing of it. Raises `sqlite3.Error`, also when there is no turn in time."""
        with self._turn(timeout_s):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What is there now."""
        with self._turn(BUSY_S):
            yield self._connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing more is kept or read."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _turn(self, timeout_s: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=max(0.0, timeout_s)):
            raise sqlite3.OperationalError("others are writing for too long")
        try:
            yield
        finally:
            self._lock.release()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with self.writing() as file:
            (version,) = file.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise DatabaseError(
                    f"{self.path} was written by a newer Raygate (version {version} of the file, "
                    f"and this one knows {len(MIGRATIONS)}): use that, or another folder with --data."
                )
            for script in MIGRATIONS[version:]:
                for statement in filter(str.strip, script.split(";")):
                    file.execute(statement)
            file.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
