"""A request takes memory in proportion to its body: measured in the function's own process, as a ratio.

`python -m benchmarks.memory` prints the table that docs/limits.md has.
"""

from typing import Final

import pytest

from benchmarks.memory import CASES, measure

MOST_PER_BYTE: Final = {
    "10,000 spans, protobuf": 20,
    "10,000 spans, JSON": 20,
    "hostile: 2 million empty values, protobuf": 75,
    "hostile: 2 million empty objects, JSON": 65,
}
"""Highest mark over idle, for each byte of the inflated body: about twice what was measured."""


@pytest.mark.parametrize("name", MOST_PER_BYTE)
def test_a_request_takes_memory_in_proportion_to_its_body(name):
    encoding, make = CASES[name]
    measured = measure(make(), encoding)
    assert measured.status == 200
    assert measured.per_byte < MOST_PER_BYTE[name]
