"""A key from its making to its end, in a file and in a table: what is written is what the door reads."""

from dataclasses import asdict

import pytest

from raygate.errors import CredentialsError, NotAllowedError
from raygate.keys.token import is_well_formed
from raygate_local.key_stores import StoreError
from raygate_local.keys import KeysError, Terms, create, find, readable, revoke, rotate, scopes_of, shown, state_of
from tests.unit.local.key_stores import NOW

SHOP = Terms("shop")
DAY = 86_400
EVERYTHING = Terms("shop", expires=NOW + DAY, allowed_origins=("https://*.example.com",), quota=60)


def test_a_new_key_is_let_in_as_its_tenant(here):
    issued = create(here.store, SHOP, NOW)
    assert is_well_formed(issued.token)
    assert issued.token.startswith(f"rg_{issued.record.id}_")
    principal = here.admits(issued.token)
    assert (principal.tenant, principal.key_id) == ("shop", issued.record.id)


def test_no_two_keys_are_the_same(here):
    assert len({create(here.store, SHOP, NOW).token for _ in range(20)}) == 20
    assert len(here.store.records()) == 20


def test_the_key_of_another_store_is_not_let_in(here, elsewhere):
    create(here.store, SHOP, NOW)
    with pytest.raises(CredentialsError):
        here.admits(create(elsewhere.store, SHOP, NOW).token)


def test_a_store_holds_no_secret(here):
    issued = create(here.store, EVERYTHING, NOW)
    secret = issued.token.rsplit("_", 1)[1]
    assert secret not in str(here.store.records())


def test_every_term_is_read_as_it_was_written(here):
    issued = create(here.store, EVERYTHING, NOW)
    (record,), problems = readable(here.store)
    assert (record, problems) == (issued.record, [])
    assert here.find(record.hash) == record
    assert asdict(record) == asdict(EVERYTHING) | {
        "hash": record.hash,
        "id": record.id,
        "created": NOW,
        "disabled": False,
    }


def test_a_key_ends_when_it_was_said(here):
    token = create(here.store, Terms("shop", expires=NOW + DAY), NOW).token
    assert here.admits(token, NOW + DAY - 1).tenant == "shop"
    with pytest.raises(CredentialsError):
        here.admits(token, NOW + DAY)


def test_a_key_without_a_scope_is_known_and_may_not_send(here):
    token = create(here.store, Terms("shop", scopes_of("none")), NOW).token
    with pytest.raises(NotAllowedError):
        here.admits(token)


def test_a_key_for_pages_is_for_pages_only(here):
    token = create(here.store, Terms("shop", allowed_origins=("https://*.example.com",)), NOW).token
    assert here.admits(token, origin="https://app.example.com").tenant == "shop"
    with pytest.raises(NotAllowedError):
        here.admits(token)


@pytest.mark.parametrize("token", ["test-token-1", "x", "with blanks inside", "a=b==", "hex:" + "0" * 64])
def test_a_token_of_elsewhere_can_be_registered(here, token):
    issued = create(here.store, SHOP, NOW, token)
    assert issued.record.id not in token
    assert here.admits(token).key_id == issued.record.id


def test_the_key_of_another_store_keeps_its_id(here, elsewhere):
    moved = create(elsewhere.store, SHOP, NOW)
    assert create(here.store, SHOP, NOW, moved.token).record.id == moved.record.id


def test_a_token_cannot_be_registered_twice(here):
    token = create(here.store, SHOP, NOW).token
    for tenant in ("shop", "other"):
        with pytest.raises(StoreError, match=rf"^This token is a key already, in {here.store.name}\.$"):
            create(here.store, Terms(tenant), NOW, token)
    assert here.admits(token).tenant == "shop"
    assert len(here.store.records()) == 1


def test_a_revoked_key_is_not_let_in_and_stays_in_the_list(here):
    kept, gone = create(here.store, SHOP, NOW), create(here.store, SHOP, NOW)
    assert not revoke(here.store, gone.record.id).disabled
    assert revoke(here.store, gone.record.id).disabled
    with pytest.raises(CredentialsError):
        here.admits(gone.token)
    assert here.admits(kept.token).tenant == "shop"
    states = {one.id: state_of(one, NOW) for one in readable(here.store)[0]}
    assert states == {kept.record.id: "active", gone.record.id: "revoked"}


def test_after_a_rotation_both_keys_work_for_a_while(here):
    old = create(here.store, Terms("shop", quota=60), NOW)
    new, ending = rotate(here.store, old.record.id, NOW, DAY)
    assert ending.expires == NOW + DAY
    assert here.admits(old.token, NOW + DAY - 1).key_id == old.record.id
    assert here.admits(new.token, NOW + 1000 * DAY).key_id == new.record.id
    with pytest.raises(CredentialsError):
        here.admits(old.token, NOW + DAY)


def test_a_rotated_key_allows_the_same(here):
    old = create(here.store, Terms("shop", (), NOW + DAY, ("https://a.example",), 7), NOW).record
    new = rotate(here.store, old.id, NOW, 60, NOW + 9 * DAY)[0].record
    assert new.id != old.id
    assert (new.tenant, new.scopes, new.allowed_origins, new.quota) == ("shop", (), ("https://a.example",), 7)
    assert new.expires == NOW + 9 * DAY


