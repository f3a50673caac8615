"""What a set of attribute keys calls for: worked out once for each set, since spans of one sort carry the same keys.

Takes   the keys of a span's attributes, in their order, and the options.
Gives   `Shape`: which blocks have something to read, which HTTP attribute fills which slot, and where that ends which
        no block accounts for. `Shapes` makes them under one set of options, and remembers them.
Rules   Only what the keys alone decide is in a shape; values decide within the blocks.
Why     asking each block of each span whether it is concerned took as long as all of their work.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from raygate.memory import ByKeys
from raygate.segment import annotations, aws, http, kind, leftovers, naming, sql, timing
from raygate.segment.leftovers import USER, Rest, Sorting
from raygate.segment.options import Options

Keys: TypeAlias = tuple[str, ...]

ALWAYS_CONSUMED: Final = http.CONSUMED | aws.CONSUMED | {USER}
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(slots=True)
class Shape:
    """What the keys decide."""

    keys: Keys
    is_named: bool
    """An attribute has a say in the name or the namespace."""
    is_marked: bool
    """It may be in progress."""
    is_root: bool
    """It may be a local root."""
    asks: bool
    """It may name keys to index itself."""
    calls: bool
    """It says something of a call of AWS."""
    queries: bool
    has_user: bool
    status_key: str
    """Where the HTTP status code is; `""` without one."""
    http: http.Filling | None
    rests: dict[frozenset[str], Rest] = field(default_factory=dict)
    """By what blocks account for besides, depending on values."""

    @classmethod
    def of(cls, keys: Keys) -> "Shape":
        """Ask each block."""
        present = frozenset(keys)
        return cls(
            keys=keys,
            is_named=not naming.CANDIDATES.isdisjoint(present),
            is_marked=timing.IN_PROGRESS in present,
            is_root=kind.SPAN_KIND in present,
            asks=annotations.FROM_SPAN in present,
            calls=not aws.OF_A_CALL.isdisjoint(present),
            queries=sql.SYSTEM in present,
            has_user=USER in present,
            status_key=http.status_key(present),
            http=http.filling(keys),
        )


class Shapes(ByKeys[Shape]):
    """Keys → shape, and what else the options decide."""

    __slots__ = ("options",)

    def __init__(self, options: Options) -> None:
        super().__init__(Shape.of)
        self.options = options

    def rest(self, shape: Shape, used: frozenset[str]) -> Rest:
        """Where that goes which the blocks leave over, when they account for `used` besides."""
        rest = shape.rests.get(used)
        if rest is None:
            rest = shape.rests[used] = leftovers.rest_of(shape.keys, self.sorting(used))
        return rest

    def sorting(self, used: frozenset[str] = NOTHING) -> Sorting:
        """How to sort what is left over."""
        options = self.options
        restored = options.indexed_attributes - {USER}
        consumed = (ALWAYS_CONSUMED | used) - restored
        return Sorting(consumed, options.indexed_attributes, options.index_all_attributes, options.allow_dot)


@lru_cache(maxsize=8)
def shapes_of(options: Options) -> Shapes:
    """Those of a deployment, from request to request."""
    return Shapes(options)
