"""PutTraceSegments once more: what botocore has worked out for the first call is used for all that follow.

Takes   botocore's client for X-Ray, and of its first call the request and the signer.
Gives   `Repeated`: the same call with another body. Signing, credentials, connections, proxies, certificates and errors
        are botocore's. Endpoint rules, parameters and its own retries, which are off, are not gone through again, nor
        are the headers that are signed (`signing.py`) and the layers above a connection that is kept (`wire.py`).
Why     they are four fifths of a call's cost, and the same each time. Whoever listens to `before-send` is still asked.
"""

from typing import Any, Final, NamedTuple

from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botocore.endpoint import convert_to_response_dict
from botocore.exceptions import NoCredentialsError
from botocore.parsers import create_parser

from raygate.deliver.signing import Form
from raygate.deliver.wire import Wire, wire_of

OPERATION: Final = "PutTraceSegments"
BEFORE_SEND: Final = f"before-send.xray.{OPERATION}"
KEPT: Final = frozenset({"Content-Type", "User-Agent"})
"""The headers that are the same in each call; others speak of one try of botocore's."""
SIGNED_BY: Final = "v4"


class Repeated(NamedTuple):
    """A call that can be made again."""

    client: Any
    signer: Any
    """botocore's `RequestSigner`: credentials that expire are fetched anew by it."""
    url: str
    headers: dict[str, str]
    region: str
    signing_name: str
    wire: Wire | None
    forms: dict[str | None, Form]
    """The one for the session token of the moment."""

    @classmethod
    def of(cls, client: Any, params: dict[str, Any], signer: Any) -> "Repeated | None":
        """From what `before-call` tells; None for a call that is signed in another way, by others, or not at all."""
        if signer.signature_version != SIGNED_BY or AUTH_TYPE_MAPS[SIGNED_BY] is not SigV4Auth:
            return None
        signing = params["context"].get("signing") or {}
        headers = {name: value for name, value in params["headers"].items() if name in KEPT}
        region, name = signing.get("region") or signer.region_name, signing.get("signing_name") or signer.signing_name
        wire = wire_of(client._endpoint.http_session, params["url"])  # noqa: SLF001 - see below
        return cls(client, signer, params["url"], headers, region, name, wire, {})

    def send(self, body: bytes) -> dict[str, Any]:
        """X-Ray's answer as botocore has it before it is parsed. Raises what botocore raises without an answer."""
        signer = self.signer.get_auth_instance(self.signing_name, self.region, SIGNED_BY)
        headers = {**self.headers, **self._form(signer).headers(signer, body), "Content-Length": str(len(body))}
        given: Any = HeadersDict(headers)  # the stubs want another kind
        prepared = AWSPreparedRequest("POST", self.url, given, body, stream_output=False, context={})
        _, response = self.client.meta.events.emit_until_response(BEFORE_SEND, request=prepared)
        if response is None and self.wire and (answer := self.wire.post(prepared)):
            return answer
        # Not public, but it is the one with the proxies, the certificates and the time limits of the client.
        response = response or self.client._endpoint.http_session.send(prepared)  # noqa: SLF001
        whole: dict[str, Any] = convert_to_response_dict(response, self._operation)
        return whole

    def _form(self, signer: Any) -> Form:
        if signer.credentials is None:
            raise NoCredentialsError
        token = signer.credentials.token
        form = self.forms.get(token)
        if form is None:
            self.forms.clear()
            form = self.forms[token] = Form.of(signer, self.url, self.headers)
        return form

    def parse(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer, or the error that it is."""
        parser = create_parser(self.client.meta.service_model.resolved_protocol)
        parsed: dict[str, Any] = parser.parse(answer, self._operation.output_shape)
        if answer["status_code"] >= 300:
            raise self.client.exceptions.from_code(parsed.get("Error", {}).get("Code"))(parsed, OPERATION)
        return parsed

    @property
    def _operation(self) -> Any:
        return self.client.meta.service_model.operation_model(OPERATION)
