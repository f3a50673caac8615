"""`raygate send` against a real server: what is sent arrives, and each failure is one sentence."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.corpus import DATA
from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, Running, raygate, running

EXAMPLE = str(ROOT / "examples" / "trace.json")
BAD_IDS = str(DATA / "corpus/curl/009-curl-json-bad-ids.http.json")
TRACE_ID = re.compile(r"raygate trace (1-[0-9a-f]{8}-[0-9a-f]{24})")


def send(server: Running, *arguments: str, data: bytes = b"", **environ: str) -> tuple[int, str, str]:
    return raygate("send", *arguments, data=data, environ={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url} | environ)


def captures() -> list[str]:
    """One request of a few clients that are there in every copy of the corpus."""
    return [str(next((DATA / "corpus" / client).glob("*.http.json"))) for client in ("otel-go", "fluent-bit", "envoy")]


def test_a_test_trace_is_sent_and_can_be_looked_at(server):
    status, output, errors = send(server)
    assert (status, errors) == (0, "")
    assert output.startswith(f"test trace: 200 OK, 12 spans to {server.url}/v1/traces\n")
    found = TRACE_ID.search(output)
    assert found
    shown = raygate("trace", found[1], environ={"AWS_ENDPOINT_URL_XRAY": server.xray_url})
    assert (shown[0], "12 documents" in shown[1]) == (0, True)


def test_every_test_trace_is_a_new_one(server):
    ids = {json.loads(send(server, "--json")[1])[0]["trace_ids"][0] for _ in range(2)}
    assert len(ids) == 2


def test_files_and_captured_requests_are_sent(server):
    status, output, errors = send(server, EXAMPLE, *captures())
    assert (status, errors) == (0, "")
    assert output.count(": 200 OK, ") == 4
    assert "raygate trace 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37" in output


def test_a_file_without_a_span_is_said_to_have_none(server, tmp_path):
    file = tmp_path / "notes.json"
    file.write_text('{"notes": []}')
    status, output, errors = send(server, str(file))
    assert (status, errors) == (0, "")
    assert output.splitlines()[1:] == ["  There is no span in it."]


def test_files_that_hold_no_traces_are_named_and_the_others_are_sent(server):
    metrics = str(next((DATA / "corpus" / "curl").glob("016-*.http.json")))
    status, output, errors = send(server, metrics, EXAMPLE, "nowhere.json", *captures())
    assert status == 2
    assert output.count(": 200 OK, ") == 4
    assert errors.splitlines() == [
        f"Error: {metrics}: not readable: the captured request holds no traces, but another signal.",
        "Error: nowhere.json: No such file or directory.",
    ]


def test_standard_input_is_sent(server):
    status, output, _ = send(server, "-", "--json", data=Path(EXAMPLE).read_bytes())
    (told,) = json.loads(output)
    assert status == 0
    assert (told["status"], told["spans"], told["taken"]) == (200, 5, True)


def test_a_load_sends_what_it_says(server):
    status, output, _ = send(server, "--rate", "60", "--seconds", "0.5", "--json")
    told = json.loads(output)
    assert status == 0
    assert (told["spans"], told["taken"], told["failed"], told["rejected"]) == (30, 30, 0, 0)
    assert told["statuses"] == {"200": told["requests"]}
    assert send(server, "--rate", "10", "--seconds", "0.1")[1].startswith("1 spans in ")


def in_a_terminal(server: Running, *arguments: str) -> str:
    """What a terminal shows of standard error."""
    ours, theirs = os.openpty()
    environ = ENVIRONMENT | {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(
        [*COMMAND, "send", *arguments], env=environ, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = bytearray()
        with suppress(OSError):  # the terminal is gone when the process is
            while piece := os.read(ours, 4096):
                shown += piece
        os.close(ours)
    assert process.returncode == 0
    return shown.decode()


def test_a_load_has_a_live_line_on_a_terminal(server):
    shown = in_a_terminal(server, "--rate", "40", "--seconds", "0.5")
    assert re.search(r"[1-9][0-9]* spans in [0-9.]+ s, ", shown)
    assert "\x1b[" in shown


def test_many_files_have_a_progress_bar_on_a_terminal(server):
    shown = in_a_terminal(server, EXAMPLE, EXAMPLE, EXAMPLE)
    assert "sending" in shown
    assert "100%" in shown


def test_what_the_endpoint_refuses_is_told_in_its_words(server):
    status, output, _ = send(server, BAD_IDS)
    assert status == 1
    assert "400 Bad Request" in output
    assert "it says: " in output
    assert "rejected" in output


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ["--endpoint", "http://127.0.0.1:1"],
            1,
            "Error: Nothing answers at http://127.0.0.1:1/v1/traces: start it with",
        ),
        (["--endpoint", "localhost"], 1, "Error: The endpoint must be an address such as"),
        (["nowhere.json"], 2, "Error: nowhere.json: No such file or directory."),
        (["."], 2, "Error: .: Is a directory."),
        (["-"], 2, "Error: -: not readable: not a captured request: it is not JSON."),
        (["--key", "a\nb"], 1, "Error: A key or header holds characters that no header can carry."),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments, status, message):
    found = raygate("send", *arguments, data=b'{"body_base64": ')
    assert (found[0], found[1]) == (status, "")
    assert found[2].startswith(message)
    assert found[2].count("\n") == 1


def test_files_and_a_rate_do_not_go_together():
    assert raygate("send", EXAMPLE, "--rate", "1")[0] == 2


@pytest.fixture(scope="module")
def guarded(tmp_path_factory) -> Iterator[tuple[Running, str]]:
    """A server that asks for keys, and a key."""
    file = str(tmp_path_factory.mktemp("keys") / "keys.json")
    key = raygate("keys", "create", "--file", file, "--tenant", "shop")[1].strip()
    with running("--xray-port", "0", environ={"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": file}) as one:
        yield one, key


def test_a_key_is_sent(guarded):
    server, key = guarded
    assert send(server, "--key", key)[0] == 0
    assert send(server, OTEL_EXPORTER_OTLP_HEADERS=f"Authorization=Bearer%20{key}")[0] == 0
    assert send(server, "--key", key, OTEL_EXPORTER_OTLP_HEADERS="authorization=wrong")[0] == 0


@pytest.mark.parametrize("key", ["", "rg_aaaaaaaa_wrong"])
def test_a_wrong_key_says_what_to_do(guarded, key):
    status, output, _ = send(guarded[0], *(["--key", key] if key else []))
    assert status == 1
    assert "401 Unauthorized" in output
    assert "Give a key with --key" in output
    assert "raygate trace" not in output


def test_a_load_that_is_refused_says_so(guarded):
    status, output, _ = send(guarded[0], "--rate", "10", "--seconds", "0.2", "--json")
    told = json.loads(output)
    assert (status, told["taken"], told["failed"]) == (1, 0, 2)
    assert set(told["statuses"]) == {"401"}


def test_the_doctor_says_that_the_key_is_wrong(guarded):
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": guarded[0].url, "AWS_ENDPOINT_URL_XRAY": guarded[0].xray_url}
    wrong = {one["id"]: one for one in json.loads(raygate("doctor", "--json", environ=environ)[1])}
    assert (wrong["key"]["state"], wrong["canary"]["state"]) == ("failure", "skipped")
    assert "--key" in wrong["key"]["todo"]
    status, output, _ = raygate("doctor", "--key", guarded[1], "--json", environ=environ)
    assert status == 0
    assert {one["state"] for one in json.loads(output)} <= {"ok", "skipped"}
