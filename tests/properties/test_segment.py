"""What holds for the document of any span."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from raygate.segment import Options, convert
from tests.strategies import ACCOUNTED_FOR, SOMETIMES, spans


@given(spans())
@settings(max_examples=300)
def test_every_attribute_is_in_a_block_or_in_metadata(span):
    call, *_ = convert([span], Options()).documents
    metadata = call.get("metadata", {})
    kept = set(metadata.get("default", {}))
    namespaces = {f"aws.xray.metadata.{name}" for name in metadata}
    asked = span.attributes.get("aws.xray.annotations")
    annotated = set(asked) if isinstance(asked, list) and all(isinstance(key, str) for key in asked) else set()
    if isinstance(asked, list):
        annotated |= {key for key in asked if isinstance(key, str)}
    for key, value in span.attributes.items():
        if key in ACCOUNTED_FOR:
            assert key not in kept
        elif value is not None and key not in SOMETIMES | annotated | namespaces:
            is_merged = key.lower() == "aws.xray.metadata.default" and isinstance(value, str)
            assert key in kept or is_merged, key


@given(spans(), st.booleans())
@settings(max_examples=300)
def test_every_document_has_its_members_and_is_json(span, index_all):
    for document in convert([span], Options(index_all_attributes=index_all)).documents:
        assert {"name", "id", "trace_id", "start_time", "fault", "error", "throttle"} <= set(document)
        assert ("end_time" in document) != ("in_progress" in document)
        assert document.get("annotations", True)
        assert json.loads(json.dumps(document, allow_nan=False)) == document


@given(spans())
@settings(max_examples=200)
def test_ids_survive(span):
    first, *rest = convert([span], Options()).documents
    assert first["id"] == span.span_id
    assert first["trace_id"].replace("-", "") == "1" + span.trace_id
    assert (rest[-1] if rest else first).get("parent_id", "") == span.parent_span_id
