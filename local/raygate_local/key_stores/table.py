"""Keys in a table of DynamoDB: one item a key, `hash` the partition key.

Gives   `TableStore`. Credentials and region are boto's. Attributes that are not known here stay as they are.
Raises  `StoreError`: no such table, no credentials, no region, whatever DynamoDB refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from raygate.keys.table_store import item_of
from raygate_local.key_stores.store import Fields, StoreError
from raygate_local.target import NO_CREDENTIALS, NO_REGION

CONFIG: Final = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})

INVALID_CREDENTIALS: Final = frozenset(
    {"UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "InvalidClientTokenId"}
)


class TableStore:
    """The keys of one table."""

    def __init__(self, table: str, region: str | None = None) -> None:
        self.name = f"table {table}"
        self.table = table
        with self._told():
            self.client: Any = boto3.client("dynamodb", region_name=region, config=CONFIG)

    def records(self) -> list[Fields]:
        """Every key."""
        read = TypeDeserializer().deserialize
        with self._told():
            pages = self.client.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
            items = [item for page in pages for item in page["Items"]]
        return [{name: _plain(read(value)) for name, value in item.items()} for item in items]

    def add(self, fields: Fields) -> None:
        """Keep a new key; a hash that is there already is an error."""
        with self._told("This token is a key already, in {name}."):
            self.client.put_item(
                TableName=self.table,
                Item=item_of(fields),
                ConditionExpression="attribute_not_exists(#hash)",
                ExpressionAttributeNames={"#hash": "hash"},
            )

    def change(self, key_hash: str, changes: Fields) -> None:
        """Set some fields of a key."""
        with self._told("The key was taken out of {name} by somebody else."):
            self.client.update_item(
                TableName=self.table,
                Key=item_of({"hash": key_hash}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changes),
                ConditionExpression="attribute_exists(#hash)",
                ExpressionAttributeNames={f"#{name}": name for name in ("hash", *changes)},
                ExpressionAttributeValues={f":{name}": value for name, value in item_of(changes).items()},
            )

    @contextmanager
    def _told(self, condition: str = "") -> Iterator[None]:
        """What goes wrong with boto, in one sentence; `condition` when the table is not as expected."""
        try:
            yield
        except ClientError as error:
            raise StoreError(self._refusal(error, condition)) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise StoreError(NO_CREDENTIALS) from error
        except NoRegionError as error:
            raise StoreError(NO_REGION) from error
        except (BotoCoreError, ValueError) as error:
            raise StoreError(f"DynamoDB cannot be asked: {_sentence(str(error))}") from error

    def _refusal(self, error: ClientError, condition: str) -> str:
        code = error.response["Error"].get("Code", "no code")
        message = _sentence(error.response["Error"].get("Message", ""))
        if code == "ConditionalCheckFailedException":
            return condition.format(name=self.name)
        if code == "ResourceNotFoundException":
            return f"There is no {self.name} in {self.client.meta.region_name}, or not with these credentials."
        if code in INVALID_CREDENTIALS:
            return f"The AWS credentials are not valid ({code}): {message}"
        return f"DynamoDB refused, on {self.name} ({code}): {message}"


def _plain(value: Any) -> Any:
    """As JSON has it; boto reads numbers as `Decimal` and may find a set."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set):
        return sorted(map(_plain, value))
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".") + "."
