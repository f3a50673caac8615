"""What is remembered is remembered once, and within bounds."""

from typing import Any

from raygate.decode.decoded import Notes
from raygate.decode.key_values import (
    LONGEST_REMEMBERED,
    LONGEST_SENDER,
    MOST_REMEMBERED,
    MOST_SENDERS,
    remembering,
)
from raygate.decode.limits import Tally
from raygate.memory import KEY_SETS, LONGEST_KEYS, MOST_KEYS, MOST_MADE, MOST_SETS, KeySet, KeySets, remembered, settled
from raygate.settings import Settings
from raygate.span import Scope


def test_equal_keys_in_one_order_are_one_set_and_in_another_another():
    assert KEY_SETS["a", "b"] is KEY_SETS["a", "b"]
    assert KEY_SETS["a", "b"] is not KEY_SETS["b", "a"]


def test_sets_of_many_keys_or_of_long_ones_are_not_kept_and_no_more_than_so_many_others():
    known = KeySets()
    for keys in (tuple(map(str, range(MOST_KEYS + 1))), ("k" * (LONGEST_KEYS + 1),)):
        assert known[keys].keys == keys
    assert not known
    for number in range(MOST_SETS + 1):
        assert known[str(number),].keys == (str(number),)
    assert len(known) == 1


def test_a_set_keeps_no_more_than_so_many_things_that_were_made_of_it():
    keys = KeySet(("a",))
    for number in range(MOST_MADE + 1):
        assert keys.keep(number, "made") == "made"
    assert keys.made == {MOST_MADE: "made"}


def test_equal_settings_share_what_is_made_of_them():
    @settled
    def made(settings: Settings) -> list[str]:
        return [settings.mapping]

    first, again = Settings(), Settings()
    assert made(first) is made(first) is made(again)
    assert made(Settings(mapping="adot")) == ["adot"]
    assert all(made(Settings(max_spans=number)) == ["extended"] for number in range(1, 40))


def test_names_are_remembered_from_request_to_request_but_for_long_and_for_too_many_ones():
    settings = Settings()
    with remembering(Notes(), Tally(settings)) as reading:
        name = reading.name(b"GET /orders")
        assert len(reading.name(b"n" * (LONGEST_REMEMBERED + 1))) == LONGEST_REMEMBERED + 1
        assert list(reading.names) == [b"GET /orders"]
    with remembering(Notes(), Tally(settings)) as reading:
        assert reading.name(b"GET /orders") is name
        for number in range(MOST_REMEMBERED + 1):
            reading.name(b"%d" % number)
        assert len(reading.names) <= MOST_REMEMBERED


def test_a_name_that_is_no_utf8_is_noted_each_time():
    notes = Notes()
    with remembering(notes, Tally(Settings())) as reading:
        assert reading.name(b"\xff") == reading.name(b"\xff") == "\ufffd"
    assert notes.total == 2


def test_resources_and_scopes_are_remembered_but_for_large_and_for_too_many_ones():
    with remembering(Notes(), Tally(Settings())) as reading:
        for size in (1, LONGEST_SENDER, LONGEST_SENDER + 1):
            scope = reading.known(reading.scopes, b"s" * size, lambda raw: Scope(raw.decode()))
            again = reading.known(reading.scopes, b"s" * size, lambda raw: Scope(raw.decode()))
            assert (scope is again) == (size <= LONGEST_SENDER)
        for number in range(MOST_SENDERS + 1):
            reading.known(reading.scopes, b"%d" % number, lambda raw: Scope(raw.decode()))
        assert 0 < len(reading.scopes) <= MOST_SENDERS


def test_results_are_kept_by_a_text_or_by_two_within_bounds():
    whole: Any = remembered(2, 5)(lambda text: [text])
    pairs: Any = remembered(2, 5)(lambda two: [two])
    for function, short, long in ((whole, "abcde", "abcdef"), (pairs, ("ab", "cde"), ("ab", "cdef"))):
        assert function[short] is function[short] == [short]
        assert function[long] is not function[long] == [long]
        assert list(function) == [short]
    assert [whole[text] for text in "abc"] == [["a"], ["b"], ["c"]]
    assert len(whole) <= 2
