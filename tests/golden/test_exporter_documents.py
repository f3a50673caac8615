"""The documents of the mapping are the released exporter's, for every worked example and every captured request."""

from typing import Any

import pytest

from compare import ours
from raygate.request import Encoding, Request
from raygate.segment import Options
from tests.corpus import Captured, GoldenSettings, captured, compact, examples, golden
from tests.same_documents import assert_same

OPTIONS: dict[GoldenSettings, Options] = {
    "default": Options(),
    "index-all": Options(index_all_attributes=True),
    "indexed": Options(
        frozenset(
            {
                "http.method",
                "http.response.status_code",
                "db.system",
                "rpc.method",
                "otel.resource.service.name",
                "otel.resource.cloud.platform",
            }
        )
    ),
    "log-groups": Options(log_group_names=("/aws/ecs/demo", "/aws/lambda/demo")),
}


def options_of(config: dict[str, Any]) -> Options:
    return Options(
        indexed_attributes=frozenset(config.get("indexed_attributes", ())),
        index_all_attributes=config.get("index_all_attributes", False),
        log_group_names=tuple(config.get("aws_log_groups", ())),
        allow_dot=config.get("allow_dot", True),
        now_s=None if config.get("skip_timestamp_validation", True) else config["now_unix"],
    )


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["id"])
def test_each_example_gives_the_documents_it_says(example):
    made = ours.documents(Request(compact(example["input"]), "json"), options_of(example["config"]))
    expected = example["expected"]
    assert_same(expected.get("recommended_documents", expected["documents"]), made)


def request_of(capture: Captured) -> Request:
    encoding: Encoding = "protobuf" if "protobuf" in capture.header("content-type") else "json"
    return Request(capture.body, encoding, capture.header("content-encoding"))


WITH_DOCUMENTS = [capture for capture in captured() if golden()[capture.file].documents]


@pytest.mark.parametrize("capture", WITH_DOCUMENTS, ids=lambda capture: capture.file)
@pytest.mark.parametrize("settings", OPTIONS)
def test_each_captured_request_gives_the_documents_of_the_exporter(settings, capture):
    made = ours.documents(request_of(capture), OPTIONS[settings])
    assert_same(list(golden(settings)[capture.file].documents), made)
