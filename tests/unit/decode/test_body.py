"""gzip, deflate, zlib, zstd: what is undone, what is refused, and never more than the limit."""

import gzip
import struct
import sys
import zlib
from collections.abc import Callable

import pytest

from raygate.decode import decode
from raygate.decode.body import ZSTD_WINDOW_LOG, inflate
from raygate.errors import DecodeError, EncodingError, TooLargeError
from raygate.request import Request
from raygate.settings import Settings
from tests.unit.decode.messages import IDS, in_request

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MESSAGE = b"a message that repeats, a message that repeats, a message that repeats"
SETTINGS = Settings(max_decompressed_bytes=len(MESSAGE))
TIGHT = Settings(max_decompressed_bytes=len(MESSAGE) - 1)


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "zlib": zlib.compress,
    "zstd": zstd.compress,
    "ZSTD": zstd.compress,
}
SKIPPABLE_FRAME = struct.pack("<II", 0x184D2A50, 4) + b"skip"


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_is_undone(coding):
    assert inflate(CODINGS[coding](MESSAGE), coding, SETTINGS) == MESSAGE


@pytest.mark.parametrize("coding", CODINGS)
def test_an_empty_message_is_a_message_in_each_coding(coding):
    assert inflate(CODINGS[coding](b""), coding, SETTINGS) == b""


@pytest.mark.parametrize("coding", ["", "identity", "Identity", " , identity ,", "identity, identity"])
def test_no_coding_leaves_the_body_as_it_is(coding):
    assert inflate(MESSAGE, coding, SETTINGS) is MESSAGE


@pytest.mark.parametrize("coding", ["identity, gzip", "gzip, identity", "GZIP,", " identity,\tgzip "])
def test_identity_next_to_a_coding_says_nothing(coding):
    assert inflate(gzip.compress(MESSAGE), coding, SETTINGS) == MESSAGE


@pytest.mark.parametrize(
    "coding",
    ["br", "snappy", "x-snappy-framed", "lz4", "nosuch", "gzip, gzip", "gzip, deflate", "gzip;q=1", "gz\u0131p"],
)
def test_any_other_coding_is_refused(coding):
    with pytest.raises(EncodingError, match=r"Content-Encoding"):
        inflate(gzip.compress(MESSAGE), coding, SETTINGS)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
@pytest.mark.parametrize("split", [0, 1, 20])
def test_members_and_frames_may_follow_one_another(coding, compress, split):
    body = compress(MESSAGE[:split]) + compress(b"") + compress(MESSAGE[split:])
    assert inflate(body, coding, SETTINGS) == MESSAGE


def test_a_member_may_end_where_a_piece_ends():
    noise = bytes(range(256)) * 64
    for size in range(8150, 8200):
        member = gzip.compress(noise[:size], compresslevel=0)
        assert inflate(member + gzip.compress(b"end"), "gzip", Settings()) == noise[:size] + b"end"


def test_a_skippable_zstd_frame_is_skipped():
    assert inflate(SKIPPABLE_FRAME + zstd.compress(MESSAGE), "zstd", SETTINGS) == MESSAGE


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_that_is_cut_anywhere_is_refused(coding):
    whole = CODINGS[coding](MESSAGE)
    for size in range(len(whole)):
        with pytest.raises(DecodeError, match=coding.lower()):
            inflate(whole[:size], coding, SETTINGS)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("rest", [b"garbage!", b"\0"])
def test_bytes_after_the_stream_are_refused(coding, rest):
    with pytest.raises(DecodeError, match=coding.lower()):
        inflate(CODINGS[coding](MESSAGE) + rest, coding, SETTINGS)


@pytest.mark.parametrize("coding", ["deflate", "zlib"])
def test_a_second_zlib_stream_is_refused(coding):
    with pytest.raises(DecodeError, match="after the end"):
        inflate(zlib.compress(MESSAGE) * 2, coding, Settings())


@pytest.mark.parametrize("coding", ["gzip", "zlib", "deflate", "zstd"])
@pytest.mark.parametrize("body", [MESSAGE, b'{"key":"value"}', b"\xff" * 30])
def test_a_body_that_was_never_compressed_is_refused(coding, body):
    with pytest.raises(DecodeError, match=coding):
        inflate(body, coding, SETTINGS)


def test_a_wrong_checksum_is_refused():
    body = bytearray(gzip.compress(MESSAGE))
    body[-6] ^= 1
    with pytest.raises(DecodeError, match="damaged"):
        inflate(bytes(body), "gzip", SETTINGS)


@pytest.mark.parametrize("coding", CODINGS)
def test_one_byte_over_the_limit_is_too_large(coding):
    with pytest.raises(TooLargeError, match=str(TIGHT.max_decompressed_bytes)):
        inflate(CODINGS[coding](MESSAGE), coding, TIGHT)


def test_a_plain_body_over_the_limit_is_too_large():
    with pytest.raises(TooLargeError, match=str(TIGHT.max_decompressed_bytes)):
        inflate(MESSAGE, "", TIGHT)


def test_all_members_together_have_one_limit():
    with pytest.raises(TooLargeError):
        inflate(gzip.compress(MESSAGE[:40]) + gzip.compress(MESSAGE[40:]), "gzip", TIGHT)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
@pytest.mark.parametrize("encoding", ["protobuf", "json"])
def test_a_layer_that_no_header_names_is_refused(coding, compress, encoding):
    once = compress(in_request(IDS))
    for body, said in (once, ""), (compress(once), coding), (gzip.compress(once), "gzip"):
        with pytest.raises(DecodeError, match=f"{coding} data.*Content-Encoding"):
            decode(Request(body, encoding, said), Settings())


def test_the_size_on_the_wire_is_checked_before_the_coding():
    with pytest.raises(TooLargeError, match="10 bytes"):
        inflate(MESSAGE, "nosuch", Settings(max_wire_bytes=10))


@pytest.mark.parametrize(("window", "fits"), [(ZSTD_WINDOW_LOG, True), (ZSTD_WINDOW_LOG + 1, False)])
def test_a_zstd_window_over_8_mib_is_refused(window, fits):
    # Streamed, so that the frame does not say how long it is and names the window.
    options: dict[int, int] = {zstd.CompressionParameter.window_log: window}
    compressor = zstd.ZstdCompressor(options=options)
    body = compressor.compress(MESSAGE) + compressor.flush()
    if fits:
        assert inflate(body, "zstd", SETTINGS) == MESSAGE
    else:
        with pytest.raises(DecodeError, match="zstd"):
            inflate(body, "zstd", SETTINGS)
