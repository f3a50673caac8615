"""The host of a connection string, by the rules of the language that the exporter is written in."""

import pytest

from raygate.segment.host import host_of


@pytest.mark.parametrize(
    ("connection_string", "host"),
    [
        ("mysql://db.dev.example.com:3306", "db.dev.example.com"),
        ("jdbc:postgresql://u:p@db.example.com:5432/x", "db.example.com"),
        ("jdbc:jdbc:postgresql://h/x", ""),
        ("//h2/x", "h2"),
        ("mysql://u@v@Host/x?y#z", "Host"),
        ("mysql://h?q=%zz", "h"),
        ("mysql://h#frag", "h"),
        ("mysql://h#\x7f", "h"),
        ("mysql://h:/x", "h"),
        ("mysql:///x", ""),
        ("////h/x", ""),
        ("oracle:thin:@h:1521:x", ""),
        ("Server=h;Port=1", ""),
        ("sqlserver:h", ""),
        ("mysql://bad host/x", ""),
        ("mysql://h:notaport/x", ""),
        ("mysql://h\x00/x", ""),
        ("mysql://h/%zz", ""),
        ("mysql://h#%zz", ""),
        ("mysql://h1:1,h2:2/x", ""),
        ("mysql://us er@h/x", ""),
        ("mysql://u%zz@h/x", ""),
        ("mysql://ü@h/x", ""),
        ("://h/x", ""),
        ("1http://h/x", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_connection_string_is_that_of_its_url(connection_string, host):
    assert host_of(connection_string) == host


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("a%C3%A9", "aé"), ("é", "é"), ("a%25b", "a%b"), ("a%ffb", "a\ufffdb"), ("a%e2%82b", "a\ufffd\ufffdb"),
        ("a%20b", ""), ("a%41", ""), ("a%zz", ""), ("a%2", ""), ("a<b>", "a<b>"), ("a\\b", ""), ("a]", "a]"),
        ("a[b]", ""),
    ],
)  # fmt: skip
def test_only_what_may_not_be_written_in_a_host_may_be_escaped(written, host):
    assert host_of(f"x://{written}/y") == host


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("[::1]", "::1"), ("[::1]:3306", "::1"), ("[::ffff:1.2.3.4]", "::ffff:1.2.3.4"),
        ("[fe80::1%25eth0]", "fe80::1%eth0"), ("[fe80::1%25a%20b]", "fe80::1%a b"), ("[fe80::1%25%41]", "fe80::1%A"),
        ("[fe80::1%25%25]", "fe80::1%%"), ("[fe80::1%25a%2fb]", ""), ("[fe80::1%25%80]", ""), ("[fe80::1%25]", ""),
        ("[fe80::1%eth0]", ""), ("[1.2.3.4]", ""), ("[::g]", ""), ("[]", ""), ("[::1", ""), ("[::1]x", ""),
        ("[::1]:x", ""), ("x[::1]", ""), ("[%41::1]", ""), ("[a b]", ""),
    ],
)  # fmt: skip
def test_in_brackets_there_is_an_ipv6_address_and_perhaps_a_zone(written, host):
    assert host_of(f"x://{written}/y") == host
