"""The text of our own keys: `rg_<id>_<secret>`, with a checksum in the secret.

Gives   `mint`: a token made of random bytes that the caller brings. `is_well_formed`: whether a token can be one of
        ours, without asking any store: a typo costs no look-up. `id_of`: the public part.
Form    `rg_`, 8 characters of id, `_`, 32 characters of secret and 7 of checksum, all of `a-z2-7` (base 32): one case,
        nothing to escape in a header, a shell or an address, and one pattern for secret scanners:
        `rg_[a-z2-7]{8}_[a-z2-7]{39}`.
Note    the checksum (CRC-32 of all before it) is for typing errors and for scanners. It protects nothing: the 160 bits
        of the secret do. Tokens of elsewhere may be registered too, unless they begin with `rg_` and are not ours.
"""

import re
from base64 import b32encode
from typing import Final
from zlib import crc32

PREFIX: Final = "rg_"
ID_BYTES: Final = 5
SECRET_BYTES: Final = 20

_CHECKSUM_LENGTH: Final = 7
_FORM: Final = re.compile(r"rg_([a-z2-7]{8})_[a-z2-7]{39}", re.ASCII)


def mint(id_bytes: bytes, secret_bytes: bytes) -> str:
    """Make a token of 5 random bytes for its id and 20 for its secret."""
    if (len(id_bytes), len(secret_bytes)) != (ID_BYTES, SECRET_BYTES):
        raise ValueError(f"a key is made of {ID_BYTES} and {SECRET_BYTES} random bytes")
    body = f"{PREFIX}{_base32(id_bytes)}_{_base32(secret_bytes)}"
    return body + _checksum(body)


def is_well_formed(token: str) -> bool | None:
    """Whether form and checksum are right; `None` for a token of elsewhere."""
    if not token.startswith(PREFIX):
        return None
    body, checksum = token[:-_CHECKSUM_LENGTH], token[-_CHECKSUM_LENGTH:]
    return _FORM.fullmatch(token) is not None and _checksum(body) == checksum


def id_of(token: str) -> str | None:
    """The id within a well-formed token of ours, which is no secret; `None` for any other token."""
    found = _FORM.fullmatch(token) if is_well_formed(token) else None
    return found[1] if found else None


def _base32(data: bytes) -> str:
    return b32encode(data).decode("ascii").rstrip("=").lower()


def _checksum(text: str) -> str:
    return _base32(crc32(text.encode("ascii", "replace")).to_bytes(4, "big"))
