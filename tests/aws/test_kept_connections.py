"""A later call goes over a kept connection: for the same answer it gives what botocore's whole way gives."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from botocore.session import get_session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from raygate.deliver import Put
from raygate.deliver.client import CONFIG, connect
from raygate.deliver.fate import CALL_FAILED, of_error
from raygate.deliver.wire import wire_of
from tests import fake_xray
from tests.fake_xray import FakeXRay, Store, documents, serving

TAKEN = b'{"UnprocessedTraceSegments":[]}'
REFUSED = b'{"UnprocessedTraceSegments":[{"Id":"0000000000000001","ErrorCode":"Bad"}]}'
THROTTLED = b'{"__type":"ThrottledException","message":"too fast"}'
LENGTH = b"Content-Length: %d\r\n\r\n" % len(TAKEN)
OK = b"HTTP/1.1 200 OK\r\n"

ANSWERS = {
    "as X-Ray writes it": [OK + b"Content-Type: application/json\r\nConnection: keep-alive\r\n" + LENGTH + TAKEN],
    "with a refusal": [OK + b"Content-Length: %d\r\n\r\n" % len(REFUSED) + REFUSED],
    "without a reason phrase": [b"HTTP/1.1 200\r\n" + LENGTH + TAKEN],
    "a byte at a time": [bytes([one]) for one in OK + LENGTH + TAKEN],
    "head and body apart": [OK + LENGTH, TAKEN],
    "the body in two pieces": [OK + LENGTH + TAKEN[:7], TAKEN[7:]],
    "in chunks": [OK + b"Transfer-Encoding: chunked\r\n\r\n1f\r\n" + TAKEN + b"\r\n0\r\n\r\n"],
    "in chunks, with a length that is wrong": [
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n" + TAKEN + b"\r\n0\r\n\r\n"
    ],
    "up to the end of the connection": [OK + b"Content-Type: application/json\r\n\r\n" + TAKEN],
    "without any header": [OK + b"\r\n" + TAKEN],
    "the last one on its connection": [OK + b"Connection: close\r\n" + LENGTH + TAKEN],
    "of HTTP/1.0": [b"HTTP/1.0 200 OK\r\n" + LENGTH + TAKEN],
    "after another one": [b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + TAKEN],
    "with a line that is folded": [OK + b"X-Told: one\r\n two\r\n" + LENGTH + TAKEN],
    "with a header twice": [OK + b"X-Told: one\r\nX-Told: two\r\n" + LENGTH + TAKEN],
    "with two lengths": [OK + b"Content-Length: 31\r\n" + LENGTH + TAKEN],
    "with more than it says": [OK + LENGTH + TAKEN + b"HTTP/1.1 500 Internal Server Error\r\n"],
    "without a body": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "a throttling": [b"HTTP/1.1 429 Too Many\r\nContent-Length: %d\r\n\r\n" % len(THROTTLED) + THROTTLED],
    "a throttling that only a header names": [
        b"HTTP/1.1 400 Bad\r\nX-Amzn-ErrorType: ThrottledException\r\nContent-Length: 2\r\n\r\n{}"
    ],
    "a page": [b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 13\r\n\r\n<html></html>"],
    "no HTTP": [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "nothing": [b""],
}
STAYS = {
    "as X-Ray writes it",
    "with a refusal",
    "without a reason phrase",
    "head and body apart",
    "a throttling",
    "a page",
}
"""Answers after which the connection is used again."""


@pytest.fixture(scope="module")
def xray():
    """A fake X-Ray that botocore finds."""
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("AWS_ENDPOINT_URL_XRAY", server.url)
        yield server


def outcome(put: Put) -> object:
    """What a call gives, in short."""
    try:
        return put(documents(1)[0])["UnprocessedTraceSegments"]
    except CALL_FAILED as error:
        fate = of_error(error)
        return fate.state, fate.is_retryable


def warm(xray: FakeXRay) -> Put:
    """A client that has made its first call."""
    xray.play(Store())
    put = connect("eu-west-1")
    assert outcome(put) == []
    return put


@pytest.mark.parametrize("pieces", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_is_read_as_by_botocore(pieces, xray):
    put = warm(xray)
    xray.play(Store(), fake_xray.writes(*pieces), fake_xray.writes(*pieces))
    assert outcome(put) == outcome(connect("eu-west-1"))
    assert outcome(put) == []


def test_a_kept_connection_is_used_without_botocores_session(xray, monkeypatch):
    put = warm(xray)
    monkeypatch.setattr(URLLib3Session, "send", lambda *_: pytest.fail("a new connection was made"))
    assert [outcome(put) for _ in range(3)] == [[], [], []]
    assert len(xray.connections) == 1


@pytest.mark.parametrize("name", [name for name in ANSWERS if name in STAYS])
def test_a_plain_answer_keeps_its_connection(name, xray):
    put = warm(xray)

    def stays(handler: fake_xray.Handler, _: object) -> None:
        handler.wfile.write(b"".join(ANSWERS[name]))

    xray.play(Store(), *[stays] * 3)
    for _ in range(4):
        outcome(put)
    assert len(xray.connections) == 1


def test_more_than_an_answer_is_not_taken_for_the_next_one(xray):
    put = warm(xray)

    def babbles(handler: fake_xray.Handler, _: object) -> None:
        handler.wfile.write(OK + LENGTH + TAKEN + OK + LENGTH + TAKEN)

    xray.play(Store(refuses={"0000000000000001": "Bad"}), babbles)
    assert outcome(put) == []
    assert outcome(put) == [{"ErrorCode": "Bad", "Id": "0000000000000001"}]


def test_a_connection_that_ended_meanwhile_is_made_anew(xray):
    put, ended = warm(xray), threading.Event()

    def ends(handler: fake_xray.Handler, _: object) -> None:
        handler.wfile.write(OK + LENGTH + TAKEN)
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True
        ended.set()

    for _ in range(3):
        xray.play(Store(), ends)
        assert outcome(put) == []
        assert ended.wait(5)
        ended.clear()
        assert outcome(put) == []


def test_what_no_header_can_carry_is_an_error_as_any_other(xray, monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a token")
    xray.play(Store())
    session = get_session()
    put = connect("eu-west-1", session)
    assert outcome(put) == []
    credentials = session.get_credentials()
    assert isinstance(credentials, Credentials)
    credentials.token = "a token of 5 €"
    assert outcome(put) == ("unavailable", True)
    credentials.token = "another token"
    assert outcome(put) == []


def test_a_kept_connection_waits_as_long_as_the_client_says(xray):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CONFIG, "read_timeout", 0.2)
        put = connect("eu-west-1")
    xray.play(Store())
    assert outcome(put) == []
    xray.play(Store(), fake_xray.hangs)
    begin = time.monotonic()
    assert outcome(put) == ("unavailable", True)
    assert 0.1 < time.monotonic() - begin < 2


def test_a_proxy_is_gone_through_each_time(xray, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_XRAY", "http://xray.invalid")
    monkeypatch.setenv("HTTP_PROXY", xray.url)
    xray.play(Store())
    put = connect("eu-west-1")
    assert [outcome(put) for _ in range(3)] == [[], [], []]
    assert len(xray.store.sizes) == 3


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://xray.eu-west-1.amazonaws.com/TraceSegments", "xray.eu-west-1.amazonaws.com"),
        ("https://XRay.example:443/TraceSegments", "xray.example"),
        ("http://xray.example:443/TraceSegments", "xray.example:443"),
        ("http://[::1]:8080/TraceSegments", "[::1]:8080"),
    ],
)
def test_the_host_is_the_one_that_botocore_signs(url, host):
    request = AWSRequest("POST", url, {}, b"")
    assert SigV4Auth(Credentials("AKIA", "secret"), "xray", "eu-west-1").headers_to_sign(request)["host"] == host
    wire = wire_of(URLLib3Session(), url)
    assert wire
    assert f"\r\nHost: {host}\r\n".encode() in wire.start


def certificate(folder: Path) -> tuple[Path, Path]:
    """One of 127.0.0.1 that it signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(hours=1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "certificate.pem", folder / "key.pem"
    shown.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return shown, kept


def test_tls_is_botocores_and_its_connections_are_kept(tmp_path, monkeypatch):
    shown, kept = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(shown, kept)
    with serving(tls=tls) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_XRAY", server.url.replace("http:", "https:"))
        assert outcome(connect("eu-west-1")) == ("unavailable", True)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(shown))
        put = connect("eu-west-1")
        assert [outcome(put) for _ in range(3)] == [[], [], []]
        assert len(server.connections) == 1
        assert len(server.store.sizes) == 3
