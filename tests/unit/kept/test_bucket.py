"""The bucket in the file: objects by key, listed as S3 lists them."""

import pytest

from raygate.keep import KeepError, Object
from raygate_local.kept import bucket as kept_bucket
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from tests.fake_xray import Clock


@pytest.fixture
def bucket(tmp_path):
    with Database(tmp_path) as file:
        yield KeptBucket(file, clock=Clock())


def test_an_object_is_got_as_it_was_put(bucket):
    stored = Object(b"\x00\xff", {"content-type": "x"})
    bucket.put("a/b", stored, 1)
    assert bucket.get("a/b") == stored
    bucket.put("a/b", Object(b"2"), 1)
    assert bucket.get("a/b") == Object(b"2")
    bucket.delete("a/b")
    bucket.delete("a/b")
    assert bucket.get("a/b") is None


def test_keys_come_by_prefix_in_the_order_of_their_bytes(bucket, monkeypatch):
    monkeypatch.setattr(kept_bucket, "PAGE", 2)
    for key in ("b/1", "a/é", "a/z", "a/Z", "a/%", "a", "a/\U0001f600", "c"):
        bucket.put(key, Object(b""), 1)
    keys = ["a/%", "a/Z", "a/z", "a/é", "a/\U0001f600"]
    assert list(bucket.keys("a/")) == keys
    assert list(bucket.keys("a/", after="a/Z")) == keys[2:]
    assert list(bucket.keys("")) == ["a", *keys, "b/1", "c"]


def test_what_is_older_than_its_time_is_forgotten(tmp_path):
    clock = Clock()
    with Database(tmp_path) as file:
        bucket = KeptBucket(file, clock=clock)
        bucket.put("archive/old", Object(b""), 1)
        bucket.put("parked/old", Object(b""), 1)
        clock.sleep(86_400 * 2)
        bucket.put("archive/new", Object(b""), 1)
        assert bucket.expire("archive/", 1) == 1
        assert list(bucket.keys("")) == ["archive/new", "parked/old"]


def test_a_file_that_fails_is_said(bucket):
    with bucket.database.writing() as file:
        file.execute("DROP TABLE objects")
    for call in (
        lambda: bucket.put("a", Object(b""), 1),
        lambda: bucket.get("a"),
        lambda: list(bucket.keys("")),
        lambda: bucket.delete("a"),
    ):
        with pytest.raises(KeepError, match="the bucket on this machine"):
            call()
