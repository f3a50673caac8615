"""Filter expressions mean what they say, whatever the trace; any text is read or refused with its place."""

from hypothesis import given, settings
from hypothesis import strategies as st

from raygate_local.xray.filters import (
    Facts,
    Filter,
    FilterError,
    Vocabulary,
    both,
    complete,
    equals,
    excludes,
    facts_of,
    parse,
    service,
)
from raygate_local.xray.filters.expression import (
    And,
    Compare,
    Edge,
    Expression,
    Id,
    Is,
    Not,
    Or,
    RootCause,
    RootCauseJson,
    Service,
    canonical,
)
from raygate_local.xray.filters.keywords import KEYWORDS, LEVELS, OPERATORS, STEPS, VALUES, Kind, Scope
from tests.properties.plain_filters import expressions, holds, traces, written

WRITTEN = [
    *("fault ", "http.url ", "= ", "AND ", "or ", "not ", "service(", "edge(", "annotation[a]", "annotation.", "last"),
    *("rootcause.json = #", "group.name", "rootcause.fault.service", "5", "-1.5e3", '"x"', "true", "id(", "name:", "é"),
]
PIECES = st.sampled_from([*'"\\()[]{}!=<>#:,. \n', *WRITTEN])
TEXT = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30)
VALUE = (
    st.text(max_size=20)
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
WORDS = Vocabulary.of(
    [facts_of([{"id": "1" * 16, "name": 'a "b"', "start_time": 1, "user": "ada", "annotations": {"a": 1, "b": "x"}}])]
)


@given(traces(), st.lists(expressions(), min_size=10, max_size=10))
@settings(max_examples=50)
def test_a_trace_matches_as_a_plain_look_into_its_documents_says(made, several):
    facts = facts_of(made.documents)
    for asked in several:
        text = written(asked)
        assert parse(text).matches(facts) is holds(asked, made)
        assert parse(str(parse(text))).finds(facts.dump()) is holds(asked, made)


def read(text: str) -> tuple[Filter | None, FilterError | None]:
    """One or the other."""
    try:
        return parse(text), None
    except FilterError as error:
        return None, error


@st.composite
def terms(draw: st.DrawFn, scope: Scope = Scope.TRACE) -> Expression:
    known = [name for name, keyword in KEYWORDS.items() if scope in keyword.scopes]
    known += ["annotation.a", "annotation.b.c"] if scope in (Scope.TRACE, Scope.SEGMENT) else []
    keyword = draw(st.sampled_from(known))
    if draw(st.booleans()):
        return Is(keyword)
    kind = KEYWORDS[keyword].kind if keyword in KEYWORDS else Kind.ANY
    operator = draw(st.sampled_from(OPERATORS[kind]))
    values = {
        Kind.TEXT: st.text(max_size=20),
        Kind.NUMBER: st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        Kind.BOOLEAN: st.booleans(),
        Kind.ANY: VALUE,
    }
    return Compare(keyword, operator, draw(values[VALUES[operator] if kind is Kind.ANY else kind]))


def trees(terms: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.recursive(
        terms,
        lambda inner: (
            inner.map(Not)
            | st.lists(inner, min_size=2, max_size=3).map(lambda several: And(tuple(several)))
            | st.lists(inner, min_size=2, max_size=3).map(lambda several: Or(tuple(several)))
        ),
        max_leaves=6,
    )


@st.composite
def blocks(draw: st.DrawFn) -> Expression:
    text = st.text(min_size=1, max_size=10)
    which = st.builds(Id, name=st.none() | text, type=st.none() | text, account_id=st.none() | text)
    inner = st.none() | trees(terms(Scope.SEGMENT))
    cause, level = draw(st.sampled_from(list(STEPS.values())))
    json = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda one: st.lists(one, max_size=3),
        max_leaves=5,
    )
    return draw(
        st.builds(Service, which, inner)
        | st.builds(Edge, which, which, inner)
        | st.builds(RootCause, st.just(cause), st.just(level), st.none() | trees(terms(LEVELS[level])))
        | st.builds(RootCauseJson, st.sampled_from(["=", "!="]), st.lists(json, max_size=3).map(canonical))
    )


@given(trees(terms() | blocks()))
@settings(max_examples=60)
def test_every_expression_is_read_again_from_its_text(tree):
    asked = parse(str(tree))
    assert asked.expression == tree
    assert asked.matches(Facts()) in (True, False)


@given(TEXT)
@settings(max_examples=150)
def test_any_text_is_read_or_refused_with_a_place_in_it(text):
    asked, refused = read(text)
    if refused:
        assert 0 <= refused.column <= len(text)
        assert refused.message
    else:
        assert parse(str(asked)) == asked


@given(TEXT, st.integers(-1, 60))
@settings(max_examples=120)
def test_completion_has_an_answer_to_any_text(text, cursor):
    for one in complete(text, cursor, WORDS):
        assert 0 <= one.start <= one.end <= len(text)
        assert one.text in one.apply(text)


@given(VALUE)
@settings(max_examples=120)
def test_a_filter_made_of_a_value_finds_it_and_its_opposite_does_not(value):
    document = {"id": "1" * 16, "name": "shop", "start_time": 1, "end_time": 2, "annotations": {"key": value}}
    facts = facts_of([document])
    found, others = equals("annotation.key", value), excludes("annotation.key", value)
    assert parse(found).matches(facts)
    assert not parse(others).matches(facts)
    assert parse(both(found, service("shop", inner=found), "ok")).matches(facts)
