"""Tokens → the tenant whose keys they are.

Takes   a way to find records by hash, the quotas, and a clock in seconds since 1970.
Gives   a `Guard`. Every token that is there has to be right; all of them have to be allowed, and of one tenant.
Raises  `CredentialsError` for a token that is none of ours, revoked or expired: as RFC 6750 has it, such a key is no
        valid credential. `NotAllowedError` for a known key without the scope, or on a page that it is not for.
Note    A wrong key costs what a right one costs: each token is hashed, looked up by its hash and compared by
        `compare_digest`, with a stand-in when nothing was found. What a look-up by hash tells by its time is about
        the hash, from which no token follows. Only a typing error in a key of ours ends earlier: anybody can tell it.
"""

import hmac
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from raygate.errors import CredentialsError, NotAllowedError
from raygate.keys.presented import Presented, Principal
from raygate.keys.quota import Quotas
from raygate.keys.record import WRITE, Record, hash_of
from raygate.keys.token import is_well_formed
from raygate.origins import is_covered
from raygate.records import dataclass

Find: TypeAlias = Callable[[str], Record | None]
"""The record with this hash; raises `KeyStoreError` when that cannot be told."""

NOBODY: Final = Record("0" * 64, "nobody", "nobody", disabled=True)

NONE: Final = "no credentials: send the key as `Authorization: Bearer <key>` or as `x-api-key`"
UNREADABLE: Final = (
    "the Authorization header has to be `Bearer <key>`, with a blank: "
    "a client that sends `Bearer%20` does not decode its headers and needs the blank itself"
)
MISTYPED: Final = "the key is mistyped: its checksum is wrong"
UNKNOWN: Final = "the key is not known here"
REVOKED: Final = "the key is revoked"
EXPIRED: Final = "the key has expired"
NO_SCOPE: Final = f"the key may not send: it lacks the scope {WRITE}"
NO_PAGE: Final = "the key is bound to web pages, and the request's Origin is none of them"
TWO_TENANTS: Final = "the keys of this request belong to different tenants"


@dataclass(slots=True)
class Keys:
    """The guard of `RAYGATE_AUTH=keys`."""

    find: Find
    quotas: Quotas
    now: Callable[[], float]

    def __call__(self, presented: Presented) -> Principal:
        """Find out who sends; who it is comes before what they may."""
        if not presented.tokens:
            raise CredentialsError(NONE)
        records = [self._identified(token) for token in presented.tokens]
        _check_allowed(records, presented.origin)
        record = min(records, key=lambda one: one.quota or float("inf"))  # of several keys the tightest counts
        return Principal(record.tenant, record.id, self.quotas.of(record.hash, record.quota))

    def _identified(self, token: str | None) -> Record:
        if token is None:
            raise CredentialsError(UNREADABLE)
        if is_well_formed(token) is False:
            raise CredentialsError(MISTYPED)
        digest = hash_of(token)
        record = self.find(digest) or NOBODY
        if not hmac.compare_digest(record.hash, digest):
            raise CredentialsError(UNKNOWN)
        if record.disabled:
            raise CredentialsError(REVOKED)
        if record.expires is not None and record.expires <= self.now():
            raise CredentialsError(EXPIRED)
        return record


def _check_allowed(records: Sequence[Record], origin: str) -> None:
    if not all(WRITE in record.scopes for record in records):
        raise NotAllowedError(NO_SCOPE)
    if len({record.tenant for record in records}) > 1:
        raise NotAllowedError(TWO_TENANTS)
    bound = [record.allowed_origins for record in records if record.allowed_origins]
    # Browsers name the page's origin with every POST, so a request without one comes from none of the pages.
    if not all(is_covered(origin, origins) for origins in bound):
        raise NotAllowedError(NO_PAGE)
