"""POST /TraceSegments: X-Ray's path and shape, with our keys, quotas and statuses."""

import gzip
import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver import Budget
from raygate.errors import CredentialsError, NotAllowedError
from raygate.ingest import Ingest, Report
from raygate.keep import Stores
from raygate.keys import Presented, Principal
from raygate.settings import Settings
from raygate_local import gateway
from tests.fake_stores import MemoryBucket, MemoryQueue
from tests.fake_xray import Clock, Store

KEY = "test-token-1"
DOCUMENT: dict[str, Any] = {
    "id": "a1b2c3d4e5f60718",
    "trace_id": "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37",
    "name": "shop",
    "start_time": 1.5,
    "end_time": 2.5,
}
BODY = json.dumps({"TraceSegmentDocuments": [json.dumps(DOCUMENT)]}).encode()


def guard(presented: Presented) -> Principal:
    if "forbidden" in presented.tokens:
        raise NotAllowedError("this key may not send")
    if KEY not in presented.tokens:
        raise CredentialsError("this key is not known")
    return Principal(tenant="shop", key_id="k1", admit=lambda spans: 7.5 if spans > 5 else 0.0)


class Door:
    """The handler, and what it does."""

    def __init__(self, put: Any = None, stores: Stores | None = None, **settings: Any) -> None:
        self.store, self.reports = Store(), list[Report]()
        clock = Clock()
        self.ingest = Ingest(
            Settings(**settings),
            put or self.store.put,
            guard,
            self.reports.append,
            budget=lambda seconds: Budget.of(seconds, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0),
            stores=stores or Stores(),
        )

    def __call__(
        self, body: bytes = BODY, *, path: str = "/TraceSegments", method: str = "POST", **headers: str
    ) -> Any:
        named = {"x-api-key": KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
        pairs = [(name.encode(), value.encode()) for name, value in named.items() if value]
        return self.ingest(gateway.event(gateway.Call(method, path.encode(), pairs, body)))


def away(_: list[str]) -> Any:
    raise EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com")


def test_a_document_is_taken_and_counted_as_a_span():
    door = Door()
    answer = door()
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"UnprocessedTraceSegments": []})
    assert answer["headers"]["content-type"] == "application/json"
    assert door.store.stored == {DOCUMENT["id"]: DOCUMENT}
    (report,) = door.reports
    assert (report.kind, report.principal.tenant) == ("documents", "shop")
    assert report.outcome
    assert (report.outcome.spans, report.outcome.delivered) == (1, 1)


@pytest.mark.parametrize(
    "headers", [{}, {"content_type": "application/json"}, {"content_type": "application/x-amz-json-1.1"}]
)
@pytest.mark.parametrize("is_compressed", [True, False])
@pytest.mark.parametrize("path", ["/TraceSegments", "/TraceSegments/", "/otlp/TraceSegments"])
def test_under_any_content_type_and_prefix_compressed_or_not(headers, is_compressed, path):
    coding = {"content_encoding": "gzip"} if is_compressed else {}
    body = gzip.compress(BODY) if is_compressed else BODY
    door = Door(path_prefixes=("/otlp",))
    assert door(body, path=path, **headers, **coding)["statusCode"] == 200
    assert list(door.store.stored) == [DOCUMENT["id"]]


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"body": b"{"}, 400, "InvalidRequestException"),
        ({"body": b"{}"}, 400, "InvalidRequestException"),
        ({"x_api_key": ""}, 401, "UnrecognizedClientException"),
        ({"x_api_key": "forbidden"}, 403, "AccessDeniedException"),
        ({"method": "GET"}, 405, None),
        ({"body": b" " * 2_001}, 413, "RequestEntityTooLargeException"),
        ({"content_encoding": "br"}, 415, "InvalidRequestException"),
        ({"body": json.dumps({"TraceSegmentDocuments": ["{}"] * 6}).encode()}, 429, "ThrottledException"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_refusal_has_x_rays_form_and_our_status(given, status, error):
    answer = Door(max_wire_bytes=2_000)(**given)
    assert answer["statusCode"] == status
    assert answer["headers"].get("x-amzn-errortype") == error
    if error:
        assert json.loads(answer["body"])["Message"]
    assert ("retry-after" in answer["headers"]) is (status == 429)


def test_while_x_ray_is_away_the_sender_comes_again():
    answer = Door(away)()
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "2")
    assert answer["headers"]["x-amzn-errortype"] == "ServiceUnavailableException"


def test_an_accident_is_503():
    assert Door(lambda _: 1 / 0)()["statusCode"] == 503


def test_what_is_queued_is_on_its_way_and_nothing_is_said_of_it():
    answer = Door(away, Stores(MemoryQueue(), MemoryBucket()))()
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"UnprocessedTraceSegments": []})


def test_what_is_parked_is_said_with_x_rays_code_and_not_its_words():
    bucket = MemoryBucket()
    answer = Door(Store({DOCUMENT["id"]: "InvalidSegment"}).put, Stores(MemoryQueue(), bucket))()
    assert json.loads(answer["body"])["UnprocessedTraceSegments"] == [
        {
            "Id": DOCUMENT["id"],
            "ErrorCode": "InvalidSegment",
            "Message": "X-Ray refused it; it is kept here with X-Ray's reason",
        }
    ]
    assert [(one.id, one.tenant) for one in bucket.parked()] == [(DOCUMENT["id"], "shop")]


def test_a_page_may_ask_before_it_sends():
    door = Door(cors_allowed_origins=("https://app.example.com",))
    answer = door(b"", method="OPTIONS", x_api_key="", origin="https://app.example.com")
    assert (answer["statusCode"], answer["headers"]["access-control-allow-methods"]) == (204, "POST, OPTIONS")


@given(
    st.binary()
    | st.lists(st.text()).map(lambda texts: json.dumps({"TraceSegmentDocuments": texts}).encode())
    | st.dictionaries(st.text(), st.lists(st.integers())).map(lambda content: json.dumps(content).encode())
)
def test_any_body_is_answered(body):
    door = Door()
    assert door(body)["statusCode"] in {200, 400, 429}
    assert door.store.stored == {}
