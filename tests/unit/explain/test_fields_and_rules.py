"""Ways to fields, and the rules behind members."""

from pathlib import Path

import pytest

import raygate
from raygate_local.explain.fields import fields_of, text_of
from raygate_local.explain.rules import BY_MEMBER, ROWS, rule_of
from raygate_local.mapping_page import SECTIONS
from tests.corpus import golden


@pytest.mark.parametrize(
    ("document", "ways"),
    [
        ({"name": "a"}, ["name"]),
        ({"http": {"request": {"method": "GET"}}}, ["http.request.method"]),
        ({"http": {"request": {}}}, ["http.request"]),
        ({"metadata": {"default": {"a.b": {"c": 1}, "d": [1, 2]}}}, ['metadata.default["a.b"]', "metadata.default.d"]),
        ({"annotations": {"a": 1}}, ["annotations.a"]),
        ({"links": [{"id": "1", "attributes": {"a": [1]}}]}, ["links[0].id", "links[0].attributes.a"]),
        ({"cause": {"exceptions": [{"stack": [{"line": 1}]}]}}, ["cause.exceptions[0].stack"]),
        ({"metadata": {"shop": None}}, ["metadata.shop"]),
    ],
)
def test_a_document_is_taken_apart(document, ways):
    assert [text_of(way[1:]) for way in fields_of([document])] == ways


def test_every_member_of_the_exporters_documents_has_a_rule_of_its_own():
    members = {member for one in golden("default").values() for document in one.documents for member in document}
    assert members <= BY_MEMBER.keys()


@pytest.mark.parametrize("member", sorted(BY_MEMBER))
def test_a_rule_names_a_file_that_is_there_and_its_section(member):
    rule = rule_of(member)
    assert (Path(raygate.__file__).parent / rule.file).is_file()
    assert rule.source.startswith("xray-conversion.md, section")
    assert rule.words


def test_every_row_of_the_page_can_be_named():
    assert {row.id for _, rows in SECTIONS for row in rows} | {"redaction"} == ROWS.keys()
