"""`raygate convert`: real processes for what a person does with it, and its function for the whole corpus."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from raygate_local.cli import main
from tests.corpus import DATA, GoldenSettings, captured, captured_one, golden
from tests.process.serving import ROOT, raygate
from tests.same_documents import assert_same

EXAMPLE = ROOT / "examples" / "trace.json"
PROTOBUF = [
    "otel-python/001-otel-python-generate.http.json",
    next(capture.file for capture in captured() if capture.header("content-encoding") == "gzip"),
    next(capture.file for capture in captured() if capture.header("content-encoding") == "zstd"),
]
BAD_IDS = DATA / "corpus/curl/009-curl-json-bad-ids.http.json"

ENVIRONMENTS: dict[GoldenSettings, dict[str, str]] = {
    "default": {},
    "index-all": {"RAYGATE_INDEX_ALL_ATTRIBUTES": "true"},
    "indexed": {
        "RAYGATE_INDEXED_ATTRIBUTES": "http.method, http.response.status_code, db.system, rpc.method, "
        "otel.resource.service.name, otel.resource.cloud.platform"
    },
    "log-groups": {"RAYGATE_LOG_GROUP_NAMES": "/aws/ecs/demo,/aws/lambda/demo"},
}


def documents(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.parametrize("settings", ENVIRONMENTS)
def test_with_adots_mapping_the_documents_of_the_corpus_are_the_exporters(settings):
    runner = CliRunner(env=ENVIRONMENTS[settings] | {"RAYGATE_MAPPING": "adot"})
    for capture in captured():
        recorded = golden(settings)[capture.file]
        result = runner.invoke(main, ["convert", str(DATA / "corpus" / capture.file)], catch_exceptions=False)
        if any(error.startswith("unmarshal") for error in recorded.errors):
            assert result.exit_code in {1, 2}, capture.file
            continue
        if b'"instrumentationLibrarySpans"' in capture.body:  # senders of 2021, whom the collector no longer reads
            assert result.exit_code == 0
            assert result.stdout
            continue
        lost = [error for error in recorded.errors if error.startswith("span ")]
        is_other_signal = any("not traces" in error for error in recorded.errors)
        assert result.exit_code == (2 if is_other_signal else bool(lost)), (capture.file, result.stderr)
        assert len(result.stderr.splitlines()) == len(lost) + is_other_signal, (capture.file, result.stderr)
        assert_same([capture.file, list(recorded.documents)], [capture.file, documents(result.stdout)])


def test_a_file_gives_a_document_a_line():
    status, output, errors = raygate("convert", "examples/trace.json")
    assert (status, errors) == (0, "")
    assert [document["name"] for document in documents(output)] == [
        "shop",
        "warehouse",
        "DynamoDB",
        "payment.example.com",
        "payment",
    ]


@pytest.mark.parametrize(
    "body",
    [
        EXAMPLE.read_bytes(),
        b"\n " + EXAMPLE.read_bytes(),
        gzip.compress(EXAMPLE.read_bytes()),
    ],
    ids=["json", "json-after-blanks", "gzip"],
)
def test_standard_input_is_understood_without_being_told(body):
    assert raygate("convert", data=body)[:2] == raygate("convert", str(EXAMPLE))[:2]


@pytest.mark.parametrize("file", PROTOBUF)
def test_a_body_of_protobuf_gives_what_the_captured_request_gives(file):
    status, output, _ = raygate("convert", str(DATA / "corpus" / file), "-", data=captured_one(file).body)
    lines = output.splitlines()
    assert status == 0
    assert lines
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]


def test_what_cannot_be_guessed_can_be_said():
    body = zlib.compress(EXAMPLE.read_bytes())
    arguments = ["--content-encoding", "deflate", "--content-type", "application/json"]
    assert raygate("convert", *arguments, data=body)[:2] == raygate("convert", str(EXAMPLE))[:2]


def test_what_was_said_counts_and_not_what_could_be_guessed():
    status, output, errors = raygate("convert", "--content-type", "application/x-protobuf", str(EXAMPLE))
    assert (status, output) == (2, "")
    assert errors.startswith(f"{EXAMPLE}: not readable: ")


def test_an_input_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    (tmp_path / "bad").write_bytes(b'{"resourceSpans": [')
    status, output, errors = raygate("convert", str(tmp_path / "bad"), str(tmp_path / "none"), str(EXAMPLE))
    assert status == 2
    assert len(documents(output)) == 5
    first, second = errors.splitlines()
    assert first.startswith(f"{tmp_path / 'bad'}: not readable: ")
    assert second == f"{tmp_path / 'none'}: not readable: No such file or directory"


def test_a_rejected_span_is_named_and_the_others_are_converted():
    status, output, errors = raygate("convert", str(BAD_IDS))
    spans = [span for scope in _scopes(BAD_IDS) for span in scope["spans"]]
    assert status == 1
    assert len(documents(output)) + len(errors.splitlines()) == len(spans)
    assert all(": span " in line and " rejected: " in line for line in errors.splitlines())


def _scopes(path: Path) -> list[dict[str, Any]]:
    capture = captured_one("/".join(path.parts[-2:]))
    return [scope for resource in json.loads(capture.body)["resourceSpans"] for scope in resource["scopeSpans"]]


@pytest.mark.parametrize("mapping", ["adot", "extended"])
def test_not_a_number_is_dropped_as_the_exporter_does_or_replaced(mapping):
    span: dict[str, Any] = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "op"}
    span["attributes"] = [{"key": "ratio", "value": {"doubleValue": "NaN"}}]
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    status, output, errors = raygate("convert", data=body, environ={"RAYGATE_MAPPING": mapping})
    if mapping == "adot":
        assert (status, output, errors) == (1, "", "-: span 0 rejected: NaN or infinity, which JSON does not have\n")
    else:
        assert status == 0
        assert "NaN" in output


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["--content-type", "text/html"], {}, "it is application/x-protobuf or application/json"),
        ([], {"RAYGATE_MAPING": "adot"}, "unknown setting RAYGATE_MAPING; perhaps RAYGATE_MAPPING is meant"),
        ([], {"RAYGATE_MAPPING": "adott"}, "RAYGATE_MAPPING must be one of extended, adot, not 'adott'"),
    ],
)
def test_a_wrong_option_or_setting_is_named(arguments, environ, message):
    status, output, errors = raygate("convert", *arguments, environ=environ)
    assert (status, output) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
