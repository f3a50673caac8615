"""The X-Ray daemon's place, as X-Ray's own SDK for Python uses it, and as many documents as there are by datagram."""

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import boto3
import pytest
from aws_xray_sdk.core.recorder import AWSXRayRecorder  # type: ignore[import-untyped]
from aws_xray_sdk.core.sampling.connector import ServiceConnector  # type: ignore[import-untyped]
from botocore.exceptions import ClientError

from tests.corpus import golden
from tests.fake_xray import serving
from tests.ports import reserved
from tests.process.reading import documents_of
from tests.process.serving import TIMEOUT_S, Running, ask, raygate, running
from tests.process.told import address_of

DAEMON = r"daemon's place is on (\S+) "
STATUS = r"status page is on http://(\S+)"
HEADER = b'{"format": "json", "version": 1}\n'
MOST = 65_000
"""Bytes of a datagram: with its headers it has to be less than 64 KiB."""
OVERHEAD = 2_048
"""What the system keeps of a datagram besides its bytes."""
AT_A_TIME = 128 * 1024
"""Less than any system keeps."""


@pytest.fixture(scope="module")
def daemon() -> Iterator[Running]:
    """One for all tests that only add to it."""
    with running("--xray-port", "0", "--daemon-port", "0", "--status-port", "0") as server:
        yield server


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> Iterator[Running]:
    """The endpoint that another one sends to, with a key."""
    file = str(tmp_path_factory.mktemp("keys") / "keys.json")
    assert raygate("keys", "create", "--file", file, "--tenant", "shop", "--token", "test-token-1")[0] == 0
    environ = {"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": file, "RAYGATE_ANNOTATE_TENANT": "true"}
    with running("--xray-port", "0", environ=environ) as server:
        yield server


@pytest.fixture
def recorder(monkeypatch) -> Iterator[Callable[[tuple[str, int]], AWSXRayRecorder]]:
    """A recorder of the SDK for a daemon's address."""
    monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS", raising=False)
    made: list[AWSXRayRecorder] = []

    def make(address: tuple[str, int]) -> AWSXRayRecorder:
        one = AWSXRayRecorder()
        one.configure(service="shop", daemon_address=f"{address[0]}:{address[1]}", sampling=False)
        made.append(one)
        return one

    yield make
    for one in made:
        one.emitter._socket.close()


def wait_for(look: Callable[[], Any]) -> Any:
    """What it gives, once it is something."""
    until = time.monotonic() + TIMEOUT_S
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    return pytest.fail("it did not come")


