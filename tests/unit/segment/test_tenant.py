"""The tenant as an annotation."""

from typing import Any

import pytest

from raygate.segment.tenant import with_tenant


@pytest.mark.parametrize(
    ("annotations", "tenant", "becomes"),
    [
        (None, "shop", {"raygate_tenant": "shop"}),
        ({"a": 1}, "shop", {"raygate_tenant": "shop", "a": 1}),
        ({"raygate_tenant": "bank", "a": 1}, "shop", {"raygate_tenant": "shop", "a": 1}),
        ({"raygate_tenant": "bank"}, "", {}),
        (None, "", None),
    ],
)
def test_the_annotation_is_ours_alone(annotations: Any, tenant, becomes):
    document = {"id": "1"} | ({} if annotations is None else {"annotations": annotations})
    before = repr(document)
    assert with_tenant(document, tenant).get("annotations") == becomes
    assert repr(document) == before


def test_it_stands_first_so_that_a_limit_does_not_cut_it_off():
    document = {"annotations": dict.fromkeys("abc", 1)}
    assert next(iter(with_tenant(document, "shop")["annotations"])) == "raygate_tenant"
