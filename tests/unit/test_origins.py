"""Which pages a pattern covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.errors import OriginError
from raygate.origins import is_covered, pattern


@pytest.mark.parametrize(
    ("wanted", "origin", "covers"),
    [
        ("https://app.example.com", "https://app.example.com", True),
        ("https://app.example.com", "http://app.example.com", False),
        ("https://app.example.com", "https://app.example.com:8443", False),
        ("https://app.example.com", "https://app.example.com.evil.example", False),
        ("https://app.example.com", "https://evil.example", False),
        ("https://app.example.com:443", "https://app.example.com", True),
        ("http://app.example.com", "http://app.example.com:80", True),
        ("HTTPS://App.Example.com", "https://app.example.com", True),
        ("http://localhost:3000", "http://localhost:3000", True),
        ("http://localhost:3000", "http://localhost:3001", False),
        ("http://localhost", "http://localhost:3000", False),
        ("http://[::1]:3000", "http://[::1]:3000", True),
        ("capacitor://localhost", "capacitor://localhost", True),
        ("https://*.example.com", "https://app.example.com", True),
        ("https://*.example.com", "https://a.b.example.com", True),
        ("https://*.example.com", "https://example.com", False),
        ("https://*.example.com", "https://.example.com", False),
        ("https://*.example.com", "https://evilexample.com", False),
        ("https://*.example.com", "https://example.com.evil.example", False),
        ("https://*.example.com", "http://app.example.com", False),
        ("https://*.example.com", "https://app.example.com:8443", False),
        ("https://*.example.com:8443", "https://app.example.com:8443", True),
        ("https://preview.*.example.com", "https://preview.a.b.example.com", True),
        ("https://preview.*.example.com", "https://preview.example.com", False),
        ("https://*.example.com", "https://*.example.com", False),
        ("https://app.example.com", "null", False),
        ("https://app.example.com", "", False),
        ("https://app.example.com", "https://app.example.com/", False),
        ("https://app.example.com", "https://app.example.com,https://app.example.com", False),
        ("https://app.example.com", "https://user@app.example.com", False),
    ],
)
def test_a_pattern_covers_an_origin_by_scheme_host_and_port(wanted, origin, covers):
    assert is_covered(origin, [wanted]) is covers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "app.example.com",
        "https://",
        "https://app.example.com/",
        "https://app.example.com/path",
        "https://*.*.example.com",
        "https://app-*.example.com",
        "*://app.example.com",
        "http://localhost:*",
        "https://user@app.example.com",
        "https://app.example.com https://b.example.com",
    ],
)
def test_what_is_no_pattern_is_refused(text):
    with pytest.raises(OriginError):
        pattern(text)


@given(origin=st.text() | st.from_regex(r"https?://[a-z.*]{1,20}(:[0-9]{1,6})?", fullmatch=True))
def test_any_text_can_be_asked_about(origin):
    is_covered(origin, ["https://*.example.com"])
    assert is_covered("null", ["https://*.example.com"]) is False
