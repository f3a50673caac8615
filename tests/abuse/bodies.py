"""Requests made to cost as much as possible for their size, by name: each takes a size and grows with it.

Gives   `STRUCTURES`: so many bytes of one thing again and again. `TEXTS`: one text of so many characters, where a
        pattern or a parser reads it. `attribute`, `in_value`: the parts that they are made of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from raygate.request import Encoding
from tests.unit.decode.messages import IDS, field, in_request

Make: TypeAlias = Callable[[int], bytes]

CLIENT_KIND: Final = b"\x30\x03"


@dataclass(frozen=True, slots=True)
class Growing:
    """A request of any size."""

    make: Make
    encoding: Encoding = "protobuf"


def attribute(key: bytes, value: bytes, number: int = 9) -> bytes:
    """A KeyValue in a field of a span."""
    return field(number, field(1, key) + field(2, value))


def string(text: bytes) -> bytes:
    """AnyValue with a text."""
    return field(1, text)


def in_value(value: bytes) -> bytes:
    """A request of one span with that attribute value."""
    return in_request(IDS + attribute(b"a", value))


def event(name: bytes, **attributes: bytes) -> bytes:
    """An event in a span; `exception__message` stands for `exception.message`."""
    pairs = [attribute(key.replace("__", ".").encode(), string(text), 3) for key, text in attributes.items()]
    return field(11, field(2, name) + b"".join(pairs))


def fill(unit: bytes, size: int) -> bytes:
    """That unit again and again."""
    return unit * (size // len(unit) + 1)


def numbered(one: Callable[[bytes], bytes], size: int) -> bytes:
    """Units that all differ by a number."""
    return b"".join(one(b"%d" % number) for number in range(size // len(one(b"1000")) + 1))


def json_value(text: bytes) -> bytes:
    """A JSON request of one span with that attribute value."""
    return json_attributes(b'{"key":"a","value":%b}' % text)


def json_attributes(text: bytes) -> bytes:
    """A JSON request of one span with these attributes."""
    return (
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"68b1f2c05f84a1a7b3c1d2e3f4a5b6c7",'
        b'"spanId":"a1b2c3d4e5f60718","attributes":[%b]}]}]}]}' % text
    )


def listed(unit: bytes, size: int) -> bytes:
    """Elements of a JSON list."""
    return fill(unit + b",", size) + unit


def _nested(depth: int) -> bytes:
    value = string(b"x")
    for _ in range(depth):
        value = field(6, field(1, field(1, b"k") + field(2, value)))
    return value


def _linked(size: int) -> bytes:
    return in_request(IDS + fill(field(13, IDS + attribute(b"k", string(b"v" * 60), 4)), size))


def _spread_resource(size: int) -> bytes:
    """Half of it is a resource, half are roots that store it: the documents grow with the square, up to a limit."""
    resource = numbered(lambda n: attribute(n, string(b"v" * 40), 1), size // 2)
    return in_request(*[IDS] * (size // 2 // len(IDS)), resource=resource)


PROTOBUF: Final[Mapping[str, Make]] = {
    "empty values": lambda size: in_value(field(5, fill(field(1, b""), size))),
    "small integers": lambda size: in_value(field(5, fill(field(1, b"\x18\x01"), size))),
    "a wide map": lambda size: in_value(field(6, numbered(lambda n: field(1, field(1, n)), size))),
    "a map of one key": lambda size: in_value(field(6, fill(field(1, field(1, b"k")), size))),
    "deep maps": lambda size: in_request(IDS + fill(attribute(b"a", _nested(15)), size)),
    "one attribute again": lambda size: in_request(IDS + fill(attribute(b"k", string(b"v")), size)),
    "many attributes": lambda size: in_request(IDS + numbered(lambda n: attribute(n, string(b"v")), size)),
    "empty attributes": lambda size: in_request(IDS + fill(field(9, b""), size)),
    # Both within a processor's cache, a share of it: what falls out of it takes three times as long, square or not.
    "a huge key": lambda size: in_request(IDS + attribute(b"k" * 10 * size, string(b"v"))),
    "a huge name": lambda size: in_request(IDS + field(5, b"n" * 10 * size)),
    "bad UTF-8": lambda size: in_request(IDS + field(5, b"\xff" * 5 * size)),
    "bare spans": lambda size: in_request(*[IDS] * (size // len(IDS))),
    "spans without ids": lambda size: in_request(*[b""] * (size // 2)),
    "local roots": lambda size: in_request(
        *[IDS + CLIENT_KIND + attribute(b"aws.span.kind", string(b"LOCAL_ROOT"))] * (size // 60)
    ),
    "keys that differ in each span": lambda size: in_request(
        *[IDS + attribute(b"%d" % n, string(b"v")) for n in range(size // 30)]
    ),
    "events": lambda size: in_request(IDS + fill(event(b"e"), size)),
    "events of HTTP": lambda size: in_request(
        IDS + attribute(b"http.method", string(b"GET")) + fill(event(b"e"), size)
    ),
    "exceptions": lambda size: in_request(IDS + fill(event(b"exception", exception__message=b"m" * 60), size)),
    "exceptions under another name": lambda size: in_request(
        IDS + numbered(lambda n: event(b"e", exception__message=n), size)
    ),
    "links": _linked,
    "resources": lambda size: fill(field(1, b""), size),
    "scopes": lambda size: field(1, fill(field(2, b""), size)),
    "a resource in parts": lambda size: field(1, fill(field(1, b""), size)),
    "a status in parts": lambda size: in_request(IDS + fill(field(15, b""), size)),
    "unknown fields": lambda size: in_request(IDS + fill(b"\x9a\x3e\x00", size)),
    "unknown fields of a value": lambda size: in_value(fill(b"\x9a\x3e\x00", size)),
    "old lists that cannot be read": lambda size: field(1, fill(field(1000, b"\xff"), size)),
    "names of tables": lambda size: in_request(
        IDS + attribute(b"aws.dynamodb.table_names", field(5, fill(field(1, string(b"t")), size)))
    ),
    "keys to index": lambda size: in_request(
        IDS + attribute(b"aws.xray.annotations", field(5, numbered(lambda n: field(1, string(n)), size)))
    ),
    "namespaces of metadata": lambda size: in_request(
        *[IDS + attribute(b"aws.xray.metadata.%d" % n, string(b'{"a":1}')) for n in range(size // 50)]
    ),
}

JSON: Final[Mapping[str, Make]] = {
    "empty values": lambda size: json_value(b'{"arrayValue":{"values":[%b]}}' % listed(b"{}", size)),
    "empty lists": lambda size: json_value(b'{"arrayValue":{"values":[%b]}}' % listed(b'{"arrayValue":{}}', size)),
    "a wide map": lambda size: json_value(
        b'{"kvlistValue":{"values":[%b{}]}}' % numbered(lambda n: b'{"key":"%b"},' % n, size)
    ),
    "attributes": lambda size: json_attributes(listed(b'{"key":"a","value":{"intValue":1}}', size)),
    "attributes that say nothing": lambda size: json_attributes(listed(b"{}", size)),
    "integers as doubles": lambda size: json_attributes(listed(b'{"key":"a","value":{"intValue":1.0}}', size)),
    "integers beyond 64 bits": lambda size: json_attributes(listed(b'{"key":"a","value":{"intValue":1e20}}', size)),
    "a number of many digits": lambda size: json_value(b'{"intValue":%b}' % (b"9" * 9 * size)),
    "a fraction of many digits": lambda size: json_value(b'{"intValue":1.%b}' % (b"0" * 9 * size)),
    "a text of many digits": lambda size: json_value(b'{"intValue":"%b"}' % (b"1" * 9 * size)),
    "a double of many digits": lambda size: json_value(b'{"doubleValue":"0.%b"}' % (b"1" * 9 * size)),
    "an exponent of many digits": lambda size: json_value(b'{"intValue":1e%b}' % (b"9" * 9 * size)),
    "unknown members": lambda size: b"{%b}" % b",".join(b'"%d":0' % n for n in range(size // 8)),
    "one member again": lambda size: b"{%b}" % listed(b'"resourceSpans":[]', size),
    "one old name again": lambda size: b"{%b}" % listed(b'"resource_spans":[]', size),
    "unknown objects": lambda size: b'{"x":[%b]}' % listed(b"{}", size),
    "unknown objects of one member": lambda size: b'{"x":[%b]}' % listed(b'{"":0}', size),
    "unknown numbers": lambda size: b'{"x":[%b,1e999]}' % listed(b"0", size),
    "half characters": lambda size: json_value(b'{"stringValue":"%b"}' % fill(rb"\ud800", size)),
    "escapes": lambda size: json_value(b'{"stringValue":"\\ud800%b"}' % fill(rb"\\", size)),
    "an open list": lambda size: b"[" * size,
    "an open object": lambda size: fill(b'{"a":', size),
    "white space": lambda size: b" " * 9 * size,
    "bytes": lambda size: json_value(b'{"bytesValue":"%b"}' % (b"A" * 9 * size)),
    "padding": lambda size: json_value(b'{"bytesValue":"%b"}' % (b"=" * 9 * size)),
    "resources": lambda size: b'{"resourceSpans":[%b]}' % listed(b"{}", size),
    "spans": lambda size: b'{"resourceSpans":[{"scopeSpans":[{"spans":[%b]}]}]}' % listed(b"{}", size),
    "scopes": lambda size: (
        b'{"resourceSpans":[{"scopeSpans":[%b]}]}' % listed(b'{"scope":{"attributes":[{"key":"a"}]}}', size)
    ),
}

STRUCTURES: Final[Mapping[str, Growing]] = {
    **{f"protobuf, {name}": Growing(make) for name, make in PROTOBUF.items()},
    **{f"JSON, {name}": Growing(make, "json") for name, make in JSON.items()},
}

SECRET_UNITS: Final = (
    b"@", b"://@", b"://a", b"://a:b", b"://a:/", b"a://a:/b://", b"http://u:p@", b"=", b"pwd=", b"pwd ", b"pwd   =",
    b"pwd='", b"pwd=''", b'pwd="\\', b'pwd="\\"', b"pwd={", b";pwd=x ", b"pwd=x&", b"&a=pwd=", b"&pwd=)", b"&sig=x",
    b"sig=", b"@tcp(", b"a:b@tcp(", b" a:b@unix(", b"oracle:thin:", b"oracle:thin:a/", b"oracle:oci:a/b@",
    b"://a:1,b:2,c:3,", b"pwd=a;\n", b"://x@(", b"'\"<>://a@", b"pwd=%(a)s", b"apwd=a", b"token=a ", b"key=:",
)  # fmt: skip

STACK_UNITS: Final[Mapping[bytes, tuple[bytes, ...]]] = {
    b"java": (b"\n", b"\tat (\n", b"Caused by: \n", b"Caused by: x:\n\tat a(b)\n", b"\tat a/b(c:1)\n"),
    b"python": (
        b"\n", b'  File "a", line 1, in f\n', b"During handling of the above exception, another exception occurred:\n",
        b'  File "a", line 1, in f\nx: y\n\nDuring handling of the above exception, another exception occurred:\n\n',
        b"    ^\n", b"    ~~~ ~~~\n", b"    ~", b"  [Previous line repeated 9",
    ),
    b"javascript": (b"\n", b"    at (\n", b"    at a (http://x:1:1)\n", b"    at (((", b"    at https://", b":(http"),
    b"dotnet": (b"\n", b" at a in b:line 1\n", b" at a)\n", b" at  in  in ", b"   "),
    b"go": (b"\n", b"goroutine 1 running:\n", b"a\n\t/x:1\n", b"goroutine", b" running", b"a:", b"a", b" running :"),
}  # fmt: skip

FIRST_LINES: Final = b"During handling of the above exception, another exception occurred:\nx\nf\n"
"""The message, and what a parser of pairs takes for a frame. The text that makes Python's parser look again."""

