"""The documents of made-up requests are the released exporter's, as `make compare` recorded them: no Go is needed here.

`python -m compare --record tests/golden/compared.jsonl` writes the cases again, from the exporter's own answers.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from compare import ours
from compare.options import CHOICES
from raygate.request import Request
from tests.corpus import compact
from tests.same_documents import assert_same

CASES = [json.loads(line) for line in (Path(__file__).parent / "compared.jsonl").read_bytes().splitlines()]


def request_of(case: dict[str, Any]) -> Request:
    if "json" in case:
        return Request(compact(case["json"]), "json")
    return Request(b64decode(case["protobuf"]), "protobuf")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['number']}-{case['options']}")
def test_a_made_up_request_gives_the_documents_of_the_exporter(case):
    made = ours.documents(request_of(case), CHOICES[case["options"]].ours(case["now_s"]))
    assert_same(case["documents"], made)


def test_the_cases_are_of_all_options_and_both_encodings():
    assert {case["options"] for case in CASES} == set(CHOICES)
    assert {"json" in case for case in CASES} == {True, False}
    assert len(CASES) > 50
