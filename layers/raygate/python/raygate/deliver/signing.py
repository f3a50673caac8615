"""botocore's signature for calls that differ in their body alone: what is the same in each call is worked out once.

Takes   botocore's signer, with the credentials of the moment; the address and the headers of all calls.
Gives   `Form`: the canonical request as the signer has written it, with two gaps; `Form.headers`, the headers that are
        added to a call with this body.
Why     three fifths of a signature's cost are headers that are gone through several times. What is signed, with which
        key and under which scope stays the signer's.
Source  AWS, "Create a signed AWS API request": the canonical request ends with the hash of the body.
"""

from hashlib import sha256
from typing import Any, Final, NamedTuple

from botocore import auth as botocore_auth
from botocore.awsrequest import AWSRequest

AUTHORIZATION: Final = "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"


class Form(NamedTuple):
    """The canonical request of all calls with the same session token."""

    token: str | None
    before: str
    between: str
    """The moment and the hash of the body."""
    names: str
    """Of the headers that are signed."""

    @classmethod
    def of(cls, signer: Any, url: str, headers: dict[str, str]) -> "Form":
        """From a call that is signed and not made."""
        request = AWSRequest("POST", url, headers, b"")
        signer.add_auth(request)
        del request.headers["Authorization"]  # it was not there when the signer signed
        canonical, moment = signer.canonical_request(request), request.context["timestamp"]
        before, date, after = canonical.rpartition("\n")[0].partition("\nx-amz-date:")
        names = signer.signed_headers(signer.headers_to_sign(request))
        return cls(signer.credentials.token, before + date, after.removeprefix(moment) + "\n", names)

    def headers(self, signer: Any, body: bytes) -> dict[str, str]:
        """Those that are this call's own."""
        moment = botocore_auth.get_current_datetime().strftime(botocore_auth.SIGV4_TIMESTAMP)  # type: ignore[attr-defined] # the stubs lack it
        request = AWSRequest()
        request.context["timestamp"] = moment  # all that the signer wants to know from here on
        canonical = f"{self.before}{moment}{self.between}{sha256(body).hexdigest()}"
        signature = signer.signature(signer.string_to_sign(request, canonical), request)
        token = {"X-Amz-Security-Token": self.token} if self.token else {}
        authorization = AUTHORIZATION.format(scope=signer.scope(request), names=self.names, signature=signature)
        return {"X-Amz-Date": moment, **token, "Authorization": authorization}
