"""A request without the secrets that redaction takes out of documents: what is queued or archived as it came.

Takes   a request that `decode` has read, and the settings.
Gives   the same request, byte for byte, when there is nothing to hide; else one with the values replaced, without
        compression, in the same encoding. Its spans become the same documents.
Rules   The same keys and texts as in `enrich`, and the same places: names, attributes, events, links, status. In
        rejected spans too. Of a text that is longer than what is kept of it, the rest is gone: no redaction saw it.
"""

from raygate.decode.body import inflate
from raygate.keep import redacted_protobuf
from raygate.redact import Redaction
from raygate.request import Request
from raygate.settings import Settings


def redacted(request: Request, settings: Settings) -> Request:
    """The request as it may be stored."""
    redaction = Redaction.of(settings)
    if redaction is None:
        return request  # then documents are not redacted either
    body = inflate(request.body, request.content_encoding, settings)
    if request.encoding == "protobuf":
        clean = redacted_protobuf.redacted(body, settings, redaction)
    else:
        from raygate.keep import redacted_json  # noqa: PLC0415 - senders of protobuf shall not pay for it at a cold start

        clean = redacted_json.redacted(body, redaction)
    return request if clean is body else Request(clean, request.encoding, tenant=request.tenant)
