"""Every name under which a key may come."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.http_api import Call, presented
from raygate.http_api.credentials import HEADERS


def tokens(**headers: str) -> tuple[str | None, ...]:
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return presented(Call("POST", "/v1/traces", "$default", lines, "", is_base64=False)).tokens


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Bearer a-key", ("a-key",)),
        ("bearer a-key", ("a-key",)),
        ("BEARER   a-key", ("a-key",)),
        ("Bearer\ta-key", ("a-key",)),
        ("Bearer YWJj==", ("YWJj==",)),
        ("ApiKey a-key", ("a-key",)),
        ("apikey a-key", ("a-key",)),
        (basic("user:a-key"), ("a-key",)),
        (basic(":a-key"), ("a-key",)),
        (basic("user:a:key, with a comma"), ("a:key, with a comma",)),
        ("Bearer a-key,Bearer a-key", ("a-key",)),
        ("Bearer a-key, Bearer b-key", ("a-key", "b-key")),
        ("Bearer a-key, Digest x", ("a-key", None)),
        ("Bearer%20a-key", (None,)),
        ("a-key", (None,)),
        ("Bearer", (None,)),
        ("Basic", (None,)),
        ("Basic !", (None,)),
        (basic("user"), (None,)),
        (basic("user:"), (None,)),
        ("Basic " + b64encode(b"user:\xff").decode(), (None,)),
        ("AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature=c", (None,)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_an_authorization_header_holds_credentials_or_what_cannot_be_read(value, found):
    assert tokens(authorization=value) == found


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize(
    ("value", "found"),
    [("a-key", ("a-key",)), (" a-key ", ("a-key",)), ("a,a", ("a",)), ("a, b", ("a", "b")), ("", ())],
)
def test_the_headers_of_other_backends_hold_a_key_and_nothing_else(name, value, found):
    assert tokens(**{name: value}) == found


def test_the_same_key_in_two_headers_is_one():
    assert tokens(authorization="Bearer a-key", x_api_key="a-key") == ("a-key",)


def test_every_credential_that_is_present_is_found():
    assert tokens(authorization="Bearer a", x_api_key="b", dd_api_key="c") == ("a", "b", "c")


def test_what_is_presented_shows_no_key_when_it_is_printed():
    call = Call(
        "POST", "/", "", {"x-api-key": "secret-1"}, "", is_base64=False, authorizer={"lambda": {"x": "secret-2"}}
    )
    assert "secret" not in repr(presented(call))


@given(value=st.text())
def test_any_header_can_be_read(value):
    for found in (tokens(authorization=value), tokens(x_api_key=value)):
        assert all(token is None or token for token in found)
