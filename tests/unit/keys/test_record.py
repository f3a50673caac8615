"""What is stored about a key is checked before anybody is let in by it."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.errors import RecordError
from raygate.keys.record import Record, hash_of, is_tenant
from tests.unit.keys.keyring import TOKEN, a_record

FIELDS: dict[str, Any] = a_record().fields()

RECORDS = st.builds(
    Record,
    hash=st.binary().map(lambda data: hashlib.sha256(data).hexdigest()),
    id=st.text("abc234", min_size=1, max_size=8),
    tenant=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=128),
    scopes=st.lists(st.sampled_from(["traces:write", "other"])).map(tuple),
    created=st.integers(0, 2**40),
    expires=st.none() | st.integers(0, 2**40),
    disabled=st.booleans(),
    allowed_origins=st.lists(st.sampled_from(["https://app.example.com", "http://*.local:3000"])).map(tuple),
    quota=st.none() | st.integers(1, 10**9),
)


@given(record=RECORDS)
def test_a_record_survives_its_store(record):
    assert Record.parse(json.loads(json.dumps(record.fields()))) == record


def test_a_record_holds_the_hash_and_not_the_key():
    assert hash_of(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()
    assert TOKEN not in str(FIELDS)


def test_a_key_without_scopes_expiry_and_quota_has_none():
    record = Record.parse({name: FIELDS[name] for name in ("hash", "id", "tenant")})
    assert (record.scopes, record.expires, record.disabled, record.quota) == ((), None, False, None)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"hash": "A" * 64}, "hash"),
        ({"hash": "a" * 63}, "hash"),
        ({"hash": TOKEN}, "hash"),
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"tenant": ""}, "tenant"),
        ({"tenant": None}, "tenant"),
        ({"tenant": "caf\u00e9"}, "tenant"),
        ({"tenant": "a\nb"}, "tenant"),
        ({"tenant": " shop"}, "tenant"),
        ({"tenant": "x" * 129}, "tenant"),
        ({"scopes": "traces:write"}, "scopes"),
        ({"scopes": [1]}, "scopes"),
        ({"created": "yesterday"}, "created"),
        ({"expires": 1.5}, "expires"),
        ({"expires": True}, "expires"),
        ({"expires": -1}, "expires"),
        ({"disabled": "false"}, "disabled"),
        ({"disabled": 0}, "disabled"),
        ({"allowed_origins": ["*"]}, "allowed_origins"),
        ({"allowed_origins": ["null"]}, "allowed_origins"),
        ({"quota": 0}, "quota"),
        ({"quota": "many"}, "quota"),
        ({"expire": 5}, "expire"),
    ],
)
def test_a_malformed_record_names_the_field_and_never_the_value(changed, named):
    with pytest.raises(RecordError, match=named) as caught:
        Record.parse(FIELDS | changed)
    value = next(iter(changed.values()))
    assert not isinstance(value, str) or len(value) < 6 or value not in str(caught.value)


@given(token=st.text(st.characters(categories=["L", "P", "Cs"])))
def test_whatever_a_header_held_has_a_hash(token):
    assert len(hash_of(token)) == 64


@pytest.mark.parametrize("name", ["shop", "Team Shop", "auth0|5f7c8ec7c33c6c004bbafe82", "123456789012"])
def test_a_tenant_may_be_called_so(name):
    assert is_tenant(name)
