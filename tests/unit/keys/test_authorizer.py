"""The gateway has checked: the tenant is what it found out, and without it nobody comes in."""

from typing import Any

import pytest

from raygate.errors import KeyStoreError, NotAllowedError
from raygate.keys.authorizer import anyone, checked_by
from raygate.keys.presented import Presented

IAM = {"iam": {"accessKey": "AKIDEXAMPLE", "accountId": "123456789012", "userArn": "arn:aws:iam::123456789012:user/a"}}
JWT = {"jwt": {"claims": {"sub": "s-1", "tenant": "shop", "iss": "https://issuer.example"}, "scopes": None}}


@pytest.mark.parametrize(
    ("kind", "authorizer", "tenant"),
    [
        ("iam", IAM, "123456789012"),
        ("jwt", JWT, "shop"),
        ("jwt", {"jwt": {"claims": {"sub": "auth0|7"}}}, "auth0|7"),
        ("jwt", {"jwt": {"claims": {"sub": "s-1", "tenant": ""}}}, "s-1"),
        ("none", {"lambda": {"tenant": "t-1"}}, "t-1"),
        ("none", JWT, "shop"),
        ("none", IAM, "123456789012"),
        ("none", {}, ""),
        ("none", {"lambda": None}, ""),
        ("none", {"lambda": {"tenant": 7}}, ""),
    ],
)
def test_the_tenant_is_what_the_gateway_found_out(kind, authorizer, tenant):
    guard = anyone if kind == "none" else checked_by(kind)
    assert guard(Presented(authorizer=authorizer)).tenant == tenant


@pytest.mark.parametrize("kind", ["iam", "jwt"])
@pytest.mark.parametrize("other", [{}, {"lambda": {"tenant": "t"}}, {"jwt": None, "iam": None}, {"jwt": {}, "iam": {}}])
def test_a_route_that_was_wired_without_its_authorizer_is_closed(kind, other):
    with pytest.raises(KeyStoreError, match=f"RAYGATE_AUTH={kind}"):
        checked_by(kind)(Presented(("a-token",), authorizer=other))


@pytest.mark.parametrize(("kind", "other"), [("iam", JWT), ("jwt", IAM)])
def test_another_authorizer_is_not_the_one(kind, other):
    with pytest.raises(KeyStoreError):
        checked_by(kind)(Presented(authorizer=other))


@pytest.mark.parametrize("claims", [{"iss": "x"}, {"sub": ""}, {"sub": ["a"]}, {"sub": "caf\u00e9"}, {"sub": "a\nb"}])
def test_a_token_that_names_no_tenant_may_not_send(claims: Any):
    with pytest.raises(NotAllowedError, match="tenant or sub"):
        checked_by("jwt")(Presented(authorizer={"jwt": {"claims": claims}}))
