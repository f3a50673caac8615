"""The template translated, deployed to a fake, and its wiring: a sender, the function, the queue, the worker, X-Ray."""

import compileall
import json
import py_compile
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from raygate import __version__
from raygate.keep import Accepted, pack
from raygate.request import Request
from raygate_local.kept.polling import Polling
from raygate_local.kept.sqs import SqsSource
from tests.built import gateway
from tests.built.artefact import FUNCTIONS
from tests.built.emulator import Emulated, running
from tests.built.gateway import Gateway
from tests.built.stack import REGION, UNKNOWN, Stack, deployed_stack, translated
from tests.corpus import captured_one, golden
from tests.fake_xray import FakeXRay, Handler, Store, error, serving
from tests.process.serving import ask

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulator is a program for Linux"),
]

EVENTS = Path(__file__).parents[2] / "events"
NEWER = "9999.0"
SOURCE = "otel-python/001-otel-python-generate.http.json"
DOMAIN = {"DomainName": "otlp.example.com", "CertificateArn": "arn:aws:acm:eu-west-1:1:certificate/x"}
VARIANTS = {
    "as it is": {},
    "everything": {
        **DOMAIN,
        "HostedZoneId": "Z1",
        "TruststoreUri": "s3://trust/ca.pem",
        "SnapStart": "true",
        "AlarmEmail": "ops@example.com",
        "ReplaySchedule": "rate(6 hours)",
        "Auth": "jwt",
        "JwtIssuer": "https://x",
        "JwtAudience": "a,b",
        "Delivery": "buffered",
        "Archive": "true",
        "Architecture": "x86_64",
    },
    "the function's own address": {"Endpoint": "function-url", "Auth": "iam", "ReservedConcurrency": "0"},
}


@pytest.mark.parametrize("parameters", VARIANTS.values(), ids=list(VARIANTS))
def test_sam_translates_the_template(parameters):
    template = translated(**parameters)
    kinds = {row["Type"] for row in template["Resources"].values()}
    assert not {kind for kind in kinds if kind.startswith("AWS::Serverless")}
    assert {"AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::Lambda::EventSourceMapping"} <= kinds


def test_other_code_in_the_layer_is_another_version_of_the_function():
    def version(key: str) -> set[str]:
        rows = translated(RaygateLayerKey=key)["Resources"].items()
        return {name for name, row in rows if row["Type"] == "AWS::Lambda::Version"}

    assert version("one") == version("one") != version("two")


class Deployed(NamedTuple):
    """A stack with its functions, and an X-Ray of ours beside it."""

    stack: Stack
    xray: FakeXRay
    ingest: Gateway
    function: Emulated
    deliver: Emulated
    replay: Emulated
    mapping: dict[str, Any]

    def poll(self) -> int:
        """The queue's messages to the worker, as Lambda brings them; how many there were."""
        source = SqsSource(self.stack.names["Queue"], self.stack.client("sqs"))

        def worker(event: Any, _: Any = None) -> dict[str, Any]:
            return self.deliver.invoke(json.dumps(event))

        return Polling(source, worker, print).once()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("stack")
    with deployed_stack(translated()) as stack, serving() as xray:
        (mapping,) = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            queue.lambda_event_source_mappings.clear()  # else moto starts the function itself, with Docker
        at = {"AWS_ENDPOINT_URL_XRAY": xray.url, "RAYGATE_AUTH": "none"}

        def function(name: str) -> Any:
            return running(name, folder / name, stack.environment(name) | at)

        for name in FUNCTIONS:
            (folder / name).mkdir()
        with (
            function("IngestFunction") as ingest,
            function("DeliverFunction") as deliver,
            function("ReplayFunction") as replay,
            gateway.serving([ingest.invoke]) as front,
        ):
            yield Deployed(stack, xray, front, ingest, deliver, replay, mapping)
    shutil.rmtree(folder)


def test_everything_that_the_fake_knows_is_made(deployed):
    rows = {name: row for name, row in translated()["Resources"].items() if row["Type"] not in UNKNOWN}
    wanted = {name for name, row in rows.items() if row.get("Condition") in {None, "UsesApi", "UsesKeys"}}
    assert wanted <= set(deployed.stack.names)


def test_the_queue_brings_its_messages_to_the_worker_one_by_one_counted(deployed):
    assert deployed.mapping["EventSourceArn"].endswith(deployed.stack.names["Queue"].rpartition("/")[2])
    assert deployed.mapping["FunctionArn"].endswith(f":{deployed.stack.names['DeliverFunction']}")
    assert deployed.mapping["BatchSize"] == 50


def send(deployed: Deployed) -> int:
    with deployed.ingest.watched():
        return ask(deployed.ingest.address, captured_one(SOURCE).wire(), "POST").status


def put_in_queue(deployed: Deployed) -> None:
    one = pack(Accepted(Request(captured_one(SOURCE).body, "protobuf"), "request-1", 1))
    named = {name: {"DataType": "String", "StringValue": value} for name, value in one.attributes.items()}
    url = deployed.stack.names["Queue"]
    deployed.stack.client("sqs").send_message(QueueUrl=url, MessageBody=one.body, MessageAttributes=named)


