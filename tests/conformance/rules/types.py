"""Content types and content encodings."""

import gzip
import sys
import zlib
from typing import Final

from tests.conformance.rules.form import (
    JSON,
    MESSAGE,
    ONE_JSON,
    ONE_PROTOBUF,
    PROTOBUF,
    Case,
    Lines,
    http,
    kept,
    raw,
    refused,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BINARY: Final = (
    "Application/X-Protobuf",
    "application/x-protobuf;",
    'application/x-protobuf; a="b, c; d"; e=f',
    "application/x-protobuf,application/x-protobuf; v=1",
    "APPLICATION/PROTOBUF",
    "application/protobuf; proto=opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest",
)
TEXT: Final = ("application/json;charset=UTF-8", "application/json ; q=1; v=2", "application/json, APPLICATION/JSON")
NEITHER: Final = (
    "application/octet-stream",
    "application/x-ndjson",
    "application/grpc+proto",
    "application/json+x",
    "text/json",
    "json",
    "application/*",
    "*/*",
    "application/x-protobuf, application/protobuf",
    "application/json, text/plain",
    "application/json; charset",
    'application/json; charset="utf-8',
    "application/json charset=utf-8",
    "application / json",
)

GZ: Final = gzip.compress(MESSAGE, mtime=0)
ZLIB: Final = zlib.compress(MESSAGE)
DEFLATED: Final = ZLIB[2:-4]
ZSTD: Final = zstd.compress(MESSAGE)
SKIPPED: Final = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"
"""A frame of zstd that holds nothing of the data."""

READ: Final = {
    "GZip": ("GZip", GZ),
    "x-gzip": ("x-gzip", GZ),
    "X-GZIP with identity": ("identity, X-GZIP", GZ),
    "gzip before identity": ("gzip,identity", GZ),
    "identity twice": ("Identity, identity", MESSAGE),
    "an empty name": ("", MESSAGE),
    "Deflate without the wrapper": ("Deflate", DEFLATED),
    "ZLIB": ("ZLIB", ZLIB),
    "ZSTD": ("ZSTD", ZSTD),
    "two frames of zstd": ("zstd", zstd.compress(MESSAGE[:50]) + zstd.compress(MESSAGE[50:])),
    "a frame of zstd to be skipped": ("zstd", SKIPPED + ZSTD),
    "three members of gzip, one empty": ("gzip", b"".join(map(gzip.compress, (MESSAGE[:9], b"", MESSAGE[9:])))),
}
DAMAGED: Final = {
    "gzip cut within its header": ("gzip", GZ[:5]),
    "gzip cut within its data": ("gzip", GZ[:40]),
    "gzip with a wrong length": ("gzip", GZ[:-1] + b"\x01"),
    "gzip and zeros": ("gzip", GZ + bytes(8)),
    "gzip and a member that is cut": ("gzip", GZ + GZ[:-1]),
    "gzip twice": ("gzip", gzip.compress(GZ)),
    "gzip in zlib": ("deflate", zlib.compress(GZ)),
    "zlib named gzip": ("gzip", ZLIB),
    "gzip named deflate": ("deflate", GZ),
    "deflate without the wrapper named zlib": ("zlib", DEFLATED),
    "zlib without its checksum": ("deflate", ZLIB[:-4]),
    "zlib with a wrong checksum": ("deflate", ZLIB[:-1] + bytes([ZLIB[-1] ^ 1])),
    "zlib and more": ("deflate", ZLIB + b"x"),
    "zlib twice in a row": ("zlib", ZLIB + ZLIB),
    "deflate without the wrapper, and more": ("deflate", DEFLATED + b"x"),
    "deflate without the wrapper, cut": ("deflate", DEFLATED[:-2]),
    "zstd cut": ("zstd", ZSTD[:-1]),
    "zstd and more": ("zstd", ZSTD + b"x"),
    "zstd twice": ("zstd", zstd.compress(ZSTD)),
    "zstd that nobody named": ("", ZSTD),
    "zstd named identity": ("identity", ZSTD),
    "nothing named deflate": ("deflate", b""),
    "nothing named zlib": ("zlib", b""),
    "nothing named zstd": ("zstd", b""),
}
UNKNOWN: Final = ("snappy", "x-snappy-framed", "lz4", "br", "compress", "*", "gzip;q=1", "gzip, deflate", "zstd, gzip")


def coded(name: str) -> Lines:
    return (*PROTOBUF, ("Content-Encoding", name))


CASES: Final[tuple[Case, ...]] = (
    *(http("content-types", one, kept("protobuf"), (("Content-Type", one),), ONE_PROTOBUF) for one in BINARY),
    *(http("content-types", one, kept("json"), (("Content-Type", one),), ONE_JSON) for one in TEXT),
    *(http("content-types", one, refused(415), (("Content-Type", one),), ONE_JSON) for one in NEITHER),
    http(
        "content-types",
        "the same line twice",
        kept("protobuf"),
        (*PROTOBUF, ("content-type", "application/x-protobuf")),
    ),
    http("content-types", "two lines that differ", refused(415), (*PROTOBUF, *JSON)),
    http("content-types", "JSON named protobuf", refused(400, "protobuf"), PROTOBUF, ONE_JSON),
    http("content-types", "nothing named text", refused(415), (("Content-Type", "text/plain"),), {"text": ""}),
    *(
        http("content-encodings", title, kept("protobuf"), coded(name), raw(body))
        for title, (name, body) in READ.items()
    ),
    *(
        http("content-encodings", title, refused(400, "protobuf"), coded(name), raw(body))
        for title, (name, body) in DAMAGED.items()
    ),
    *(
        http(
            "content-encodings",
            f"unknown: {name}",
            refused(415, "protobuf", "Content-Encoding", accept_encoding="gzip, deflate, zstd"),
            coded(name),
            ONE_PROTOBUF,
        )
        for name in UNKNOWN
    ),
    http(
        "content-encodings",
        "gzip of nothing is no JSON",
        refused(400),
        (*JSON, ("Content-Encoding", "gzip")),
        raw(gzip.compress(b"", mtime=0)),
    ),
    http("content-encodings", "JSON that is gzip and does not say so", refused(400, says="gzip"), JSON, raw(GZ)),
    *(
        http(
            "content-encodings",
            f"{coding}, {size} bytes inflated",
            expect,
            (*JSON, ("Content-Encoding", coding)),
            {
                "generate": {"kind": "json-padding", **ONE_JSON, "total_bytes": size, "encode": coding},
            },
            requires=["limits"],
        )
        for coding in ("deflate", "zstd", "gzip")
        for size, expect in ((1_048_576, kept()), (1_048_577, refused(413)))
    ),
    *(
        http(
            "content-encodings",
            f"plain, {size} bytes",
            expect,
            JSON,
            {
                "generate": {"kind": "json-padding", **ONE_JSON, "total_bytes": size, "encode": "none"},
            },
            requires=["limits"],
        )
        for size, expect in ((1_048_576, kept()), (1_048_577, refused(413)))
    ),
)
