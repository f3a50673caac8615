"""Every event of `events/` through the built function that it is for, with nothing but its layers; moto for AWS."""

import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from raygate.keep.s3 import S3Bucket
from raygate.replay.checkpoint import Checkpoint, Checkpoints
from tests.built.artefact import FUNCTIONS
from tests.built.emulator import Emulated, running
from tests.fake_xray import FakeXRay, Store, serving
from tests.process.fake_aws import BUCKET, REGION, FakeAws, serving_aws
from tests.project.make_events import EVENTS
from tests.project.replay_events import ARCHIVE, RESUME
from tests.project.test_template import environment
from tests.unit.worker.batches import an_export

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulator is a program for Linux"),
]

FILES = sorted(path.stem for path in EVENTS.glob("*.json"))
BY_PREFIX = {"traces": "IngestFunction", "deliver": "DeliverFunction"}
"""Every other event is a replay."""


def function_of(event: str) -> str:
    return BY_PREFIX.get(event.partition("_")[0], "ReplayFunction")


@pytest.fixture(scope="module")
def xray() -> Iterator[FakeXRay]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def aws() -> Iterator[FakeAws]:
    with serving_aws() as server:
        s3 = boto3.client("s3", endpoint_url=server.url, region_name=REGION)
        s3.create_bucket(Bucket="otlp-files")
        fill(s3, BUCKET)
        yield server


def fill(s3: Any, bucket: str) -> None:
    """What the events name: an object of somebody's, and in this bucket a replay that was interrupted."""
    metadata = {"content-type": "application/json"}
    s3.put_object(Bucket="otlp-files", Key="day=2026-11-22/part 1.json.gz", Body=an_export(1, 2), Metadata=metadata)
    interrupted = Checkpoint(str(RESUME["id"]), ARCHIVE, "interrupted")
    Checkpoints(S3Bucket(bucket, lambda: s3)).save(interrupted)


@pytest.fixture(scope="module", params=list(FUNCTIONS))
def function(request, xray, aws, tmp_path_factory) -> Iterator[tuple[str, Emulated]]:
    stores = aws.environ | {"RAYGATE_DEAD_LETTER_QUEUE_URL": aws.queue_url, "AWS_DEFAULT_REGION": REGION}
    variables = environment(request.param) | stores | {"RAYGATE_AUTH": "none", "AWS_ENDPOINT_URL_XRAY": xray.url}
    with running(request.param, tmp_path_factory.mktemp("lambda"), variables) as it:
        yield request.param, it


def test_every_event_of_a_function_is_done(function, xray):
    name, emulated = function
    for file in [file for file in FILES if function_of(file) == name]:
        xray.play(Store())
        check(file, emulated.invoke((EVENTS / f"{file}.json").read_text()))


def check(file: str, result: dict[str, Any]) -> None:
    if file.startswith("traces_"):
        assert result["statusCode"] == (400 if "malformed" in file else 200), file
    elif file == "deliver_firehose":
        assert {one["result"] for one in result["records"]} <= {"Ok", "Dropped", "ProcessingFailed"}, file
    elif file.startswith("deliver_"):
        assert isinstance(result["batchItemFailures"], list), file
    else:
        assert [one["state"] for one in result["replays"]] == ["done"] * len(result["replays"]), (file, result)
        assert all(one["unaccounted"] == 0 for one in result["replays"]), (file, result)
