"""`raygate doctor --live`: our own endpoint is as expected; one that is otherwise is seen, with what to change."""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from raygate_local.doctor import CHECKS, Situation, examine, live_gateway, live_xray
from raygate_local.doctor.live import live
from raygate_local.doctor.live_gateway import GATEWAY, PROBES
from raygate_local.doctor.live_wire import Asking, Wire
from raygate_local.doctor.live_xray import ROWS, XRAY
from raygate_local.sending.endpoint import Endpoint
from tests.process.serving import Running, raygate, running
from tests.project.tree import PROJECT

PAGE = "https://shop.example.com"
CHECK = {check.id: check for check in (*GATEWAY, *XRAY)}


def situation(url: str, xray: str = "", key: str = "", **environ: str) -> Situation:
    return Situation(
        environ, url, key or None, xray or "http://127.0.0.1:1", bytes, lambda: 1_800_000_000.0, lambda _: None, 0
    )


@pytest.fixture(scope="module")
def keyed(tmp_path_factory) -> Iterator[tuple[Running, str]]:
    """`raygate serve` that asks for a key, with one that it takes, and pages that may send."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    status, output, errors = raygate("keys", "create", "--file", str(file), "--tenant", "shop", "--json")
    assert status == 0, errors
    settings = {
        "RAYGATE_AUTH": "keys",
        "RAYGATE_KEYS_FILE": str(file),
        "RAYGATE_CORS_ALLOWED_ORIGINS": PAGE,
    }
    with running("--xray-port", "0", environ=settings) as server:
        yield server, json.loads(output)["token"]


def test_our_own_endpoint_and_x_ray_are_as_expected(keyed):
    server, key = keyed
    here = situation(server.url, server.xray_url, key, RAYGATE_CORS_ALLOWED_ORIGINS=PAGE)
    here.clock = lambda: datetime.now(UTC).timestamp()
    found = {check.id: one for check, one in examine(here, [*CHECKS[5:7], CHECKS[1], CHECKS[2], *GATEWAY, *XRAY])}
    here.close()
    assert {name: one.text for name, one in found.items() if one.state not in {"ok", "skipped"}} == {}
    skipped = {name for name, one in found.items() if one.state == "skipped"}
    assert skipped == {"live-domain", "live-http2", "live-late", "live-full", "live-retry-after"}
    assert all(one.text.startswith("expected ") for name, one in found.items() if name in CHECK.keys() - skipped)


def test_the_command_writes_probes_only_when_it_may(keyed):
    server, key = keyed
    where = ("--live", "--json", "--endpoint", server.url, "--key", key, "--xray", server.xray_url)
    status, output, errors = raygate("doctor", *where, data=b"n\n")
    assert (status, "raygate-probe" in errors) == (0, True)
    assert {one["id"] for one in json.loads(output)} & CHECK.keys() == {check.id for check in GATEWAY}
    status, output, errors = raygate("doctor", *where, "--yes")
    assert (status, errors) == (0, "")
    assert {one["id"] for one in json.loads(output)} >= CHECK.keys()


def test_the_table_is_the_usual_one_with_probes_behind_it():
    assert live(may_write=False) == (*CHECKS, *GATEWAY)
    assert live(may_write=True) == (*CHECKS, *GATEWAY, *XRAY)


class As(BaseHTTPRequestHandler):
    """A gateway that answers everything in one way."""

    server: "Otherwise"

    def exchange(self) -> None:
        if self.headers.get("transfer-encoding") == "chunked":
            while self.rfile.readline().strip() != b"0":
                """A chunk's length or its content; none of ours holds a line that is `0`."""
            self.rfile.readline()
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(self.server.status)
        for name, value in {"content-length": str(len(self.server.body)), **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_OPTIONS = exchange  # noqa: N815 - the server's names

    def handle_expect_100(self) -> bool:
        self.send_response_only(100)
        self.end_headers()
        return True

    def log_message(self, *_: Any) -> None:
        """Tests say what is wrong."""


class Otherwise(ThreadingHTTPServer):
    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), As)
        self.status, self.body, self.headers = status, body, headers


