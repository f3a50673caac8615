"""JSON: documents, names, and each type in the forms that it may have."""

from collections.abc import Mapping
from typing import Any, Final

from tests.conformance.rules.form import (
    JSON,
    OTHER_SPAN_ID,
    SPAN_ID,
    TRACE_ID,
    Case,
    http,
    kept,
    raw,
    refused,
    span_text,
    value_text,
)

ONE: Final = span_text()["text"]
DOCUMENTS: Final = {
    "two documents": ONE + ONE,
    "a line for each document": f"{ONE}\n{ONE}",
    "a list of requests": f"[{ONE}]",
    "a comment": f"{ONE}//x",
    "single quotes": ONE.replace('"', "'"),
    "a comma at the end of a list": '{"resourceSpans":[{},]}',
    "a name without quotes": "{resourceSpans:[]}",
    "bare Infinity in what is ignored": '{"x":-Infinity}',
    "a leading zero": '{"x":01}',
    "a plus sign": '{"x":+1}',
    "a control character": span_text('"traceState":"a\tb"')["text"],
    "an escape that JSON does not have": span_text(r'"traceState":"\x41"')["text"],
    "a blank that JSON does not have": f"\u00a0{ONE}",
    "a zero byte behind it": f"{ONE}\x00",
    "lists 101 deep in what is ignored": '{"x":' + "[" * 100 + "]" * 100 + "}",
}
BYTES: Final = {
    "UTF-16": ONE.encode("utf-16"),
    "UTF-16 without a mark": ONE.encode("utf-16-le"),
    "UTF-32": ONE.encode("utf-32"),
    "Latin-1": span_text('"traceState":"\u00e9"')["text"].encode("latin-1"),
    "UTF-8 longer than need be": span_text('"traceState":"@"')["text"].encode().replace(b"@", b"\xc0\x80"),
    "half a surrogate pair in UTF-8": span_text('"traceState":"@"')["text"].encode().replace(b"@", b"\xed\xa0\x80"),
}
LINKED: Final = {"links": [{"traceId": TRACE_ID, "spanId": SPAN_ID}]}
SPANS: Final[dict[str, Mapping[str, Any]]] = {
    '"kind":2.0': {"kind": 2},
    '"kind":"SPAN_KIND_CONSUMER"': {"kind": 5},
    '"kind":-1': {"kind": -1},
    '"status":{"code":"STATUS_CODE_ERROR"}': {"status": {"code": 2, "message": ""}},
    '"status":{"code":null,"message":null}': {"status": {"code": 0, "message": ""}},
    '"status":null': {"status": {"code": 0, "message": ""}},
    '"startTimeUnixNano":"1.544712660000000001e18"': {"startTimeUnixNano": "1544712660000000001"},
    '"startTimeUnixNano":1544712660000000001.0': {"startTimeUnixNano": "1544712660000000001"},
    '"startTimeUnixNano":1.8446744073709551615e19': {"startTimeUnixNano": "18446744073709551615"},
    '"startTimeUnixNano":"-0"': {"startTimeUnixNano": "0"},
    '"startTimeUnixNano":null': {"startTimeUnixNano": "0"},
    '"flags":"4294967295"': {"flags": 4_294_967_295},
    '"flags":257.0': {"flags": 257},
    '"flags":null': {"flags": 0},
    '"parentSpanId":null': {"parentSpanId": ""},
    '"parentSpanId":"ABCDEF0123456789"': {"parentSpanId": "abcdef0123456789"},
    '"parent_span_id":"abcdef0123456789"': {"parentSpanId": "abcdef0123456789"},
    '"trace_state":"a=b","traceState":"c=d"': {"traceState": "c=d"},
    f'"links":[{{"traceId":"{TRACE_ID.upper()}","spanId":"{SPAN_ID.upper()}"}}]': LINKED,
    f'"links":[{{"trace_id":"{TRACE_ID}","span_id":"{SPAN_ID}"}}]': LINKED,
    '"events":[{"time_unix_nano":"5","name":null}]': {"events": [{"timeUnixNano": "5", "name": ""}]},
    '"x":1e999,"y":{"kind":"z"}': {"kind": 0},
}  # fmt: skip
NO_SPANS: Final = (
    '"kind":"2"', '"kind":"server"', '"kind":"STATUS_CODE_OK"', '"kind":true', '"kind":1.5', '"kind":2147483648',
    '"status":{"code":"ERROR"}', '"status":[]', '"status":{"message":5}',
    '"startTimeUnixNano":-1', '"startTimeUnixNano":"-1"', '"startTimeUnixNano":"1.5"', '"startTimeUnixNano":" 1"',
    '"startTimeUnixNano":"+1"', '"startTimeUnixNano":"0x10"', '"startTimeUnixNano":true', '"startTimeUnixNano":1e20',
    '"startTimeUnixNano":18446744073709551616', '"startTimeUnixNano":[]', '"startTimeUnixNano":1e999999999999',
    '"flags":-1', '"flags":"4294967296"', '"flags":0.5', '"droppedLinksCount":4294967296', '"droppedEventsCount":-1',
    '"name":5', '"traceState":[]', '"attributes":{}', '"attributes":[null]', '"attributes":["a"]',
    '"attributes":[{"key":5}]', '"events":[null]', '"events":{}', '"events":[{"timeUnixNano":""}]', '"links":[null]',
)  # fmt: skip
VALUES: Final[dict[str, Mapping[str, Any]]] = {
    '{"intValue":9223372036854775807.0}': {"intValue": "9223372036854775807"},
    '{"intValue":"-9223372036854775808"}': {"intValue": "-9223372036854775808"},
    '{"intValue":"1e3"}': {"intValue": "1000"},
    '{"doubleValue":"Infinity"}': {"doubleValue": "Infinity"},
    '{"doubleValue":"-1.5e3"}': {"doubleValue": -1500.0},
    '{"doubleValue":1}': {"doubleValue": 1.0},
    '{"bytesValue":"_-8"}': {"bytesValue": "/+8="},
    '{"bytesValue":"3q2-7w=="}': {"bytesValue": "3q2+7w=="},
    '{"stringValue":""}': {"stringValue": ""},
    '{"stringValue":null}': {},
    '{"boolValue":null,"intValue":"0"}': {"intValue": "0"},
    '{"arrayValue":{}}': {"arrayValue": {"values": []}},
    '{"array_value":{"values":[{"int_value":"3"}]}}': {"arrayValue": {"values": [{"intValue": "3"}]}},
    '{"stringValue":"x","stringValueStrindex":3}': {"stringValue": "x"},
    '{"nosuch":1}': {},
}  # fmt: skip
DOUBLES: Final = {"-1e21": -1e21, "9223372036854775808": 2.0**63, "18446744073709551615": 2.0**64, "1.5e300": 1.5e300}
AS_DOUBLE: Final = {"rejected_spans": 0, "error_message": {"contains_ci": "double"}}
WRONG: Final = (
    "resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.arrayValue.values[1].intValue: not a 64-bit integer"
)
OLD: Final = (
    f'{{"instrumentation_library":{{"name":"x"}},"spans":[{{"trace_id":"{TRACE_ID}","span_id":"{OTHER_SPAN_ID}"}}]}}'
)
NO_VALUES: Final = (
    "5", '"x"', "[]", '{"stringValue":5}', '{"boolValue":1}', '{"boolValue":"false"}', '{"intValue":1.5}',
    '{"intValue":true}', '{"intValue":""}', '{"intValue":"1e21"}', '{"intValue":"-9223372036854775809"}',
    '{"intValue":1e400}', '{"doubleValue":"nan"}', '{"doubleValue":"+1"}', '{"doubleValue":"1e999"}',
    '{"doubleValue":-1e999}', '{"doubleValue":Infinity}', '{"doubleValue":""}', '{"doubleValue":true}',
    '{"bytesValue":"3q2+7w="}', '{"bytesValue":"A"}', '{"bytesValue":"AA\\n=="}', '{"bytesValue":[1]}',
    '{"arrayValue":[]}', '{"arrayValue":{"values":[null]}}', '{"kvlistValue":{"values":[null]}}',
)  # fmt: skip


