"""The gateway's side of a request: the only package that knows HTTP.

`read` makes a `Call` of a Lambda event, `check` an export `Request` of the call, `accept` and `refuse` make the answer.
"""

from raygate.http_api.answers import Answer, accept, healthy, refuse
from raygate.http_api.check import check
from raygate.http_api.event import Call, read
from raygate.http_api.refusal import Refusal

__all__ = ["Answer", "Call", "Refusal", "accept", "check", "healthy", "read", "refuse"]