@contextmanager
def answering(status: int, body: bytes = b"{}", context: ssl.SSLContext | None = None, **headers: str) -> Iterator[str]:
    """A server that does so; names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with Otherwise(status, body, named) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_gateway_that_is_otherwise_is_a_failure_that_says_what_to_change(probe):
    with answering(503, b'{"message":"Service Unavailable"}') as url:
        found = CHECK[probe.id].look(situation(url))
    assert found.state == "failure"
    assert found.text == f'expected {probe.status}, saw 503 {{"message":"Service Unavailable"}}.'
    assert found.todo == f"The assumption is wrong: change {probe.page}."
    assert found.details["seen"] == [503] * len(probe.askings)


def test_an_endpoint_that_hangs_up_is_an_answer_too():
    with answering(200) as url:
        nobody = url
    found = CHECK["live-json"].look(situation(nobody))
    assert found.state == "failure"
    assert "saw no answer ConnectionRefusedError" in found.text


@pytest.mark.parametrize(
    ("status", "headers", "state"),
    [
        (401, {"x-amzn-remapped-www-authenticate": "Bearer"}, "ok"),
        (401, {"www-authenticate": "Bearer"}, "ok"),
        (401, {}, "failure"),
        (200, {}, "skipped"),
    ],
)
def test_what_the_gateway_makes_of_a_header_is_told(status, headers, state):
    with answering(status, **headers) as url:
        found = CHECK["live-renamed"].look(situation(url, key="a-key"))
    assert found.state == state
    assert all(name in found.text for name in headers)


def test_refusals_that_a_page_cannot_read_are_told():
    with answering(403) as url:
        found = CHECK["live-cors"].look(situation(url, RAYGATE_CORS_ALLOWED_ORIGINS=f"https://*.example.com, {PAGE}"))
    assert found.state == "failure"
    assert "missing on 403, 403, 403, 403" in found.text
    with answering(403, access_control_allow_origin=PAGE) as url:
        found = CHECK["live-cors"].look(situation(url, RAYGATE_CORS_ALLOWED_ORIGINS=PAGE))
    assert found.state == "ok"


def certified(folder: Path, protocol: str) -> tuple[ssl.SSLContext, str]:
    """TLS for 127.0.0.1 that chooses that protocol, and the file of who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private + certificate.public_bytes(pem))
    (folder / "authority.pem").write_bytes(certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "key.pem")
    context.set_alpn_protocols([protocol])
    return context, str(folder / "authority.pem")


@pytest.mark.parametrize(("protocol", "state"), [("h2", "ok"), ("http/1.1", "failure")])
def test_http_2_is_what_tls_chooses(tmp_path, protocol, state):
    context, authority = certified(tmp_path, protocol)
    with answering(200, context=context) as url:
        found = CHECK["live-http2"].look(situation(url, AWS_CA_BUNDLE=authority))
        taken = Wire(Endpoint(f"{url}/v1/traces"), {"AWS_CA_BUNDLE": authority}).ask(Asking())
    assert (found.state, taken.status) == (state, 200)
    assert found.text.startswith(f"expected h2, saw 200 {protocol}")


class Xray:
    """An X-Ray that says this of every document. The real client is in the test of the command."""

    def __init__(self, *unprocessed: Mapping[str, str]) -> None:
        self.unprocessed = unprocessed

    def call(self, operation: str, TraceSegmentDocuments: list[str]) -> Mapping[str, Any]:  # noqa: N803 - AWS's name
        assert operation == "put_trace_segments"
        assert TraceSegmentDocuments
        return {"UnprocessedTraceSegments": list(self.unprocessed)}


def looked(name: str, *unprocessed: Mapping[str, str]):
    here = situation("http://127.0.0.1:1")
    here.__dict__["xray"] = Xray(*unprocessed)
    return CHECK[name].look(here)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_x_ray_that_is_otherwise_is_a_failure_that_says_what_to_change(row):
    found = looked(f"live-xray-{row.id}", {"ErrorCode": "SomethingElse"})
    wanted = live_xray.expected(live_xray.document_of(row, bytes, 1_800_000_000))
    assert found.state == "failure"
    assert found.text == f"expected {wanted}, saw SomethingElse, without Id."
    assert "local/raygate_local/xray/members.py" in found.todo


def test_an_x_ray_that_takes_what_it_should_not_is_a_failure():
    assert looked("live-xray-name-long").text == "expected InvalidName, saw taken."
    assert looked("live-xray-51").state == "failure"
    assert looked("live-xray-name-long", {"ErrorCode": "InvalidName", "Id": "1"}).state == "ok"


def test_some_rows_are_taken_and_some_are_not():
    wanted = {row.id: live_xray.expected(live_xray.document_of(row, bytes, 1_800_000_000)) for row in ROWS}
    assert {name for name, code in wanted.items() if code == live_xray.TAKEN} >= {"sound", "random-trace", "key-dot"}
    assert sum(code != live_xray.TAKEN for code in wanted.values()) >= 8


def test_the_files_that_are_to_be_changed_exist():
    pages = " ".join(
        [live_xray.PAGE, *(getattr(live_gateway, name) for name in ("FRONT_DOOR", "LIMITS", "CORS", "OPERATING"))]
    )
    named = [word.strip(",;") for word in pages.split() if "/" in word]
    assert len(named) > 8
    assert [name for name in named if not (PROJECT / name).exists()] == []
