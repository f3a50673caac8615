"""The two stores of keys: how a file is written, and every way in which a store is missing, closed or broken."""

import fcntl
import json
import os
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.stub import Stubber

from raygate_local.key_stores import FileStore, StoreError, choose
from raygate_local.key_stores import file as key_file
from raygate_local.key_stores.table import TableStore
from tests.unit.local.key_stores import REGION, a_table

RECORD = {"hash": "0" * 64, "id": "abc", "tenant": "shop"}
BOTH = {"RAYGATE_KEYS_FILE": "env.json", "RAYGATE_KEYS_TABLE": "env"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.json"


def said(action, *arguments) -> str:
    """The one sentence of an error."""
    with pytest.raises(StoreError) as raised:
        action(*arguments)
    text = str(raised.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("file", "table", "environ", "name"),
    [
        ("a.json", None, {}, "a.json"),
        ("a.json", None, BOTH, "a.json"),
        (None, "a", BOTH, "table a"),
        (None, None, {"RAYGATE_KEYS_FILE": "env.json"}, "env.json"),
        (None, None, {"RAYGATE_KEYS_FILE": "", "RAYGATE_KEYS_TABLE": "env"}, "table env"),
    ],
)
def test_an_option_goes_before_the_environment(file, table, environ, name):
    assert choose(file, table, environ | {"AWS_REGION": REGION}).name == name


@pytest.mark.parametrize(
    ("file", "table", "environ", "message"),
    [
        (None, None, {}, "No store of keys is named"),
        ("a.json", "a", {}, "Two stores are named, the file a.json and the table a"),
        (None, None, BOTH, "Two stores are named, the file env.json and the table env"),
    ],
)
def test_one_store_has_to_be_named(file, table, environ, message):
    assert said(choose, file, table, environ).startswith(message)


def test_a_file_is_made_for_its_owner_alone(path):
    FileStore(str(path)).add(RECORD)
    assert json.loads(path.read_text()) == {"keys": [RECORD]}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_is_replaced_and_never_written_into(path):
    path.write_text(json.dumps({"keys": []}))
    before = path.open()
    FileStore(str(path)).add(RECORD)
    with before:
        assert json.load(before) == {"keys": []}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_what_is_not_known_in_a_file_stays(path):
    other = RECORD | {"hash": "1" * 64, "note": {"owner": "Zoë"}}
    path.write_text(json.dumps({"version": 7, "keys": [other]}))
    FileStore(str(path)).add(RECORD)
    FileStore(str(path)).change("1" * 64, {"disabled": True})
    assert json.loads(path.read_text()) == {"version": 7, "keys": [other | {"disabled": True}, RECORD]}


def test_a_link_stays_a_link(path, tmp_path):
    target = tmp_path / "folder" / "target.json"
    target.parent.mkdir()
    path.symlink_to(target)
    FileStore(str(path)).add(RECORD)
    assert path.is_symlink()
    assert json.loads(target.read_text())["keys"] == [RECORD]


def test_many_writers_lose_nothing(path):
    def add(number: int) -> None:
        FileStore(str(path)).add(RECORD | {"hash": f"{number:064x}"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert {one["hash"] for one in FileStore(str(path)).records()} == {f"{number:064x}" for number in range(40)}


def test_a_writer_that_does_not_finish_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(key_file, "LOCK_TIMEOUT_S", 0.0)
    folder = os.open(path.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        assert "another process does not finish writing" in said(FileStore(str(path)).add, RECORD)
    finally:
        os.close(folder)
    FileStore(str(path)).add(RECORD)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("\x00", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a file of keys"),
        ('{"keys": {}}', '"keys" has to be a list of objects'),
        ('{"keys": [1]}', '"keys" has to be a list of objects'),
    ],
)
def test_a_broken_file_is_left_as_it_is(path, text, message):
    path.write_text(text)
    store = FileStore(str(path))
    for action, arguments in [(store.records, ()), (store.add, (RECORD,)), (store.change, ("0" * 64, {}))]:
        assert message in said(action, *arguments)
    assert path.read_text() == text


def test_a_file_that_is_not_there_has_no_keys_to_show(path):
    assert said(FileStore(str(path)).records).startswith(f"There is no file {path}")


def test_a_file_that_cannot_be_written_is_an_error(path, monkeypatch):
    assert said(FileStore(f"{path}/keys.json").add, RECORD).endswith("cannot be written: No such file or directory.")
    path.write_text('{"keys": []}')
    assert said(FileStore(f"{path}/keys.json").add, RECORD).endswith("cannot be written: Not a directory.")
    assert said(FileStore(str(path.parent)).add, RECORD).endswith("cannot be read: Is a directory.")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert said(FileStore(str(path)).add, RECORD).endswith("cannot be written: it is read-only.")
    assert path.read_text() == '{"keys": []}'


def test_a_failed_write_leaves_nothing_behind(path):
    with pytest.raises(TypeError):
        FileStore(str(path)).add(RECORD | {"note": object()})
    assert list(path.parent.iterdir()) == []


def test_a_long_table_is_read_to_its_end(cloud):
    store = TableStore(a_table(), REGION)
    for number in range(6):
        store.add(RECORD | {"hash": f"{number:064x}", "note": "x" * 300_000})
    assert len(store.records()) == 6


def test_whatever_is_in_a_table_can_be_read(cloud):
    store = TableStore(a_table(), REGION)
    attributes = {"n": {"N": "1.5"}, "ns": {"NS": ["2", "1"]}, "m": {"M": {"a": {"NULL": True}}}}
    store.client.put_item(TableName=store.table, Item={"hash": {"S": "0"}, **attributes})
    assert store.records() == [{"hash": "0", "n": 1.5, "ns": [1, 2], "m": {"a": None}}]


def test_a_table_that_is_not_there_is_an_error(cloud):
    message = "There is no table other in eu-west-1, or not with these credentials."
    assert said(TableStore("other", REGION).records) == message
    assert said(TableStore("other", REGION).add, RECORD) == message


def test_a_table_of_something_else_is_an_error(cloud):
    name = a_table(key="name")
    message = f"DynamoDB refused, on table {name} (ValidationException)"
    assert message in said(TableStore(name, REGION).add, RECORD)


def test_a_name_that_no_table_can_have_is_an_error():
    assert "DynamoDB cannot be asked" in said(TableStore("", REGION).records)


def test_without_credentials_it_says_so(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert said(TableStore("keys", REGION).records).startswith("No AWS credentials were found")


def test_without_a_region_it_says_so(monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert said(TableStore, "keys").startswith("No AWS region is set")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "DynamoDB refused, on table keys (AccessDeniedException): not\nyou"),
        ("ExpiredTokenException", "The AWS credentials are not valid (ExpiredTokenException): not\nyou"),
        ("UnrecognizedClientException", "The AWS credentials are not valid (UnrecognizedClientException): not\nyou"),
    ],
)
def test_what_aws_refuses_is_one_sentence(code, message):
    store = TableStore("keys", REGION)
    with Stubber(store.client) as stubber:
        stubber.add_client_error("scan", code, "not\nyou")
        assert said(store.records) == message.replace("\n", " ") + "."
