"""Short key-values: what is read without the parser is what the parser reads."""

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from raygate.decode.short import short

TEXTS = st.text(max_size=8)
VALUES = st.one_of(
    TEXTS.map(lambda text: AnyValue(string_value=text)),
    st.integers(-(2**63), 2**63 - 1).map(lambda number: AnyValue(int_value=number)),
    st.integers(0, 300).map(lambda number: AnyValue(int_value=number)),
    st.booleans().map(lambda value: AnyValue(bool_value=value)),
    st.floats().map(lambda number: AnyValue(double_value=number)),
)
LISTS = st.lists(VALUES, max_size=4).map(lambda values: AnyValue(array_value=ArrayValue(values=values)))
MAPS = st.lists(
    st.builds(lambda key, value: KeyValue(key=key, value=value), TEXTS, st.one_of(VALUES, LISTS)), max_size=4
)
NESTED = st.one_of(LISTS, MAPS.map(lambda members: AnyValue(kvlist_value=KeyValueList(values=members))))
LONG = st.integers(100, 400).map(lambda size: AnyValue(string_value="ä" + "x" * size))
KEY_VALUES = st.builds(
    lambda key, value: KeyValue(key=key, value=value).SerializeToString(), TEXTS, st.one_of(VALUES, NESTED, LONG)
)
TAGS = st.sampled_from(b"\x00\x01\x02\x08\x0a\x10\x12\x18\x21\x2a\x32\x7f\x80\xff")


def parsed(raw: bytes) -> tuple[str, object]:
    message = KeyValue.FromString(raw)
    return message.key, value_of(message.value)


def value_of(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(one) for one in value.array_value.values]
    if kind == "kvlist_value":
        return {one.key: value_of(one.value) for one in value.kvlist_value.values}
    return kind and getattr(value, kind)


def is_read_alike(raw: bytes) -> bool:
    read = short(raw)
    return read is None or repr(read) == repr(parsed(raw))


@given(KEY_VALUES)
def test_what_is_read_without_the_parser_is_what_it_reads(raw):
    assert is_read_alike(raw)


@given(KEY_VALUES, st.lists(st.tuples(st.integers(0, 63), TAGS), min_size=1, max_size=3))
def test_damaged_bytes_are_left_to_the_parser_unless_they_mean_something(raw, changes):
    damaged = bytearray(raw)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    assert is_read_alike(bytes(damaged))


def test_texts_of_all_lengths_are_read_alike_and_most_without_the_parser():
    sizes = [*range(200), *range(0x3E00, 0x4020), 70_000]
    raws = {size: KeyValue(key="k", value=AnyValue(string_value="x" * size)).SerializeToString() for size in sizes}
    assert all(map(is_read_alike, raws.values()))
    # Where the lengths of text and value take one byte and two, or three.
    assert [size for size, raw in raws.items() if short(raw) is None] == [126, 127, *range(0x3F01, 0x4020), 70_000]


def test_the_common_kinds_are_read_without_the_parser():
    for value in (AnyValue(string_value="GET"), AnyValue(int_value=2**62), AnyValue(bool_value=False)):
        assert short(KeyValue(key="k", value=value).SerializeToString()) == ("k", value_of(value))
    texts = ArrayValue(values=[AnyValue(string_value="a"), AnyValue(string_value="")])
    assert short(KeyValue(key="k", value=AnyValue(array_value=texts)).SerializeToString()) == ("k", ["a", ""])
    assert short(KeyValue(key="k", value=AnyValue(double_value=0.5)).SerializeToString()) == ("k", 0.5)
    members = [KeyValue(key="a", value=AnyValue(int_value=7)), KeyValue(key="b", value=AnyValue(string_value="c"))]
    of_members = AnyValue(kvlist_value=KeyValueList(values=members))
    assert short(KeyValue(key="k", value=of_members).SerializeToString()) == ("k", {"a": 7, "b": "c"})
    twice = AnyValue(kvlist_value=KeyValueList(values=[*members, members[0]]))
    assert short(KeyValue(key="k", value=twice).SerializeToString()) is None
