"""Keys in a DynamoDB table, one item a key, the hash as its partition key.

Takes   a client's `get_item` and the table's name.
Gives   `in_table`: `Find`. `item_of` and `fields_of`: a record's fields ↔ an item, for whoever writes the table.
Raises  `KeyStoreError` when DynamoDB does not answer as it should; `RecordError` when the item is malformed.
Note    plain `GetItem`: half the price of a consistent read, and as a rule as new within a second.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from raygate.errors import KeyStoreError, RecordError
from raygate.keys.check import Find
from raygate.keys.record import Record

CONFIG: Final = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
)
"""Senders wait about 10 s in all, and X-Ray is still to be asked."""

_TYPES: Final[dict[type, Callable[[Any], dict[str, Any]]]] = {
    str: lambda value: {"S": value},
    bool: lambda value: {"BOOL": value},
    int: lambda value: {"N": str(value)},
    list: lambda value: {"L": [_TYPES[type(one)](one) for one in value]},
}
_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "S": str,
    "N": int,
    "BOOL": bool,
    "L": lambda value: [_value(one) for one in value],
    "SS": sorted,
    "NULL": lambda _: None,
}


def in_table(get_item: Callable[..., Mapping[str, Any]], table: str) -> Find:
    """Find keys in this table."""

    def find(digest: str) -> Record | None:
        try:
            item = get_item(TableName=table, Key={"hash": {"S": digest}}).get("Item")
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            raise KeyStoreError(f"keys cannot be checked now: their table cannot be read ({code})") from error
        except BotoCoreError as error:
            kind = type(error).__name__
            raise KeyStoreError(f"keys cannot be checked now: their table cannot be reached ({kind})") from error
        return Record.parse(fields_of(item)) if item else None

    return find


def connect(region: str | None = None, session: Session | None = None) -> Callable[..., Mapping[str, Any]]:
    """Make a client; no network is touched before the first call."""
    client: Any = (session or get_session()).create_client("dynamodb", region_name=region, config=CONFIG)
    get_item: Callable[..., Mapping[str, Any]] = client.get_item
    return get_item


def item_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record as an item."""
    return {name: _TYPES[type(value)](value) for name, value in fields.items()}


def fields_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as the fields of a record, not yet checked."""
    try:
        return {name: _value(attribute) for name, attribute in item.items()}
    except (KeyError, ValueError, TypeError) as error:
        raise RecordError("a key's record has a value of a kind that no field has") from error


def _value(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    return _READERS[kind](value)
