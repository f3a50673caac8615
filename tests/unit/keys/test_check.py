"""Who is let in, and as whom."""

import hmac
from contextlib import suppress

import pytest

from raygate.errors import CredentialsError, KeyStoreError, NotAllowedError
from raygate.keys import check
from raygate.keys.token import mint
from tests.unit.keys.keyring import NOW, TOKEN, a_guard, a_record, a_ring, showing

PAGE = "https://app.example.com"
OTHER = "another-token"


def test_a_right_key_says_whose_it_is():
    sender = a_guard(a_ring(a_record(tenant="shop", id="k1")).find)(showing(TOKEN))
    assert (sender.tenant, sender.key_id) == ("shop", "k1")


@pytest.mark.parametrize(
    ("record", "tokens", "why"),
    [
        (a_record(), (), check.NONE),
        (a_record(), ("wrong-token",), check.UNKNOWN),
        (a_record(), ("",), check.UNKNOWN),
        (a_record(), (TOKEN + " ",), check.UNKNOWN),
        (a_record(), (None,), check.UNREADABLE),
        (a_record(), (TOKEN, "wrong-token"), check.UNKNOWN),
        (a_record(), ("wrong-token", TOKEN), check.UNKNOWN),
        (a_record(), (TOKEN, None), check.UNREADABLE),
        (a_record(disabled=True), (TOKEN,), check.REVOKED),
        (a_record(expires=NOW), (TOKEN,), check.EXPIRED),
        (a_record(expires=NOW - 1), (TOKEN,), check.EXPIRED),
        (a_record(scopes=(), disabled=True), (TOKEN,), check.REVOKED),
    ],
)
def test_nobody_is_let_in_without_a_key_that_is_right_and_alive(record, tokens, why):
    with pytest.raises(CredentialsError) as caught:
        a_guard(a_ring(record).find)(showing(*tokens))
    assert str(caught.value) == why


def test_a_key_lives_until_it_expires():
    assert a_guard(a_ring(a_record(expires=NOW + 1)).find)(showing(TOKEN)).tenant == "shop"


@pytest.mark.parametrize("scopes", [(), ("traces:read",), ("metrics:write", "Traces:Write")])
def test_a_known_key_without_the_scope_may_not_send(scopes):
    with pytest.raises(NotAllowedError, match="traces:write"):
        a_guard(a_ring(a_record(scopes=scopes)).find)(showing(TOKEN))


@pytest.mark.parametrize(
    ("allowed", "origin", "is_let_in"),
    [
        ((), "", True),
        ((), "https://evil.example", True),
        ((PAGE,), PAGE, True),
        (("https://*.example.com",), PAGE, True),
        ((PAGE,), "https://evil.example", False),
        ((PAGE,), "http://app.example.com", False),
        ((PAGE,), "null", False),
        ((PAGE,), "", False),
    ],
)
def test_a_key_bound_to_pages_works_on_these_only(allowed, origin, is_let_in):
    guard = a_guard(a_ring(a_record(allowed_origins=allowed)).find)
    if is_let_in:
        assert guard(showing(TOKEN, origin=origin)).tenant == "shop"
    else:
        with pytest.raises(NotAllowedError, match="Origin"):
            guard(showing(TOKEN, origin=origin))


def test_two_right_keys_of_a_tenant_are_right_and_the_tighter_quota_counts():
    ring = a_ring(a_record(id="free"), a_record(OTHER, id="tight", quota=60))
    assert a_guard(ring.find)(showing(TOKEN, OTHER)).key_id == "tight"


@pytest.mark.parametrize("other", [a_record(OTHER, tenant="bank"), a_record(OTHER, scopes=())])
def test_every_key_of_a_request_has_to_be_allowed_and_of_one_tenant(other):
    for tokens in [(TOKEN, OTHER), (OTHER, TOKEN)]:
        with pytest.raises(NotAllowedError):
            a_guard(a_ring(a_record(), other).find)(showing(*tokens))


def test_a_store_that_fails_is_not_the_senders_fault():
    ring = a_ring(a_record())
    ring.is_down = True
    with pytest.raises(KeyStoreError):
        a_guard(ring.find)(showing("wrong-token"))


def test_a_typing_error_in_a_key_of_ours_needs_no_look_up():
    ring = a_ring()
    token = mint(b"12345", b"x" * 20)
    with pytest.raises(CredentialsError, match="mistyped"):
        a_guard(ring.find)(showing(token[:-1] + "7"))
    assert ring.asked == []


def test_a_key_of_ours_that_is_well_formed_and_unknown_is_wrong():
    with pytest.raises(CredentialsError, match="not known"):
        a_guard(a_ring(a_record()).find)(showing(mint(b"12345", b"x" * 20)))


def test_a_record_under_another_keys_hash_lets_nobody_in():
    ring = a_ring(a_record())
    with pytest.raises(CredentialsError):
        a_guard(lambda _: ring.records[a_record().hash])(showing("wrong-token"))


def test_a_wrong_key_takes_the_same_steps_as_a_right_one(monkeypatch):
    compared: list[tuple[int, int]] = []

    def counting(left: str, right: str) -> bool:
        compared.append((len(left), len(right)))
        return hmac.compare_digest(left, right)

    class Counting:
        compare_digest = staticmethod(counting)

    monkeypatch.setattr(check, "hmac", Counting)
    steps = []
    for token in (TOKEN, TOKEN[:-1] + "2", "x", "y" * 500):
        ring = a_ring(a_record())
        compared.clear()
        with suppress(CredentialsError):
            a_guard(ring.find)(showing(token))
        steps.append(([len(digest) for digest in ring.asked], tuple(compared)))
    assert steps == [([64], ((64, 64),))] * 4
