"""What a set of attribute keys calls for: worked out once for each set, since spans of one sort carry the same keys.

Takes   the keys of a span's attributes, in their order, and the options.
Gives   `Shape`: which blocks have something to read, which HTTP attribute fills which slot, and where that ends which
        no block accounts for. `Shapes` makes them under one set of options; the set of keys remembers them.
Rules   Only what the keys alone decide is in a shape; values decide within the blocks.
Why     asking each block of each span whether it is concerned took as long as all of their work.
"""

from dataclasses import field
from typing import Final, TypeAlias

from raygate.memory import MEMORABLE, KeySet, keep, settled
from raygate.records import dataclass
from raygate.segment import annotations, aws, http, kind, leftovers, naming, sql, timing
from raygate.segment.leftovers import USER, Rest, Sorting
from raygate.segment.options import Options

Keys: TypeAlias = tuple[str, ...]

ALWAYS_CONSUMED: Final = http.CONSUMED | aws.CONSUMED | {USER}
NOTHING: Final[frozenset[str]] = frozenset()

MOST_RESTS: Final = 8
"""Remembered of a shape; few senders ask for more than one set of annotations."""
MOST_ASKED: Final = 16
"""Keys of a set of annotations that is remembered."""


@dataclass(slots=True)
class Shape:
    """What the keys decide."""

    keys: Keys
    named_by: naming.Candidates | None
    """What has a say in the name or the namespace."""
    is_marked: bool
    """It may be in progress."""
    is_root: bool
    """It may be a local root."""
    asks: bool
    """It may name keys to index itself."""
    call: aws.CallMembers | None
    """What it says of a call of AWS."""
    queries: bool
    has_user: bool
    status_key: str
    """Where the HTTP status code is; `""` without one."""
    http: http.Filling | None
    rests: dict[object, Rest] = field(default_factory=dict)
    """By what blocks account for besides, depending on values; with what the span asks for, where it does."""

    @classmethod
    def of(cls, keys: Keys) -> "Shape":
        """Ask each block."""
        present = frozenset(keys)
        return cls(
            keys=keys,
            named_by=naming.Candidates.of(present),
            is_marked=timing.IN_PROGRESS in present,
            is_root=kind.SPAN_KIND in present,
            asks=annotations.FROM_SPAN in present,
            call=aws.call_members(present),
            queries=sql.SYSTEM in present,
            has_user=USER in present,
            status_key=http.status_key(present),
            http=http.filling(keys),
        )


class Shapes:
    """Keys → shape, and what else the options decide."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def of(self, keys: KeySet) -> Shape:
        """The shape of those keys. `rests`, which the options decide, is why each set of options has its own."""
        shape: Shape = keys.made.get(self) or keys.keep(self, Shape.of(keys.keys))
        return shape

    def rest(self, shape: Shape, used: frozenset[str], asked: frozenset[str] | None = None) -> Rest:
        """Where that goes which the blocks leave over: they account for `used` besides, the span asks for `asked`."""
        given = used if asked is None else (used, asked)
        rest = shape.rests.get(given)
        if rest is None:
            rest = leftovers.rest_of(shape.keys, self.sorting(used, asked))
            if not asked or (len(asked) <= MOST_ASKED and sum(map(len, asked)) <= MEMORABLE):
                keep(shape.rests, given, rest, MOST_RESTS)
        return rest

    def sorting(self, used: frozenset[str] = NOTHING, asked: frozenset[str] | None = None) -> Sorting:
        """How to sort what is left over."""
        options = self.options
        restored = options.indexed_attributes - {USER}
        consumed, indexed = (ALWAYS_CONSUMED | used) - restored, options.indexed_attributes
        if asked is not None:
            consumed, indexed = consumed | {annotations.FROM_SPAN}, indexed | asked
        return Sorting(consumed, indexed, options.index_all_attributes, options.allow_dot)


@settled
def shapes_of(options: Options) -> Shapes:
    """Those of a deployment, from request to request."""
    return Shapes(options)
