"""The gateway's side of a request: the only package that knows HTTP.

`read` makes a `Call` of a Lambda event, `route` says which path it means, `presented` who it says to be, `export` makes
an export `Request` of it. `accept`, `refuse`, `healthy` and `preflight` make the answer, `decorated` tells browsers.
"""

from raygate.http_api.answers import Answer, accept, healthy, refuse
from raygate.http_api.check import export, route
from raygate.http_api.cors import decorated, is_preflight, preflight
from raygate.http_api.credentials import presented
from raygate.http_api.event import Call, read
from raygate.http_api.paths import HEALTH
from raygate.http_api.refusal import Refusal

__all__ = [
    "HEALTH",
    "Answer",
    "Call",
    "Refusal",
    "accept",
    "decorated",
    "export",
    "healthy",
    "is_preflight",
    "preflight",
    "presented",
    "read",
    "refuse",
    "route",
]