def send(address: tuple[str, int], *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for one in datagrams:
            udp.sendto(one, address)


def send_all(server: Running, texts: Sequence[str]) -> None:
    """A datagram each, and no more at a time than the system keeps for a process that has no time to read them."""
    address, sent, room = address_of(server, DAEMON), told(server)["daemon"]["documents"], AT_A_TIME
    for text in texts:
        datagram = HEADER + text.encode()
        if room < len(datagram) + OVERHEAD:
            wait_for(partial(has_taken, server, sent))
            room = AT_A_TIME
        send(address, datagram)
        sent, room = sent + 1, room - len(datagram) - OVERHEAD


def has_taken(server: Running, documents: int) -> bool:
    """So many by datagram, since it began."""
    return bool(told(server)["daemon"]["documents"] == documents)


def told(server: Running) -> dict[str, Any]:
    answer = ask(address_of(server, STATUS), b"GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET")
    content: dict[str, Any] = json.loads(answer.body)
    return content


def xray_on(port: int) -> dict[str, str]:
    return {"AWS_ENDPOINT_URL_XRAY": f"http://127.0.0.1:{port}"}


def ended(server: Running) -> int:
    """Its exit status, when it was told to stop."""
    server.process.terminate()
    return server.process.wait(TIMEOUT_S)


def a_document(number: int, **members: Any) -> dict[str, Any]:
    plain = {"trace_id": f"1-6921c8f0-{number:024x}", "id": f"{number:016x}", "start_time": 1.5, "end_time": 2.5}
    return {**plain, "name": "shop", **members}


def test_what_the_sdk_sends_is_what_x_ray_has(recorder, daemon):
    shop = recorder(address_of(daemon, DAEMON))
    with shop.in_segment("orders") as segment:
        segment.put_annotation("customer", "c-17")
        segment.put_http_meta("url", "https://shop.example.com/orders")
        with shop.in_subsegment("count") as inner:
            inner.put_metadata("basket", {"items": [1, 2.5, None]})
            inner.add_exception(ZeroDivisionError("nothing to divide"), [])
    documents = {one["name"]: one for one in wait_for(lambda: documents_of(daemon, segment.trace_id))}
    assert documents["orders"] == json.loads(segment.serialize())
    assert documents["orders"]["annotations"] == {"customer": "c-17"}
    exception = documents["count"]["cause"]["exceptions"][0]
    assert (exception["type"], exception["message"]) == ("ZeroDivisionError", "nothing to divide")
    assert documents["count"]["metadata"] == {"default": {"basket": {"items": [1, 2.5, None]}}}
    assert any(segment.trace_id in one["line"] and "  orders  " in one["line"] for one in told(daemon)["traces"])


def test_many_documents_all_arrive_and_the_counts_add_up(daemon):
    numbers, before = range(1, 501), told(daemon)
    send_all(daemon, [json.dumps(a_document(number)) for number in numbers])
    delivered = before["spans"]["delivered"] + len(numbers)
    after = wait_for(lambda: (found := told(daemon))["spans"]["delivered"] == delivered and found)
    assert after["daemon"] == before["daemon"] | {"documents": before["daemon"]["documents"] + len(numbers)}
    assert after["daemon"]["waiting"] == after["spans"]["unaccounted"] == 0
    assert len(documents_of(daemon, *(a_document(number)["trace_id"] for number in numbers))) == len(numbers)


BROKEN: Sequence[bytes] = (
    b"",
    b"\n",
    b"garbage",
    b"\xff" * 60_000,
    b'{"format": "json", "version": 2}\n{}',
    b'{"format": "xml", "version": 1}\n{}',
    b"[]\n{}",
    HEADER,
    HEADER + b"\xff\xfe",
)
NO_DOCUMENTS: Sequence[bytes] = (b"{", b"[]", b"{}", b"[" * 60_000, b'{"id":"x"}')


def test_no_datagram_ends_it_and_each_is_counted():
    with running("--xray-port", "0", "--daemon-port", "0", "--status-port", "0") as server:
        address = address_of(server, DAEMON)
        send(address, *BROKEN, *(HEADER + one for one in NO_DOCUMENTS), HEADER + json.dumps(a_document(1)).encode())
        assert server.line() == "A datagram was passed over: its first line is no JSON. Others are only counted."
        wait_for(lambda: told(server)["spans"]["delivered"])
        after = wait_for(lambda: (found := told(server))["spans"]["rejected"] == len(NO_DOCUMENTS) and found)
        assert after["daemon"]["unreadable"] == len(BROKEN)
        assert after["spans"]["unaccounted"] == 0
        assert ended(server) == 0


def test_the_documents_of_the_corpus_are_the_same_by_datagram_and_by_http(daemon):
    recorded = [one for row in golden().values() for one in row.documents if len(one["id"]) == 16]
    texts = {(one["trace_id"], one["id"]): json.dumps(one) for one in recorded}
    texts = {key: text for key, text in texts.items() if len(text.encode()) < MOST}
    trace_ids = sorted({trace_id for trace_id, _ in texts})
    assert len(texts) > 400
    received = told(daemon)["spans"]["received"] + len(texts)
    with running("--xray-port", "0") as by_http:
        send_all(daemon, [*texts.values()])
        body = json.dumps({"TraceSegmentDocuments": list(texts.values())}).encode()
        answer = ask(by_http.address, posted(body))
        assert answer.status == 200
        unprocessed = json.loads(answer.body)["UnprocessedTraceSegments"]
        wait_for(lambda: told(daemon)["spans"]["received"] == received)
        found = [
            {(one["trace_id"], one["id"]): one for one in documents_of(server, *trace_ids) if "trace_id" in one}
            for server in (daemon, by_http)
        ]
    assert found[0] == found[1]
    assert len(found[0]) == len(texts) - len(unprocessed)


def posted(body: bytes, *lines: str) -> bytes:
    head = ["POST /TraceSegments HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def test_sampling_rules_and_targets_are_those_of_the_local_x_ray(monkeypatch, daemon):
    monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS", raising=False)
    xray = boto3.client("xray", endpoint_url=daemon.xray_url)
    xray.create_sampling_rule(
        SamplingRule={
            "RuleName": "all-of-the-shop",
            "ResourceARN": "*",
            "Priority": 5,
            "FixedRate": 0.25,
            "ReservoirSize": 3,
            "ServiceName": "shop",
            "ServiceType": "*",
            "Host": "*",
            "HTTPMethod": "*",
            "URLPath": "/orders/*",
            "Version": 1,
        }
    )
    host, port = address_of(daemon, DAEMON)
    connector = ServiceConnector()
    connector.setup_xray_client(host, port, None)
    rules = {rule.name: rule for rule in connector.fetch_sampling_rules()}
    ours = rules["all-of-the-shop"]
    assert ours.rate == 0.25
    assert [bool(ours.match({"path": path})) for path in ("/orders/7", "/other")] == [True, False]
    ours.increment_request_count()
    targets, modified = connector.fetch_sampling_target([ours])
    assert targets["all-of-the-shop"]["rate"] == 0.25
    assert modified > 0
    unsigned = connector._xray_client
    with pytest.raises(ClientError, match="here is only POST /GetSamplingRules"):
        unsigned.get_groups()


def test_documents_go_on_to_another_endpoint_with_a_key(other):
    sent, onward = a_document(1001), ["--daemon-to", other.url, "--daemon-key", "test-token-1"]
    with running("--xray-port", "0", "--daemon-port", "0", *onward) as server:
        assert f"documents go on to {other.url}" in "\n".join(server.welcome)
        send(address_of(server, DAEMON), HEADER + json.dumps(sent).encode())
        arrived = wait_for(lambda: documents_of(other, sent["trace_id"]))
        assert arrived == [sent | {"annotations": {"raygate_tenant": "shop"}}]
        assert documents_of(server, sent["trace_id"]) == []


def test_what_the_other_endpoint_does_not_take_waits_in_the_data_folder_for_it_alone(tmp_path, other):
    """The key is wrong at first: then the endpoint is there, and takes nothing."""
    sent, data = a_document(1002), ["--data", str(tmp_path / "data")]
    ports = ["--xray-port", "0", "--daemon-port", "0", "--status-port", "0", *data]
    with running(*ports, "--daemon-to", other.url, "--daemon-key", "another") as server:
        send(address_of(server, DAEMON), HEADER + json.dumps(sent).encode())
        wait_for(lambda: told(server)["spans"]["queued"] == 1)
        assert ended(server) == 0
    with running("--xray-port", "0", *data) as server:
        assert "Messages for another endpoint that wait for --daemon-to: 1" in server.welcome
    with running(*ports, "--daemon-to", other.url, "--daemon-key", "test-token-1") as server:
        wait_for(lambda: documents_of(other, sent["trace_id"]))
        wait_for(lambda: told(server)["later"].get("delivered") == 1)
        assert documents_of(server, sent["trace_id"]) == []


def test_while_nobody_takes_them_documents_wait_in_memory_and_are_counted_when_they_are_lost():
    with (
        reserved() as closed,
        running("--daemon-port", "0", "--status-port", "0", environ=xray_on(closed)) as server,
    ):
        send(address_of(server, DAEMON), HEADER + json.dumps(a_document(1)).encode())
        assert server.line() == "Documents wait in memory: X-Ray cannot take spans now (EndpointConnectionError)"
        wait_for(lambda: told(server)["daemon"]["waiting"] == 1)
        assert ended(server) == 0
        said = server.line()
    assert said == "1 document that came by UDP was dropped: nobody took it, and nothing kept it"


def test_what_waits_in_memory_goes_when_x_ray_is_back():
    with reserved() as port, running("--daemon-port", "0", environ=xray_on(port)) as server:
        send(address_of(server, DAEMON), HEADER + json.dumps(a_document(1)).encode())
        assert server.line().startswith("Documents wait in memory")
        with serving(port) as xray:
            wait_for(lambda: xray.store.stored)
            assert list(xray.store.stored.values()) == [a_document(1)]


def test_boto_puts_documents_through_the_endpoint(other):
    """X-Ray's own client, with a key in place of a signature."""
    xray, sent = boto3.client("xray", endpoint_url=other.url), a_document(1003)
    with pytest.raises(ClientError) as refused:
        xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(sent)])
    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"
    xray.meta.events.register_first("before-send.xray", lambda request, **_: with_key(request))
    answer = xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(sent), "{}"])
    assert answer["UnprocessedTraceSegments"] == [{"ErrorCode": "MissingName", "Message": "name is missing"}]
    assert len(documents_of(other, sent["trace_id"])) == 1


def with_key(request: Any) -> None:
    del request.headers["Authorization"]
    request.headers["x-api-key"] = "test-token-1"
