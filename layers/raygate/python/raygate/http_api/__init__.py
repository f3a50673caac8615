"""The gateway's side of a request: the only package that knows HTTP.

`read` makes a `Call` of a Lambda event, `route` says which path it means, `presented` who it says to be, `export` makes
an export `Request` of it, `posted` one of X-Ray's own. `accept`, `refuse`, `healthy` and `preflight` make the
answer, `accept_documents` and `refuse_documents` that of X-Ray; `decorated` tells browsers.
"""

from raygate.http_api.answers import Answer, accept, healthy, refuse
from raygate.http_api.check import export, posted, route
from raygate.http_api.cors import decorated, is_preflight, preflight
from raygate.http_api.credentials import presented
from raygate.http_api.documents import accept_documents, refuse_documents
from raygate.http_api.event import Call, read
from raygate.http_api.paths import DOCUMENTS, HEALTH
from raygate.http_api.refusal import Refusal

__all__ = [
    "DOCUMENTS",
    "HEALTH",
    "Answer",
    "Call",
    "Refusal",
    "accept",
    "accept_documents",
    "decorated",
    "export",
    "healthy",
    "is_preflight",
    "posted",
    "preflight",
    "presented",
    "read",
    "refuse",
    "refuse_documents",
    "route",
]
