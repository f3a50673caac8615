"""Whatever is converted and fitted, X-Ray takes; the strict rules know nothing of the code that fits."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from raygate.segment import Options, convert
from raygate.segment.fit import fit
from raygate.segment.repair import has_non_finite
from raygate.segment.shrink import MAX_BYTES
from raygate.span import Value
from raygate_local.xray import rules
from tests.strategies import spans

STRETCH = st.sampled_from([1, 7, 300, 9_000])
NUMBERS = st.sampled_from([float("nan"), float("inf"), float("-inf")])


def stretched(value: Value, times: int) -> Value:
    """The same shape, larger: small values are quick to make, and to make smaller when a test fails."""
    if isinstance(value, str):
        return value * times
    if isinstance(value, list):
        return [stretched(item, times) for item in value] * min(times, 50)
    return (
        {key * min(times, 50): stretched(item, times) for key, item in value.items()}
        if isinstance(value, dict)
        else value
    )


@given(spans(), STRETCH, st.booleans(), NUMBERS)
@settings(max_examples=150)
def test_every_document_passes_the_strict_rules_after_fit(span, times, index_all, number):
    span.name *= times
    span.attributes = {key: stretched(value, times) for key, value in span.attributes.items()} | {"number": number}
    for document in convert([span], Options(index_all_attributes=index_all)).documents:
        before = repr(document)
        fitted = fit(document)
        assert list(rules.faults(fitted.document)) == []
        assert json.loads(fitted.text) == fitted.document
        assert len(fitted.text.encode()) <= MAX_BYTES
        assert repr(document) == before
        assert fit(fitted.document).document is fitted.document


@given(spans())
@settings(max_examples=150)
def test_a_document_that_x_ray_takes_is_left_alone(span):
    for document in convert([span], Options()).documents:
        if not list(rules.faults(document)) and len(json.dumps(document)) < MAX_BYTES:
            assert fit(document).document is document


@given(spans(), st.booleans(), st.one_of(NUMBERS, st.just(0.5), st.none()), st.booleans())
@settings(max_examples=150)
def test_no_document_without_doubt_holds_a_number_that_is_none(span, index_all, number, is_of_resource):
    attributes = span.resource.attributes if is_of_resource else span.attributes
    attributes |= {"number": number, "numbers": [number]}
    converted = convert([span], Options(index_all_attributes=index_all))
    for document, is_doubtful in zip(converted.documents, converted.doubtful, strict=True):
        assert is_doubtful or not has_non_finite(document)
