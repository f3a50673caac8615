"""Every answer that is not 200: its status, its gRPC code, its headers and what it tells the sender.

Senders drop a batch for good on any status but 429, 502, 503 and 504, and some take 3xx for success. So what may pass
later is 429 or 503, an accident of ours is 503 and never 500, and nothing is ever redirected.

Source  OTLP/HTTP, "Failures"; google.rpc.Code for the codes.
"""

from collections.abc import Collection, Mapping
from typing import Final, TypeAlias

from raygate.errors import (
    CredentialsError,
    DecodeError,
    EncodingError,
    KeyStoreError,
    NotAllowedError,
    RaygateError,
    TooLargeError,
)

AnsweredError: TypeAlias = CredentialsError | NotAllowedError | KeyStoreError | DecodeError
"""What may be raised on the way, and has an answer of its own."""

INVALID_ARGUMENT: Final = 3
PERMISSION_DENIED: Final = 7
RESOURCE_EXHAUSTED: Final = 8
UNIMPLEMENTED: Final = 12
UNAVAILABLE: Final = 14
UNAUTHENTICATED: Final = 16

# Senders have about 10 s in all, and some of them wait exactly as long as they are told, every time.
RETRY_AFTER_S: Final = {429: "3", 503: "2"}


class Refusal(RaygateError):  # noqa: N818 - an answer that happens to be raised
    """The request is not answered by 200. The message is for the sender's developers and holds none of their values."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        cause: DecodeError | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.cause = cause
        """What was wrong with the body, when that is why."""

    @classmethod
    def bad_request(cls, message: str) -> "Refusal":
        """400: the same request will never be accepted."""
        return cls(400, INVALID_ARGUMENT, message)

    @classmethod
    def not_found(cls, served: str) -> "Refusal":
        """404, with the path that there is."""
        return cls(404, UNIMPLEMENTED, f"no such path here: traces are taken by POST {served}")

    @classmethod
    def method_not_allowed(cls, path: str, methods: Collection[str], allow: str) -> "Refusal":
        """405, with the methods that there are."""
        message = f"{path} takes {' and '.join(sorted(methods))} only"
        return cls(405, UNIMPLEMENTED, message, headers={"allow": allow})

    @classmethod
    def unsupported_type(cls) -> "Refusal":
        """415 for the `Content-Type`."""
        return cls(415, INVALID_ARGUMENT, "the Content-Type has to be application/x-protobuf or application/json")

    @classmethod
    def unavailable(cls, message: str) -> "Refusal":
        """503: the sender keeps the spans and comes again."""
        return cls(503, UNAVAILABLE, message, headers={"retry-after": RETRY_AFTER_S[503]})

    @classmethod
    def throttled(cls, message: str, retry_after_s: int = 0) -> "Refusal":
        """429: as 503, and the reason is a rate."""
        headers = {"retry-after": str(retry_after_s or RETRY_AFTER_S[429])}
        return cls(429, RESOURCE_EXHAUSTED, message, headers=headers)

    @classmethod
    def of(cls, error: AnsweredError) -> "Refusal":
        """The answer to wrong credentials, and to a body that could not be read."""
        if isinstance(error, CredentialsError):
            return cls(401, UNAUTHENTICATED, str(error), headers={"www-authenticate": "Bearer"})
        if isinstance(error, NotAllowedError):
            return cls(403, PERMISSION_DENIED, str(error))
        if isinstance(error, KeyStoreError):
            return cls.unavailable(str(error))
        return cls._of_body(error)

    @classmethod
    def _of_body(cls, error: DecodeError) -> "Refusal":
        where = f"{error.field}: " if error.field else ""
        message = f"{where}{error}"
        if isinstance(error, TooLargeError):
            return cls(413, RESOURCE_EXHAUSTED, message)
        if isinstance(error, EncodingError):
            return cls(415, INVALID_ARGUMENT, message, headers={"accept-encoding": "gzip, deflate, zstd"})
        return cls(400, INVALID_ARGUMENT, message, cause=error)
