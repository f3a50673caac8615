"""Giving out keys: create, find, list, revoke, rotate, in either store.

Takes   a `KeyStore`, what a key shall allow, and the time in seconds since 1970.
Gives   `Issued`: the token, which is kept nowhere, and its record.
Raises  `KeysError`, one sentence, for what was asked wrongly; `StoreError` for what is wrong with the store.
"""

import secrets
from dataclasses import dataclass, fields
from typing import Any, Final

from raygate.errors import OriginError, RecordError
from raygate.keys.record import MAX_TENANT, WRITE, Record, hash_of, is_tenant
from raygate.keys.token import ID_BYTES, SECRET_BYTES, id_of, is_well_formed, mint
from raygate.origins import pattern
from raygate_local.key_stores import Fields, KeyStore

SCOPES: Final[dict[str, tuple[str, ...]]] = {WRITE: (WRITE,), "none": ()}
FIELDS: Final = tuple(field.name for field in fields(Record))


class KeysError(Exception):
    """What was asked for cannot be done. The message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a key allows."""

    tenant: str
    scopes: tuple[str, ...] = (WRITE,)
    expires: int | None = None
    allowed_origins: tuple[str, ...] = ()
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that was given out just now."""

    token: str
    record: Record


def scopes_of(name: str) -> tuple[str, ...]:
    """The scopes that a name on the command line stands for."""
    if name not in SCOPES:
        raise KeysError(f"There is no scope {name!r}: it is {' or '.join(SCOPES)}.")
    return SCOPES[name]


def create(store: KeyStore, terms: Terms, now: int, token: str | None = None) -> Issued:
    """Make a key, or register a token of elsewhere as one."""
    _check(terms)
    made = mint(secrets.token_bytes(ID_BYTES), secrets.token_bytes(SECRET_BYTES))
    given = made if token is None else _checked_token(token)
    record = Record(
        hash=hash_of(given),
        id=id_of(given) or id_of(made) or "",
        tenant=terms.tenant,
        scopes=terms.scopes,
        created=now,
        expires=terms.expires,
        allowed_origins=terms.allowed_origins,
        quota=terms.quota,
    )
    store.add(record.fields())
    return Issued(given, record)


def find(store: KeyStore, key_id: str) -> Record:
    """The one key with this id, or whose id begins so."""
    stored = [(str(one.get("id")), one) for one in store.records()]
    same = [one for stored_id, one in stored if stored_id == key_id]
    found = same or [one for stored_id, one in stored if key_id and stored_id.startswith(key_id)]
    if not found:
        raise KeysError(f"There is no key {key_id!r} in {store.name}.")
    if len(found) > 1:
        ids = ", ".join(sorted(str(one["id"]) for one in found))
        raise KeysError(f"{key_id!r} is ambiguous, since {store.name} has {len(found)} such keys: {ids}.")
    return _parsed(found[0])


def revoke(store: KeyStore, key_id: str) -> Record:
    """Disable a key; it stays in the store, where it can be seen what it was."""
    record = find(store, key_id)
    store.change(record.hash, {"disabled": True})
    return record


def rotate(store: KeyStore, key_id: str, now: int, grace_s: int, expires: int | None = None) -> tuple[Issued, Record]:
    """Make a key that allows the same, and let the old one end after the grace. Gives the new one and the old one."""
    old = find(store, key_id)
    if old.disabled:
        raise KeysError(f"The key {old.id} is revoked; make a new one with `raygate keys create`.")
    issued = create(store, Terms(old.tenant, old.scopes, expires, old.allowed_origins, old.quota), now)
    end = now + grace_s if old.expires is None else min(old.expires, now + grace_s)
    store.change(old.hash, {"expires": end})
    return issued, _parsed(old.fields() | {"expires": end})


def readable(store: KeyStore) -> tuple[list[Record], list[str]]:
    """Every key by tenant and age, and a sentence for each record that cannot be read."""
    records: list[Record] = []
    problems: list[str] = []
    for stored in store.records():
        try:
            records.append(_parsed(stored))
        except KeysError as error:
            problems.append(str(error))
    return sorted(records, key=lambda one: (one.tenant, one.created, one.id)), problems


def state_of(record: Record, now: int) -> str:
    """What became of a key."""
    if record.disabled:
        return "revoked"
    return "expired" if record.expires is not None and record.expires <= now else "active"


def shown(record: Record, now: int) -> dict[str, Any]:
    """What may be told about a key: all but its hash."""
    told = {name: value for name, value in record.fields().items() if name != "hash"}
    return {"state": state_of(record, now), **told}


def _parsed(stored: Fields) -> Record:
    """Read a stored record, without what somebody else has added to it."""
    try:
        return Record.parse({name: stored[name] for name in FIELDS if name in stored})
    except RecordError as error:
        raise KeysError(f"The key {str(stored.get('id'))!r} cannot be read: {error}.") from error


def _check(terms: Terms) -> None:
    if not is_tenant(terms.tenant):
        raise KeysError(f"A tenant has 1 to {MAX_TENANT} printable ASCII characters, unlike {terms.tenant!r}.")
    if terms.quota is not None and terms.quota < 1:
        raise KeysError(f"A quota is at least 1 span a minute, not {terms.quota}.")
    try:
        for origin in terms.allowed_origins:
            pattern(origin)
    except OriginError as error:
        raise KeysError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def _checked_token(token: str) -> str:
    """A token that a header can carry and the door will look up. It is never in a message."""
    if not token:
        raise KeysError("The token is empty.")
    if token != token.strip() or not (token.isascii() and token.isprintable()):
        raise KeysError("The token cannot be sent in a header: it has to be printable ASCII, without blanks around it.")
    if is_well_formed(token) is False:
        raise KeysError("The token begins with rg_ as Raygate's own keys do, but its form or checksum is wrong.")
    return token
