"""The body as it came → the message's bytes: gzip, deflate, zlib, zstd, never more than the limit.

Takes   the body and its `Content-Encoding`.
Gives   the bytes of one OTLP message.
Raises  `TooLargeError` over a limit, `EncodingError` for a coding that we do not read, `DecodeError` for a stream
        that is damaged, cut, or followed by anything that is not part of it.
Source  RFC 9110 8.4 (names), RFC 1950 to 1952, RFC 8878; OTLP/HTTP.
"""

import sys
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from raygate.decode.limits import MOST_STREAMS
from raygate.errors import DecodeError, EncodingError, TooLargeError

if TYPE_CHECKING:
    from raygate.settings import Settings

MARKS: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""How compressed data begins, and no OTLP message: zstd that holds what it could not compress even reads like one."""

PIECE: Final = 8192
"""Bytes inflated at a time. Small, because what follows a member is copied: thousands of empty ones must stay cheap."""

ZSTD_WINDOW_LOG: Final = 23
"""8 MiB: the window that RFC 8878 wants every decoder to support."""


class Stream(Protocol):
    """What zlib's and zstd's decompressors share."""

    @property
    def eof(self) -> bool:
        """The end mark was read."""

    @property
    def unused_data(self) -> bytes:
        """What came after it."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """The next bytes, at most so many."""


class Coding(NamedTuple):
    """How one `Content-Encoding` is undone."""

    start: Callable[[], Stream]
    error: type[Exception]
    several: bool
    """Streams may follow one another."""


def inflate(body: bytes, content_encoding: str, settings: "Settings") -> bytes:
    """Undo the one coding that was named, within the limits."""
    if len(body) > settings.max_wire_bytes:
        raise TooLargeError(f"the body is larger than {settings.max_wire_bytes} bytes")
    name = _name(content_encoding)
    if name:
        return _unpack(_CODINGS[name](body), name, body, settings.max_decompressed_bytes)
    if len(body) > settings.max_decompressed_bytes:
        raise TooLargeError(f"the body is larger than {settings.max_decompressed_bytes} bytes")
    return body


def refuse_compressed(message: bytes) -> None:
    """What is compressed and not said to be, or once more than it is said to be."""
    for mark, name in MARKS.items():
        if message.startswith(mark):
            raise DecodeError(
                f"the body is {name} data where the message should be: Content-Encoding has to say so, once"
            )


def _name(content_encoding: str) -> str:
    """The one coding besides `identity`, which says nothing."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in names if name not in {"", "identity"}]
    if len(codings) > 1:
        raise EncodingError("more than one Content-Encoding")
    if codings and codings[0] not in _CODINGS:
        raise EncodingError("unsupported Content-Encoding: the body may be gzip, deflate, zlib, zstd or plain")
    return codings[0] if codings else ""


def _unpack(coding: Coding, name: str, body: bytes, limit: int) -> bytes:
    """All streams of the body, one after the other; stops at one byte over the limit."""
    inflated: list[bytes] = []
    room = limit + 1
    stream = coding.start()
    streams = 1
    for at in range(0, len(body), PIECE):
        piece = body[at : at + PIECE]
        while piece:
            if stream.eof:
                if not coding.several:
                    raise DecodeError(f"{name}: bytes after the end of the data")
                stream = coding.start()
                streams += 1
                if streams > MOST_STREAMS:
                    raise TooLargeError(f"{name}: more than {MOST_STREAMS} members or frames")
            try:
                # There is always room for a byte, and filling it is an error: so each call takes its whole piece.
                more = stream.decompress(piece, room)
            except coding.error as error:
                raise DecodeError(f"{name}: the data is damaged, or not {name} at all") from error
            inflated.append(more)
            room -= len(more)
            if not room:
                raise TooLargeError(f"the body is larger than {limit} bytes decompressed")
            piece = stream.unused_data if stream.eof else b""
    if not stream.eof:
        raise DecodeError(f"{name}: the data is cut")
    return b"".join(inflated)


def _gzip(_body: bytes) -> Coding:
    return Coding(lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error, several=True)


def _zlib(_body: bytes) -> Coding:
    return Coding(zlib.decompressobj, zlib.error, several=False)


def _deflate(body: bytes) -> Coding:
    """RFC 9110 means zlib's format by this name; some senders mean what is inside of it."""
    if len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0:
        return _zlib(body)
    return Coding(lambda: zlib.decompressobj(-zlib.MAX_WBITS), zlib.error, several=False)


def _zstd(_body: bytes) -> Coding:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - few senders use it, and its import takes time
    else:
        from backports import zstd  # noqa: PLC0415 - the same module for older Pythons

    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
    return Coding(lambda: zstd.ZstdDecompressor(options=options), zstd.ZstdError, several=True)


_CODINGS: Final[dict[str, Callable[[bytes], Coding]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zlib": _zlib,
    "zstd": _zstd,
}