BEFORE: Final = {
    b"a": b"message\nfunction\n",
    b"a:": b"message\nfunction\n",
    b" running": FIRST_LINES + b"goroutine",
    b" running :": FIRST_LINES + b"goroutine",
}
"""Where a unit is read as a place, or as the end of a line."""

JSON_UNITS: Final = (
    (b'{"a":[0', b",0", b"]}"), (b"{", b'"a":0,', b'"b":0}'), (b'{"a":', b'{"a":', b""), (b'{"a":', b"[", b""),
    (b'{"a":', b"9", b"}"), (b'{"a":1e', b"9", b"}"), (b'{"a":[{}', b",{}", b"]}"), (b'{"a":"', rb"\ud800", b'"}'),
)  # fmt: skip

TEXT_KEYS: Final[Mapping[bytes, tuple[bytes, ...]]] = {
    b"db.connection_string": (b"jdbc:", b"//", b"//a@", b"//%41", b"//a?#", b"?"),
    b"http.url": (b"a", b"a://", b"http://@", b"http://[]"),
    b"server.address": (b"[", b"a:", b"a://", b"1"),
    b"net.peer.ip": (b"1.", b":", b"1"),
    b"server.port": (b"1",),
}


def _text(before: bytes, unit: bytes, size: int) -> bytes:
    return (before + fill(unit, size))[:size]


