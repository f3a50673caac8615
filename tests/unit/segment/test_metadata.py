"""Namespaces of metadata that a span brings as JSON text."""

import pytest

from raygate.segment import Options, convert
from tests.builders import a_span


def metadata(text: str, key: str = "aws.xray.metadata.ns"):
    (document,) = convert([a_span({key: text})], Options()).documents
    return document.get("metadata")


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "[1]", '"a"', "1", "true", "{", '{"a":NaN}', '{"a":-Infinity}', '{"a":1e999}',
        '{"a":' + "9" * 5000 + "}", '{"a":1}x', "[" * 5000, '{"a":' * 150 + "1" + "}" * 150,
    ],
)  # fmt: skip
def test_a_text_that_is_no_object_stays_an_ordinary_attribute(text):
    assert metadata(text) == {"default": {"aws.xray.metadata.ns": text}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {"ns": {}}),
        ("null", {"ns": None}),
        (' {"a": [1, 2.5, "x", null, {"b": true}]} ', {"ns": {"a": [1, 2.5, "x", None, {"b": True}]}}),
        ('{"a":9007199254740993}', {"ns": {"a": 9007199254740992}}),
        (r'{"\ud83d":"a\ud83dz"}', {"ns": {"\ufffd": "a\ufffdz"}}),
    ],
)
def test_an_object_becomes_a_namespace(text, expected):
    assert metadata(text) == expected


@pytest.mark.parametrize("name", ["default", "DEFAULT", "Default"])
def test_the_default_namespace_takes_the_members_in_and_they_win(name):
    span = a_span({f"aws.xray.metadata.{name}": '{"a":1,"b":2}', "a": "plain", "c": 3})
    (document,) = convert([span], Options()).documents
    assert document["metadata"] == {"default": {"a": 1, "b": 2, "c": 3}}


def test_null_for_the_default_namespace_says_nothing():
    assert metadata("null", "aws.xray.metadata.default") is None