def test_a_rotation_makes_no_key_live_longer(here):
    old = create(here.store, Terms("shop", expires=NOW + 60), NOW).record
    assert rotate(here.store, old.id, NOW, DAY)[1].expires == NOW + 60


def test_a_rotation_without_grace_ends_the_old_key_at_once(here):
    old = create(here.store, SHOP, NOW)
    rotate(here.store, old.record.id, NOW, 0)
    with pytest.raises(CredentialsError):
        here.admits(old.token)


def test_a_revoked_key_is_not_rotated(here):
    record = create(here.store, SHOP, NOW).record
    revoke(here.store, record.id)
    with pytest.raises(KeysError, match="is revoked; make a new one"):
        rotate(here.store, record.id, NOW, DAY)
    assert len(here.store.records()) == 1


def test_a_key_is_found_by_the_beginning_of_its_id(here):
    record = create(here.store, SHOP, NOW).record
    assert find(here.store, record.id[:3]) == record


@pytest.mark.parametrize("key_id", ["", "nobody"])
def test_an_unknown_id_is_an_error(here, key_id):
    create(here.store, SHOP, NOW)
    with pytest.raises(KeysError, match=rf"^There is no key '{key_id}' in {here.store.name}\.$"):
        find(here.store, key_id)


def test_an_ambiguous_id_is_an_error_that_names_the_keys(here):
    for digit, key_id in enumerate(["abc", "abd", "abcd"]):
        here.store.add({"hash": f"{digit}" * 64, "id": key_id, "tenant": "shop"})
    with pytest.raises(KeysError, match=r"'ab' is ambiguous, since .* has 3 such keys: abc, abcd, abd"):
        find(here.store, "ab")
    assert find(here.store, "abc").id == "abc"


def test_a_broken_record_hinders_no_other(here):
    here.store.add({"hash": "0" * 64, "id": "broken", "tenant": 7})
    record = create(here.store, SHOP, NOW).record
    records, problems = readable(here.store)
    assert records == [record]
    assert len(problems) == 1
    assert problems[0].startswith("The key 'broken' cannot be read: 'tenant' ")
    assert revoke(here.store, record.id) == record


def test_what_somebody_else_wrote_into_a_record_stays(here):
    here.store.add({"hash": "0" * 64, "id": "abc", "tenant": "shop", "note": "of the old system"})
    revoke(here.store, "abc")
    (stored,) = here.store.records()
    assert (stored["note"], stored["disabled"]) == ("of the old system", True)


def test_a_key_that_is_gone_cannot_be_changed(here):
    create(here.store, SHOP, NOW)
    with pytest.raises(StoreError, match="was taken out of"):
        here.store.change("0" * 64, {"disabled": True})


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (Terms(""), "A tenant has 1 to 128 printable ASCII characters, unlike ''"),
        (Terms("x" * 129), "A tenant has 1 to 128"),
        (Terms("a\nb"), "A tenant has 1 to 128"),
        (Terms("shop", quota=0), "A quota is at least 1 span a minute, not 0"),
        (Terms("shop", allowed_origins=("example.com",)), "An origin looks like https://app.example.com, not 'exam"),
        (Terms("shop", allowed_origins=("https://a.com/path",)), "An origin looks like"),
        (Terms("shop", allowed_origins=("https://*.*.com",)), r"An origin may have one \*"),
    ],
)
def test_terms_that_no_key_can_have_are_an_error(elsewhere, terms, message):
    with pytest.raises(KeysError, match=f"^{message}"):
        create(elsewhere.store, terms, NOW)


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("", "is empty"),
        (" x", "cannot be sent in a header"),
        ("x\n", "cannot be sent in a header"),
        ("a\x00b", "cannot be sent in a header"),
        ("é", "cannot be sent in a header"),
        ("rg_abc", "form or checksum"),
        ("rg_aaaaaaaa_" + "a" * 39, "form or checksum"),
    ],
)
def test_a_token_that_the_door_would_never_find_is_an_error_without_the_token(elsewhere, token, message):
    with pytest.raises(KeysError, match=message) as raised:
        create(elsewhere.store, SHOP, NOW, token)
    assert len(token) < 3 or token not in str(raised.value)


def test_there_are_two_scopes():
    assert scopes_of("traces:write") == ("traces:write",)
    assert scopes_of("none") == ()
    with pytest.raises(KeysError, match=r"^There is no scope 'traces:read': it is traces:write or none\.$"):
        scopes_of("traces:read")


def test_what_is_shown_has_no_hash(elsewhere):
    record = create(elsewhere.store, EVERYTHING, NOW).record
    assert shown(record, NOW + DAY) == {
        "state": "expired",
        "id": record.id,
        "tenant": "shop",
        "scopes": ["traces:write"],
        "created": NOW,
        "expires": NOW + DAY,
        "disabled": False,
        "allowed_origins": ["https://*.example.com"],
        "quota": 60,
    }
