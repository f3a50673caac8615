"""Where the hashes of keys are kept, for those who give keys out. `choose` finds the store that is meant.

Takes   the options of a command, and the environment.
Gives   a `KeyStore`: a JSON file, or a table of DynamoDB.
Raises  `StoreError`, one sentence: no store is named, or two are.
"""

from collections.abc import Mapping
from typing import Final

from raygate_local.key_stores.file import FileStore
from raygate_local.key_stores.store import Fields, KeyStore, StoreError

__all__ = ["Fields", "FileStore", "KeyStore", "StoreError", "choose"]

KEYS_FILE: Final = "RAYGATE_KEYS_FILE"
KEYS_TABLE: Final = "RAYGATE_KEYS_TABLE"


def choose(file: str | None, table: str | None, environ: Mapping[str, str]) -> KeyStore:
    """The store that was named; else the environment's."""
    if not (file or table):
        file, table = environ.get(KEYS_FILE), environ.get(KEYS_TABLE)
    if file and table:
        raise StoreError(f"Two stores are named, the file {file} and the table {table}: choose by --file or --table.")
    if file:
        return FileStore(file)
    if table:
        from raygate_local.key_stores.table import TableStore  # noqa: PLC0415 - boto3 is slow, and a file needs none

        return TableStore(table, environ.get("AWS_REGION"))
    raise StoreError(f"No store of keys is named: give --file or --table, or set {KEYS_FILE} or {KEYS_TABLE}.")
