"""The calls after the first go a shorter way: what is sent is what botocore would send, and errors are its own."""

import io
from datetime import UTC, datetime
from typing import Any

import botocore.auth
import orjson
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.session import Session, get_session
from urllib3 import HTTPHeaderDict

from raygate.deliver.client import connect

OF_ONE_TRY = {"amz-sdk-invocation-id", "amz-sdk-request"}
TAKEN = b'{"UnprocessedTraceSegments":[]}'


class Wire:
    """A session whose requests are written down and answered here, by botocore's own hook."""

    def __init__(self) -> None:
        self.sent: list[AWSPreparedRequest] = []
        self.answers: list[tuple[int, bytes]] = []
        self.session: Session = get_session()
        self.session.set_credentials("AKIA", "secret", "a token")
        self.session.get_component("event_emitter").register("before-send.xray", self._take)

    def _take(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.sent.append(request)
        status, body = self.answers.pop(0) if self.answers else (200, TAKEN)
        headers: Any = HTTPHeaderDict({"Content-Type": "application/json"})
        response = AWSResponse(request.url, status, headers, io.BytesIO())
        response._content = body  # type: ignore[attr-defined] # what reading the socket sets
        return response


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """At a moment that does not pass."""
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    return Wire()


def told(request: AWSPreparedRequest) -> dict[str, bytes]:
    """The headers but for those that count botocore's tries, which it signs too, and so but for the signature.

    Powertools, once it is imported, adds a mark of its own to the User-Agent of a call that goes botocore's whole way.
    """
    given: dict[str, Any] = dict(request.headers.items())
    headers = {name: value.encode() if isinstance(value, str) else value for name, value in given.items()}
    headers["User-Agent"] = headers["User-Agent"].partition(b" PT/")[0]
    return {name: value for name, value in headers.items() if name not in {*OF_ONE_TRY, "Authorization"}}


def test_a_later_call_says_what_the_first_one_said(wire):
    put = connect("eu-west-1", wire.session)
    assert [put(["{}"])["UnprocessedTraceSegments"], put(["{}"])["UnprocessedTraceSegments"]] == [[], []]
    first, later = wire.sent
    assert (later.method, later.url, later.body) == (first.method, first.url, first.body)
    assert told(later) == told(first)
    assert not OF_ONE_TRY & later.headers.keys()


def test_each_call_has_its_own_documents_and_a_signature_for_them(wire):
    put = connect("eu-west-1", wire.session)
    for text in ("first", "second", "third"):
        put([text])
    assert [orjson.loads(request.body)["TraceSegmentDocuments"] for request in wire.sent] == [
        ["first"],
        ["second"],
        ["third"],
    ]
    signatures = [str(request.headers["Authorization"]) for request in wire.sent]
    assert len(set(signatures)) == 3
    assert all("Credential=AKIA/20261128/eu-west-1/xray/aws4_request" in one for one in signatures)


def test_credentials_that_change_are_those_of_the_next_call(wire):
    put = connect("eu-west-1", wire.session)
    put(["{}"])
    credentials = wire.session.get_credentials()
    assert isinstance(credentials, Credentials)
    credentials.access_key, credentials.token = "AKIB", "another token"
    put(["{}"])
    assert "Credential=AKIB/" in str(wire.sent[1].headers["Authorization"])
    assert wire.sent[1].headers["X-Amz-Security-Token"] in {"another token", b"another token"}


def test_an_error_is_the_one_that_botocore_raises_for_a_first_call(wire):
    refused = (429, b'{"__type":"com.amazonaws.xray#ThrottledException","Message":"Rate exceeded"}')
    put = connect("eu-west-1", wire.session)
    wire.answers = [refused, (200, TAKEN), refused]
    raised = []
    for _ in range(3):
        try:
            put(["{}"])
        except ClientError as error:
            raised.append(error)
    first, later = raised
    assert type(later) is type(first)
    assert later.response["Error"] == first.response["Error"]
    assert later.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_client_that_does_not_sign_goes_botocores_whole_way(wire):
    wire.session.set_default_client_config(Config(signature_version=UNSIGNED))
    put = connect("eu-west-1", wire.session)
    put(["{}"])
    put(["{}"])
    assert all(request.headers.keys() >= OF_ONE_TRY for request in wire.sent)
    assert not any("Authorization" in request.headers for request in wire.sent)


def test_credentials_that_are_gone_are_said_to_be_missing(wire, monkeypatch):
    put = connect("eu-west-1", wire.session)
    put(["{}"])
    monkeypatch.setattr(wire.session.get_credentials(), "get_frozen_credentials", lambda: None)
    with pytest.raises(NoCredentialsError):
        put(["{}"])
