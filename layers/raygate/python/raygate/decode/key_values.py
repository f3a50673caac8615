"""Attributes in protobuf: the bytes of a KeyValue → its key and value, through a memory of those seen lately.

Takes   one KeyValue message as bytes. Names, statuses, resources and scopes have a memory beside it.
Gives   the key and the value as Python has it: bytes as bytes, lists as lists, key-value lists as dicts.
Raises  `DecodeError` for bytes that are no KeyValue, or nested deeper than the limit.
Why     from span to span and from request to request most attributes repeat byte for byte. Looking them up costs
        a tenth of parsing them. The memory is bounded in number and size, and holds only values that nobody can change.
        What is remembered holds no secret: whoever redacts has nothing to do for it, which is nearly everything.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from raygate.decode.decoded import Notes
from raygate.decode.limits import MOST_LEVELS, Tally
from raygate.decode.schema import parse_key_value, parse_status, refuse_other_wire_types
from raygate.decode.short import short
from raygate.decode.values import text
from raygate.errors import DecodeError
from raygate.memory import keep
from raygate.redact import Redaction
from raygate.repeated import Pair
from raygate.span import NESTED, Resource, Scope, Value

S = TypeVar("S", Resource, Scope)

MOST_REMEMBERED: Final = 4096
LONGEST_REMEMBERED: Final = 258
"""Bytes of a KeyValue; longer ones, such as statements and stack traces, seldom repeat."""

MOST_SENDERS: Final = 256
LONGEST_SENDER: Final = 4096
"""Bytes. A sender has one resource and some scopes, and repeats them in each request; each of its hosts is another."""

KEY_VALUE_LEVEL: Final = 5
"""request, resource spans, scope spans, span, key-value: how deep a span's attributes are."""


class KeyValues(dict[bytes, Pair]):
    """Raw key-values → pairs: `self[raw]` reads it, or knows it."""

    __slots__ = ("harmless", "has_secret", "names", "notes", "redaction", "resources", "scopes", "statuses", "tally")

    notes: Notes
    tally: Tally
    """Those of the request that is read."""

    def __init__(self, redaction: Redaction | None = None) -> None:
        super().__init__()
        self.redaction = redaction
        self.harmless = redaction.harmless if redaction else frozenset()
        self.has_secret = False
        """Something that this redaction would replace has been read. Whoever asks sets it back."""
        self.names: dict[bytes, str] = {}
        self.statuses: dict[bytes, tuple[int, str]] = {}
        self.resources: dict[bytes, Resource] = {}
        self.scopes: dict[bytes, Scope] = {}

    def known(self, senders: dict[bytes, S], raw: bytes, read_one: Callable[[bytes], S]) -> S:
        """The resource or scope of those bytes: within the bounds the same object as in an earlier request."""
        sender = senders.get(raw)
        if sender is not None:
            return sender
        noted = self.notes.total
        sender = read_one(raw)
        if len(raw) <= LONGEST_SENDER and self.notes.total == noted:
            keep(senders, raw, sender, MOST_SENDERS)
        return sender

    def name(self, raw: bytes) -> str:
        """A span's or an event's. One text for all of the same bytes: later steps look it up, and its hash is known."""
        name = self.names.get(raw)
        if name is None:
            noted, name = self.notes.total, text(raw, self.notes)
            if self._is_memorable(raw, noted, "", name):
                keep(self.names, raw, name, MOST_REMEMBERED)
        return name

    def status(self, raw: bytes) -> tuple[int, str]:
        """Code and message."""
        status = self.statuses.get(raw)
        if status is None:
            noted, message = self.notes.total, parse_status(raw, self.tally)
            status = (message.code, text(message.message, self.notes))
            if self._is_memorable(raw, noted, "", status[1]):
                keep(self.statuses, raw, status, MOST_REMEMBERED)
        return status

    def again(self, raws: Sequence[bytes]) -> list[Pair]:
        """The pairs of what has been read, and was counted and noted then."""
        notes, tally = self.notes, self.tally
        self.notes, self.tally = Notes(), tally.fresh()
        try:
            return [self[raw] for raw in raws]
        finally:
            self.notes, self.tally = notes, tally

    def __missing__(self, raw: bytes) -> Pair:
        pair = short(raw)
        if pair is None:
            return self._long(raw)
        key, value = pair
        if type(value) is list or type(value) is dict:
            self.tally.values(len(value))
            self.is_clear(key, value)
            return pair
        is_plain = key in self.harmless and (type(value) is not str or ("=" not in value and "@" not in value))
        if (is_plain or self.redaction is None or self.is_clear(key, value)) and len(raw) <= LONGEST_REMEMBERED:
            keep(self, raw, pair, MOST_REMEMBERED)
        return pair

    def _long(self, raw: bytes) -> Pair:
        """One that the parser has to read."""
        noted, pair = self.notes.total, _pair(parse_key_value(raw, self.tally), self, KEY_VALUE_LEVEL)
        if self._is_memorable(raw, noted, *pair) and type(pair[1]) not in NESTED:
            keep(self, raw, pair, MOST_REMEMBERED)
        return pair

    def _is_memorable(self, raw: bytes, noted: int, key: str, value: Value) -> bool:
        """Whether those bytes may be known from now on: short, harmless, and nothing was noted while they were read."""
        return self.is_clear(key, value) and self.notes.total == noted and len(raw) <= LONGEST_REMEMBERED

    def is_clear(self, key: str, value: Value) -> bool:
        """Whether there is nothing to replace in it; what there is is told. A name or a message has no key."""
        if self.redaction is None or not self.redaction.finds(key, value):
            return True
        self.has_secret = True
        return False


