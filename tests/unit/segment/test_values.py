"""Values as text, where the exporter writes a code of any type into a message."""

import pytest

from raygate.segment.values import plain_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"), ("", ""), (None, ""), (True, "true"), (503, "503"), (b"\xff", "/w=="), (b"", ""),
        (5.0, "5"), (-0.0, "-0"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
        (float("nan"), "NaN"), (float("inf"), "Infinity"), (float("-inf"), "-Infinity"),
        ([], "[]"), ({}, "{}"),
        ([1, 1e16, 1e-5, None, b"", b"a", "<\u2028é\n"],
         '[1,10000000000000000,0.00001,null,null,"YQ==","<\\u2028é\\n"]'),
        ({"b": [True], "a": {"": 2.0}}, '{"a":{"":2},"b":[true]}'), ([float("nan")], ""),
    ],
)  # fmt: skip
def test_a_value_is_written_in_the_collectors_way(value, text):
    assert plain_text(value) == text