def test_a_request_that_x_ray_throttles_is_in_x_ray_after_the_queue_was_asked(deployed):
    store = Store()
    deployed.xray.play(store, *[error(429, "ThrottledException")] * 99)
    assert send(deployed) == 200
    assert store.stored == {}
    deployed.xray.play(store)
    assert deployed.poll() == 1
    assert set(store.stored) == {document["id"] for document in golden()[SOURCE].documents}
    assert deployed.poll() == 0


def test_a_document_that_x_ray_refuses_lies_in_the_stacks_bucket_and_is_replayed_from_there(deployed):
    ids = [document["id"] for document in golden()[SOURCE].documents]
    store = Store(refuses={ids[0]: "InvalidTraceId"})
    deployed.xray.play(store)
    assert send(deployed) == 200
    s3, bucket = deployed.stack.client("s3"), deployed.stack.names["Bucket"]
    assert len(s3.list_objects_v2(Bucket=bucket, Prefix="parked/")["Contents"]) == 1
    store.refuses = {}
    (result,) = deployed.replay.invoke(json.dumps({"replay": "parked"}))["replays"]
    assert (result["delivered"], result["unaccounted"]) == (1, 0)
    assert set(store.stored) == set(ids)
    assert s3.list_objects_v2(Bucket=bucket, Prefix="parked/").get("KeyCount") == 0


def test_a_message_of_a_worker_that_is_killed_comes_again(deployed):
    store, started = Store(), []

    def kill(_handler: Any, _texts: Any) -> None:
        started.append(1)
        deployed.deliver.kill()

    put_in_queue(deployed)
    deployed.xray.play(store, kill)
    source = SqsSource(deployed.stack.names["Queue"], deployed.stack.client("sqs"))
    records = source.receive(10)
    told = deployed.deliver.asked(json.dumps({"Records": records}))
    assert started
    assert "errorType" in told, "killed, and it answered"
    source.release([record["receiptHandle"] for record in records], 0)  # as its time of being hidden does
    deployed.xray.play(store)
    assert deployed.poll() == 1
    assert len(store.stored) == len(golden()[SOURCE].documents)
    assert deployed.poll() == 0


def test_a_worker_whose_time_is_up_gives_its_messages_back(deployed, tmp_path):
    store = Store()
    deployed.xray.play(store, *[error(429, "ThrottledException")] * 99)
    put_in_queue(deployed)
    short = deployed.stack.environment("DeliverFunction")
    short |= {"AWS_ENDPOINT_URL_XRAY": deployed.xray.url, "AWS_LAMBDA_FUNCTION_TIMEOUT": "3"}
    source = SqsSource(deployed.stack.names["Queue"], deployed.stack.client("sqs"))
    records = source.receive(10)
    with running("DeliverFunction", tmp_path, short) as worker:
        answer = worker.invoke(json.dumps({"Records": records}))
    assert answer == {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in records]}
    source.release([record["receiptHandle"] for record in records], 0)
    deployed.xray.play(store)
    assert deployed.poll() == 1
    assert len(store.stored) == len(golden()[SOURCE].documents)


def test_a_function_that_is_killed_in_the_middle_is_500_for_its_sender_and_the_next_request_is_taken(deployed):
    store = Store()
    deployed.xray.play(store, lambda *_: deployed.function.kill())
    assert ask(deployed.ingest.address, captured_one(SOURCE).wire(), "POST").status in {500, 502, 503}
    deployed.ingest.failures.clear()
    deployed.xray.play(store)
    assert send(deployed) == 200
    assert len(store.stored) == len(golden()[SOURCE].documents)


def test_two_versions_at_once_deliver_what_the_other_one_queued(deployed, tmp_path):
    said: list[str] = []

    def throttles(handler: Handler, texts: Any) -> None:
        said.append(handler.headers["user-agent"])
        error(429, "ThrottledException")(handler, texts)

    store = Store()
    deployed.xray.play(store, *[throttles] * 99)
    newer = deployed.stack.environment("IngestFunction") | {
        "AWS_ENDPOINT_URL_XRAY": deployed.xray.url,
        "RAYGATE_AUTH": "none",
    }
    with (
        running("IngestFunction", tmp_path, newer, _newer) as function,
        gateway.serving([function.invoke]) as front,
        front.watched(),
    ):
        assert ask(front.address, captured_one(SOURCE).wire(), "POST").status == 200
        assert send(deployed) == 200
    assert {one.partition(" ")[0] for one in said} == {f"raygate/{__version__}", f"raygate/{NEWER}"}
    deployed.xray.play(store)
    assert deployed.poll() == 2
    assert len(store.stored) == len(golden()[SOURCE].documents)


def _newer(code: Path) -> None:
    module = code / "raygate" / "__init__.py"
    module.write_text(module.read_text().replace(__version__, NEWER))
    assert compileall.compile_file(
        module, quiet=1, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
