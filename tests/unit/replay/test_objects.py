"""Whatever lies in a bucket is read by what it says of itself, or else by its name."""

import gzip
import json
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.keep import Accepted, MessageError, Object, Undelivered
from raygate.keep.bundles import bundle
from raygate.keep.message import pack
from raygate.keep.parked import Parked, parked_object
from raygate.replay.objects import kept_in
from raygate.request import Request
from tests.unit.replay.stage import a_document, a_message

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

JSON = b'{"resourceSpans":[]}'

FORMS = [
    ("a.pb", {}, ("protobuf", "")),
    ("a.bin", {}, ("protobuf", "")),
    ("a.PB.GZ", {}, ("protobuf", "gzip")),
    ("a.json", {}, ("json", "")),
    ("folder.pb/a.json.zst", {}, ("json", "zstd")),
    ("day=2026-03-12/part 1.pb.gz", {}, ("protobuf", "gzip")),
    ("a", {"content-type": "application/x-protobuf"}, ("protobuf", "")),
    ("a.json", {"content-type": "application/x-protobuf"}, ("protobuf", "")),
    ("a.pb", {"content-type": "application/json; charset=utf-8"}, ("json", "")),
    ("a", {"content-type": "application/json", "content-encoding": "gzip"}, ("json", "gzip")),
    ("a.pb.gz", {"content-encoding": "deflate"}, ("protobuf", "deflate")),
    ("a.pb", {"content-type": "text/plain"}, ("protobuf", "")),
]


@pytest.mark.parametrize(("key", "metadata", "form"), FORMS)
def test_one_request_is_read_by_its_metadata_and_then_by_its_name(key, metadata, form):
    (kept,) = kept_in(key, Object(b"\x1f\x8b as it is", metadata))
    assert isinstance(kept, Accepted)
    assert (kept.request.encoding, kept.request.content_encoding) == form
    assert kept.request.body == b"\x1f\x8b as it is"


@pytest.mark.parametrize(
    ("key", "body", "metadata"),
    [
        ("a.jsonl", JSON + b"\n\r\n" + JSON, {}),
        ("a.ndjson", JSON + b"\n" + JSON + b"\n", {"content-type": "application/json"}),
        ("a.jsonl.gz", gzip.compress(JSON + b"\n" + JSON, mtime=0), {}),
        ("a.jsonl.zst", zstd.compress(JSON + b"\n" + JSON), {}),
        (
            "a",
            gzip.compress(JSON + b"\n" + JSON, mtime=0),
            {"content-type": "application/x-ndjson", "content-encoding": "gzip"},
        ),
    ],
    ids=["jsonl", "ndjson", "gzip", "zstd", "by metadata"],
)
def test_each_line_is_a_request(key, body, metadata):
    found = list(kept_in(key, Object(body, metadata)))
    assert [kept.request.body for kept in found if isinstance(kept, Accepted)] == [JSON, JSON]


def test_an_objects_tenant_and_receipt_are_what_it_says():
    metadata = {"raygate-tenant": "shop", "raygate-received-ms": "1700000000000", "raygate-request-id": "r-1"}
    (kept,) = kept_in("a.pb", Object(b"", metadata))
    assert kept == Accepted(Request(b"", "protobuf", tenant="shop"), "r-1", 1_700_000_000_000)


@pytest.mark.parametrize("text", ["", "soon", "-1", "1" * 30, "٣"])
def test_a_receipt_that_is_none_is_nobodys_knowledge(text):
    (kept,) = kept_in("a.pb", Object(b"", {"raygate-received-ms": text}))
    assert kept.received_ms == 0


@pytest.mark.parametrize("metadata", [None, {}], ids=["its own metadata", "no metadata"])
def test_a_bundle_of_the_archive_is_its_messages(metadata):
    messages = [a_message([1], tenant="a"), pack(Undelivered((a_document(2),), "b"))]
    stored = bundle(messages)
    found = list(kept_in("archive/a/2026/11/22/12/x.jsonl.gz", Object(stored.body, metadata or stored.metadata)))
    assert [type(kept) for kept in found] == [Accepted, Undelivered]


@pytest.mark.parametrize("metadata", [None, {}], ids=["its own metadata", "no metadata"])
def test_a_parked_object_is_its_document(metadata):
    stored = parked_object(Parked(a_document(1), tenant="shop", request_id="r-1", received_ms=5))
    found = list(kept_in("parked/shop/2026/a.json", Object(stored.body, metadata or stored.metadata)))
    assert found == [Undelivered((a_document(1),), "shop", "r-1", 5)]


@pytest.mark.parametrize("key", ["a", "a.txt", "a.gz", "pb", "a.pb/", "a.json.zip"])
def test_an_object_that_says_nothing_is_refused(key):
    with pytest.raises(MessageError, match="neither requests nor a parked document"):
        list(kept_in(key, Object(b"secret")))


@given(
    key=st.sampled_from(["a.jsonl", "a.jsonl.gz", "archive/a/x.jsonl.gz", "parked/a/x.json", "a.pb", "a.json.zst"]),
    body=st.binary(max_size=60) | st.binary(max_size=60).map(gzip.compress) | st.just(json.dumps([1]).encode()),
    content_type=st.sampled_from(["", "application/json", "application/vnd.raygate.parked+json", "text/html"]),
)
def test_any_bytes_are_kept_or_refused(key, body, content_type):
    metadata = {"content-type": content_type}
    with suppress(MessageError):
        assert all(isinstance(kept, Accepted | Undelivered) for kept in kept_in(key, Object(body, metadata)))
