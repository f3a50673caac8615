"""What every store of keys is."""

from typing import Any, Protocol, TypeAlias

Fields: TypeAlias = dict[str, Any]
"""A key's record as it is stored: plain JSON values."""


class StoreError(Exception):
    """Keys cannot be read or written. The message says why, in one sentence."""


class KeyStore(Protocol):
    """What both stores can do."""

    name: str
    """As it is shown: `keys.json`, `table raygate-keys`."""

    def records(self) -> list[Fields]:
        """Every key."""

    def add(self, fields: Fields) -> None:
        """Keep a new key; a hash that is there already is an error."""

    def change(self, key_hash: str, changes: Fields) -> None:
        """Set some fields of a key."""