def nested(depth: int) -> str:
    """A value of that many lists in one another; each takes three levels, and the outermost object is the tenth."""
    return '{"arrayValue":{"values":[' * depth + "{}" + "]}}" * depth


CASES: Final[tuple[Case, ...]] = (
    *(http("json-decoding", title, refused(400), JSON, {"text": text}) for title, text in DOCUMENTS.items()),
    *(http("json-decoding", title, refused(400), JSON, raw(body)) for title, body in BYTES.items()),
    http("json-decoding", "a value 100 levels deep", kept(), JSON, value_text(nested(30))),
    http("json-decoding", "a value over 100 levels deep", refused(400, says="100"), JSON, value_text(nested(31))),
    http(
        "json-decoding",
        "half a surrogate pair",
        kept(sink=[{"traceState": "\ufffdx"}]),
        JSON,
        span_text(r'"traceState":"\udc00x"'),
    ),
    *(http("json-mapping", member, kept(sink=[sink]), JSON, span_text(member)) for member, sink in SPANS.items()),
    *(http("json-mapping", member, refused(400), JSON, span_text(member)) for member in NO_SPANS),
    *(
        http("json-mapping", text, kept(sink=[{"attributes": [{"key": "a", "value": value}]}]), JSON, value_text(text))
        for text, value in VALUES.items()
    ),
    *(
        http(
            "json-mapping",
            f"intValue {number}",
            kept(success=AS_DOUBLE, sink=[{"attributes": [{"key": "a", "value": {"doubleValue": double}}]}]),
            JSON,
            value_text(f'{{"intValue":{number}}}'),
        )
        for number, double in DOUBLES.items()
    ),
    *(http("json-mapping", text, refused(400), JSON, value_text(text)) for text in NO_VALUES),
    http(
        "json-mapping",
        "what is wrong is named",
        refused(400, says=WRONG),
        JSON,
        value_text('{"arrayValue":{"values":[{},{"intValue":"secret"}]}}'),
    ),
    http(
        "json-mapping",
        "names of 2021 in snake_case, beside those of today",
        kept(spans=2, sink=[{"spanId": SPAN_ID}, {"spanId": OTHER_SPAN_ID}]),
        JSON,
        {"text": f'{ONE[:-3]},"instrumentation_library_spans":[{OLD}]}}]}}'},
    ),
)
