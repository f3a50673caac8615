"""`raygate trace`, `traces` and `tail` against the local X-Ray of a real server."""

import json
import signal
from threading import Event, Thread

import pytest

from tests.process.serving import TIMEOUT_S, Running, raygate, started

NO_TRACE = "1-6921c8f0-" + "0" * 24


@pytest.fixture(scope="module")
def trace_id(server: Running) -> str:
    """A test trace that has been sent."""
    status, output, _ = raygate("send", "--json", environ={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url})
    assert status == 0
    sent: str = json.loads(output)[0]["trace_ids"][0]
    return sent


def ask(server: Running, *arguments: str) -> tuple[int, str, str]:
    return raygate(*arguments, environ={"AWS_ENDPOINT_URL_XRAY": server.xray_url})


def test_a_trace_is_drawn_in_eighty_columns(server, trace_id):
    status, output, errors = ask(server, "trace", trace_id)
    lines = output.splitlines()
    assert (status, errors) == (0, "")
    assert lines[0] == f"trace {trace_id}  520 ms  12 documents"
    assert lines[1].startswith("storefront  POST /checkout ")
    assert any(line.startswith("  └ orders  POST /orders ") and line.endswith("384 ms") for line in lines)
    assert any(line.endswith("66 ms x") for line in lines)
    assert "fault: payment  POST /charge: ServiceUnavailable: the bank did not answer" in lines
    assert lines[-1] == f"look: {server.xray_url}/traces/{trace_id}"
    assert all(len(line) <= 80 for line in lines[:-1])
    assert "\x1b" not in output


def test_a_trace_may_be_named_by_opentelemetrys_digits_or_by_its_page(server, trace_id):
    wanted = ask(server, "trace", trace_id)
    assert ask(server, "trace", trace_id[2:].replace("-", "")) == wanted
    assert ask(server, "trace", f"{server.xray_url}/traces/{trace_id}") == wanted
    assert raygate("trace", trace_id, "--xray", server.xray_url) == wanted


def test_json_has_the_tree(server, trace_id):
    told = json.loads(ask(server, "trace", trace_id, "--json")[1])
    assert (told["trace_id"], len(told["rows"]), told["remarks"]) == (trace_id, 12, [])
    by_id = {row["id"]: row for row in told["rows"]}
    for row in told["rows"]:
        assert row["depth"] == (by_id[row["parent_id"]]["depth"] + 1 if row["parent_id"] else 0)
    assert sum(row["status"] == "fault" for row in told["rows"]) == 2


def test_two_traces_are_compared(server, trace_id):
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url}
    other = json.loads(raygate("send", "--json", environ=environ)[1])[0]["trace_ids"][0]
    status, output, _ = ask(server, "trace", trace_id, other)
    assert status == 0
    assert output.endswith(": 12 same\n")
    told = json.loads(ask(server, "trace", trace_id, other, "--json")[1])
    assert (told["counts"], len(told["steps"])) == ({"same": 12}, 12)


def test_traces_are_listed_the_newest_last(server, trace_id):
    status, output, _ = ask(server, "traces")
    assert status == 0
    assert output.splitlines()[0].split() == ["TRACE", "STARTED", "DURATION", "STATUS", "WHAT"]
    assert any(line.startswith(trace_id) and "  /" in line for line in output.splitlines())
    told = json.loads(ask(server, "traces", "--json")[1])
    assert [one["start_time"] for one in told] == sorted(one["start_time"] for one in told)
    assert len(json.loads(ask(server, "traces", "--limit", "1", "--json")[1])) == 1


def test_a_filter_chooses_traces(server, trace_id):
    found = json.loads(ask(server, "traces", "--filter", 'service("payment")', "--json")[1])
    assert trace_id in {one["trace_id"] for one in found}
    status, output, errors = ask(server, "traces", "--filter", 'service("nobody")')
    told = "There are none that match in the last 1h: --since looks further back.\n"
    assert (status, output, errors) == (0, "", told)


@pytest.mark.parametrize("command", ["traces", "tail"])
def test_a_filter_that_is_none_is_one_sentence(server, command):
    status, output, errors = ask(server, command, "--filter", "service(")
    assert (status, output) == (1, "")
    assert errors.startswith(f"Error: The X-Ray on {server.xray_url} refuses: ")
    assert errors.count("\n") == 1


def test_tail_shows_a_trace_that_arrives(server, trace_id):
    done = Event()
    sent: dict[str, None] = {}

    def sending() -> None:
        """Again and again: nobody knows when the other process has begun to wait."""
        while not done.wait(1):
            output = raygate("send", "--json", environ={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url})[1]
            sent.setdefault(json.loads(output)[0]["trace_ids"][0], None)

    thread = Thread(target=sending)
    thread.start()
    try:
        status, output, errors = ask(server, "tail", "--count", "1", "--every", "0.5", "--rows", "3")
    finally:
        done.set()
        thread.join()
    lines = output.splitlines()
    assert status == 0
    assert errors.startswith(f"Waiting for traces of {server.xray_url}; ")
    assert lines[0].split()[1] in sent
    assert trace_id not in output
    assert lines[4] == f"  and 9 rows more: raygate trace {lines[0].split()[1]}"


def test_ctrl_c_ends_tail_without_a_trace_of_it(server):
    with started("tail", environ={"AWS_ENDPOINT_URL_XRAY": server.xray_url}) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("Waiting for traces")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, output, errors) == (130, "", "Stopped.\n")


def test_a_reader_that_goes_away_is_no_accident(server, trace_id):
    with started("trace", trace_id, "--json", environ={"AWS_ENDPOINT_URL_XRAY": server.xray_url}) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        errors = process.stderr.read()
        process.wait(TIMEOUT_S)
    assert process.returncode == 1
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["trace", "12"], 2, "Error: '12' is no trace id: "),
        (["trace", NO_TRACE, "--xray", "http://127.0.0.1:1"], 1, "Error: No X-Ray answers on http://127.0.0.1:1: "),
        (["traces", "--xray", "azure"], 2, "Error: --xray is local, aws or an address such as "),
        (["traces", "--xray", "aws"], 1, "Error: No AWS region is set: "),
        (["tail", "--xray", "http://127.0.0.1:1"], 1, "Error: No X-Ray answers on http://127.0.0.1:1: "),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments, status, message):
    found = raygate(*arguments)
    assert (found[0], found[1]) == (status, "")
    assert found[2].startswith(message)
    assert found[2].count("\n") == 1


def test_without_credentials_it_says_what_to_do():
    status, output, errors = raygate("traces", "--xray", "aws", environ={"AWS_REGION": "eu-west-1"})
    assert (status, output) == (1, "")
    assert errors == "Error: No AWS credentials were found: log in with the AWS CLI, or set AWS_PROFILE.\n"


def test_a_trace_that_is_not_there_is_one_sentence(server):
    status, output, errors = ask(server, "trace", NO_TRACE)
    assert (status, output) == (1, "")
    assert errors.startswith(f"Error: The X-Ray on {server.xray_url} has no trace {NO_TRACE}: ")


def test_a_duration_that_is_none_is_refused(server):
    assert ask(server, "traces", "--since", "yesterday")[0] == 2
