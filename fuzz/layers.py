"""A body without its compression, and in any other."""

import gzip
import sys
import zlib
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from fuzz.requests import Sent
from raygate.decode.body import inflate
from raygate.errors import DecodeError
from raygate.settings import Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMITS: Final = Settings(max_decompressed_bytes=2_000_000)


def _raw(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _in_two(data: bytes) -> bytes:
    middle = len(data) // 2
    return gzip.compress(data[:middle], mtime=0) + gzip.compress(data[middle:], mtime=0)


CODINGS: Final[Mapping[str, tuple[Callable[[bytes], bytes], ...]]] = {
    "": (bytes,),
    "identity": (bytes,),
    "gzip": (lambda data: gzip.compress(data, mtime=0), _in_two),
    "deflate": (zlib.compress, _raw),
    "zlib": (zlib.compress,),
    "zstd": (zstd.compress, lambda data: zstd.compress(data[:9]) + zstd.compress(data[9:])),
}


def message(sent: Sent) -> bytes:
    """The message itself; the body as it is when that cannot be had."""
    try:
        return inflate(sent.body, sent.header("content-encoding"), LIMITS)
    except DecodeError:
        return sent.body


def packed(random: Random, sent: Sent, data: bytes) -> Sent:
    """That message in a coding of chance, told truly; one time in ten the coding is another than is told."""
    coding = random.choice(list(CODINGS))
    told = random.choice(list(CODINGS)) if random.randrange(10) == 0 else coding
    return sent.with_header("content-encoding", told).with_body(random.choice(CODINGS[coding])(data))
