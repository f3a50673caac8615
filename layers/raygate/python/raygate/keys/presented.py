"""What a caller shows at the door, and who that makes it: plain values, no HTTP.

`Guard` is the one question of this package. It raises `CredentialsError` when nobody known is there, `NotAllowedError`
when somebody known may not send, and `KeyStoreError` when that cannot be told now.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from raygate.records import dataclass
from raygate.request import Admit, unlimited


@dataclass(frozen=True, slots=True)
class Presented:
    """The credentials of one request."""

    tokens: tuple[str | None, ...] = field(default=(), repr=False)
    """Each token once, in the order of the headers; `None` for a credential that could not be read."""
    origin: str = ""
    """The web page's, as the browser tells it; `""` for other senders."""
    authorizer: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What an authorizer of the gateway found out."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends."""

    tenant: str = ""
    """`""` when nobody is asked who they are."""
    key_id: str = ""
    """The public part of the key."""
    admit: Admit = unlimited
    """The quota."""


Guard: TypeAlias = Callable[[Presented], Principal]
