"""Datagrams: a header, and one document; anything else is said in a few words that hold nothing of it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.daemon.datagram import DatagramError, document_of


@pytest.mark.parametrize(
    "header",
    [
        b'{"format": "json", "version": 1}',
        b'{"format":"json","version":1}',
        b' {"version": 1, "format": "json", "more": true} \r',
    ],
)
def test_what_is_behind_the_header_is_the_document(header):
    assert document_of(header + b'\n{"name": "caf\xc3\xa9"}\n') == '{"name": "café"}'


@pytest.mark.parametrize(
    ("datagram", "why"),
    [
        (b"", "its first line is no JSON"),
        (b"secret", "its first line is no JSON"),
        (b"[1]\n{}", "its header is not format json, version 1"),
        (b'{"format": "json", "version": "1"}\n{}', "its header is not format json, version 1"),
        (b'{"format": "json"}\n{}', "its header is not format json, version 1"),
        (b'{"format": "json", "version": 1}', "nothing is behind its header"),
        (b'{"format": "json", "version": 1}\n \n', "nothing is behind its header"),
        (b'{"format": "json", "version": 1}\n\xff', "its document is not UTF-8"),
    ],
)
def test_what_holds_no_document(datagram, why):
    with pytest.raises(DatagramError) as raised:
        document_of(datagram)
    assert str(raised.value) == why


@given(st.binary() | st.binary().map(lambda rest: b'{"format": "json", "version": 1}\n' + rest))
def test_any_bytes_are_a_text_or_an_error(datagram):
    with suppress(DatagramError):
        assert document_of(datagram)
