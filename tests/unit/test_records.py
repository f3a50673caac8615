"""Records are dataclasses in all that can be seen of them."""

import copy
import dataclasses
import inspect
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest

from raygate import records

MUTABLE: dict[str, Any] = {"slots": True}
FROZEN: dict[str, Any] = {"slots": True, "frozen": True}
OPEN: dict[str, Any] = {}


def made_with(decorate: Any, options: dict[str, Any]) -> Any:
    @decorate(**options)
    class Order:
        """What somebody wants."""

        number: int
        put: str = "here"
        lines: list[str] = field(default_factory=list)
        secret: str = field(default="s3cret", repr=False)

        @property
        def size(self) -> int:
            return len(self.lines)

    return Order


def both(options: dict[str, Any]) -> tuple[Any, Any]:
    return made_with(records.dataclass, options), made_with(dataclasses.dataclass, options)


@pytest.mark.parametrize("options", [MUTABLE, FROZEN, OPEN], ids=["mutable", "frozen", "open"])
class TestARecord:
    def test_takes_the_same_arguments(self, options):
        ours, theirs = ([*inspect.signature(made).parameters] for made in both(options))
        assert ours == theirs
        with pytest.raises(TypeError, match="number"):
            both(options)[0]()

    def test_is_printed_the_same(self, options):
        ours, theirs = (repr(made(1, lines=["a"])) for made in both(options))
        assert ours == theirs
        assert "s3cret" not in ours

    def test_has_the_same_fields_and_slots(self, options):
        ours, theirs = both(options)
        assert dataclasses.asdict(ours(2)) == dataclasses.asdict(theirs(2))
        assert ours.__match_args__ == theirs.__match_args__
        assert getattr(ours, "__slots__", None) == getattr(theirs, "__slots__", None)

    def test_is_equal_to_one_of_its_class_with_equal_values(self, options):
        ours, theirs = both(options)
        assert ours(1) == ours(1)
        assert ours(1) != ours(1, lines=["a"])
        assert ours(1) != theirs(1)

    def test_makes_each_its_own_list(self, options):
        ours, _ = both(options)
        first, second = ours(1), ours(1)
        first.lines.append("a")
        assert (first.size, second.size) == (1, 0)

    def test_can_be_copied_and_replaced(self, options):
        ours, _ = both(options)
        order = ours(1, "there", ["a"])
        assert copy.deepcopy(order) == copy.copy(order) == order
        assert dataclasses.replace(order, number=2) == ours(2, "there", ["a"])


def test_the_class_of_a_record_without_slots_has_no_defaults():
    """Setting an attribute that its class has too takes Python its slow way."""
    ours, theirs = both(OPEN)
    assert {"put", "secret"}.isdisjoint(vars(ours))
    assert {"put", "secret"} <= vars(theirs).keys()


def test_a_frozen_record_refuses_a_change():
    ours, _ = both(FROZEN)
    order = ours(1)
    with pytest.raises(FrozenInstanceError, match="number"):
        order.number = 2
    with pytest.raises(FrozenInstanceError, match="number"):
        del order.number
    assert order.number == 1


def test_only_a_frozen_record_has_a_hash():
    @records.dataclass(frozen=True, slots=True)
    class Place:
        row: int
        seat: int

    assert {Place(1, 2), Place(1, 2), Place(2, 1)} == {Place(2, 1), Place(1, 2)}
    with pytest.raises(TypeError, match="unhashable"):
        hash(both(MUTABLE)[0](1))


def test_a_record_of_another_kind_adds_its_fields_and_is_compared_by_identity_when_it_says_so():
    @records.dataclass(slots=True, kw_only=True, eq=False)
    class Row:
        name: str
        needs: str = ""

    @records.dataclass(slots=True, kw_only=True, eq=False)
    class Changing(Row):
        change: int

    row = Changing(change=1, name="a")
    assert (row.name, row.needs, row.change) == ("a", "", 1)
    assert row != Changing(change=1, name="a")
    by_place: Any = Changing
    with pytest.raises(TypeError, match="positional"):
        by_place("a", 1)


def test_a_record_finishes_itself():
    @records.dataclass(slots=True)
    class Sum:
        values: list[int]
        total: int = 0

        def __post_init__(self) -> None:
            self.total = sum(self.values)

    assert Sum([1, 2]).total == 3
