"""Both stores of keys, empty, with the door's own way to read them."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import boto3

from raygate.keys.check import Find, Keys
from raygate.keys.file_store import in_file
from raygate.keys.presented import Presented, Principal
from raygate.keys.quota import Quotas
from raygate.keys.table_store import in_table
from raygate_local.key_stores import FileStore, KeyStore
from raygate_local.key_stores.table import TableStore

REGION = "eu-west-1"
NUMBERS = count(1)
NOW = 1_800_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys are: written by the command, read by the door."""

    store: KeyStore
    find: Find
    option: str
    """What names it on a command line."""

    def admits(self, token: str, at: int = NOW, origin: str = "") -> Principal:
        """What the door says to a token."""
        return Keys(self.find, Quotas(lambda: 0.0), lambda: at)(Presented((token,), origin))


def a_table(key: str = "hash") -> str:
    """Make an empty table of DynamoDB with that partition key; its name. Only within `mock_aws`."""
    name = f"keys-{next(NUMBERS)}"
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def a_place(kind: str, folder: Path) -> Place:
    """An empty store: a `file` in the folder, or a `table`."""
    if kind == "file":
        path = folder / "keys.json"
        return Place(FileStore(str(path)), in_file(path), f"--file {path}")
    name = a_table()
    store = TableStore(name, REGION)
    return Place(store, in_table(store.client.get_item, name), f"--table {name}")
