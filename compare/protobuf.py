"""A made-up request as OTLP's protobuf, not compressed.

Why     the classes of opentelemetry-proto refuse text that is not UTF-8, and senders send it.
Source  the protobuf encoding guide; opentelemetry-proto.
"""

from collections.abc import Callable, Iterable
from struct import pack
from typing import Any, Final

from compare.given import Event, Given, Link, Pairs, Scope, Sender, Span, Value


def written(given: Given) -> bytes:
    """ExportTraceServiceRequest."""
    return _messages(1, map(_resource_spans, given))


def _resource_spans(sender: Sender) -> bytes:
    resource = _messages(1, map(_key_value, sender.resource))
    return _message(1, resource) + _messages(2, map(_scope_spans, sender.scopes))


def _scope_spans(scope: Scope) -> bytes:
    described = _message(1, _text(scope.name)) + _messages(3, map(_key_value, scope.attributes))
    return _message(1, described) + _messages(2, map(_span, scope.spans))


def _span(span: Span) -> bytes:
    status = _message(2, _text(span.status_message)) + _number(3, span.status_code)
    return (
        _message(1, span.trace_id)
        + _message(2, span.span_id)
        + _message(3, _text(span.trace_state))
        + _message(4, span.parent_span_id)
        + _message(5, _text(span.name))
        + _number(6, span.kind)
        + _fixed(7, pack("<Q", span.start_ns))
        + _fixed(8, pack("<Q", span.end_ns))
        + _messages(9, map(_key_value, span.attributes))
        + _messages(11, map(_event, span.events))
        + _messages(13, map(_link, span.links))
        + _message(15, status)
    )


def _event(event: Event) -> bytes:
    attributes = _messages(3, map(_key_value, event.attributes))
    return _fixed(1, pack("<Q", event.time_ns)) + _message(2, _text(event.name)) + attributes


def _link(link: Link) -> bytes:
    return _message(1, link.trace_id) + _message(2, link.span_id) + _messages(4, map(_key_value, link.attributes))


def _key_value(pair: tuple[str, Value]) -> bytes:
    return _message(1, _text(pair[0])) + _message(2, _any_value(pair[1]))


def _any_value(value: Value) -> bytes:
    write = _VALUES.get(type(value))
    return write(value) if write else b""


def _text(text: str) -> bytes:
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _messages(number: int, contents: Iterable[bytes]) -> bytes:
    return b"".join(_message(number, content) for content in contents)


def _message(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value % 2**64)


def _fixed(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 1) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


_VALUES: Final[dict[type, Callable[[Any], bytes]]] = {
    str: lambda value: _message(1, _text(value)),
    bool: lambda value: _number(2, value),
    int: lambda value: _number(3, value),
    float: lambda value: _fixed(4, pack("<d", value)),
    list: lambda value: _message(5, _messages(1, map(_any_value, value))),
    Pairs: lambda value: _message(6, _messages(1, map(_key_value, value))),
    bytes: lambda value: _message(7, value),
}
