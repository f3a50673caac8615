"""botocore's session, with only those of its handlers that our calls can reach.

Gives   `aws_session`: configuration, credentials and clients as ever.
Why     of its 127 handlers 118 mend one call each of S3, EC2 and others, or their documentation. Registered with every
        session and copied for every client they are 8 ms of each cold start. S3 has most of those that are left.
"""

from typing import Final

from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.session import Session

SERVICES: Final = frozenset({"xray", "sqs", "s3", "dynamodb", "sts", "sso", "sso-oidc", "signin"})
"""Whom we call, and whom botocore calls for credentials."""


def aws_session(*, needs_s3: bool = True) -> Session:
    """A new session; no network is touched."""
    services = SERVICES if needs_s3 else SERVICES - {"s3"}
    session = Session(include_builtin_handlers=False)
    events = session.get_component("event_emitter")
    register = {REGISTER_FIRST: events.register_first, REGISTER_LAST: events.register_last}
    for event, handler, *order in BUILTIN_HANDLERS:
        if _is_reached(event, services):
            (register[order[0]] if order else events.register)(event, handler)
    return session


def _is_reached(event: str, services: frozenset[str]) -> bool:
    """Whether an event like `before-call.s3.PutObject` or `before-call` can happen here."""
    kind, _, rest = event.partition(".")
    service = rest.partition(".")[0]
    return kind != "docs" and (not service or service in services)
