"""The SQLite file behind the local X-Ray: opened, brought up to date, used by many threads.

Takes   a folder, or none: then everything is in memory.
Gives   `Database`: `writing`, a transaction; `reading`, a look at one moment; each from any thread.
Raises  `StoreError`, one sentence that says what to do.
Rules   Write-ahead log, so that who reads does not wait for who writes. Synchronous NORMAL: what is committed outlives
        the process however it ends, and only the machine's own end may take the last commits away; what must outlive
        that, too, is not kept here.
Source  SQLite, "Write-Ahead Logging" and "PRAGMA synchronous".
"""

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "xray.db"
BUSY_S: Final = 10.0
CACHE_KIB: Final = 16 * 1024
HINT: Final = "choose another folder with --data"

MIGRATIONS: Final = (
    """
    CREATE TABLE state (name TEXT PRIMARY KEY, value);
    CREATE TABLE traces (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        trace_id TEXT NOT NULL UNIQUE,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        updated_s REAL NOT NULL,
        revision INTEGER NOT NULL,
        version INTEGER NOT NULL,
        documents INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    );
    CREATE INDEX traces_by_start ON traces (start_s, trace_id);
    CREATE INDEX traces_by_update ON traces (updated_s, number);
    CREATE INDEX traces_by_version ON traces (version);
    CREATE TABLE documents (
        number INTEGER PRIMARY KEY,
        trace INTEGER NOT NULL,
        id TEXT NOT NULL,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        is_in_progress INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        text TEXT NOT NULL
    );
    CREATE UNIQUE INDEX documents_by_id ON documents (trace, id);
    CREATE TABLE abouts (
        trace INTEGER PRIMARY KEY,
        revision INTEGER NOT NULL,
        summary BLOB NOT NULL,
        facts BLOB NOT NULL,
        graph BLOB NOT NULL
    );
    CREATE TABLE records (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    """,
)
"""How a file of one version becomes one of the next. Rows are only added: older files are out there."""


class StoreError(Exception):
    """Nothing can be kept there. The message says why and what to do, in one sentence."""


class Database:
    """One connection that writes and one that reads; in memory they are the same."""

    def __init__(self, folder: Path | None) -> None:
        self.path = str(folder / FILE) if folder else ":memory:"
        self._open: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._open)  # for who forgets to
        try:
            if folder:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writer, self._write_lock = self._connect(), threading.RLock()
            self._migrate()
            self._reader, self._read_lock = (
                (self._connect(), threading.RLock()) if folder else (self._writer, self._write_lock)
            )
        except OSError as error:
            _close(self._open)
            raise StoreError(f"Cannot keep traces in {folder}: {error.strerror}; {HINT}.") from error
        except sqlite3.Error as error:
            _close(self._open)
            raise StoreError(f"Cannot keep traces in {self.path}: {error}; {HINT}.") from error
        except StoreError:
            _close(self._open)
            raise

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All that is done within, or nothing of it."""
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Everything as it was at the first look."""
        with self._read_lock:
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("COMMIT")

    def shrink(self) -> None:
        """Give back the room of what was removed."""
        with self._write_lock:
            self._writer.execute("VACUUM")

    def close(self) -> None:
        """Nothing more is written or read."""
        with self._write_lock, self._read_lock:
            _close(self._open)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._open.append(connection)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", f"cache_size = -{CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _migrate(self) -> None:
        with self.writing() as file:
            (version,) = file.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"{self.path} was written by a newer Raygate (version {version} of the file, this one knows "
                    f"{len(MIGRATIONS)}): use that one, or {HINT}."
                )
            for script in MIGRATIONS[version:]:
                for statement in filter(str.strip, script.split(";")):
                    file.execute(statement)
            file.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _close(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
