"""Keys in a JSON file."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from raygate.errors import KeyStoreError, RecordError
from raygate.keys.file_store import in_file
from raygate.keys.record import hash_of
from tests.unit.keys.keyring import a_record

RECORD = a_record()


def write(path: Path, *records: Any) -> None:
    listed = [record if isinstance(record, dict) else record.fields() for record in records]
    path.write_text(json.dumps({"keys": listed}))


def test_a_key_of_the_file_is_found_by_its_hash(tmp_path):
    file = tmp_path / "keys.json"
    write(file, RECORD, a_record("another", tenant="bank"))
    find = in_file(file)
    assert find(RECORD.hash) == RECORD
    assert find(hash_of("wrong")) is None


def test_a_change_of_the_file_counts_at_once(tmp_path):
    file = tmp_path / "keys.json"
    write(file)
    find = in_file(file)
    assert find(RECORD.hash) is None
    write(file, RECORD)
    assert find(RECORD.hash) == RECORD
    new = tmp_path / "new.json"
    write(new, a_record(disabled=True))
    new.replace(file)
    assert find(RECORD.hash) == a_record(disabled=True)


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path):
    file = tmp_path / "keys.json"
    write(file, RECORD)
    find = in_file(file)
    find(RECORD.hash)
    stat = file.stat()
    file.write_bytes(b"x" * stat.st_size)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert find(RECORD.hash) == RECORD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"keys": 1}',
        '{"keys": ["a"]}',
        '{"keys": [{}]}',
        '{"keys": {"a": {}}}',
        "[" * 9_000,
    ],
)
def test_a_file_that_is_no_list_of_keys_is_a_failing_store(tmp_path, text):
    file = tmp_path / "keys.json"
    file.write_text(text)
    with pytest.raises(KeyStoreError):
        in_file(file)(RECORD.hash)


def test_a_file_that_is_not_text_is_a_failing_store(tmp_path):
    (tmp_path / "keys.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyStoreError):
        in_file(tmp_path / "keys.json")(RECORD.hash)


def test_a_key_that_is_listed_twice_is_a_failing_store(tmp_path):
    write(tmp_path / "keys.json", RECORD, a_record(disabled=True))
    with pytest.raises(KeyStoreError):
        in_file(tmp_path / "keys.json")(RECORD.hash)


def test_a_file_that_is_not_there_is_a_failing_store_until_it_is(tmp_path):
    find = in_file(tmp_path / "keys.json")
    with pytest.raises(KeyStoreError, match="cannot be read") as caught:
        find(RECORD.hash)
    assert str(tmp_path) not in str(caught.value)
    write(tmp_path / "keys.json", RECORD)
    assert find(RECORD.hash) == RECORD


def test_a_malformed_record_fails_for_its_own_key_only(tmp_path):
    file = tmp_path / "keys.json"
    write(file, RECORD, a_record("another").fields() | {"disabled": "no"})
    find = in_file(file)
    assert find(RECORD.hash) == RECORD
    with pytest.raises(RecordError, match="disabled"):
        find(hash_of("another"))
