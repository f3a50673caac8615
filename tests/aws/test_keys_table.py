"""Keys in a DynamoDB table: looked up, remembered, and never told; moto for AWS."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from raygate import reporting
from raygate.errors import KeyStoreError, RecordError
from raygate.ingest import Ingest, start
from raygate.keys.record import Record, hash_of
from raygate.keys.table_store import connect, in_table, item_of
from tests.unit.keys.keyring import TOKEN, a_record
from tests.unit.test_ingest import an_event

TABLE = "raygate-keys"
ENVIRON = {"AWS_REGION": "eu-west-1", "RAYGATE_KEYS_TABLE": TABLE}


@pytest.fixture(autouse=True)
def dynamodb() -> Iterator[Any]:
    """DynamoDB's own client, with an empty table of keys."""
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "hash", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "hash", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        boto3.client("xray").batch_get_traces(TraceIds=[])  # moto's first answer is slow
        yield client


@pytest.fixture
def log(monkeypatch) -> io.StringIO:
    """What the function writes to its log."""
    stream = io.StringIO()
    monkeypatch.setattr(reporting.log.registered_handler, "stream", stream)
    return stream


def put(dynamodb: Any, record: Record, **changed: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item_of(record.fields()) | changed)


def an_export(token: str = TOKEN) -> dict[str, Any]:
    event = an_event()
    event["headers"] |= {"authorization": f"Bearer {token}"}
    return event


def the_function() -> Ingest:
    return start(ENVIRON, reporting.report)


@pytest.mark.parametrize(
    "record",
    [
        a_record(),
        a_record(scopes=(), disabled=True),
        a_record(expires=2**33, quota=600, allowed_origins=("https://app.example.com", "https://*.example.com")),
    ],
)
def test_a_record_is_found_as_it_was_put(record, dynamodb):
    put(dynamodb, record)
    find = in_table(connect("eu-west-1"), TABLE)
    assert find(record.hash) == record
    assert find(hash_of("wrong")) is None


def test_lists_may_be_sets(dynamodb):
    put(dynamodb, a_record(), scopes={"SS": ["traces:write"]})
    assert in_table(connect("eu-west-1"), TABLE)(a_record().hash) == a_record()


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant": {"N": "7"}},
        {"disabled": {"S": "false"}},
        {"quota": {"N": "1.5"}},
        {"scopes": {"S": "traces:write"}},
        {"scopes": {"M": {}}},
        {"note": {"S": "what is this"}},
        {"tenant": {"B": b"shop"}},
    ],
)
def test_a_malformed_item_is_a_failing_store(changed, dynamodb):
    put(dynamodb, a_record(), **changed)
    with pytest.raises(RecordError):
        in_table(connect("eu-west-1"), TABLE)(a_record().hash)


def test_a_table_that_is_not_there_is_a_failing_store():
    with pytest.raises(KeyStoreError, match="ResourceNotFoundException"):
        in_table(connect("eu-west-1"), "another")(a_record().hash)


def test_a_table_that_cannot_be_reached_is_a_failing_store(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    find = in_table(connect("eu-west-1"), TABLE)
    with pytest.raises(KeyStoreError, match="EndpointConnectionError"):
        find(a_record().hash)


def test_the_function_knows_a_key_of_the_table_and_says_whose_it_is(dynamodb, log, capsys):
    put(dynamodb, a_record(tenant="shop", id="abc"))
    assert the_function()(an_export())["statusCode"] == 200
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["tenant"], line["key"], line["delivered"]) == ("shop", "abc", 1)
    whole, tenants = map(json.loads, capsys.readouterr().out.splitlines())
    assert whole["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    assert sorted(tenants["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) == ["service", "tenant"]
    assert (tenants["tenant"], tenants["SpansReceived"], tenants["SpansDelivered"]) == ("shop", [1], [1])


def test_tenants_are_counted_apart(dynamodb, log, capsys):
    put(dynamodb, a_record(tenant="shop"))
    put(dynamodb, a_record("another", tenant="bank"))
    handler = the_function()
    for token in (TOKEN, "another", TOKEN):
        handler(an_export(token))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["tenant"] for line in lines if "tenant" in line] == ["shop", "bank", "shop"]


def test_a_quota_is_counted(dynamodb, log, capsys):
    put(dynamodb, a_record(quota=1))
    handler = the_function()
    assert [handler(an_export())["statusCode"] for _ in range(2)] == [200, 429]
    whole, tenants = map(json.loads, capsys.readouterr().out.splitlines()[2:])
    for told in (whole, tenants):
        assert told["SpansOverQuota"] == told["SpansReturned"] == told["SpansReceived"] == [1]
    assert (whole["RequestsRefused"], whole["SpansUnaccounted"]) == ([1], [0])


def test_a_table_is_asked_once_for_many_requests(dynamodb, monkeypatch):
    put(dynamodb, a_record())
    handler = the_function()
    assert handler(an_export())["statusCode"] == 200
    dynamodb.delete_table(TableName=TABLE)
    assert handler(an_export())["statusCode"] == 200
    assert handler(an_export("another"))["statusCode"] == 503


def test_no_key_is_in_the_log_or_the_metrics(dynamodb, log, capsys):
    put(dynamodb, a_record())
    put(dynamodb, a_record("secret-forbidden", scopes=()))
    put(dynamodb, a_record("secret-revoked", disabled=True))
    put(dynamodb, a_record("secret-malformed"), tenant={"N": "1"})
    handler = the_function()
    tokens = [TOKEN, "secret-forbidden", "secret-revoked", "secret-malformed", "secret-unknown", "rg_secret"]
    results = [handler(an_export(token)) for token in tokens]
    assert [result["statusCode"] for result in results] == [200, 403, 401, 503, 401, 401]
    told = log.getvalue() + capsys.readouterr().out + str(results)
    assert len(log.getvalue().splitlines()) == len(tokens)
    for token in (*tokens, "secret"):
        assert token not in told
        assert hash_of(token) not in told
