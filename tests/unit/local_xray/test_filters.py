"""Filter expressions: what they find, and how they are refused."""

import json

import pytest

from raygate_local.xray import rules
from raygate_local.xray.filters import Facts, FilterError, parse
from raygate_local.xray.filters.keywords import OPERATORS, WORDS, Kind
from raygate_local.xray.filters.reading import MAX_DEPTH
from raygate_local.xray.filters.tokens import MAX_LENGTH
from tests.unit.local_xray.filtering import FACTS, TRACES, groups, table

MATCHES = table("matches")
REFUSED = table("refused")


def refusal(text):
    with pytest.raises(FilterError) as error:
        parse(text, groups)
    return error.value


@pytest.mark.parametrize(("text", "names"), MATCHES, ids=[text for text, _ in MATCHES])
def test_an_expression_finds_its_traces(text, names):
    asked = parse(text, groups)
    assert [name for name, facts in FACTS.items() if asked.matches(facts)] == names
    assert [name for name, facts in FACTS.items() if asked.finds(facts.dump())] == names


@pytest.mark.parametrize(("text", "names"), MATCHES, ids=[text for text, _ in MATCHES])
def test_the_canonical_text_of_an_expression_is_read_as_the_same_one(text, names):
    asked = parse(text, groups)
    assert parse(str(asked), groups) == asked
    assert str(parse(str(asked), groups)) == str(asked)


@pytest.mark.parametrize(("text", "column", "message"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_an_expression_that_cannot_be_read_is_refused_with_the_place_and_the_reason(text, column, message):
    error = refusal(text)
    assert (error.column, error.message) == (column, message)


def test_the_tables_show_every_keyword_and_every_operator():
    texts = " ".join(text.lower() for text, _ in MATCHES)
    assert [word for word in WORDS if word not in texts] == []
    assert [operator for operator in OPERATORS[Kind.ANY] if f" {operator.lower()} " not in texts] == []
    assert len(MATCHES) >= 60


@pytest.mark.parametrize("name", TRACES)
def test_the_traces_are_such_as_x_ray_takes(name):
    for document in TRACES[name]:
        assert rules.read(json.dumps(document)) == document


@pytest.mark.parametrize("name", FACTS)
def test_facts_that_were_kept_are_the_same(name):
    assert Facts.load(FACTS[name].dump()) == FACTS[name]


@pytest.mark.parametrize(
    ("before", "middle", "after"),
    [("(", "fault", ")"), ("!", "fault", ""), ("not ", "fault", ""), ("!(", "ok", ")"), ("(((", "", "")],
)
def test_deep_expressions_are_read_up_to_a_bound_and_then_refused(before, middle, after):
    deep = before * 3000 + middle + after * 3000
    assert "levels deep" in refusal(deep[:MAX_LENGTH]).message
    if middle:
        few = before * (MAX_DEPTH // len(before.strip())) + middle + after * (MAX_DEPTH // len(before.strip()))
        assert str(parse(str(parse(few)))) == str(parse(few))


def test_a_json_is_read_up_to_a_depth():
    assert "JSON" in refusal("rootcause.json = #" + "[" * 4000).message
    assert "levels deep" in refusal("rootcause.json = #" + "[" * 21 + "]" * 21).message
    parse("rootcause.json = #" + "[" * 20 + "]" * 20)
    parse('rootcause.json = #{"Name": "\\ud83d"}')


def test_an_expression_has_a_greatest_length():
    error = refusal("fault OR " * 2000)
    assert (error.column, error.message) == (10_000, "the expression has 18000 characters, more than 10000")


def test_a_long_expression_is_read_and_judged():
    asked = parse(" OR ".join(['annotation.items = "no"'] * 370))
    assert not any(asked.matches(facts) for facts in FACTS.values())


def test_what_groups_stand_for_counts_for_the_length():
    long = " OR ".join(["fault"] * 800)
    with pytest.raises(FilterError, match="with its groups"):
        parse('group.name = "long" OR group.name = "long"', lambda _keyword, _value: long)


def test_a_group_is_not_defined_by_groups():
    with pytest.raises(FilterError, match="there is no group"):
        parse('group.name = "ring"', lambda _keyword, _value: 'group.name = "ring"')


def test_an_error_tells_the_column_to_people_as_they_count():
    assert str(refusal("falt")) == "unknown keyword falt: did you mean fault? (column 1)"


def test_a_long_word_is_named_by_its_beginning():
    assert refusal("z" * 99).message == f"unknown keyword {'z' * 40}…"


def test_a_filter_knows_whether_it_asks_for_anything():
    assert [parse(text).is_everything for text in ("", " \n", "ok")] == [True, True, False]
