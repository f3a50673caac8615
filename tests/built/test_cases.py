"""The conformance cases through a gateway to the built function: a sample of each outcome that a sender can meet.

The function has every setting of the cases at once: keys, which are in a table, pages, a prefix, and small limits.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from raygate.keys.record import Record, hash_of
from tests.built import table
from tests.built.deployed import TIMEOUT, deployed
from tests.built.gateway import Gateway
from tests.corpus import http_cases
from tests.fake_xray import FakeXRay, Store, serving
from tests.process.endpoints import CONFIGURATIONS, FAULTS, KEY, SCOPES
from tests.process.exchange import ask, check_case
from tests.process.serving import Connection, post

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulator is a program for Linux"),
]

SAMPLE = {
    "all spans kept": ("PATH-01", "PATH-02", "PATH-09", "PATH-19", "ENC-01", "ENC-08", "ENC-36", "MAP-64", "MAP-69"),
    "no spans in a well-formed request": ("EMPTY-01", "EMPTY-02"),
    "some spans kept, some rejected": ("PART-01", "PB-19"),
    "all spans rejected": ("PART-04", "PB-15"),
    "kept, with a warning": ("MAP-65",),
    "body cannot be decoded": ("FAIL-01", "FAIL-03", "PB-05", "JSON-10", "JSON-13"),
    "corrupt, cut or absent compressed data": ("ENC-15", "ENC-21", "ENC-23"),
    "over the size limit, before or after decompression": ("ENC-29", "ENC-31", "ENC-33"),
    "unknown coding": ("ENC-11", "ENC-13"),
    "missing or unsupported content type": ("CT-05", "CT-08", "CT-10"),
    "method not allowed": ("PATH-03", "PATH-05", "PATH-07", "PATH-22"),
    "unknown path, other signals": ("PATH-12", "PATH-14", "PATH-15"),
    "no or wrong credentials": ("AUTH-01", "AUTH-03", "AUTH-07", "AUTH-09", "AUTH-10"),
    "credentials right, not allowed": ("AUTH-08",),
    "rate or quota exceeded": ("FAIL-06",),
    "store unavailable, time nearly up, unexpected exception": ("FAIL-04", "FAIL-07", "FAIL-08"),
    "store says never": ("FAIL-09",),
    "preflight": ("CORS-01", "CORS-03"),
    "health": ("PATH-20",),
    "headers of all answers": ("RESP-01", "RESP-02", "RESP-04", "RESP-06", "CORS-07"),
}
"""Every row of the table of outcomes, with cases that show it."""

BY_ID = {case["id"]: case for case in http_cases()}
CASES = [pytest.param(BY_ID[one], id=f"{row}: {one}") for row, ids in SAMPLE.items() for one in ids]

SHORT_S = "3"
"""A limit of the function that X-Ray's silence uses up soon."""

SIDE_BY_SIDE = 8


@pytest.fixture(scope="module")
def xray() -> Iterator[FakeXRay]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def variables(xray: FakeXRay) -> Iterator[dict[str, str]]:
    scopes = {token: (scope,) if scope != "none" else () for token, scope in SCOPES.items()}
    records = [Record(hash_of(token), f"key{number}", "shop", scopes[token]) for number, token in enumerate(scopes)]
    settings = {name: value for row in CONFIGURATIONS.values() for name, value in row.items()}
    with table.serving("KeysTable", records) as address:
        # Without stores, as the cases have it: what X-Ray does not take is the sender's to know.
        nowhere = {"RAYGATE_QUEUE_URL": "", "RAYGATE_BUCKET": ""}
        yield settings | nowhere | {"AWS_ENDPOINT_URL_XRAY": xray.url, "AWS_ENDPOINT_URL_DYNAMODB": address}


@pytest.fixture(scope="module")
def gateway(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with deployed(tmp_path_factory.mktemp("lambda"), variables, count=2) as it:
        yield it


@pytest.fixture(scope="module")
def short_gateway(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with deployed(tmp_path_factory.mktemp("short"), variables | {TIMEOUT: SHORT_S}) as it:
        yield it


@pytest.mark.parametrize("case", CASES)
def test_a_request_gets_the_answer_of_its_case(case, xray: FakeXRay, request: pytest.FixtureRequest):
    fault, store = case.get("fault", ""), Store()
    gateway: Gateway = request.getfixturevalue("short_gateway" if fault == "deadline-near" else "gateway")
    xray.play(store, *FAULTS.get(fault, ()))
    with gateway.watched():
        check_case(case, gateway.address, store, KEY)


def test_requests_go_side_by_side(gateway: Gateway, xray: FakeXRay):
    xray.play(Store())
    with gateway.watched(), ThreadPoolExecutor(SIDE_BY_SIDE) as senders:
        sent = [senders.submit(ask, gateway.address, BY_ID["PATH-01"], KEY) for _ in range(SIDE_BY_SIDE)]
        assert {one.result().status for one in sent} == {200}


@pytest.mark.parametrize("size", [5_000_000, 10_000_001])
def test_a_body_that_lambda_or_the_gateway_does_not_take_is_413(gateway: Gateway, size: int):
    """And the function never sees it: in base64, 5 MB are more than an event may hold."""
    with gateway.watched(), Connection(gateway.address) as connection:
        connection.send(post(bytes(size), "application/x-protobuf"))
        answer = connection.read()
    assert (answer.status, answer.body) == (413, b'{"message":"Request Entity Too Large"}')
