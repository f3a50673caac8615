"""What X-Ray refused although it fits: more strictly, once, and never beyond its identity."""

import json
from typing import Any

import pytest
from hypothesis import given

from raygate.segment import Options, convert
from raygate.segment.fit import fit
from raygate.segment.refit import MOST_BYTES, refit
from tests.strategies import spans

IDENTITY = ("id", "trace_id", "parent_id", "start_time", "end_time", "type", "in_progress")


def a_document(**members: Any) -> str:
    return json.dumps(
        {"name": "shop", "id": "a" * 16, "trace_id": "1-2-3", "start_time": 1.0, "end_time": 2.0} | members
    )


def refitted(text: str, code: str) -> dict[str, Any]:
    mended = refit(text, code)
    assert mended is not None
    document: dict[str, Any] = json.loads(mended)
    return document


def test_a_name_becomes_plainer():
    document = refitted(a_document(name="größe  (x)"), "InvalidName")
    assert document["name"] == "gr e x"
    assert document["metadata"]["raygate"]["fit"] == ["name: X-Ray refused it, made plainer"]


def test_a_name_of_which_nothing_is_left_is_unknown():
    assert refitted(a_document(name="注文"), "InvalidName")["name"] == "unknown"


def test_annotations_move_to_metadata():
    given = a_document(annotations={"a": 1}, metadata={"raygate": {"fit": ["before"], "annotations": {"b": 2}}})
    document = refitted(given, "InvalidAnnotations")
    assert "annotations" not in document
    assert document["metadata"]["raygate"]["annotations"] == {"b": 2, "a": 1}
    assert document["metadata"]["raygate"]["fit"][0] == "before"


@pytest.mark.parametrize("before", ['{"b":"xxx… [99 bytes cut]', 5, ["b"], None])
def test_what_is_no_map_or_list_any_more_in_our_own_metadata_is_kept_beside_what_is_new(before):
    given = a_document(annotations={"a": 1}, metadata={"raygate": {"fit": before, "annotations": before}})
    ours = refitted(given, "InvalidAnnotations")["metadata"]["raygate"]
    assert ours["annotations"] == {"cut": before, "a": 1}
    assert ours["fit"][:-1] == (before if isinstance(before, list) else [before])


@pytest.mark.parametrize("code", ["SegmentTooLarge", "InvalidSize", "413"])
def test_a_document_that_is_too_large_for_x_ray_becomes_half_of_what_the_rules_allow(code):
    document = a_document(metadata={"default": {"long": "x" * 50_000}})
    mended = refit(document, code)
    assert mended
    assert len(mended) <= MOST_BYTES


@pytest.mark.parametrize(
    ("code", "members"),
    [
        ("InvalidTraceId", {}),
        ("MissingId", {}),
        ("ParseError", {}),
        ("SomethingNew", {"name": "größe"}),
        ("InvalidName", {}),
        ("InvalidAnnotations", {}),
        ("SegmentTooLarge", {}),
    ],
)
def test_where_there_is_nothing_to_mend_the_document_is_left_alone(code, members):
    assert refit(a_document(**members), code) is None


@given(spans())
def test_whatever_is_mended_keeps_its_identity_and_can_be_mended_once(span):
    for document in convert([span], Options()).documents:
        given_text = fit(document).text
        before = json.loads(given_text)
        for code in ("InvalidName", "InvalidAnnotations", "SegmentTooLarge"):
            if (mended := refit(given_text, code)) is not None:
                after = json.loads(mended)
                assert {name: after.get(name) for name in IDENTITY} == {name: before.get(name) for name in IDENTITY}
                assert refit(mended, code) is None