_idle: Final[dict[frozenset[str] | None, KeyValues]] = {}
"""By the secret keys of the redaction."""
MOST_IDLE: Final = 8


class remembering:  # noqa: N801 - a context manager, by hand: contextlib's takes a microsecond of each request
    """A memory from an earlier request with the same redaction; two requests at once have one each."""

    __slots__ = ("_key_values", "_keys", "_notes", "_tally")

    def __init__(self, notes: Notes, tally: Tally, redaction: Redaction | None = None) -> None:
        self._notes = notes
        self._tally = tally
        self._keys = redaction.keys if redaction else None
        known = _idle.pop(self._keys, None)
        self._key_values = KeyValues(redaction) if known is None else known

    def __enter__(self) -> KeyValues:
        self._key_values.notes, self._key_values.tally = self._notes, self._tally
        return self._key_values

    def __exit__(self, *_: object) -> None:
        self._key_values.has_secret = False
        if len(_idle) < MOST_IDLE:
            _idle[self._keys] = self._key_values


def _pair(message: Any, reading: KeyValues, level: int) -> Pair:
    _check(level)
    if not (message.key and message.HasField("value")):
        refuse_other_wire_types(message)
    return text(message.key, reading.notes), _value(message.value, reading, level + 1)


def _value(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    kind = message.WhichOneof("value")
    if kind is None:
        refuse_other_wire_types(message)
        return None
    return _READERS[kind](getattr(message, kind), reading, level + 1)


def _array(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    _count(message, reading)
    return [_value(value, reading, level + 1) for value in message.values]


def _key_value_list(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    _count(message, reading)
    return dict(_pair(key_value, reading, level + 1) for key_value in message.values)


def _count(message: Any, reading: KeyValues) -> None:
    reading.tally.values(len(message.values))
    if not message.values:
        refuse_other_wire_types(message)


def _check(level: int) -> None:
    if level > MOST_LEVELS:
        raise DecodeError(f"nested deeper than {MOST_LEVELS} messages")


_READERS: Final[dict[str, Callable[[Any, KeyValues, int], Value]]] = {
    "string_value": lambda raw, reading, _level: text(raw, reading.notes),
    "bool_value": lambda value, _reading, _level: bool(value),
    "int_value": lambda value, _reading, _level: int(value),
    "double_value": lambda value, _reading, _level: float(value),
    "bytes_value": lambda value, _reading, _level: bytes(value),
    "array_value": _array,
    "kvlist_value": _key_value_list,
}