def _in_attribute(key: bytes, before: bytes, unit: bytes) -> Make:
    others = CLIENT_KIND + attribute(b"db.name", string(b"x")) + attribute(b"http.method", string(b"GET"))
    return lambda size: in_request(*[IDS + others + attribute(key, string(_text(before, unit, size)))] * 4)


def _in_metadata(before: bytes, unit: bytes, after: bytes) -> Make:
    """Whole units, a quarter as long: the documents stay below the size from which they are cut."""
    return lambda size: in_request(
        *[IDS + attribute(b"aws.xray.metadata.x", string(before + unit * (size // 4 // len(unit)) + after))] * 16
    )


def _in_stack_trace(language: bytes, before: bytes, unit: bytes) -> Make:
    resource = attribute(b"telemetry.sdk.language", string(language), 1)
    return lambda size: in_request(
        IDS + 4 * event(b"exception", exception__stacktrace=_text(before, unit, size)), resource=resource
    )


TEXTS: Final[Mapping[str, Make]] = {
    **{f"a secret {unit!r}": _in_attribute(b"k", b"pass @=", unit) for unit in SECRET_UNITS},
    **{
        f"{key.decode()} {unit!r}": _in_attribute(key, b"//" if key == b"db.connection_string" else b"", unit)
        for key, units in TEXT_KEYS.items()
        for unit in units
    },
    **{
        f"a stack of {language.decode()} {unit[:20]!r}": _in_stack_trace(language, BEFORE.get(unit, FIRST_LINES), unit)
        for language, units in STACK_UNITS.items()
        for unit in units
    },
    **{f"metadata {before!r} {unit!r}": _in_metadata(before, unit, after) for before, unit, after in JSON_UNITS},
}

AMPLIFIED: Final[Mapping[str, Make]] = {
    "a resource that every root repeats": _spread_resource,
    "log groups that every span repeats": lambda size: in_request(
        *[IDS] * (size // len(IDS)), resource=attribute(b"aws.log.group.names", string(b"a&" * 30_000), 1)
    ),
}
"""Documents that are far larger than the request."""
