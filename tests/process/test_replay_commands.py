"""`raygate replay`, `parked` and `receipt` as processes: over a data folder, and over SQS and S3 (moto's server)."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from raygate.keep import Bucket, Object, Packed, Queue, Undelivered, pack
from raygate.keep.aws import stores_on_aws
from raygate.keep.bundles import bundle
from raygate.keep.layout import archive_key
from raygate.keep.parked import Parked, parked_object
from raygate.settings import Settings
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, LIVE, KeptQueue
from tests.fake_xray import FakeXRay, Store, error, serving
from tests.process.kept_traffic import wait_until
from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, TIMEOUT_S, raygate
from tests.unit.replay.stage import TRACE, a_document, a_message, a_request, an_id

DIGITS = TRACE.removeprefix("1-").replace("-", "")
RECEIVED_MS = int(TRACE[2:10], 16) * 1_000
SPAN = ("--from", "2025-08-01", "--to", "2025-10-01")


@dataclass
class There:
    """Stores with something in them, and how a command finds them."""

    bucket: Bucket
    dead: Queue
    environ: dict[str, str]
    options: list[str]
    xray: FakeXRay
    live: Queue | None = None

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        return raygate(*arguments, *self.options, environ=self.environ | environ)

    def archive(self, *messages: Packed, tenant: str = "shop") -> str:
        key = archive_key(tenant, RECEIVED_MS, "b")
        self.bucket.put(key, bundle(messages), TIMEOUT_S)
        return key

    def park(self, number: int, code: str = "InvalidName", message: str = "no") -> None:
        one = Parked(a_document(number), TRACE, an_id(number), code, message, "shop", "r-9", RECEIVED_MS, RECEIVED_MS)
        self.bucket.put(one.key, parked_object(one), TIMEOUT_S)

    def give_up(self, *messages: Packed) -> None:
        assert all(self.dead.send(messages, TIMEOUT_S))

    @property
    def received(self) -> Mapping[str, int]:
        return self.xray.store.received


@pytest.fixture(scope="module")
def xray() -> Iterator[FakeXRay]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The address of S3 and SQS."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "aws"])
def there(request, xray, tmp_path) -> Iterator[There]:
    xray.play(Store())
    if request.param == "folder":
        yield from in_folder(tmp_path, xray)
    else:
        yield from in_aws(request.getfixturevalue("moto"), tmp_path.name, xray)


@pytest.fixture
def here(xray, tmp_path) -> Iterator[There]:
    xray.play(Store())
    yield from in_folder(tmp_path, xray)


def in_folder(folder: Path, xray: FakeXRay) -> Iterator[There]:
    with Database(folder) as file:
        dead, live = KeptQueue(file, DEAD), KeptQueue(file, LIVE)
        yield There(KeptBucket(file), dead, {}, ["--data", str(folder), "--xray", xray.url], xray, live)


def in_aws(url: str, name: str, xray: FakeXRay) -> Iterator[There]:
    name = "".join(sign if sign.isalnum() else "-" for sign in name.lower()).strip("-")
    options: Any = {"endpoint_url": url, "region_name": "eu-west-1"}
    s3, sqs = boto3.client("s3", **options), boto3.client("sqs", **options)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    dead = sqs.create_queue(QueueName=name)["QueueUrl"]
    environ = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ENDPOINT_URL_XRAY": xray.url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-west-1",
        "RAYGATE_BUCKET": name,
        "RAYGATE_DEAD_LETTER_QUEUE_URL": dead,
    }
    stores = stores_on_aws(Settings(bucket=name, queue_url=dead), "eu-west-1", Clients(s3, sqs))  # type: ignore[arg-type]
    assert stores.bucket
    assert stores.queue
    yield There(stores.bucket, stores.queue, environ, [], xray)
    s3.close()
    sqs.close()


class Clients:
    """A session with clients that are there already."""

    def __init__(self, s3: Any, sqs: Any) -> None:
        self.made = {"s3": s3, "sqs": sqs}

    def create_client(self, service: str, **_: Any) -> Any:
        return self.made[service]


def test_an_archive_is_counted_and_then_sent(there):
    there.archive(a_message([1, 2], at_ms=RECEIVED_MS), a_message([3], at_ms=RECEIVED_MS, bad=1))
    status, output, errors = there.run("replay", *SPAN, "--dry-run")
    assert (status, errors) == (0, "")
    assert "1 object, 2 requests, 4 spans, 3 documents in 1 call" in output
    assert there.received == {}
    status, output, errors = there.run("replay", *SPAN, "--tenant", "shop")
    assert (status, errors) == (0, "")
    assert output.startswith("4 spans found = 3 delivered + 1 rejected.\n")
    assert there.received == {an_id(number): 1 for number in (1, 2, 3)}


def test_dead_letters_are_sent_and_gone(there):
    there.give_up(a_message([1, 2]), pack(Undelivered((a_document(3),))))
    status, output, errors = there.run("replay", "--dead-letters")
    assert (status, output, errors) == (0, "3 spans found = 3 delivered.\n", "")
    assert there.run("replay", "--dead-letters")[1] == "There is nothing to replay.\n"
    assert there.received == {an_id(number): 1 for number in (1, 2, 3)}


def test_an_object_is_sent_by_its_key(there):
    there.bucket.put("mine/part 1.json", Object(a_request([1, 2]).request.body), TIMEOUT_S)
    status, output, errors = there.run("replay", "--object", "mine/part 1.json", "--json")
    assert (status, errors) == (0, "")
    result = json.loads(output)
    assert (result["state"], result["found"], result["delivered"], result["unaccounted"]) == ("done", 2, 2, 0)


def test_a_replay_that_ctrl_c_stopped_goes_on_and_sends_nothing_twice(there):
    there.archive(*[a_message(range(at, at + 50), at_ms=RECEIVED_MS) for at in range(1, 1_001, 50)])
    command = [*COMMAND, "replay", *SPAN, "--rate", "60", "--json", *there.options]
    with subprocess.Popen(command, env=ENVIRONMENT | there.environ, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert wait_until(lambda: there.xray.store.stored or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=TIMEOUT_S)[0]
    stopped = json.loads(output)
    assert process.returncode == 130
    assert (stopped["state"], stopped["why"]) == ("interrupted", "it was stopped")
    assert 0 < stopped["delivered"] < 1_000
    assert stopped["unaccounted"] == 0
    status, output, errors = there.run("replay", "--resume", stopped["id"], "--rate", "100000", "--json")
    assert (status, errors) == (0, "")
    ended = json.loads(output)
    assert ended["skipped"] == stopped["delivered"]
    assert ended["found"] == ended["skipped"] + ended["delivered"] == 1_000
    assert there.received == {an_id(number): 1 for number in range(1, 1_001)}


def test_what_is_parked_is_listed_shown_explained_and_sent(here):
    here.park(1, message="bad name: \x1b[31mred")
    here.park(2, code="InvalidTraceId")
    folder = here.options[:2]
    status, output, errors = raygate("parked", "list", *folder)
    assert raygate("parked", *folder) == (status, output, errors)
    assert (status, errors) == (0, "")
    assert [line.split()[0] for line in output.splitlines()] == ["ID", an_id(1), an_id(2)]
    assert json.loads(raygate("parked", "show", an_id(1), *folder)[1]) == json.loads(a_document(1))
    told = raygate("parked", "explain", DIGITS, *folder)[1]
    assert "bad name: ?[31mred" in told
    assert "more than 30 days ago" in told
    status, output, errors = raygate("parked", "explain", "ffffffff", *folder)
    assert (status, output) == (1, "")
    assert "is named 'ffffffff'" in errors
    assert here.run("replay", "--parked", "--code", "InvalidName") == (0, "1 span found = 1 delivered.\n", "")
    (left,) = json.loads(raygate("parked", "list", "--json", *folder)[1])
    assert (left["id"], left["code"]) == (an_id(2), "InvalidTraceId")
    assert raygate("parked", "list", "--tenant", "", *folder)[1] == ""


def test_an_x_ray_that_takes_nothing_leaves_everything_where_it_is(here):
    here.give_up(a_message([1, 2]))
    here.xray.play(Store(), *[error(403, "ExpiredTokenException")] * 9)
    status, output, errors = here.run("replay", "--dead-letters")
    assert (status, errors) == (1, "")
    assert "2 spans found = 2 left." in output
    assert "X-Ray cannot take spans now (ExpiredTokenException)" in output
    assert "--resume dead-letters" in output
    here.xray.play(Store())
    assert here.run("replay", "--resume", "dead-letters")[:2] == (0, "2 spans found = 2 delivered.\n")


RECEIPTS: dict[str, Any] = {
    "unknown": lambda _: None,
    "archived": lambda there: there.archive(a_message([1], at_ms=RECEIVED_MS)),
    "parked": lambda there: there.park(1),
    "dead letter": lambda there: there.give_up(pack(Undelivered((a_document(1),), request_id="r-9"))),
    "queued": lambda there: there.live.send([a_message([1])], TIMEOUT_S),
}


@pytest.mark.parametrize("state", RECEIPTS)
def test_a_receipt_says_what_became_of_a_trace_and_who_could_not_be_asked(state, here):
    RECEIPTS[state](here)
    here.options[-1] = "http://127.0.0.1:9"
    status, output, errors = here.run("receipt", DIGITS, "--json")
    told = json.loads(output)
    assert (told["state"], errors) == (state, "")
    assert status == (0 if state == "queued" else 1)
    could = {look["place"]: look["could_ask"] for look in told["looks"]}
    assert could == {
        "X-Ray": False,
        "parked": True,
        "archive": True,
        "queue": True,
        "dead letters": True,
        "logs": False,
    }
    assert told["request_ids"] == {"unknown": [], "archived": ["r-1"], "queued": ["r-1"]}.get(state, ["r-9"])


def test_a_receipt_is_a_sentence_for_each_place(here):
    here.park(1)
    output = here.run("receipt", TRACE)[1]
    assert output.startswith(f"Trace {TRACE}: parked. X-Ray refused some of it for good; that is kept.\n")
    assert "X-Ray refused 1 of its documents (InvalidName)" in output
    assert " ? logs " in output


def test_a_receipt_from_aws_reads_the_log_of_the_requests_that_the_bucket_names(moto, xray, tmp_path):
    (there,) = in_aws(moto, tmp_path.name, xray)
    there.park(1)
    logs = boto3.client("logs", endpoint_url=moto, region_name="eu-west-1")
    logs.create_log_group(logGroupName="/ingest")
    logs.create_log_stream(logGroupName="/ingest", logStreamName="s")
    now_ms = int(time.time() * 1_000)
    lines = [{"message": "exported", "request_id": name, "spans": 1, "parked": 1} for name in ("r-9", "r-8")]
    events: Any = [{"timestamp": now_ms + at, "message": json.dumps(line)} for at, line in enumerate(lines)]
    logs.put_log_events(logGroupName="/ingest", logStreamName="s", logEvents=events)
    logs.close()
    status, output, errors = there.run("receipt", TRACE, "--log-group", "/ingest", "--json", AWS_ENDPOINT_URL_XRAY=moto)
    assert errors == ""
    told = json.loads(output)
    looks = {look["place"]: look for look in told["looks"]}
    assert (status, told["state"]) == (1, "parked")
    assert looks["X-Ray"]["could_ask"]
    assert not looks["queue"]["could_ask"]
    assert [line["request_id"] for line in looks["logs"]["log"]] == ["r-9"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--parked", "--dead-letters"], 2, "One replay at a time"),
        (["--from", "2026-11-22", "--to", "2026-11-21"], 1, "to: must be later than from"),
        (["--resume", "nobody"], 1, "there is no replay 'nobody'"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_a_sentence(arguments, status, told, here):
    ended, output, errors = here.run("replay", *arguments)
    assert (ended, output) == (status, "")
    assert told in errors
    assert "Traceback" not in errors


def test_without_anything_kept_the_command_says_where_it_looked(tmp_path):
    for arguments in (["replay", "--parked"], ["parked", "list"]):
        status, output, errors = raygate(*arguments, "--data", str(tmp_path))
        assert (status, output) == (1, "")
        assert f"Nothing is kept in {tmp_path}" in errors
