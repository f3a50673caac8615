"""What we raise on purpose. A refusal of one span or one document is a value, not an error.

The front door turns the class into a status: `CredentialsError` 401, `NotAllowedError` 403, `KeyStoreError` 503,
`DecodeError` 400, `TooLargeError` 413, `EncodingError` 415.
"""


class RaygateError(Exception):
    """The base of all the others."""


class SettingsError(RaygateError):
    """A setting has an unknown name or a bad value. The message names both."""


class DecodeError(RaygateError):
    """Nothing of the request was readable.

    `field` says where, in OTLP's own words (`resourceSpans[0].scopeSpans[0].spans[2].startTimeUnixNano`),
    or is empty when the place is unknown. The message never holds an attribute's value.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooLargeError(DecodeError):
    """A limit of size was passed, on the wire or inflated. The message names the limit in bytes."""


class EncodingError(DecodeError):
    """The `Content-Encoding` is not one that we read."""


class SpanError(RaygateError):
    """One span cannot become a document; the rest of the request goes on. The message is a short, countable reason."""


class CredentialsError(RaygateError):
    """No credentials, or wrong ones. Who sends is unknown."""


class NotAllowedError(RaygateError):
    """Who sends is known, and may not send this."""


class KeyStoreError(RaygateError):
    """Whether the credentials are right cannot be told now. It is not the sender's fault."""


class RecordError(KeyStoreError):
    """A stored key is not what it has to be. The message names the field and holds no value."""


class OriginError(RaygateError):
    """A pattern of origins that is none. The message holds it."""
