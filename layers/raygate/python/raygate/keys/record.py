"""What is stored about a key: never the key itself, only its hash.

Takes   the fields of a stored record, as a mapping: the same in the JSON file and in the table.
Gives   `Record`; `fields()` is the way back. `hash_of` makes the hash of a token.
Absent  `expires` and `quota`, when the key has none; `scopes` and `allowed_origins` may be absent for empty lists.
Raises  `RecordError` for a field that is not what it has to be: the message names the field and never its value.
Note    checked by hand: pydantic's import would cost the ingest function 100 ms at each cold start.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from raygate.errors import OriginError, RecordError
from raygate.origins import pattern
from raygate.records import dataclass

WRITE: Final = "traces:write"
"""The scope of a key that may send."""

MAX_TENANT: Final = 128


@dataclass(frozen=True, slots=True)
class Record:
    """One key. The fields are those of the store, by the same names."""

    hash: str
    """SHA-256 of the whole token, lower-case hexadecimal: the key of the table."""
    id: str
    """Short and public: what logs and lists call the key."""
    tenant: str
    scopes: tuple[str, ...] = ()
    """What it may do; without `traces:write` it is known and may not send."""
    created: int = 0
    """Seconds since 1970."""
    expires: int | None = None
    """Seconds since 1970."""
    disabled: bool = False
    allowed_origins: tuple[str, ...] = ()
    """Pages that may use it; empty: not bound to pages."""
    quota: int | None = None
    """Spans a minute."""

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> "Record":
        """Check the fields of a store."""
        unknown = set(fields) - set(_FIELDS)
        if unknown:
            raise RecordError(f"a key's record has a field that is unknown: {min(unknown)!r}")
        given = {name: value for name, value in fields.items() if value is not None}
        missing = {"hash", "id", "tenant"} - set(given)
        if missing:
            raise RecordError(f"a key's record lacks {min(missing)!r}")
        for name, value in given.items():
            is_right, what = _FIELDS[name]
            if not is_right(value):
                raise RecordError(f"{name!r} of a key's record is not {what}")
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return cls(**(given | lists))

    def fields(self) -> dict[str, Any]:
        """What a store keeps: plain JSON values, without those that are absent."""
        values = {name: getattr(self, name) for name in _FIELDS}
        listed = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return {name: value for name, value in listed.items() if value is not None}


def hash_of(token: str) -> str:
    """The hash under which a token is stored."""
    # Whatever a header held has a hash; half a surrogate pair has no UTF-8 of its own.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_tenant(name: Any) -> bool:
    """Whether a tenant may be called so: it is a dimension of metrics, which takes ASCII only."""
    return isinstance(name, str) and 0 < len(name) <= MAX_TENANT and _is_printable(name) and name == name.strip()


def _is_printable(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and _is_printable(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_origins(value: Any) -> bool:
    try:
        return _is_names(value) and all(pattern(one) for one in value)
    except OriginError:
        return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_FIELDS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "hash": (_is_hash, "64 lower-case hexadecimal digits"),
    "id": (_is_id, "a short printable text"),
    "tenant": (is_tenant, f"1 to {MAX_TENANT} printable ASCII characters"),
    "scopes": (_is_names, "a list of texts"),
    "created": (_is_whole, "a whole number"),
    "expires": (_is_whole, "a whole number"),
    "disabled": (lambda value: isinstance(value, bool), "true or false"),
    "allowed_origins": (_is_origins, "a list of origins"),
    "quota": (lambda value: _is_whole(value) and value > 0, "a whole number above 0"),
}
