"""A signature from a form is the one that botocore works out for the same call."""

from datetime import UTC, datetime

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from raygate.deliver.signing import Form

HEADERS = {"Content-Type": "application/json", "User-Agent": "raygate/1 100%s"}
URLS = [
    "https://xray.eu-west-1.amazonaws.com/TraceSegments",
    "http://127.0.0.1:2000/TraceSegments",
    "http://[::1]:8080/behind/a%20path/TraceSegments",
]
BODIES = [b'{"TraceSegmentDocuments":[]}', b"", '{"TraceSegmentDocuments":["ü"]}'.encode()]
MOMENTS = [
    datetime(2026, 11, 28, tzinfo=UTC),
    datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
]


def a_signer(token: str | None, region: str = "eu-west-1") -> SigV4Auth:
    return SigV4Auth(ReadOnlyCredentials("AKIA", "se/cret+", token, ""), "xray", region)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("token", [None, "a token+/%s==", "20261128T000000Z"])
def test_a_form_signs_as_botocore_does(url, token, monkeypatch):
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: MOMENTS[0])
    form = Form.of(a_signer(token), url, HEADERS)
    for moment in MOMENTS:
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda moment=moment: moment)
        for body in BODIES:
            request = AWSRequest("POST", url, HEADERS, body)
            a_signer(token).add_auth(request)
            assert HEADERS | form.headers(a_signer(token), body) == dict(request.headers.items())


def test_another_key_and_region_sign_with_the_same_form():
    form = Form.of(a_signer(None), URLS[0], HEADERS)
    other = SigV4Auth(ReadOnlyCredentials("AKIB", "other", None, ""), "xray", "us-east-1")
    assert "Credential=AKIB/" in form.headers(other, b"")["Authorization"]
    assert "/us-east-1/xray/aws4_request" in form.headers(other, b"")["Authorization"]
