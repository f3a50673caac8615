"""What X-Ray would refuse is repaired, and the rest is left alone."""

import json
from typing import Any

import pytest

from raygate.errors import SpanError
from raygate.segment.fit import fit
from raygate.segment.shrink import MAX_BYTES
from tests.corpus import golden

LONG = "x" * 70_000


def a_document(**members: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "id": "a1b2c3d4e5f60718",
        "trace_id": "1-68b1f2c0-5f84a1a7b3c1d2e3f4a5b6c7",
        "start_time": 1.0,
        "end_time": 2.0,
        "fault": False,
        "error": False,
        "throttle": False,
    } | members


GOLDEN = [document for row in golden("index-all").values() for document in row.documents]


@pytest.mark.parametrize(
    "document",
    [
        a_document(),
        a_document(name="Grüße 漢字 1\u00a0\u2003²_.:/%&#=+\\-@"),
        a_document(name="x" * 200),
        a_document(annotations={f"k.{n}_": "v" * 1000 for n in range(50)}),
        a_document(metadata={"default": {"k": None}, "aws.mine": {}, "other": None}),
        a_document(metadata={"default": {"k": "x" * 63_000}}),
        a_document(http={"request": {"url": "https://shop.example/" + "x" * 2000}}),
    ],
    ids=lambda document: document["name"][:8],
)
def test_a_document_that_x_ray_takes_is_left_alone(document):
    fitted = fit(document)
    assert fitted.document is document
    assert fitted.changes == ()
    assert json.loads(fitted.text) == document


def test_the_documents_of_real_requests_are_left_alone_but_for_their_annotations():
    changed = [fit(document) for document in GOLDEN if fit(document).changes]
    assert len(changed) < len(GOLDEN) / 50
    assert all(change.startswith(("annotations", "document")) for fitted in changed for change in fitted.changes)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (None, "unknown"), ("", "unknown"), ("***", "unknown"), ("GET /a?b=(1)", "GET /ab=1"), ("a\tb\r\nc", "a b  c"),
        ("e\u0301", "e"), ("🎉 sale", " sale"), ("x" * 201, "x" * 200), ("*" + "x" * 200, "x" * 200),
    ],
)  # fmt: skip
def test_a_name_keeps_what_it_may_have(name, kept):
    fitted = fit(a_document(name=name))
    assert fitted.document["name"] == kept
    assert fitted.document["metadata"]["raygate"]["fit"] == list(fitted.changes)
    assert fitted.changes[0].startswith("name: ")


def test_of_too_many_annotations_the_resources_go_to_metadata_and_none_is_lost():
    given = {f"otel.resource.k{n}": n for n in range(20)} | {f"k{n}": n for n in range(45)}
    document = fit(a_document(annotations=given, metadata={"default": {"otel.resource.k19": "taken"}})).document
    assert len(document["annotations"]) == 50
    assert document["annotations"] | document["metadata"]["raygate"]["annotations"] == given
    assert {f"k{n}" for n in range(45)} <= set(document["annotations"])
    assert document["metadata"]["default"] == {"otel.resource.k19": "taken"}


def test_a_long_annotation_is_cut_and_kept_whole_in_metadata():
    document = fit(a_document(annotations={"k": "x" * 1001})).document
    assert document["annotations"] == {"k": "x" * 1000}
    assert document["metadata"]["raygate"]["annotations"] == {"k": "x" * 1001}


@pytest.mark.parametrize("key", ["", "k" * 501, "a-b", "ä"])
def test_an_annotation_key_that_x_ray_does_not_know_is_changed_and_kept(key):
    document = fit(a_document(annotations={key: 1})).document
    assert document["annotations"].popitem()[1] == 1
    assert document["metadata"]["raygate"]["annotations"] == {key: 1}


def test_reserved_namespaces_are_renamed():
    document = fit(a_document(metadata={"AWS.x": {"k": 1}, "_AWS.x": {"k": 2}})).document
    assert document["metadata"]["__AWS.x"] == {"k": 1}
    assert document["metadata"]["_AWS.x"] == {"k": 2}
    assert "AWS.x" not in document["metadata"]


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    "members",
    [
        {"metadata": {"default": {"k": NAN}}},
        {"metadata": {"default": {"k": [1, {"x": INFINITY}]}}},
        {"metadata": {"default": {"k": [NAN]}}},
        {"annotations": {"k": -INFINITY}},
        {"links": [{"trace_id": "1-68b1f2c0-5f84a1a7b3c1d2e3f4a5b6c7", "id": "", "attributes": {"k": NAN}}]},
    ],
)
def test_what_is_no_number_becomes_a_word_or_is_refused(members):
    fitted = fit(a_document(**members))
    assert fitted.changes == ("numbers: NaN or infinity written as text",)
    assert "null" not in fitted.text
    with pytest.raises(SpanError, match="unsupported value"):
        fit(a_document(**members), replace_non_finite=False)


