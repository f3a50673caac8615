"""What lies in the bucket: parked documents, bundles of requests, claims; there and back."""

import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.keep import Accepted, KeepError, MessageError, Object, Packed, Undelivered, pack, unpack
from raygate.keep.bundles import bundle, read_bundle
from raygate.keep.claims import claim, redeem
from raygate.keep.layout import claim_key
from raygate.keep.parked import Parked, parked_object, read_parked
from raygate.request import Request
from tests.fake_stores import MemoryBucket

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
REQUESTS = st.builds(
    Request,
    st.binary(max_size=50),
    st.sampled_from(["protobuf", "json"]),
    st.sampled_from(["gzip", "zstd"]),
    tenant=TEXTS,
)
ACCEPTED = st.builds(Accepted, REQUESTS, TEXTS, st.integers(0, 2**53))
UNDELIVERED = st.builds(Undelivered, st.lists(TEXTS, max_size=3).map(tuple), TEXTS, TEXTS, st.integers(0, 2**53))
PARKED = st.builds(Parked, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.integers(0), st.integers(0))


@given(ACCEPTED | UNDELIVERED)
def test_a_message_is_what_was_packed(kept):
    assert unpack(pack(kept)) == kept


def test_the_weight_of_a_message_is_counted_in_bytes():
    assert Packed("é", {"ü": "ö"}).weight == 2 + 2 + len("String") + 2


@given(PARKED.filter(lambda one: max(one.received_ms, one.parked_ms) < 2**53))
def test_a_parked_object_is_what_was_parked(parked):
    assert read_parked(parked_object(parked)) == parked


def test_a_parked_document_lies_at_the_hour_of_its_receipt_or_else_of_its_parking():
    assert Parked("{}", "t", "i", received_ms=1, parked_ms=3_600_001).key == "parked/-/1970/01/01/00/t-i.json"
    assert Parked("{}", "t", "i", parked_ms=3_600_001).key == "parked/-/1970/01/01/01/t-i.json"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"{}", b'{"document":1}', b'{"document":"{}","received_ms":"x"}', b'{"document":null}'],
)
def test_what_is_no_parked_object_is_said_so(body):
    with pytest.raises(MessageError):
        read_parked(Object(body))


@given(st.lists(ACCEPTED.map(pack), max_size=5))
def test_a_bundle_is_what_was_bundled(messages):
    assert list(read_bundle(bundle(messages))) == messages


def test_of_a_damaged_bundle_the_lines_before_the_damage_are_read():
    messages = [pack(Accepted(Request(bytes([number]) * 9, "protobuf", "zstd"))) for number in range(3)]
    whole = bundle(messages).body
    spoilt = gzip.compress(gzip.decompress(whole) + b'{"body":')
    read = read_bundle(Object(spoilt))
    assert [next(read) for _ in messages] == messages
    with pytest.raises(MessageError):
        next(read)


@pytest.mark.parametrize(
    "body",
    [
        b"not gzip",
        gzip.compress(b"x" * 100, mtime=0)[:20],
        *(gzip.compress(line, mtime=0) for line in (b"[]", b'{"body":1}', b'{"body":"","attributes":[]}')),
        gzip.compress(b'{"body":"","attributes":{"a":1}}', mtime=0),
    ],
)
def test_what_is_no_bundle_is_said_so(body):
    with pytest.raises(MessageError):
        list(read_bundle(Object(body)))


def test_a_claim_is_redeemed_from_the_bucket():
    packed = Packed("x" * 100, {"content-type": "application/json", "raygate-tenant": "shop"})
    key = claim_key(0, "name")
    small, stored = claim(packed, key)
    assert (small.body, small.attributes["raygate-claim"]) == ("claim", key)
    assert small.attributes["raygate-tenant"] == "shop"
    assert redeem(small, MemoryBucket(objects={key: stored})) == packed
    assert redeem(packed, None) == packed


def test_a_claim_without_its_object_is_a_bad_message_and_without_a_bucket_one_for_later():
    small, _ = claim(Packed("x"), "claims/1970/01/01/name")
    with pytest.raises(MessageError):
        redeem(small, MemoryBucket())
    with pytest.raises(KeepError):
        redeem(small, None)


def test_a_claim_is_only_for_what_lies_among_the_claims():
    small, _ = claim(Packed("x"), "parked/-/1970/01/01/00/secret.json")
    with pytest.raises(MessageError):
        redeem(small, MemoryBucket(objects={"parked/-/1970/01/01/00/secret.json": Object(b"{}")}))


def test_nothing_of_what_is_kept_is_in_an_error():
    for read in (lambda: read_parked(Object(b"secret")), lambda: list(read_bundle(Object(b"secret")))):
        with pytest.raises(MessageError) as caught:
            read()
        assert "secret" not in str(caught.value)
    assert orjson.loads(parked_object(Parked("{}", message="why")).body)["message"] == "why"