@pytest.mark.parametrize("members", [{"id": None}, {"metadata": {"default": {"k": 2**64}}}, {"user": "\ud83d"}])
def test_what_cannot_be_repaired_is_refused(members):
    with pytest.raises(SpanError):
        fit(a_document(**members))


def exceptions(count: int, **members: Any) -> dict[str, Any]:
    one = {"id": "a1b2c3d4e5f60718", "type": "E", "message": "m", "remote": False} | members
    return {"exceptions": [dict(one) for _ in range(count)]}


FRAME = {"path": "Shop.java", "line": 155, "label": "io.x.Shop.buy"}

TOO_LARGE = {
    "one text": a_document(metadata={"default": {"k": LONG, "small": "kept"}}),
    "control characters": a_document(metadata={"default": {"k": "\x00" * 20_000}}),
    "wide characters": a_document(metadata={"default": {"k": "漢" * 40_000}}),
    "a structure": a_document(metadata={"default": {"k": {"a": [LONG[:900]] * 100}}}),
    "many texts": a_document(metadata={"default": {f"k{n}": "x" * 3_000 for n in range(50)}}),
    "many small values": a_document(metadata={"default": {f"key-{n}": n for n in range(20_000)}}),
    "a long key": a_document(metadata={"default": {LONG: 1}}),
    "namespaces": a_document(metadata={f"ns-{n}": {"a": 1} for n in range(9_000)}),
    "frames": a_document(cause=exceptions(2, stack=[FRAME] * 2_000)),
    "messages": a_document(cause=exceptions(1, message=LONG)),
    "exceptions": a_document(cause=exceptions(5_000)),
    "a query": a_document(sql={"sanitized_query": LONG, "url": "q"}),
    "a url": a_document(http={"request": {"url": LONG, "method": "GET"}, "response": {"status": 200}}),
    "links": a_document(links=[{"trace_id": "1-68b1f2c0-5f84a1a7b3c1d2e3f4a5b6c7", "id": "a1b2c3d4e5f60718"}] * 2_000),
    "tables": a_document(aws={"table_names": [f"table-{n}" for n in range(9_000)], "xray": {}}),
    "log groups": a_document(aws={"cloudwatch_logs": [{"log_group": f"/g/{n}"} for n in range(9_000)]}),
    "annotations": a_document(annotations={f"k{n}": "x" * 1_000 for n in range(100)}),
    "of everything": a_document(
        user=LONG,
        sql={"url": LONG},
        metadata={"default": {"k": LONG}},
        cause=exceptions(3, message=LONG, stack=[FRAME] * 900),
    ),
}  # fmt: skip


@pytest.mark.parametrize("document", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_document_of_any_size_fits_afterwards_and_keeps_what_identifies_it(document):
    before = json.dumps(document)
    fitted = fit(document)
    assert len(fitted.text.encode()) <= MAX_BYTES
    assert json.loads(fitted.text) == fitted.document
    assert fitted.changes
    for member in ("name", "id", "trace_id", "start_time", "end_time", "fault", "error", "throttle"):
        assert fitted.document[member] == document[member]
    assert json.dumps(document) == before
    assert fit(fitted.document).document is fitted.document


def test_the_largest_values_are_cut_to_one_size_and_say_so():
    given = {"a": "x" * 50_000, "b": "y" * 40_000, "c": "z" * 500}
    document = fit(a_document(metadata={"default": given})).document
    kept = document["metadata"]["default"]
    assert kept["c"] == given["c"]
    assert abs(len(kept["a"]) - len(kept["b"])) <= 2
    assert kept["a"].startswith("xxx")
    assert kept["a"].endswith(" bytes cut]")
    assert len(json.dumps(document, ensure_ascii=False).encode()) > MAX_BYTES - 2_000


def test_metadata_goes_before_the_url_and_the_message():
    document = a_document(
        http={"request": {"url": "u" * 20_000}},
        cause=exceptions(1, message="m" * 20_000, stack=[FRAME] * 500),
        metadata={"default": {"k": LONG}},
    )
    fitted = fit(document).document
    assert fitted["http"] == document["http"]
    (kept,) = fitted["cause"]["exceptions"]
    assert kept["message"] == "m" * 20_000
    assert kept["truncated"] == 500 - len(kept["stack"])
